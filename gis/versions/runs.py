"""Metres of an old stretch that lie along a new one, and each of both given once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from voirie.arrays import Floats

JOINT_M = 1.0
HAIR_M = 0.01
ALIKE = 3.0
"""Two ways between the same places are the old and the new road if neither is longer by this."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Metres of one old stretch that lie along one new stretch: cumul against cumul.

    Attributes
    ----------
    old_stretch, stretch, route
        Stretch of the old network, stretch and route of the new one, as `Stretches` numbers them.
    way
        +1 where the cumul grows the same way in both, else -1.
    apart_m
        Mean distance between the two lines.
    other
        Whether it is another route, or the other carriageway.
    old_m, new_m
        Cumul of the same places, (n,): the old one grows, the new one as `way` says.
    """

    old_stretch: int
    stretch: int
    route: int
    way: int
    apart_m: float
    other: bool
    old_m: Floats
    new_m: Floats

    @property
    def low(self) -> float:
        """Lowest new cumul."""
        return float(min(self.new_m[0], self.new_m[-1]))

    @property
    def high(self) -> float:
        """Highest new cumul."""
        return float(max(self.new_m[0], self.new_m[-1]))


def each_metre_once(runs: list[Run]) -> list[Run]:
    """Runs without the new metres that a better one has: nearer, of the same route, longer.

    Examples
    --------
    >>> ends = np.array([0.0, 100.0])
    >>> near = Run(0, 0, 0, 1, 0.0, False, ends, ends)
    >>> far = Run(1, 0, 0, 1, 9.0, False, ends, ends + 60.0)
    >>> [(run.low, run.high) for run in each_metre_once([far, near])]
    [(0.0, 100.0), (100.0, 160.0)]
    """
    better = sorted(
        runs, key=lambda run: (round(run.apart_m), run.other, run.low - run.high, run.old_m[0])
    )
    taken: dict[int, list[tuple[float, float]]] = {}
    kept = []
    for run in better:
        others = taken.setdefault(run.stretch, [])
        for low, high in _free(run.low, run.high, tuple(others)):
            clipped = _clipped(run, low, high)
            others.append((low, high))
            kept.append(clipped)
    return sorted(kept, key=lambda run: (run.old_stretch, run.old_m[0]))


def _free(
    low: float, high: float, taken: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """What is left between two cumuls, longer than a joint; holes under a metre are closed."""
    at = low
    for a, b in [*sorted(taken), (high, high)]:
        if b <= low or a > high:
            continue
        start, end = at, min(a, high)
        at = max(at, b)
        if end - start > JOINT_M or (end - start > HAIR_M and (start, end) == (low, high)):
            yield (
                max((d for _, d in taken if 0.0 <= start - d < JOINT_M), default=start),
                min((c for c, _ in taken if 0.0 <= c - end < JOINT_M), default=end),
            )


def _clipped(run: Run, low: float, high: float) -> Run:
    """A run between two new cumuls; up to a metre beyond its own ends it is stretched to them."""
    new, old = run.new_m[:: run.way], run.old_m[:: run.way]
    ends = [
        old[0] if low <= new[0] else np.interp(low, new, old),
        old[-1] if high >= new[-1] else np.interp(high, new, old),
    ]
    inner = (new > low + 1e-6) & (new < high - 1e-6)
    inner[[0, -1]] = False
    new_m = np.r_[low, new[inner], high][:: run.way]
    old_m = np.r_[ends[0], old[inner], ends[1]][:: run.way]
    return replace(run, old_m=old_m, new_m=new_m)


def other_ways(runs: Sequence[Run]) -> list[Run]:
    """Where an old road is left and met again on one new road, the new way between.

    Examples
    --------
    >>> def run(start: float, end: float, there: float) -> Run:
    ...     old = np.array([start, end])
    ...     return Run(0, 0, 0, 1, 0.0, False, old, old + there)
    >>> [(way.old_m.tolist(), way.new_m.tolist())
    ...  for way in other_ways([run(0.0, 300.0, 0.0), run(400.0, 900.0, 50.0)])]
    [([300.0, 400.0], [300.0, 450.0])]
    """
    found = []
    for one, two in pairwise(runs):
        if (one.old_stretch, one.route, one.way) != (two.old_stretch, two.route, two.way):
            continue
        gone = float(two.old_m[0] - one.old_m[-1])
        come = float(one.way * (two.new_m[0] - one.new_m[-1]))
        if gone <= JOINT_M or not gone / ALIKE < come < gone * ALIKE:
            continue
        low, high = sorted((float(one.new_m[-1]), float(two.new_m[0])))
        if any(
            run.route == one.route and run.low < high - HAIR_M and run.high > low + HAIR_M
            for run in runs
        ):
            continue
        found.append(
            replace(
                one,
                stretch=one.stretch if one.stretch == two.stretch else -1,
                old_m=np.r_[one.old_m[-1], two.old_m[0]],
                new_m=np.r_[one.new_m[-1], two.new_m[0]],
            )
        )
    return found
