"""Steps of ten metres along old sections, each with the new road under it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from gis.network.network import Network
from gis.network.routes import by_route
from gis.versions.runs import ALIKE
from gis.versions.stretches import Stretches
from voirie.arrays import Bools, Floats, Ints
from voirie.places import ROUTE_KEY

NEAR_M = 15.0
"""A road drawn anew lies nearer than this to how it was drawn before."""

CELL_M = 10.0

ASTRAY_M = 25.0
"""What strays from a road for less than this, and comes back, did not leave it."""


@dataclass(slots=True, eq=False)
class Steps:
    """Steps along the old sections, in their order, and the new road under each; all (n,).

    Attributes
    ----------
    route, old_stretch
        Route and stretch of the old network, as `Stretches` numbers them.
    low, high, mid
        Cumul of both ends and of the middle.
    section_from, section_to
        Cumul of both ends of the section.
    xy, heading
        Point in the middle, (n, 2), and heading of the axis there, in degrees.
    stretch, new_m, way, apart, other
        New stretch under the middle, -1 where there is none, its cumul there, and as of
        `gis.versions.runs.Run`.
    """

    route: Ints
    old_stretch: Ints
    low: Floats
    high: Floats
    mid: Floats
    section_from: Floats
    section_to: Floats
    xy: Floats
    heading: Floats
    stretch: Ints
    new_m: Floats
    way: Ints
    apart: Floats
    other: Bools

    @classmethod
    def of(cls, old: Network, before: Stretches, sections: pd.DataFrame, rows: Ints) -> Steps:
        """Steps of some sections, with no new road under them yet."""
        own = sections.iloc[rows].reset_index(drop=True)
        start, end = own["cumul_from_m"].to_numpy(float), own["cumul_to_m"].to_numpy(float)
        count = np.maximum(np.ceil((end - start) / CELL_M).astype(np.int64), 1)
        section = np.repeat(np.arange(len(own)), count)
        inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        step = ((end - start) / count)[section]
        low = start[section] + inner * step
        high = np.where(inner + 1 == count[section], end[section], low + step)
        mid = (low + high) / 2
        n = len(mid)
        route, stretch = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        xy, heading = np.zeros((n, 2)), np.zeros(n)
        cells = own[list(ROUTE_KEY)].iloc[section].reset_index(drop=True)
        for key, at in by_route(cells):
            route[at] = before.keys.index(key)
            stretch[at] = before.of_row[old.row_at(key, mid[at])]
            xy[at], heading[at] = old.locate(key, mid[at]), old.heading_deg(key, mid[at])
        return cls(
            route, stretch, low, high, mid, start[section], end[section], xy, heading,
            np.full(n, -1, dtype=np.int64), np.full(n, np.nan), np.zeros(n, dtype=np.int64),
            np.full(n, np.nan), np.zeros(n, dtype=bool),
        )  # fmt: skip

    def goes_on(self, cell: int, side: int) -> bool:
        """Whether the old road goes on beyond a step, up (+1) or down (-1)."""
        next_one = cell + side
        return 0 <= next_one < len(self.mid) and bool(
            self.old_stretch[cell] == self.old_stretch[next_one]
        )

    def runs(self) -> list[tuple[int, int]]:
        """First and last step (excluded) of what goes on along one road, or has none."""
        if not len(self.mid):
            return []
        step = np.diff(self.new_m) * self.way[1:]
        along = (step > np.diff(self.mid) / ALIKE) & (step < np.diff(self.mid) * ALIKE)
        breaks = (
            (np.diff(self.old_stretch) != 0)
            | (np.diff(self.stretch) != 0)
            | (np.diff(self.way) != 0)
            | ((self.stretch[1:] >= 0) & ~along)
        )
        at = np.r_[0, np.flatnonzero(breaks) + 1, len(self.mid)].tolist()
        return list(pairwise(at))


def cheapest(point: Ints, cost: Floats, good: Bools) -> Ints:
    """Row of the cheapest candidate of each point that has a good one."""
    order = np.lexsort((cost, point))
    best = order[np.r_[True, np.diff(point[order]) > 0]] if len(order) else order
    return np.asarray(best[good[best]])


def usual(old: Ints, new: Ints) -> dict[int, int]:
    """What each old stretch lies along for the most of it, where there is such."""
    pairs, count = np.unique(np.stack([old, new]), axis=1, return_counts=True)
    whole = dict(zip(*(a.tolist() for a in np.unique(old, return_counts=True)), strict=True))
    return {
        one: other
        for (one, other), times in zip(pairs.T.tolist(), count.tolist(), strict=True)
        if times > 0.5 * whole[one]
    }


def come_back(steps: Steps) -> None:
    """Give what strays for a few steps to the road that it left and comes back to."""
    bounds = steps.runs()
    for (_, a), (first, end), (b, _) in zip(bounds, bounds[1:], bounds[2:], strict=False):
        before, after = a - 1, b
        if (
            steps.high[end - 1] - steps.low[first] > ASTRAY_M
            or steps.stretch[before] < 0
            or steps.stretch[before] != steps.stretch[after]
            or steps.way[before] != steps.way[after]
            or steps.old_stretch[before] != steps.old_stretch[after]
        ):
            continue
        walked = (steps.new_m[after] - steps.new_m[before]) * steps.way[before]
        straight = steps.mid[after] - steps.mid[before]
        if not straight / ALIKE < walked < straight * ALIKE:
            continue
        inner = slice(first, end)
        steps.new_m[inner] = np.interp(
            steps.mid[inner], steps.mid[[before, after]], steps.new_m[[before, after]]
        )
        steps.stretch[inner], steps.way[inner] = steps.stretch[before], steps.way[before]
        steps.apart[inner], steps.other[inner] = NEAR_M, steps.other[before]


def carried_on(at: Floats, mid: Floats, new_m: Floats, way: int) -> Floats:
    """New cumul of old places by the steps round them, beyond the last one metre by metre."""
    inside = np.interp(at, mid, new_m)
    beyond = np.minimum(at - mid[0], 0.0) + np.maximum(at - mid[-1], 0.0)
    return np.asarray(inside + way * beyond)
