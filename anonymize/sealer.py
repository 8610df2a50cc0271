"""The sealer: raw pixels in, safe pixels out, or an error and nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anonymize import orientation, selftest, temporal
from anonymize.destroy import filled
from anonymize.finders import Finder, PrivacyDetections
from anonymize.mask import Mask
from anonymize.regions import People
from anonymize.safeframe import SafeFrame, admit
from voirie.arrays import Pixels
from voirie.errors import AnonymiserUnfit, ConfigurationError, FrameNotSealed, WeightsMissing
from voirie.media.frames import RawFrame
from voirie.nets import Boxes, Models, load_models

ROLES = ("gate", "plates", "face")
METHOD = "solid fill, mean colour of a ring outside"
MAX_FAILING_SHARE = 0.005
MAX_FAILING_FRAMES = 2
FINDINGS_KEPT = 16
"""Frames whose findings are kept for their neighbours."""
SMALLEST_SIDE_PX = 16


@dataclass(frozen=True, slots=True)
class UsedModel:
    """A network as the certificate names it."""

    role: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SealerSettings:
    """What sealed the frames: equal settings mean equal pixels from equal input.

    Attributes
    ----------
    method
        How regions are destroyed.
    people
        ``whole`` or ``head``.
    thresholds
        Lowest score by network.
    hold_s
        How far in time a finding is carried to a neighbouring frame.
    models
        Networks with their SHA-256.
    weaker
        Roles whose thresholds somebody raised above the shipped ones, and answers for.
    """

    method: str
    people: People
    thresholds: dict[str, float]
    hold_s: float
    models: tuple[UsedModel, ...]
    weaker: tuple[str, ...] = ()


def settings_of(stored: Mapping[str, Any]) -> SealerSettings:
    """Settings as the JSON of a certificate holds them."""
    return SealerSettings(
        stored["method"],
        stored["people"],
        stored["thresholds"],
        stored["hold_s"],
        tuple(UsedModel(**model) for model in stored["models"]),
        tuple(stored.get("weaker", ())),
    )


@contextmanager
def unfit_without_weights() -> Iterator[None]:
    """Whoever reads weights for the anonymiser and finds none: nothing goes out.

    Raises
    ------
    AnonymiserUnfit
        In place of what the register or a network said.
    """
    try:
        yield
    except (WeightsMissing, ConfigurationError) as error:
        raise AnonymiserUnfit(
            f"the anonymiser cannot start: {error.message}", error.path, error.remedy
        ) from error


class Sealer:
    """Destroys faces, people and plates, frame by frame.

    Parameters
    ----------
    models
        Registered networks; the shipped ones when None.
    people
        ``whole`` destroys the boxes of people, ``head`` their heads.
    expected_frames
        How many frames will come, where known: a share of failures is then a share of the
        run and not of its first minute.

    Raises
    ------
    AnonymiserUnfit
        When a network is missing, is not the registered one, or does not see.
    """

    def __init__(
        self,
        models: Models | None = None,
        people: People = "whole",
        expected_frames: int | None = None,
    ) -> None:
        with unfit_without_weights():
            registered = models if models is not None else load_models()
            self._finder = Finder(registered, people)
            used = tuple(
                UsedModel(role, registered.entry(role).file, registered.entry(role).sha256)
                for role in ROLES
            )
        selftest.check(self._finder)
        self.settings = SealerSettings(
            METHOD,
            people,
            asdict(self._finder.thresholds),
            temporal.MAX_GAP_S,
            used,
            tuple(role for role in ROLES if registered.entry(role).accepts_weaker),
        )
        self._expected = expected_frames or 0
        self._found: OrderedDict[int, tuple[RawFrame, PrivacyDetections]] = OrderedDict()
        self._glanced: OrderedDict[int, tuple[RawFrame, PrivacyDetections]] = OrderedDict()
        self.sealed = 0
        self.failed = 0

    def seal(
        self, frame: RawFrame, before: Sequence[RawFrame] = (), after: Sequence[RawFrame] = ()
    ) -> SafeFrame:
        """Destroy what must not be seen and let the frame pass.

        Parameters
        ----------
        frame
            The frame to seal; its pixels are not changed.
        before, after
            Decoded neighbours: what is found in one for sure is destroyed here too, where it
            is at most `temporal.MAX_GAP_S` away. They are searched once, however often they come.

        Raises
        ------
        FrameNotSealed
            When this frame cannot be searched: it does not exist for the rest of the house.
        AnonymiserUnfit
            When more than two frames and more than 0.5 % of all failed.
        """
        try:
            safe = self._seal(frame, [*before, *after])
        except Exception as error:
            self.failed += 1
            seen = max(self.sealed + self.failed, self._expected)
            if self.failed > MAX_FAILING_FRAMES and self.failed > MAX_FAILING_SHARE * seen:
                raise AnonymiserUnfit(
                    f"{self.failed} of {seen} frames could not be sealed ({error})",
                    frame.source,
                    "nothing goes out; check the memory of the machine and the weights",
                ) from error
            raise FrameNotSealed(
                f"frame {frame.index} could not be sealed ({error})",
                frame.source,
                "it is left out and counted",
            ) from error
        self.sealed += 1
        return safe

    def _seal(self, frame: RawFrame, neighbours: list[RawFrame]) -> SafeFrame:
        _require_picture(frame)
        here = self._find(frame)
        regions = [here.regions()]
        for other in neighbours:
            near = abs(other.pts_s - frame.pts_s) <= temporal.MAX_GAP_S
            if near and other.pixels.shape == frame.pixels.shape:
                regions.append(temporal.carried(here, self._glance(other)))
        destroyed = Boxes.joined(regions)
        height, width = frame.pixels.shape[:2]
        fills = Mask.of(height, width, destroyed.xyxy)
        everything = Mask.of(height, width, np.concatenate([destroyed.xyxy, here.hiding().xyxy]))
        pixels = filled(frame.pixels, fills)
        return admit(pixels, frame.pts_s, frame.index, frame.source, everything, fills)

    def refuse_turned(
        self, pictures: Iterable[Pixels], path: Path, stretch: str = orientation.WHOLE
    ) -> None:
        """Refuse a film or a folder whose pictures clearly lie on their side or upside down.

        Parameters
        ----------
        pictures
            Some of its raw pictures, as `orientation.spread` chooses them.
        path
            The film or folder.
        stretch
            What of it is looked at, as the refusal names it.

        Raises
        ------
        PicturesTurned
            Says the angle and the remedy.
        """
        orientation.refuse_turned(self._finder.gate, pictures, path, stretch)

    def foresee(self, frames: Sequence[RawFrame]) -> None:
        """Search frames that will be sealed next: as neighbours they are then not searched apart.

        A frame that cannot be searched is told when it is sealed.
        """
        for frame in frames:
            with suppress(Exception):
                self._find(frame)

    def _find(self, frame: RawFrame) -> PrivacyDetections:
        return _once(self._found, frame, self._finder.find)

    def _glance(self, frame: RawFrame) -> PrivacyDetections:
        held = self._found.get(id(frame))
        if held is not None and held[0] is frame:
            return held[1]
        return _once(self._glanced, frame, self._finder.glance)


def _once(
    kept: OrderedDict[int, tuple[RawFrame, PrivacyDetections]],
    frame: RawFrame,
    search: Callable[[Pixels], PrivacyDetections],
) -> PrivacyDetections:
    """What a search finds in a frame, searched once while it is among the last ones."""
    held = kept.get(id(frame))
    if held is not None and held[0] is frame:
        return held[1]
    found = search(frame.pixels)
    # The frame is kept beside its findings: an id is its own only while it lives.
    kept[id(frame)] = (frame, found)
    while len(kept) > FINDINGS_KEPT:
        kept.popitem(last=False)
    return found


def _require_picture(frame: RawFrame) -> None:
    pixels = frame.pixels
    colour = pixels.ndim == len("HWC") and pixels.shape[2] == len("BGR")
    if not colour or pixels.dtype != np.uint8 or min(pixels.shape[:2]) < SMALLEST_SIDE_PX:
        raise ValueError(f"pixels of shape {pixels.shape} and type {pixels.dtype} are no picture")
