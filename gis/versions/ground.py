"""Which metres of a network lie on the same ground as metres of another version of it.

The sections of the older version are walked in steps; each step takes the road of the newer one
that lies under it and runs its way, whatever it is called there. Where one leaves the other is
found to the centimetre. No metre of either is given twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from gis.network.network import Network
from gis.network.routes import by_route
from gis.versions.runs import HAIR_M, JOINT_M, Run, each_metre_once, other_ways
from gis.versions.steps import (
    ASTRAY_M,
    CELL_M,
    NEAR_M,
    Steps,
    carried_on,
    cheapest,
    come_back,
    usual,
)
from gis.versions.stretches import Stretches, unchanged_routes
from voirie.arrays import Bools, Floats, Ints
from voirie.places import ROUTE_KEY, RouteKey

OTHER_ROUTE_M = 5.0
"""A route of another name, or the other carriageway, must lie nearer by this to be taken."""

ALONG_DEG = 30.0
_SAMPLES = 65
_PIECES = ("section", "old_from_m", "old_to_m", "route", "stretch", "new_from_m", "new_to_m")


def common_ground(old: Network, new: Network, sections: pd.DataFrame) -> pd.DataFrame:
    """Lay the sections of a network on a newer version of it.

    Parameters
    ----------
    old, new
        The two versions.
    sections
        Sections of `old` as `gis.scoring.cut` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a piece of a section, in their order: ``section`` (position), ``old_from_m`` and
        ``old_to_m`` (cumul), ``route`` (position in ``new.routes()``), ``stretch`` (of
        `Stretches`), ``new_from_m`` and ``new_to_m`` (falling where the axis runs the other way
        now) and ``laid``: true on the same ground, false where another way leads between the same
        places. What has no row is no longer there.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> from gis.scoring import cut
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> sections = cut(network)
    >>> pieces = common_ground(network, network, sections)
    >>> len(pieces) == len(sections), bool((pieces["old_to_m"] == pieces["new_to_m"]).all())
    (True, True)
    """
    same = unchanged_routes(old, new)
    before, after = Stretches(old), Stretches(new)
    keys = pd.MultiIndex.from_frame(sections[list(ROUTE_KEY)].astype(str))
    known = keys.isin([(k.gestionnaire, k.dep, k.route, k.cote) for k in same])
    walk = _Walk(old, new, before, after, same, sections.reset_index(drop=True))
    pieces = [walk.unchanged(np.flatnonzero(known))]
    if not known.all():
        runs = each_metre_once(walk.runs(np.flatnonzero(~known)))
        pieces += [walk.pieces(runs, laid=True), walk.pieces(other_ways(runs), laid=False)]
    table = pd.concat(pieces, ignore_index=True)
    return table.sort_values(["section", "old_from_m"], kind="stable").reset_index(drop=True)


@dataclass(slots=True, eq=False)
class _Walk:
    old: Network
    new: Network
    before: Stretches
    after: Stretches
    same: set[RouteKey]
    sections: pd.DataFrame
    partings: dict[int, float] = field(default_factory=dict)

    def unchanged(self, rows: Ints) -> pd.DataFrame:
        """Sections of routes in which nothing has moved."""
        own = self.sections.iloc[rows]
        low, high = own["cumul_from_m"].to_numpy(float), own["cumul_to_m"].to_numpy(float)
        route = np.zeros(len(own), dtype=np.int64)
        row = np.zeros(len(own), dtype=np.int64)
        for key, at in by_route(own):
            route[at] = self.after.keys.index(key)
            row[at] = self.new.row_at(key, (low[at] + high[at]) / 2)
        return pd.DataFrame(
            {
                **{"section": rows, "old_from_m": low, "old_to_m": high, "route": route},
                **{"stretch": self.after.of_row[row], "new_from_m": low, "new_to_m": high},
                "laid": True,
            }
        )

    def runs(self, rows: Ints) -> list[Run]:
        """Walk sections in steps, and join steps that go on along one road."""
        steps = Steps.of(self.old, self.before, self.sections, rows)
        self._take_roads(steps)
        come_back(steps)
        bounds = steps.runs()
        return [run for run in (self._run(steps, a, b) for a, b in bounds) if run is not None]

    def _take_roads(self, steps: Steps) -> None:
        """For each step the road under it that runs its way; the same route by preference."""
        near = self.new.nearest(steps.xy, NEAR_M)
        point, row = near["point"].to_numpy(), near["row"].to_numpy()
        names = self.new.axes[list(ROUTE_KEY)].astype(str).itertuples(index=False, name=None)
        number = {key: at for at, key in enumerate(self.after.keys)}
        keys = [RouteKey(*name) for name in names]
        route = np.array([number[key] for key in keys], dtype=np.int64)[row]
        taken = np.array([key in self.same for key in keys], dtype=bool)[row]
        turn = np.abs((near["heading_deg"].to_numpy() - steps.heading[point] + 180) % 360 - 180)
        apart = near["dist_m"].to_numpy()
        stretch, cumul = self.after.of_row[row], near["cumul_m"].to_numpy()
        # Beyond the end of a road there is none, however near the end may be.
        beyond = (apart > JOINT_M) & (
            (np.abs(cumul - self.after.from_m[stretch]) < 1e-6)
            | (np.abs(cumul - self.after.to_m[stretch]) < 1e-6)
        )
        other = route != np.array(
            [number.get(self.before.keys[r], -1) for r in steps.route], dtype=np.int64
        )[point]  # fmt: skip
        good = ~taken & ~beyond & (np.minimum(turn, 180 - turn) < ALONG_DEG) & (stretch >= 0)
        cost = np.where(good, apart + OTHER_ROUTE_M * other, np.inf)
        way = np.where(turn < 90, 1, -1)
        best = cheapest(point, cost, good)
        # Of roads side by side an old one takes that which most of it lies along.
        most = usual(steps.old_stretch[point[best]], way[best] * (stretch[best] + 1))
        here = np.array([most.get(one, 0) for one in steps.old_stretch.tolist()])[point]
        astray = (here != 0) & (way * (stretch + 1) != here)
        best = cheapest(point, cost + OTHER_ROUTE_M * astray, good)
        at = point[best]
        steps.stretch[at], steps.new_m[at], steps.way[at] = stretch[best], cumul[best], way[best]
        steps.apart[at], steps.other[at] = apart[best], other[best]

    def _run(self, steps: Steps, first: int, end: int) -> Run | None:
        """Steps ``first`` to ``end`` with their true ends, and a place at each end of a section."""
        stretch = int(steps.stretch[first])
        if stretch < 0:
            return None
        last = end - 1
        low = self._parted(steps, first - 1) if steps.goes_on(first, -1) else steps.low[first]
        high = self._parted(steps, last) if steps.goes_on(last, 1) else steps.high[last]
        ends_there = np.r_[steps.section_from[first:end], steps.section_to[first:end]]
        inner = np.unique(ends_there)
        inner = inner[(inner > low + 1e-6) & (inner < high - 1e-6)]
        if high - low < HAIR_M:
            return None
        at = np.r_[low, inner, high]
        way = int(steps.way[first])
        guess = carried_on(at, steps.mid[first:end], steps.new_m[first:end], way)
        new_m, _ = self._on(steps, first, stretch, at, guess)
        new_m = np.where(np.isnan(new_m), guess, new_m)
        ends = self.after.from_m[stretch], self.after.to_m[stretch]
        new_m = np.clip(way * np.maximum.accumulate(way * new_m), *ends)
        near = np.abs(new_m[[0, -1], None] - np.array(ends)) < JOINT_M
        new_m[[0, -1]] = np.where(
            near[:, 0], ends[0], np.where(near[:, 1], ends[1], new_m[[0, -1]])
        )
        at, new_m = self._to_the_end(steps, (first, last), at, new_m, way)
        return Run(
            int(steps.old_stretch[first]), stretch, int(self.after.route[stretch]), way,
            float(steps.apart[first:end].mean()), bool(steps.other[first:end].mean() > 0.5),
            at, new_m,
        )  # fmt: skip

    def _to_the_end(
        self, steps: Steps, ends: tuple[int, int], at: Floats, new_m: Floats, way: int
    ) -> tuple[Floats, Floats]:
        """Where both roads end near one another, the end of one is that of the other."""
        at, out = at.copy(), new_m.copy()
        stretch, old_stretch = int(steps.stretch[ends[0]]), int(steps.old_stretch[ends[0]])
        old_ends = self.before.from_m[old_stretch], self.before.to_m[old_stretch]
        new_ends = self.after.from_m[stretch], self.after.to_m[stretch]
        for place, cell, side in ((0, ends[0], -1), (-1, ends[1], 1)):
            old_end, new_end = (float(metres[side > 0]) for metres in (old_ends, new_ends[::way]))
            beyond = slice(cell + 1, None) if side > 0 else slice(None, cell)
            rest = steps.stretch[beyond][steps.old_stretch[beyond] == old_stretch]
            if (rest >= 0).any() or abs(old_end - at[place]) > ASTRAY_M:
                continue
            old_xy = self.old.locate(self.before.keys[int(steps.route[cell])], old_end)
            new_xy = self.new.locate(self.after.keys[int(self.after.route[stretch])], new_end)
            if np.linalg.norm(old_xy - new_xy) < NEAR_M:
                at[place], out[place] = old_end, new_end
        return at, np.asarray(way * np.maximum.accumulate(way * out))

    def _parted(self, steps: Steps, cell: int) -> float:
        """Old cumul between a step and the next at which one road is left for another, or none."""
        if cell not in self.partings:
            known = steps.stretch[cell] >= 0
            mine, other = (cell, cell + 1) if known else (cell + 1, cell)
            low, high = float(steps.mid[mine]), float(steps.mid[other])
            for _ in range(2):
                at = np.linspace(low, high, _SAMPLES)
                held = self._holds(steps, mine, other, at)
                left = int(np.argmin(held)) if not held.all() else len(at) - 1
                low, high = float(at[max(left - 1, 0)]), float(at[left])
            found = (low + high) / 2
            # A section that ends there ends nowhere else.
            edge = float(steps.section_to[cell])
            self.partings[cell] = edge if abs(found - edge) < JOINT_M else found
        return self.partings[cell]

    def _holds(self, steps: Steps, mine: int, other: int, at: Floats) -> Bools:
        """Whether places between two steps belong to the road of the first."""
        stretch = int(steps.stretch[mine])
        cumul, apart = self._on(steps, mine, stretch, at, self._guess(steps, mine, at))
        if steps.stretch[other] < 0:
            ends = np.minimum(
                np.abs(cumul - self.after.from_m[stretch]), np.abs(cumul - self.after.to_m[stretch])
            )
            return np.asarray((apart <= NEAR_M) & ~((ends < 1e-6) & (apart > 0.01)))
        _, away = self._on(
            steps, other, int(steps.stretch[other]), at, self._guess(steps, other, at)
        )
        return np.asarray(apart <= np.nan_to_num(away, nan=np.inf))

    @staticmethod
    def _guess(steps: Steps, cell: int, at: Floats) -> Floats:
        return np.asarray(steps.new_m[cell] + steps.way[cell] * (at - steps.mid[cell]))

    def _on(
        self, steps: Steps, cell: int, stretch: int, at: Floats, guess: Floats
    ) -> tuple[Floats, Floats]:
        """Cumul of old places on a new stretch, and how far away that is."""
        xy = self.old.locate(self.before.keys[int(steps.route[cell])], at)
        key = self.after.keys[int(self.after.route[stretch])]
        ends = self.after.from_m[stretch], self.after.to_m[stretch]
        cumul, _ = self.new.project(key, xy, np.clip(guess, *ends), 2 * NEAR_M + CELL_M)
        cumul = np.clip(cumul, *ends)
        apart = np.linalg.norm(self.new.locate(key, cumul) - xy, axis=1)
        return cumul, np.where(np.isnan(apart), np.inf, apart)

    def pieces(self, runs: Sequence[Run], *, laid: bool) -> pd.DataFrame:
        """Runs cut where sections end."""
        own = self.sections
        place = pd.Series(np.arange(len(own))).groupby(self.section_stretch()).indices
        rows = []
        for run in runs:
            mine = place[run.old_stretch]
            start = own["cumul_from_m"].to_numpy(float)[mine]
            bounds = start[(start > run.old_m[0]) & (start < run.old_m[-1])]
            at = np.unique(np.r_[run.old_m, bounds])
            new = np.interp(at, run.old_m, run.new_m)
            for (a, b), (c, d) in zip(pairwise(at), pairwise(new), strict=True):
                if abs(d - c) < 1e-6:
                    continue
                section = int(mine[np.searchsorted(start, (a + b) / 2, side="right") - 1])
                rows.append((section, a, b, run.route, run.stretch, c, d))
        return pd.DataFrame(rows, columns=list(_PIECES)).assign(laid=laid)

    def section_stretch(self) -> Ints:
        """Old stretch of each section."""
        out = np.full(len(self.sections), -1, dtype=np.int64)
        middle = (self.sections["cumul_from_m"] + self.sections["cumul_to_m"]).to_numpy(float) / 2
        for key, at in by_route(self.sections):
            out[at] = self.before.of_row[self.old.row_at(key, middle[at])]
        return out
