"""One-metre cells of the axis: where extents are counted.

A section is cut into cells of 1 m from its start; the last one may be shorter. A lane of a
section has its own row of cells. All work is on flat arrays: no loop over sections or findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voirie.arrays import Bools, Floats, Ints, Ints32, Words
from voirie.places import ROUTE_KEY

Levels = NDArray[np.uint8]

CELL_M = 1.0

_LANES = 256
"""Codes of lanes a section may have: twice the voie, plus one against the PR."""

_ROUTE_SPAN_M = 1e7
"""Routes are laid end to end on one axis, this far apart, so that one search serves them all."""

_EDGE_M = 0.5
"""A place this far outside a section is taken in it: rounding at the end of a route."""

_FUZZ_M = 1e-6
_CHUNK_CELLS = 4_000_000


class SectionIndex:
    """Finds sections by route and cumul.

    Parameters
    ----------
    sections
        Route key, ``cumul_from_m`` and ``cumul_to_m``; no two overlap on one route.
    """

    def __init__(self, sections: pd.DataFrame) -> None:
        keys = pd.MultiIndex.from_frame(sections[list(ROUTE_KEY)].astype("string"))
        self._routes = keys.unique()
        route = self._routes.get_indexer(keys).astype(np.int64)
        self.start_m = sections["cumul_from_m"].to_numpy(dtype=np.float64)
        self.end_m = sections["cumul_to_m"].to_numpy(dtype=np.float64)
        shift = route * _ROUTE_SPAN_M
        self._order = np.argsort(shift + self.start_m, kind="stable")
        self._starts = (shift + self.start_m)[self._order]
        self._ends = (shift + self.end_m)[self._order]

    def __len__(self) -> int:
        return len(self.start_m)

    def route_of(self, frame: pd.DataFrame) -> Ints:
        """Number of each row's route, -1 where no section lies on it: ``(N,)``."""
        keys = pd.MultiIndex.from_frame(frame[list(ROUTE_KEY)].astype("string"))
        return self._routes.get_indexer(keys).astype(np.int64)

    def at(self, route: Ints, cumul_m: Floats) -> Ints:
        """Row of the section that holds each place, -1 where there is none: ``(N,)``."""
        if not len(self):
            return np.full(len(route), -1, dtype=np.int64)
        place = route * _ROUTE_SPAN_M + cumul_m
        found = np.searchsorted(self._starts, place, side="right") - 1
        safe = np.maximum(found, 0)
        inside = (route >= 0) & (found >= 0) & (place <= self._ends[safe] + _EDGE_M)
        return np.where(inside, self._order[safe], -1).astype(np.int64)

    def spans(self, route: Ints, low_m: Floats, high_m: Floats) -> tuple[Ints, Ints]:
        """Pairs (item, section) of intervals and the sections they overlap."""
        shift = route * _ROUTE_SPAN_M
        first = np.searchsorted(self._ends, shift + low_m, side="right")
        last = np.searchsorted(self._starts, shift + high_m, side="left")
        count = np.where(route < 0, 0, np.maximum(last - first, 0))
        item, inner = repeated(count)
        return item, self._order[first[item] + inner].astype(np.int64)


def repeated(count: Ints) -> tuple[Ints, Ints]:
    """Number of the item and position inside it, for items of ``count`` members each."""
    item = np.repeat(np.arange(len(count)), count)
    inner = np.arange(len(item)) - np.repeat(np.cumsum(count) - count, count)
    return item.astype(np.int64), inner.astype(np.int64)


def lane_code(sens: pd.Series, voie: pd.Series) -> Ints:
    """Lane as one number, -1 where direction or lane is unknown: ``(N,)``."""
    number = voie.to_numpy(dtype=np.float64, na_value=np.nan)
    plus = (sens == "+").fillna(False).to_numpy(dtype=bool)
    minus = (sens == "-").fillna(False).to_numpy(dtype=bool)
    known = (plus | minus) & (number >= 0) & (number < _LANES // 2)
    return np.where(known, 2 * np.nan_to_num(number) + minus, -1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class LaneGrid:
    """Cells of every lane that a campaign has looked at.

    A *unit* is a lane of a section. U units, C cells.

    Attributes
    ----------
    index
        The sections.
    section, lane
        Row of the section and code of the lane, ``(U,)``, sorted by both.
    first
        First cell of each unit, then C: ``(U + 1,)``.
    last_cell_m
        Length of the last cell of each unit, ``(U,)``.
    unit_of_cell
        ``(C,)``.
    surveyed
        Which cells were seen, ``(C,)``.
    surveyed_m
        Surveyed length of each unit, ``(U,)``.
    """

    index: SectionIndex
    section: Ints
    lane: Ints
    first: Ints
    last_cell_m: Floats
    unit_of_cell: Ints32
    surveyed: Bools
    surveyed_m: Floats

    @classmethod
    def of(cls, sections: pd.DataFrame, coverage: pd.DataFrame) -> LaneGrid:
        """Lay the cells of every lane named in a coverage, and mark those seen.

        Several passes over a metre count once: it was seen when one of them saw it.
        """
        index = SectionIndex(sections)
        low, high = _ordered(coverage["cumul_from_m"], coverage["cumul_to_m"])
        lane = lane_code(coverage["sens"], coverage["voie"])
        item, section = index.spans(index.route_of(coverage), low, high)
        seen = coverage["surveyed"].to_numpy(dtype=bool, na_value=False)[item]
        start, end, cells = _local_cells(index, section, low[item], high[item])
        keep = (lane[item] >= 0) & (end > start)
        item, section, start, end = item[keep], section[keep], start[keep], end[keep]
        seen = seen[keep]
        key = section * _LANES + lane[item]
        units, unit = np.unique(key, return_inverse=True)
        own = units // _LANES
        length = index.end_m[own] - index.start_m[own]
        cells = _cell_count(length)
        first = np.r_[0, np.cumsum(cells)].astype(np.int64)
        surveyed = np.zeros(first[-1], dtype=np.uint8)
        paint(
            surveyed,
            first[unit][seen] + start[seen],
            first[unit][seen] + end[seen],
            np.ones(int(seen.sum()), dtype=np.uint8),
        )
        unit_of_cell = np.repeat(np.arange(len(units), dtype=np.int32), cells)
        lost = np.bincount(unit_of_cell[surveyed == 0], minlength=len(units))
        last_cell_m = length - (cells - 1) * CELL_M
        # Whole cells, less what the last one lacks where it was seen.
        seen_last = surveyed[first[1:] - 1] > 0
        surveyed_m = (cells - lost) * CELL_M - np.where(seen_last, CELL_M - last_cell_m, 0.0)
        return cls(
            index=index,
            section=own,
            lane=units % _LANES,
            first=first,
            last_cell_m=last_cell_m,
            unit_of_cell=unit_of_cell,
            surveyed=surveyed.astype(bool),
            surveyed_m=np.minimum(surveyed_m, length),
        )

    def __len__(self) -> int:
        return len(self.section)

    @property
    def sens(self) -> Words:
        """Direction of each unit, ``(U,)``."""
        return np.where(self.lane % 2 == 1, "-", "+")

    @property
    def voie(self) -> Ints:
        """Lane of each unit, ``(U,)``."""
        return self.lane // 2

    @property
    def length_m(self) -> Floats:
        """Length of each unit, ``(U,)``."""
        return np.asarray(self.index.end_m[self.section] - self.index.start_m[self.section])

    def unit_of(self, section: Ints, lane: Ints) -> Ints:
        """Unit of each (section, lane), -1 where that lane was not looked at."""
        if not len(self):
            return np.full(len(section), -1, dtype=np.int64)
        keys = self.section * _LANES + self.lane
        wanted = section * _LANES + lane
        found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = (section >= 0) & (lane >= 0) & (keys[found] == wanted)
        return np.where(known, found, -1).astype(np.int64)

    def blank(self) -> Levels:
        """Cells at level 0."""
        return np.zeros(self.first[-1], dtype=np.uint8)

    def tally(self, levels: Levels, top: int) -> Floats:
        """Metres of surveyed cells at each level: ``(top, U)``."""
        cells = np.flatnonzero(self.surveyed & (levels > 0))
        unit = self.unit_of_cell[cells].astype(np.int64)
        last = cells == self.first[1:][unit] - 1
        metres = np.where(last, self.last_cell_m[unit], CELL_M)
        slot = (levels[cells].astype(np.int64) - 1) * len(self) + unit
        out = np.bincount(slot, weights=metres, minlength=top * len(self))
        return np.asarray(out.reshape(top, len(self)), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Findings as stretches of cells: one row a finding and unit it lies in, P rows.

    Attributes
    ----------
    item
        Row of the finding.
    unit
        Unit of the grid.
    start, end
        Cells ``[start, end)`` of the whole grid.
    share
        Part of the finding that lies in this unit, 0 to 1.
    centre
        Whether the middle of the finding lies in this unit: it is counted once, here.
    """

    item: Ints
    unit: Ints
    start: Ints
    end: Ints
    share: Floats
    centre: Bools

    def where(self, keep: Bools) -> Stretches:
        """The rows that are kept."""
        return Stretches(
            item=self.item[keep],
            unit=self.unit[keep],
            start=self.start[keep],
            end=self.end[keep],
            share=self.share[keep],
            centre=self.centre[keep],
        )


def stretches(
    grid: LaneGrid,
    findings: pd.DataFrame,
    least_m: Floats,
) -> tuple[Stretches, dict[str, int]]:
    """Lay findings on the cells.

    What is no longer than its least length is given that length round its middle, and lies
    wholly in the section of its middle; what is longer is shared by the sections it crosses.

    Parameters
    ----------
    grid
        The cells.
    findings
        N rows with a lane and ``cumul_m``; ``cumul_from_m`` and ``cumul_to_m`` may be NULL.
    least_m
        Least length of each, ``(N,)``.

    Returns
    -------
    stretches
        Rows that touch a surveyed cell.
    dropped
        Findings left out, by reason.
    """
    place = findings["cumul_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    low = findings["cumul_from_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    high = findings["cumul_to_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    bare = np.isnan(low) | np.isnan(high)
    low, high = np.where(bare, place, low), np.where(bare, place, high)
    low, high = np.minimum(low, high), np.maximum(low, high)
    middle = (low + high) / 2
    route = grid.index.route_of(findings)
    lane = lane_code(findings["sens"], findings["voie"])
    lost = np.isnan(middle) | (lane < 0) | (route < 0)
    middle = np.where(lost, 0.0, middle)
    home = np.where(lost, -1, grid.index.at(np.where(lost, 0, route), middle))

    small = ~lost & (home >= 0) & (high - low <= least_m)
    at_small = np.flatnonzero(small)
    large = np.flatnonzero(~lost & ~(high - low <= least_m))
    pair, section = grid.index.spans(route[large], low[large], high[large])
    item = np.r_[at_small, large[pair]]
    section = np.r_[home[at_small], section]
    centre = home[item] == section
    wide = small[item]
    from_m = np.where(wide, middle[item] - least_m[item] / 2, low[item])
    to_m = np.where(wide, middle[item] + least_m[item] / 2, high[item])
    start, end, cells = _local_cells(grid.index, section, from_m, to_m)
    start = np.where(centre, np.minimum(start, cells - 1), start)
    end = np.where(centre, np.maximum(end, start + 1), end)
    overlap = np.minimum(to_m, grid.index.end_m[section]) - np.maximum(
        from_m, grid.index.start_m[section]
    )
    share = np.where(wide, 1.0, overlap / np.maximum(to_m - from_m, _FUZZ_M))
    unit = grid.unit_of(section, lane[item])
    first = grid.first[np.maximum(unit, 0)]
    found = Stretches(item, unit, first + start, first + end, np.clip(share, 0.0, 1.0), centre)
    found = found.where((unit >= 0) & (end > start))
    seen = np.r_[0, np.cumsum(grid.surveyed)]
    kept = found.where(seen[found.end] > seen[found.start])
    on_lane = np.zeros(len(findings), dtype=bool)
    on_lane[found.item] = True
    counted = np.zeros(len(findings), dtype=bool)
    counted[kept.item] = True
    dropped = {
        "no place on a lane of the network": int((lost | (home < 0) & ~on_lane).sum()),
        "lane not surveyed there": int((~lost & (home >= 0) & ~on_lane).sum())
        + int((on_lane & ~counted).sum()),
    }
    return kept, {reason: number for reason, number in dropped.items() if number}


def paint(levels: Levels, start: Ints, end: Ints, level: Levels) -> None:
    """Raise cells ``[start, end)`` to a level, never lower them; in place.

    Levels are painted from the lowest to the highest, so that the highest stays: a cell takes
    the worst.
    """
    for value in np.unique(level):
        rows = np.flatnonzero(level == value)
        for chunk in _chunks(end[rows] - start[rows]):
            of, inner = repeated(end[rows[chunk]] - start[rows[chunk]])
            cells = start[rows[chunk]][of] + inner
            levels[cells] = np.maximum(levels[cells], value)


def _chunks(count: Ints) -> Iterator[slice]:
    """Slices of rows that hold about `_CHUNK_CELLS` cells each: memory stays bounded."""
    total = np.cumsum(count)
    begin = 0
    while begin < len(count):
        before = total[begin - 1] if begin else 0
        end = int(np.searchsorted(total, before + _CHUNK_CELLS, side="right"))
        end = max(end, begin + 1)
        yield slice(begin, end)
        begin = end


def _cell_count(length_m: Floats) -> Ints:
    return np.maximum(np.ceil(length_m / CELL_M - _FUZZ_M), 1).astype(np.int64)


def _local_cells(
    index: SectionIndex, section: Ints, low_m: Floats, high_m: Floats
) -> tuple[Ints, Ints, Ints]:
    """Cells ``[start, end)`` whose middle an interval covers, and cells of each section."""
    cells = _cell_count(index.end_m[section] - index.start_m[section])
    origin = index.start_m[section]
    start = np.floor((low_m - origin) / CELL_M + 0.5 + _FUZZ_M)
    end = np.floor((high_m - origin) / CELL_M + 0.5 + _FUZZ_M)
    end = np.where(high_m >= index.end_m[section] - _FUZZ_M, cells, end)
    return (
        np.clip(start, 0, cells).astype(np.int64),
        np.clip(end, 0, cells).astype(np.int64),
        cells,
    )


def _ordered(one: pd.Series, other: pd.Series) -> tuple[Floats, Floats]:
    a, b = one.to_numpy(dtype=np.float64), other.to_numpy(dtype=np.float64)
    return np.minimum(a, b), np.maximum(a, b)
