"""From fixes to a smooth drive: position, speed and heading at any moment, with their doubt.

The receiver's error hangs together over tens of seconds, so averaging does not remove it; the
model carries it as a state and the accuracy says what is left. Outliers lose their weight, gaps
are bridged and say so. What is known of the road (`RoadHints`) takes away the error across it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gis.tracks.kalman import Estimate, Measurements, Motion, filter_and_smooth
from voirie.arrays import Bools, Floats, Ints
from voirie.errors import EmptyInput

STANDING_MPS = 0.7
"""Slower than this, the car stands: what is left is the receiver's noise."""

HEADING_MPS = 2.0
"""Slower than this, the velocity says nothing of the heading: the last one is kept."""

_GATE = 36.0  # squared Mahalanobis distance, two degrees of freedom: six sigma
_STUDENT = 4.0  # degrees of freedom of the weights: heavy tails, as receivers have
_BETWEEN = 4.0  # spectral density of the acceleration between two nodes, m2/s3
_LONG_GAP_S = 30.0  # longer, nothing is known between: a straight line
_GRID_S = 0.25  # step on which the driven distance is summed


@dataclass(frozen=True, slots=True)
class ReceiverNoise:
    """What a receiver is believed to do.

    Attributes
    ----------
    drift_sd_m, drift_tau_s
        Slow error per axis: standard deviation and correlation time. The defaults are those of
        a phone; a bias that lasts the whole drive is counted in.
    white_sd_m
        Error that is new at each fix; None estimates it from the track.
    acceleration_sd_mps2, acceleration_tau_s
        How hard, and for how long, the car speeds up, brakes and turns, per axis.
    latency_sd_s
        How far the times of its fixes may be off; times the speed it counts in the accuracy. The
        default lies between the receivers measured (0.1 s) and the worst known (0.7 s); give
        less once the clock was found.
    """

    drift_sd_m: float = 3.4
    drift_tau_s: float = 30.0
    white_sd_m: float | None = None
    acceleration_sd_mps2: float = 1.2
    acceleration_tau_s: float = 5.0
    latency_sd_s: float = 0.25

    @property
    def motion(self) -> Motion:
        """The model of the filter."""
        return Motion(
            self.acceleration_sd_mps2, self.acceleration_tau_s, self.drift_sd_m, self.drift_tau_s
        )


@dataclass(frozen=True, slots=True)
class RoadHints:
    """At some moments the road says where the car is across it, and which way it goes.

    Attributes
    ----------
    t_s
        Moments, increasing, (n,).
    normal
        Unit vectors across the road, to the right of increasing PR, (n, 2).
    place
        Points in the driven lane at which the road is taken, (n, 2).
    curvature
        Of the road there, 1/m, positive where it turns right with increasing PR, (n,).
    sd_m
        How well the lane tells the position across, (n,).
    """

    t_s: Floats
    normal: Floats
    place: Floats
    curvature: Floats
    sd_m: Floats


@dataclass(frozen=True, slots=True)
class SmoothedTrack:
    """A drive that can be asked at any moment.

    Attributes
    ----------
    t_s
        Nodes: the fixes, and the moments of hints in gaps, (n,).
    xy, velocity
        Position and velocity at the nodes, (n, 2) each.
    variance_m2
        Variance of the position, summed over the two axes, (n,).
    fix_t_s
        Times of the fixes that were believed.
    longest_step_s
        A longer time between two believed fixes is a gap.
    distance_m
        Metres driven since the first node on the fine grid `grid_s`.
    grid_s
        See above.
    latency_sd_s
        Doubt of the times, see `ReceiverNoise`.
    outlier
        Fixes that were not believed, in the order of the track.
    """

    t_s: Floats
    xy: Floats
    velocity: Floats
    variance_m2: Floats
    fix_t_s: Floats
    longest_step_s: float
    grid_s: Floats
    distance_m: Floats
    latency_sd_s: float
    outlier: Bools

    def at(self, t_s: ArrayLike, reach_s: float = 2.0) -> pd.DataFrame:
        """Where the car was.

        Parameters
        ----------
        t_s
            Moments in track time, (N,).
        reach_s
            How far beyond the first and last fix a straight line may reach.

        Returns
        -------
        pandas.DataFrame
            ``t_s``, ``x``, ``y``, ``speed_mps``, ``heading_deg`` (of the velocity; below 2 m/s
            the last one before), ``accuracy_m`` (root of the summed variance of the two
            axes and of the latency), ``bridged`` (in a gap or beyond an end), ``moving`` (0.7 m/s
            or more), ``distance_m`` since the first fix. NaN beyond `reach_s`.
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=float))
        index, inside, outside = self._interval(t)
        xy, velocity = self._hermite(index, inside)
        edge = np.where(outside < 0, 0, len(self.t_s) - 1)
        beyond = outside != 0.0
        xy = np.where(beyond[:, None], self.xy[edge] + outside[:, None] * self.velocity[edge], xy)
        velocity = np.where(beyond[:, None], self.velocity[edge], velocity)
        speed = np.hypot(velocity[:, 0], velocity[:, 1])
        distance = np.interp(t, self.grid_s, self.distance_m) + outside * np.where(
            beyond, speed, 0.0
        )
        after = np.clip(np.searchsorted(self.fix_t_s, t), 1, len(self.fix_t_s) - 1)
        step = self.fix_t_s[after] - self.fix_t_s[after - 1]
        on_fix = (t == self.fix_t_s[after]) | (t == self.fix_t_s[after - 1])
        out = pd.DataFrame(
            {
                "t_s": t,
                "x": xy[:, 0],
                "y": xy[:, 1],
                "speed_mps": speed,
                "heading_deg": self._heading_deg(t, velocity, speed),
                "accuracy_m": np.hypot(
                    np.sqrt(self._variance(index, inside, outside)), self.latency_sd_s * speed
                ),
                "bridged": ((step > self.longest_step_s) & ~on_fix) | beyond,
                "moving": speed >= STANDING_MPS,
                "distance_m": distance,
            }
        )
        away = (np.abs(outside) > reach_s) | np.isnan(t)
        out.loc[away, ["x", "y", "speed_mps", "heading_deg", "accuracy_m", "distance_m"]] = np.nan
        out.loc[away, "moving"] = False
        return out

    def _interval(self, t: Floats) -> tuple[Ints, Floats, Floats]:
        """Node before each moment, seconds after it, and seconds beyond the ends (signed)."""
        index = np.clip(np.searchsorted(self.t_s, t, side="right") - 1, 0, len(self.t_s) - 2)
        inside = np.clip(t, self.t_s[0], self.t_s[-1]) - self.t_s[index]
        outside = t - np.clip(t, self.t_s[0], self.t_s[-1])
        return index, inside, outside

    def _hermite(self, index: Ints, inside: Floats) -> tuple[Floats, Floats]:
        """Cubic between two nodes, the mean of the model given both; straight in long gaps."""
        step = (self.t_s[index + 1] - self.t_s[index])[:, None]
        u = inside[:, None] / step
        p0, p1 = self.xy[index], self.xy[index + 1]
        m0, m1 = self.velocity[index] * step, self.velocity[index + 1] * step
        xy = (
            (2 * u**3 - 3 * u**2 + 1) * p0
            + (u**3 - 2 * u**2 + u) * m0
            + (3 * u**2 - 2 * u**3) * p1
            + (u**3 - u**2) * m1
        )
        slope = 6 * (u**2 - u) * (p0 - p1) + (3 * u**2 - 4 * u + 1) * m0 + (3 * u**2 - 2 * u) * m1
        straight = step > _LONG_GAP_S
        xy = np.where(straight, p0 + u * (p1 - p0), xy)
        return xy, np.where(straight, p1 - p0, slope) / step

    def _variance(self, index: Ints, inside: Floats, outside: Floats) -> Floats:
        """Variance of the ends, and of an integrated random walk pinned at both."""
        step = self.t_s[index + 1] - self.t_s[index]
        u = inside / step
        ends = (1 - u) * self.variance_m2[index] + u * self.variance_m2[index + 1]
        between = _BETWEEN * (inside * (step - inside) / step) ** 3 / 3.0
        reach = _BETWEEN * np.abs(outside) ** 3 / 3.0 + outside**2
        return np.asarray(ends + 2.0 * (between + reach))

    def _heading_deg(self, t: Floats, velocity: Floats, speed: Floats) -> Floats:
        """Heading of the velocity; below 2 m/s, that of the last faster movement."""
        heading = np.degrees(np.arctan2(velocity[:, 0], velocity[:, 1])) % 360.0
        node_speed = np.hypot(self.velocity[:, 0], self.velocity[:, 1])
        driving = np.flatnonzero(node_speed >= HEADING_MPS)
        if not len(driving):
            return heading
        before = np.searchsorted(self.t_s[driving], t, side="right") - 1
        held = self.velocity[driving[np.maximum(before, 0)]]
        last = np.degrees(np.arctan2(held[:, 0], held[:, 1])) % 360.0
        return np.where(speed >= HEADING_MPS, heading, last)


def smooth(
    track: pd.DataFrame,
    noise: ReceiverNoise | None = None,
    hints: RoadHints | None = None,
) -> SmoothedTrack:
    """Smooth a track.

    Three passes: a filter with a gate on the innovation; one in which each fix weighs by its
    residual (Student's t), so that a fix wrongly kept out comes back and a doubtful one counts
    little; and one with new weights that knows when the car stands.

    Parameters
    ----------
    track
        ``t_s``, ``x``, ``y`` as `gis.tracks.read_track` gives them. The receiver's own speed is
        not used: it lags the position by up to 1.5 s.
    noise
        What the receiver is believed to do; a phone by default.
    hints
        What the road says, from `gis.tracks.road_hints`.

    Raises
    ------
    EmptyInput
        With fewer than two fixes.

    Examples
    --------
    >>> t_s = np.arange(20.0)
    >>> track = pd.DataFrame({"t_s": t_s, "x": 6e5 + 15.0 * t_s, "y": 6.25e6})
    >>> pose = smooth(track).at(9.5)
    >>> pose[["speed_mps", "heading_deg"]].round(3).values.tolist()
    [[15.0, 90.0]]
    """
    if len(track) < 2:
        raise EmptyInput("the track holds fewer than two fixes", None, "record the drive again")
    noise = noise or ReceiverNoise()
    t_s = track["t_s"].to_numpy(dtype=float)
    xy = track[["x", "y"]].to_numpy(dtype=float)
    origin = xy.mean(axis=0)
    white = noise.white_sd_m or white_noise_sd_m(t_s, xy)
    motion = noise.motion
    seen, fixes = _measurements(t_s, xy - origin, white, hints, origin)
    plain = seen.xy.copy()
    plain[fixes[_off_the_line(t_s, xy, white)]] = np.nan
    first = filter_and_smooth(replace(seen, xy=plain), motion, _GATE)
    share = _share(first, seen, white)
    second = filter_and_smooth(replace(seen, variance=seen.variance / share), motion, None)
    share = _share(second, seen, white)
    seen = replace(seen, variance=seen.variance / share, standing=_standing(second))
    estimate = filter_and_smooth(seen, motion, None)
    # A fix that Student's t leaves a quarter of its weight lies some four sigma off.
    outlier = share[fixes] < 0.25
    step_s = max(3.0 * float(np.median(np.diff(t_s))), 3.0)
    believed = t_s[~outlier] if (~outlier).sum() >= 2 else t_s
    return _track_of(estimate, seen.t_s, origin, believed, step_s, noise.latency_sd_s, outlier)


def white_noise_sd_m(t_s: Floats, xy: Floats) -> float:
    """Estimate the part of the error that is new at each fix, metres per axis.

    Third differences of a smooth drive are nearly nil, those of white noise have twenty times
    its variance. The median is used, so that outliers do not count.
    """
    even = np.abs(np.diff(t_s) - np.median(np.diff(t_s))) < 0.25 * np.median(np.diff(t_s))
    runs = np.convolve(even, np.ones(3), mode="valid") == 3 if len(even) >= 3 else np.array([])
    third = np.diff(xy, n=3, axis=0)[runs.astype(bool)] if len(runs) else np.empty((0, 2))
    if len(third) < 5:
        return 1.0
    sd = 1.4826 * float(np.median(np.abs(third))) / np.sqrt(20.0)
    return float(np.clip(sd, 0.2, 5.0))


def _off_the_line(t_s: Floats, xy: Floats, white_m: float) -> Bools:
    """Fixes that lie off every straight line through neighbours: no start for a filter.

    Each fix is compared with the lines through the pairs one, two and three fixes away, at the
    ends with those on one side. A good fix beside an outlier agrees with one of them.
    """
    count = len(t_s)
    if count < 7:
        return np.zeros(count, dtype=bool)
    k = np.arange(count)
    least = np.full(count, np.inf)
    inner = (k >= 3) & (k < count - 3)
    for before, after, side in ((-1, 1, (1, 2)), (-2, 2, (1, 3)), (-3, 3, (2, 4))):
        way = np.where(k < 3, 1, -1)
        a = np.where(inner, k + before, k + way * side[0])
        b = np.where(inner, k + after, k + way * side[1])
        share = ((t_s - t_s[a]) / (t_s[b] - t_s[a]))[:, None]
        miss = np.hypot(*(xy - xy[a] - share * (xy[b] - xy[a])).T)
        # What braking at 4 m/s2 bends a line by, and six sigma of noise carried to the fix.
        bent = 2.0 * np.abs((t_s - t_s[a]) * (t_s[b] - t_s))
        noise = 6.0 * white_m * np.sqrt(1.0 + share[:, 0] ** 2 + (1.0 - share[:, 0]) ** 2)
        least = np.minimum(least, miss / (bent + noise))
    return np.asarray(least > 1.0)


def _measurements(
    t_s: Floats, xy: Floats, white_m: float, hints: RoadHints | None, origin: Floats
) -> tuple[Measurements, Ints]:
    """Nodes at fixes and hints; gives the node of each fix too."""
    nodes = t_s if hints is None else np.union1d(t_s, hints.t_s)
    fixes = np.searchsorted(nodes, t_s)
    count = len(nodes)
    seen = Measurements(
        nodes,
        np.full((count, 2), np.nan),
        np.full(count, white_m**2),
        np.zeros((count, 2)),
        np.zeros((count, 2)),
        np.zeros(count),
        np.full(count, np.nan),
        np.zeros(count, dtype=bool),
    )
    seen.xy[fixes] = xy
    if hints is not None:
        at = np.searchsorted(nodes, hints.t_s)
        seen.normal[at] = hints.normal
        seen.place[at] = hints.place - origin
        seen.curvature[at] = hints.curvature
        seen.across_variance[at] = hints.sd_m**2
    return seen, fixes


def _share(estimate: Estimate, seen: Measurements, white_m: float) -> Floats:
    """Weight of each node's fix, at most 1.5, after Student's t on its residual."""
    mean = estimate.mean
    miss = seen.xy - mean[:, 0:2] - mean[:, 6:8]
    squared = np.nan_to_num((miss**2).sum(axis=1)) / white_m**2
    return np.asarray((_STUDENT + 2.0) / (_STUDENT + squared))


def _standing(estimate: Estimate) -> Bools:
    """Nodes at which the car stands: known to do so, it does not wander with its receiver."""
    velocity = estimate.mean[:, 2:4]
    return np.asarray(np.hypot(velocity[:, 0], velocity[:, 1]) < STANDING_MPS)


def _track_of(
    estimate: Estimate,
    t_s: Floats,
    origin: Floats,
    believed: Floats,
    step_s: float,
    latency_sd_s: float,
    outlier: Bools,
) -> SmoothedTrack:
    xy, velocity = estimate.mean[:, 0:2] + origin, estimate.mean[:, 2:4]
    variance = estimate.covariance[:, 0, 0] + estimate.covariance[:, 1, 1]
    grid = np.union1d(t_s, np.arange(t_s[0], t_s[-1], _GRID_S))
    bare = SmoothedTrack(
        t_s, xy, velocity, variance, believed, step_s, grid, np.zeros(len(grid)), latency_sd_s,
        outlier,
    )  # fmt: skip
    index, inside, _ = bare._interval(grid)
    places, speeds = bare._hermite(index, inside)
    steps = np.hypot(*np.diff(places, axis=0).T)
    # A car that stands drives no metre, however its receiver wanders.
    slow = np.hypot(*((speeds[1:] + speeds[:-1]) / 2.0).T) < STANDING_MPS
    steps[slow] = 0.0
    return replace(bare, distance_m=np.r_[0.0, np.cumsum(steps)])
