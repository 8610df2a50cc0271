"""Telling pictures that lie on their side or upside down, before any of them is sealed.

The models know people and vehicles that stand. On pictures turned by a quarter they find one
person in eight, and what is not found is not destroyed. A film says by its display matrix, a still
by its EXIF orientation, how it is shown; where that was lost, only the pictures themselves tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TypeVar

import numpy as np

from voirie.arrays import Floats, Pixels
from voirie.errors import PicturesTurned
from voirie.nets import YoloDetector

T = TypeVar("T")
PICTURES = 12
"""Looked at, spread over a pass."""
LEAST_PICTURES = 4
"""After so many, a pass that stands upright for sure is not looked at any longer."""
LONGEST_PX = 640
SURE = 0.25
"""What scores less is found in shadows and leaves, whichever way a picture lies."""
LEAST_EVIDENCE = 4.0
TIMES = 2.5
"""Of 51 upright sets of real pictures none has another way ahead by more than 1.06 times, and 40
have the right way ahead by more than this (`python -m bench.turned`)."""
WAYS = 4
WHOLE = ""
"""Stands for all of a pass where a refusal else names a part of it."""
STRETCH = 120
"""Pictures that are judged together, beside the whole: a phone may be turned half way."""
STRETCH_OF_FILM = 1000
"""The same where every picture of a film is counted: half a minute."""


def spread(items: Sequence[T]) -> list[T]:
    """Those of a pass that are looked at: evenly spread over it, wherever one stops.

    Examples
    --------
    >>> spread(range(100))
    [0, 36, 72, 9, 45, 81, 18, 54, 90, 27, 63, 99]
    >>> spread("ab")
    ['a', 'b']
    """
    number = min(PICTURES, len(items))
    even = [items[rank * (len(items) - 1) // max(number - 1, 1)] for rank in range(number)]
    return [item for start in range(LEAST_PICTURES) for item in even[start::LEAST_PICTURES]]


def stretches(items: Sequence[T], length: int = STRETCH) -> list[Sequence[T]]:
    """What is judged of a pass: all of it, and where it is long each part of a length as well.

    Every part begins half way into the last, so that one and a half lengths that lie turned fill
    a whole part, wherever they begin.

    Parameters
    ----------
    items
        Pictures of the pass in order.
    length
        How many make a part.

    Examples
    --------
    >>> stretches(range(6), 4)
    [range(0, 6), range(0, 4), range(2, 6)]
    >>> stretches("ab", 4)
    ['ab']
    """
    if len(items) <= length:
        return [items]
    last = len(items) - length
    starts = [*range(0, last, max(length // 2, 1)), last]
    return [items, *(items[start : start + length] for start in starts)]


def named(part: Sequence[float], whole: Sequence[float]) -> str:
    """A part of a film as a refusal names it, by its moments in seconds.

    Examples
    --------
    >>> named([0.0, 4.0], [0.0, 4.0]), named([3.6, 7.9], [0.0, 3.6, 7.9])
    ('', '3-8 s')
    """
    if len(part) == len(whole):
        return WHOLE
    return f"{math.floor(part[0])}-{math.ceil(part[-1])} s"


@dataclass(frozen=True, slots=True)
class Orientation:
    """How some pictures of one camera lie.

    Attributes
    ----------
    evidence
        Sum of the squared scores of the people and vehicles that are found, with the pictures
        turned against the clock by 0, 90, 180 and 270 degrees.
    pictures
        How many were looked at.
    """

    evidence: tuple[float, float, float, float]
    pictures: int

    @property
    def turned_deg(self) -> int | None:
        """By how much they lie turned with the clock: 0, 90, 180 or 270; None where that is unsure.

        Examples
        --------
        >>> Orientation((0.1, 9.0, 1.2, 0.0), 12).turned_deg
        90
        >>> Orientation((3.0, 4.5, 1.2, 0.0), 12).turned_deg is None
        True
        """
        best = int(np.argmax(self.evidence))
        others = max(value for way, value in enumerate(self.evidence) if way != best)
        clear = self.evidence[best] >= max(LEAST_EVIDENCE, TIMES * others)
        return 90 * best if clear else None


def orientation_of(gate: YoloDetector, pictures: Iterable[Pixels]) -> Orientation:
    """Search pictures in all four ways they may lie; no more than it takes to know.

    Parameters
    ----------
    gate
        The network that finds people and vehicles.
    pictures
        ``(H, W, 3)`` uint8 BGR each, of one camera.

    Examples
    --------
    >>> from anonymize.selftest import street
    >>> from voirie.nets import load_models
    >>> gate = load_models().detector("gate")
    >>> orientation_of(gate, [np.rot90(street(), -1)] * 2).turned_deg
    90
    """
    evidence: Floats = np.zeros(WAYS)
    looked = 0
    for looked, pixels in enumerate(pictures, start=1):
        evidence += evidence_of(gate, pixels)
        found = _orientation(evidence, looked)
        if looked >= LEAST_PICTURES and found.turned_deg == 0:
            return found
    return _orientation(evidence, looked)


def evidence_of(gate: YoloDetector, pixels: Pixels) -> Floats:
    """What one picture says for each way, shape (4,); see `Orientation`.

    Parameters
    ----------
    gate, pixels
        As for `orientation_of`.
    """
    evidence: Floats = np.zeros(WAYS)
    for way in range(WAYS):
        turned = np.ascontiguousarray(np.rot90(pixels, way))
        scores = gate.detect(turned, LONGEST_PX, SURE).score
        evidence[way] = np.square(scores, dtype=np.float64).sum()
    return evidence


def _orientation(evidence: Floats, looked: int) -> Orientation:
    upright, left, over, right = (float(value) for value in evidence)
    return Orientation((upright, left, over, right), looked)


def refuse_turned(
    gate: YoloDetector,
    pictures: Iterable[Pixels],
    path: str | PathLike[str],
    stretch: str = WHOLE,
) -> None:
    """Refuse pictures that clearly lie turned; what is unsure goes on.

    Parameters
    ----------
    gate, pictures
        As for `orientation_of`.
    path
        The film or folder they come from.
    stretch
        What of it is looked at, as the refusal names it.

    Raises
    ------
    PicturesTurned
        Says the angle and the remedy.
    """
    turned = orientation_of(gate, pictures).turned_deg
    if not turned:
        return
    if turned == WAYS // 2 * 90:
        said = (
            f"its pictures ({stretch}) lie upside down and do not say so, and people on them "
            "would stay clear"
            if stretch
            else "its pictures lie upside down and do not say so, and people on them would stay "
            "clear"
        )
    else:
        said = (
            f"its pictures ({stretch}) lie turned by {turned} degrees clockwise and do not say "
            "so, and people on them would stay clear"
            if stretch
            else f"its pictures lie turned by {turned} degrees clockwise and do not say so, and "
            "people on them would stay clear"
        )
    raise PicturesTurned(
        said,
        path,
        f"cut that part out and turn it upright (a film without loss: ffmpeg -display_rotation "
        f"{turned} -i FILM -codec copy UPRIGHT.mp4; a still by its EXIF orientation)"
        if stretch
        else f"turn them upright first (a film without loss: ffmpeg -display_rotation {turned} "
        "-i FILM -codec copy UPRIGHT.mp4; a still by its EXIF orientation)",
    )
