"""The clock between a film and its positions, found from the drive itself.

The pictures tell how the car sped up, braked, stood and turned (`road_motion`); the positions of
the receiver tell the same, later or earlier. For every offset the way between two fixes is
compared with what the pictures saw in that time, and how likely each offset is follows from the
noise of the receiver and of the pictures. The receiver's own speed is not used: it lags behind
its positions (decision 0039).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.tracks.smoothing import SmoothedTrack, white_noise_sd_m
from inspection.capture.road_motion import RoadMotion
from voirie.arrays import Bools, Floats

SEARCHED_S = (10.0, 60.0)
"""How far off a clock is looked for: nearby first, and further where nothing fits."""
SHARPEST_NEEDED_S = 0.5
"""A deviation of the offset above this says nothing: the drive is flat."""
ASSUMED_SD_S = 2.0
"""How far the clocks of a camera and a receiver are apart when nothing tells: both were set by
hand or by the network."""
INTERVAL = (0.05, 0.95)

_COARSE_S, _FINE_S = 0.25, 0.05
_AROUND_S, _ELSEWHERE_S = 1.0, 1.5
_LEAST_LEAD = 6.0
"""By how much, in logarithms, the best offset must beat any that lies elsewhere."""
_LONGEST_STEP_S, _SHORTEST_STEP_S = 5.0, 0.9
_SLOWEST_PICTURES_S = 0.35
_LEAST_FIXES = 15
_AT_ONCE = 120
"""Fixes that are weighed together; what hangs together over time is far shorter."""
_STACKED = 20

_FOCALS_PX = (475.0, 340.0, 380.0, 425.0, 530.0, 590.0, 660.0)
"""Focal lengths of pictures 640 px wide that are tried: from 87 to 52 degrees across. The first is
the usual one, and near enough to find where to look."""
_DRIFTS = (0.1, 0.4, 1.6)
"""How fast the slow error of a receiver wanders, m2/s."""
_PICTURE_SD_M = 0.15
_SCALE_SD, _SCALE_TAU_S = 0.03, 20.0
"""Crests, dips and load move the horizon, and with it the scale of the ground."""
_TURN_SD, _TURN_TAU_S = 0.05, 30.0
_NOD, _NOD_SD = 0.018, 0.012
"""Share by which braking at 1 m/s2 makes the road seem to pass faster: a car dips its nose by
0.06 to 0.2 degrees for it. At speed that looks like a late clock, so it has to be known."""
_HARDEST_MPS2 = 4.0
_WHOLE_DRIVE_SD_S = 0.08
"""What is wrong all along one drive (crests where it speeds up, say), seen on rendered ones."""


@dataclass(frozen=True, slots=True)
class FoundOffset:
    """What the drive says of the clock.

    Attributes
    ----------
    offset_s
        Seconds to add to film time, beside those that were stated, to get track time; 0 where
        the drive is flat.
    sd_s
        Standard deviation of it.
    low_s, high_s
        Its 90 % interval.
    is_flat
        Whether the drive does not tell: no stop, no bend, or pictures of which nothing is read.
    attainable_s
        The least deviation that these positions allow, whatever the pictures: that of a speed
        made of them, over the root of the summed squares of the acceleration; None without any.
    """

    offset_s: float
    sd_s: float
    low_s: float
    high_s: float
    is_flat: bool
    attainable_s: float | None = None

    @classmethod
    def flat(cls, attainable_s: float | None = None) -> FoundOffset:
        """Nothing was found: the clocks are taken to agree about as well as clocks do."""
        reach = 1.645 * ASSUMED_SD_S
        return cls(0.0, ASSUMED_SD_S, -reach, reach, True, attainable_s)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways between fixes that follow each other, on film time.

    Attributes
    ----------
    start_s, end_s
        Their moments, (n,).
    way
        East and north in metres, as complex numbers, (n,).
    white_sd_m
        Error that is new at each fix.
    """

    start_s: Floats
    end_s: Floats
    way: np.ndarray
    white_sd_m: float

    def only(self, kept: Bools) -> Ways:
        """Some of them."""
        return Ways(self.start_s[kept], self.end_s[kept], self.way[kept], self.white_sd_m)

    def __len__(self) -> int:
        return len(self.way)


def find_offset(motion: RoadMotion, t_s: Floats, xy: Floats, track: SmoothedTrack) -> FoundOffset:
    """Find by how much the positions lie off the film.

    Parameters
    ----------
    motion
        The drive as its pictures tell it.
    t_s
        Times of the fixes on the film's clock as far as it is known, (n,).
    xy
        Their places in metres, (n, 2).
    track
        The same fixes smoothed; it says which of them are not believed.
    """
    if len(motion) < _LEAST_FIXES or np.median(np.diff(motion.t_s)) > _SLOWEST_PICTURES_S:
        return FoundOffset.flat()
    ways = ways_of(t_s, xy, track.outlier)
    attainable = attainable_sd_s(ways)
    span = min(motion.t_s[-1], t_s[-1]) - max(motion.t_s[0], t_s[0])
    for reach in SEARCHED_S:
        found = _within(motion, ways, min(reach, span / 4))
        if found is not None:
            offset, sd, low, high = found
            return FoundOffset(offset, sd, low, high, False, attainable)
        if reach > span / 4:
            break
    return FoundOffset.flat(attainable)


def attainable_sd_s(ways: Ways) -> float | None:
    """Deviation of a speed made of the positions, over the root of the summed squared surges."""
    if len(ways) < 3:
        return None
    lasts = ways.end_s - ways.start_s
    speed = np.abs(ways.way) / lasts
    smooth = np.convolve(np.pad(speed, 2, "edge"), np.ones(5) / 5, "valid")
    surge = np.diff(smooth) / np.maximum(np.diff((ways.start_s + ways.end_s) / 2), 0.5)
    noise = np.sqrt(2 * ways.white_sd_m**2 + _DRIFTS[1]) / np.median(lasts)
    # What is left of the noise in smoothed speeds is no surge.
    power = float((surge**2).sum()) - len(surge) * 2 * (noise / 5) ** 2
    return float(noise / np.sqrt(power)) if power > 0 else None


def ways_of(t_s: Floats, xy: Floats, outlier: Bools) -> Ways:
    """Ways between believed fixes that follow each other at about a second or more."""
    believed = np.flatnonzero(~outlier) if len(outlier) == len(t_s) else np.arange(len(t_s))
    kept: list[int] = []
    for index in believed:
        if not kept or t_s[index] - t_s[kept[-1]] >= _SHORTEST_STEP_S:
            kept.append(int(index))
    times, places = t_s[kept], xy[kept]
    every = Ways(
        times[:-1], times[1:], np.diff(places, axis=0) @ [1, 1j], white_noise_sd_m(times, places)
    )
    return every.only(np.diff(times) <= _LONGEST_STEP_S)


def _within(
    motion: RoadMotion, ways: Ways, reach_s: float
) -> tuple[float, float, float, float] | None:
    """Offset, deviation and interval where one within reach stands out; None where none does."""
    coarse = np.arange(-reach_s, reach_s + 1e-9, _COARSE_S)
    seen = _covered(ways, motion, reach_s)
    if len(seen) < _LEAST_FIXES or len(coarse) < 9:
        return None
    unit = _unit(motion, seen)
    if unit is None:
        return None
    score, misfit = _likelihood(motion, seen, coarse, unit, _FOCALS_PX[0])
    best = float(coarse[int(np.argmax(score))])
    elsewhere = np.abs(coarse - best) > _ELSEWHERE_S
    lead = float(score.max() - score[elsewhere].max()) / misfit if elsewhere.any() else 0.0
    if lead < _LEAST_LEAD or abs(best) > reach_s - _COARSE_S:
        return None
    near = best + np.arange(-_AROUND_S, _AROUND_S + 1e-9, _FINE_S)
    seen = _covered(ways, motion, abs(best) + _AROUND_S)
    at = np.array([best])
    focal = max(_FOCALS_PX, key=lambda one: float(_likelihood(motion, seen, at, unit, one)[0][0]))
    drift = max(
        _DRIFTS, key=lambda one: float(_likelihood(motion, seen, at, unit, focal, one)[0][0])
    )
    score, misfit = _likelihood(motion, seen, near, unit, focal, drift)
    chance = np.exp((score - score.max()) / misfit)
    chance /= chance.sum()
    offset = float(chance @ near)
    sd = float(np.sqrt(chance @ (near - offset) ** 2 + _WHOLE_DRIVE_SD_S**2))
    if sd > SHARPEST_NEEDED_S:
        return None
    low, high = np.interp(INTERVAL, np.cumsum(chance) - chance / 2, near) - offset
    more = 1.645 * _WHOLE_DRIVE_SD_S
    return offset, sd, offset - float(np.hypot(low, more)), offset + float(np.hypot(high, more))


def _covered(ways: Ways, motion: RoadMotion, reach_s: float) -> Ways:
    """Ways that the film saw whatever the offset within reach: the same for all, to compare."""
    return ways.only(
        (ways.start_s - reach_s >= motion.t_s[0]) & (ways.end_s + reach_s <= motion.t_s[-1])
    )


def _unit(motion: RoadMotion, ways: Ways) -> float | None:
    """What one metre is in steps of the pictures, from the faster halves of both."""
    seen = motion.step / np.diff(motion.t_s)
    inside = (motion.t_s[1:] >= ways.start_s[0]) & (motion.t_s[1:] <= ways.end_s[-1])
    driven = np.abs(ways.way) / (ways.end_s - ways.start_s)
    pictures = seen[inside][seen[inside] >= np.median(seen[inside])]
    metres = float(np.median(driven[driven >= np.median(driven)]))
    unit = float(np.median(pictures)) / metres if metres > 1.0 else 0.0
    return unit if unit > 0 else None


def _likelihood(
    motion: RoadMotion,
    ways: Ways,
    offsets_s: Floats,
    unit: float,
    focal_px: float,
    drift: float = _DRIFTS[1],
) -> tuple[Floats, float]:
    """Logarithm of the likelihood of each offset, and how badly the best of them fits (1: well).

    The ways are what the pictures saw, turned and stretched by a number that nobody knows and
    that changes little and slowly, plus what braking does, plus noise.
    """
    drive = _Drive.of(motion, unit, focal_px)
    score, squares = np.zeros(len(offsets_s)), np.zeros(len(offsets_s))
    for first in range(0, len(ways), _AT_ONCE):
        part = ways.only((np.arange(len(ways)) // _AT_ONCE) == first // _AT_ONCE)
        lasts, middle = part.end_s - part.start_s, (part.start_s + part.end_s) / 2
        apart = np.abs(middle[:, None] - middle[None])
        stretch = 100.0 + _SCALE_SD**2 * np.exp(-apart / _SCALE_TAU_S)
        stretch += _TURN_SD**2 * np.exp(-apart / _TURN_TAU_S)
        noise = _noise(part, drift)
        noise = noise + np.diag(_PICTURE_SD_M**2 * lasts)
        for some in np.array_split(np.arange(len(offsets_s)), 1 + len(offsets_s) // _STACKED):
            from_s, to_s = part.start_s - offsets_s[some, None], part.end_s - offsets_s[some, None]
            way, nod, doubt = drive.between(from_s, to_s)
            spread = noise + doubt[:, None] * np.eye(len(part))
            spread = spread + way[:, :, None] * way.conj()[:, None] * stretch
            spread = spread + _NOD_SD**2 * nod[:, :, None] * nod.conj()[:, None]
            lower = np.linalg.cholesky(spread)
            left = np.linalg.solve(lower, part.way[:, None])[..., 0]
            squares[some] += (np.abs(left) ** 2).sum(axis=1) / 2
            score[some] -= 2 * np.log(np.abs(np.diagonal(lower, axis1=1, axis2=2))).sum(axis=1)
    score -= squares
    misfit = float(squares[int(np.argmax(score))]) / max(len(ways), 1)
    return score, max(misfit, 1.0)


def _noise(ways: Ways, drift: float) -> Floats:
    """Covariance of the receiver's error: a fix that is off spoils the ways on both sides."""
    count = len(ways)
    covariance = np.diag(2 * ways.white_sd_m**2 + drift * (ways.end_s - ways.start_s))
    joined = np.flatnonzero(np.isclose(ways.start_s[1:], ways.end_s[: count - 1]))
    covariance[joined, joined + 1] = covariance[joined + 1, joined] = -(ways.white_sd_m**2)
    return covariance


@dataclass(frozen=True, slots=True, eq=False)
class _Drive:
    """The path that the pictures tell, in metres and turned anyhow, summed up over film time."""

    t_s: Floats
    way: np.ndarray
    nod: np.ndarray
    doubt: Floats

    @classmethod
    def of(cls, motion: RoadMotion, unit: float, focal_px: float) -> _Drive:
        lasts = np.diff(motion.t_s)
        step = motion.step / unit
        turned = np.r_[0.0, np.cumsum(motion.turn_px)] / focal_px
        heading = np.exp(0.5j * (turned[1:] + turned[:-1]))
        speed = np.convolve(np.pad(step / lasts, 2, "edge"), np.ones(5) / 5, "valid")
        surge = np.gradient(speed, (motion.t_s[1:] + motion.t_s[:-1]) / 2)
        surge = np.clip(surge, -_HARDEST_MPS2, _HARDEST_MPS2)
        whole = [
            step * (1 + _NOD * surge) * heading,
            step * surge * heading,
            (motion.step_sd / unit) ** 2,
        ]
        way, nod, doubt = (np.r_[0.0, np.cumsum(one)] for one in whole)
        return cls(motion.t_s, way, nod, np.real(doubt))

    def between(self, start_s: Floats, end_s: Floats) -> tuple[np.ndarray, np.ndarray, Floats]:
        """Way, what braking may add to it, and its variance, between pairs of moments."""
        way, nod, doubt = (
            np.interp(end_s, self.t_s, total) - np.interp(start_s, self.t_s, total)
            for total in (self.way, self.nod, self.doubt)
        )
        return way, nod, doubt
