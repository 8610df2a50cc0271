"""The clock of a pass: its films are watched while they are decoded, then the offset is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from inspection.camera.vanishing_point import Vanishing, horizon_of
from inspection.capture.clock_offset import FoundOffset, find_offset
from inspection.capture.frame_source import Source
from inspection.capture.ground_scale import GroundScale, ground_scale
from inspection.capture.road_motion import MotionMeter, RoadMotion
from inspection.context import PassSetup
from voirie.errors import VoirieError
from voirie.files import read_json, write_json
from voirie.media import Video
from voirie.messages import Message, message

TOLD_S = 1.0
"""A stated offset that lies further off what the drive tells is told."""
USUAL_MPS = 50 / 3.6
"""Speed at which a doubt in time is told in metres."""


@dataclass(frozen=True, slots=True)
class PassClock:
    """How the clock of a pass was set.

    Attributes
    ----------
    applied_s
        Seconds added to film time beside what was stated.
    source
        ``stated``, ``estimated`` or ``none``.
    found
        What the drive tells; None where nobody looked (stills, films with their own track).
    """

    applied_s: float
    source: str
    found: FoundOffset | None

    @classmethod
    def of(cls, plan: PassSetup, found: FoundOffset | None) -> PassClock:
        """Apply what was found where nobody stated an offset."""
        if found is None or found.is_flat or not plan.clock_is_open:
            return cls(0.0, plan.offset_source, found)
        return cls(found.offset_s, "estimated", found)

    def row(self, plan: PassSetup) -> dict[str, object]:
        """Its row of `clocks`."""
        found = self.found
        stands = found is not None and (plan.clock_is_open or self.source == "estimated")
        low, high, sd = (
            (found.low_s, found.high_s, found.sd_s) if found and stands else (None, None, None)
        )
        return {
            "pass_id": plan.pass_id,
            "offset_s": round(plan.offset_s + self.applied_s, 3),
            "offset_low_s": None if low is None else round(plan.offset_s + low, 3),
            "offset_high_s": None if high is None else round(plan.offset_s + high, 3),
            "offset_sd_s": None if sd is None else round(sd, 3),
            "offset_source": self.source,
            "attainable_s": None
            if found is None or found.attainable_s is None
            else round(found.attainable_s, 3),
        }

    def told(self, plan: PassSetup) -> list[Message]:
        """What a person should know of it."""
        if self.found is None:
            return []
        found = self.found
        if plan.clock_is_open and found.is_flat:
            return [
                message(
                    "no offset is stated between film and track of pass {name}, and its drive does "
                    "not tell one (it takes a stop, or a change of speed): at 50 km/h its places "
                    "may be off by {metres} m along the road; state offset_s",
                    name=plan.name,
                    metres=round(found.high_s * USUAL_MPS),
                )
            ]
        off = 0.0 if found.is_flat or plan.clock_is_open else found.offset_s
        if abs(off) > max(TOLD_S, 3 * found.sd_s):
            return [
                message(
                    "the drive of pass {name} speaks for an offset of {seconds} s between film and "
                    "track, not {stated} s as stated: its places may be off by {metres} m",
                    name=plan.name,
                    seconds=round(plan.offset_s + off, 1),
                    stated=round(plan.offset_s, 1),
                    metres=round(abs(off) * USUAL_MPS),
                )
            ]
        return []


class MotionWatch:
    """Meters of the films of a pass, and what they found, kept in the folder of a stopped run.

    Parameters
    ----------
    plan, source
        The pass and its films.
    points
        Vanishing points of some of its pictures, from which the horizon follows.
    kept
        Folder and beginning of the names under which the numbers are kept.
    """

    def __init__(
        self, plan: PassSetup, source: Source, points: Iterable[Vanishing], kept: Path
    ) -> None:
        self._source = source
        self._kept = kept
        self._known: dict[Path, RoadMotion] = {}
        self.watchers: dict[Path, MotionMeter] = {}
        bonnet = plan.vehicle.camera.bonnet_rows_pct if plan.vehicle else 0.0
        found = list(points)
        for rank, video in enumerate(source.videos):
            motion = _kept_motion(self._file(rank))
            if motion is not None:
                self._known[video.path] = motion
                continue
            width, height = video.facts.width_px, video.facts.height_px
            horizon = horizon_of(found, width, height)
            shares = None if horizon is None else (horizon[1] / height, horizon[0] / width)
            self.watchers[video.path] = MotionMeter(width, height, shares, bonnet)

    def _file(self, rank: int) -> Path:
        return self._kept.with_name(f"{self._kept.name}-{rank}.json")

    def motion(self) -> RoadMotion:
        """The whole pass; films that nobody decoded until now are decoded for it."""
        for rank, video in enumerate(self._source.videos):
            meter = self.watchers.get(video.path)
            if meter is None:
                continue
            if not meter.has_seen:
                video.show(meter)
            motion = meter.motion()
            self._known[video.path] = motion
            write_json(self._file(rank), {k: v.tolist() for k, v in motion.columns().items()})
        self.watchers.clear()
        return _joined(self._source.videos, self._source.begins_s, self._known)


def clock_of(plan: PassSetup, source: Source, motion: RoadMotion) -> PassClock:
    """Find the clock of a pass from what its pictures told.

    Parameters
    ----------
    plan, source
        The pass and its films, with its track on the stated clock.
    motion
        What its pictures told.
    """
    assert source.track is not None
    fixes = source.track.track.fixes
    t_s = fixes["t_s"].to_numpy(float) - source.track.shift_s
    found = find_offset(motion, t_s, fixes[["x", "y"]].to_numpy(float), source.track.smoothed)
    return PassClock.of(plan, found)


def scale_of(source: Source, motion: RoadMotion, clock: PassClock) -> GroundScale | None:
    """What the drive tells of its camera, on the clock that was found."""
    assert source.track is not None
    fixes = source.track.track.fixes
    t_s = fixes["t_s"].to_numpy(float) - source.track.shift_s
    xy = fixes[["x", "y"]].to_numpy(float)
    return ground_scale(motion, t_s, xy, source.track.smoothed.outlier, clock.applied_s)


def on_found_clock(frames: pd.DataFrame, source: Source, clock: PassClock) -> pd.DataFrame:
    """Distances and dates of `captures` once the clock is known."""
    if clock.applied_s == 0.0 or source.track is None or frames.empty:
        return frames
    track = source.track
    film_s = frames["pts_s"].to_numpy(float)
    metres = track.at(film_s + clock.applied_s)["distance_m"].to_numpy(float)
    known = np.isfinite(metres)
    if not known.any():
        return frames
    metres = np.interp(film_s, film_s[known], metres[known])
    return frames.assign(
        distance_m=np.round(np.maximum.accumulate(metres) - metres.min(), 2),
        captured_at=pd.Series(
            [track.moment(float(at) + clock.applied_s) for at in film_s], frames.index, dtype=object
        ),
    )


def _kept_motion(file: Path) -> RoadMotion | None:
    try:
        kept = read_json(file)
        assert isinstance(kept, dict)
        return RoadMotion(**{name: np.asarray(kept[name], float) for name in RoadMotion.NAMES})
    except (VoirieError, OSError, AssertionError, KeyError, TypeError, ValueError):
        return None


def _joined(
    videos: Sequence[Video], begins_s: Sequence[float], known: dict[Path, RoadMotion]
) -> RoadMotion:
    """Films of one drive, one after the other; the car went on between two of them."""
    whole = RoadMotion.none()
    for video, begin in zip(videos, begins_s, strict=True):
        part = known.get(video.path)
        if part is None or not len(part):
            continue
        part = RoadMotion(part.t_s + begin, part.step, part.step_sd, part.turn_px)
        whole = part if not len(whole) else whole.followed_by(part)
    return whole
