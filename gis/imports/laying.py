"""Metres along a road that has none yet: chains laid one after the other, and both carriageways.

A road without cumul is measured from its beginning along its own line. Where it is divided, the
carriageway that runs with increasing cumul is the right one (D) and gives the measure; the other
(G) takes its cumul from it. A gap adds nothing; a branch is counted after the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from gis.imports.chaining import OPPOSED_M, Chain, chains_of
from gis.network.axes import JOINT_M
from voirie.arrays import Floats, Ints, Objects

Beside = Literal["arc", "stub", "covered"]

CARRIAGEWAY_M = 100.0
"""Shorter, a one-way stretch beside a road is the arc of a roundabout or goes round an island."""

MOSTLY = 0.8
"""Share of a chain that is one-way where it is a carriageway; links at its ends often are not."""

STUB_M = 30.0
"""A dead end shorter than this is how a junction is drawn."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A road with metres.

    Attributes
    ----------
    rows
        ``row`` (position of the stretch), ``turned`` (its line runs against the cumul), ``cote``,
        ``part``, ``cumul_from_m``, ``cumul_to_m``; in the order of the road, each carriageway.
    beside
        ``row`` and ``reason`` of stretches that are no road of their own: ``arc`` (of a
        roundabout, or round an island), ``stub``, ``covered`` (the other carriageway already has
        these metres).
    branches
        Parts that branch off, counted after the end.
    """

    rows: pd.DataFrame
    beside: pd.DataFrame
    branches: tuple[int, ...]


def lay_out(
    lines: Objects,
    way: ArrayLike,
    ramp: ArrayLike = False,
    first: tuple[float, float] | None = None,
) -> Laid:
    """Give the stretches of one road their carriageway, part and cumul.

    Parameters
    ----------
    lines
        Single lines in metres, (n,), shapely.
    way
        +1 where traffic runs as the line is drawn only, -1 against it only, 0 both ways, (n,).
    ramp
        Which stretches are slip roads: they are branches, whatever they run beside, (n,).
    first
        A point near which the road begins, None where nobody knows.

    Examples
    --------
    >>> there = shapely.LineString([(0, 0), (500, 0)])
    >>> back = shapely.LineString([(500, 20), (0, 20)])
    >>> ends = [shapely.LineString([(0, 0), (0, 20)]), shapely.LineString([(500, 0), (500, 20)])]
    >>> tails = [shapely.LineString([(-99, 0), (0, 0)]), shapely.LineString([(500, 0), (700, 0)])]
    >>> lines = np.array([there, back, *ends, *tails])
    >>> road = lay_out(lines, [1, 1, 0, 0, 0, 0], first=(-99.0, 0.0))
    >>> road.rows[["row", "cote", "cumul_from_m", "cumul_to_m"]].values.tolist()[:3]
    [[4, 'U', 0.0, 99.0], [0, 'D', 99.0, 599.0], [5, 'U', 599.0, 799.0]]
    """
    sign = np.asarray(way, dtype=np.int64)
    slip = np.broadcast_to(np.asarray(ramp, dtype=bool), len(lines))
    main, rest = _chains_among(
        lines, sign, first, np.flatnonzero(~slip if not slip.all() else slip)
    )
    length = shapely.length(lines)
    main, apart = _without_carriageways(main, lines, sign, length)
    rest = [*apart, *rest]
    starts = np.cumsum([0.0, *(chain.length_m for chain in main)])
    spine = _Spine.of(main, lines, starts)
    rows = [
        _laid(chain, length, "U", part, start)
        for part, (chain, start) in enumerate(zip(main, starts[:-1], strict=True), start=1)
    ]
    beside: list[tuple[int, Beside]] = []
    others: list[tuple[float, float, Chain]] = []
    branches: list[Chain] = []
    for chain in rest:
        one_way = length[chain.rows][sign[chain.rows] != 0].sum() >= MOSTLY * chain.length_m
        place = spine.beside(chain, lines)
        if one_way and place.runs_back and chain.length_m >= CARRIAGEWAY_M:
            others.append((place.end_m, place.start_m, chain.reversed()))
        elif chain.length_m < CARRIAGEWAY_M and (
            place.touches_twice or (one_way and place.runs_back)
        ):
            beside += [(row, "arc") for row in chain.rows.tolist()]
        elif chain.length_m < STUB_M:
            beside += [(row, "stub") for row in chain.rows.tolist()]
        else:
            branches.append(chain)
    if slip.any() and not slip.all():
        branches += [
            chain
            for chains in _chains_among(lines, sign, None, np.flatnonzero(slip))
            for chain in chains
        ]
    left_from = 0.0
    for low, high, chain in sorted(others, key=lambda other: other[:2]):
        low = max(low, left_from)
        if high - low < 0.5 * chain.length_m:
            beside += [(row, "covered") for row in chain.rows.tolist()]
            continue
        laid = _laid(chain, length, "G", 1, 0.0)
        scale = (high - low) / chain.length_m
        laid[["cumul_from_m", "cumul_to_m"]] = low + scale * laid[["cumul_from_m", "cumul_to_m"]]
        rows.append(laid)
        left_from = high
    at = float(starts[-1])
    for part, chain in enumerate(branches, start=len(main) + 1):
        rows.append(_laid(chain, length, "U", part, at))
        at += chain.length_m
    table = rows[0] if len(rows) == 1 else pd.concat(rows, ignore_index=True)
    if others:
        _tell_right_carriageway(table, sign)
        _number_left_carriageway(table, lines)
    for name in ("cumul_from_m", "cumul_to_m"):
        table[name] = np.round(table[name].to_numpy(), 3)
    return Laid(
        table,
        pd.DataFrame(beside, columns=["row", "reason"]),
        tuple(range(len(main) + 1, len(main) + len(branches) + 1)),
    )


def _chains_among(
    lines: Objects, sign: Ints, first: tuple[float, float] | None, rows: Ints
) -> tuple[list[Chain], list[Chain]]:
    """`chains_of` some of the stretches, with the positions that these have among all."""
    main, rest = chains_of(lines[rows], sign[rows], first)
    return (
        [replace(chain, rows=rows[chain.rows]) for chain in main],
        [replace(chain, rows=rows[chain.rows]) for chain in rest],
    )


def _without_carriageways(
    main: list[Chain], lines: Objects, sign: Ints, length: Floats
) -> tuple[list[Chain], list[Chain]]:
    """Parts of a road without those that are the left carriageway of another part.

    Where a file ends, or a link is not drawn, the two carriageways do not touch.
    """
    kept = list(main)
    apart: list[Chain] = []
    for chain in sorted(main, key=lambda chain: chain.length_m):
        one_way = length[chain.rows][sign[chain.rows] != 0].sum() >= MOSTLY * chain.length_m
        others = [other for other in kept if other is not chain]
        if not one_way or not others or chain.length_m < CARRIAGEWAY_M:
            continue
        starts = np.cumsum([0.0, *(other.length_m for other in others)])
        if _Spine.of(others, lines, starts).beside(chain, lines).runs_back:
            kept, apart = others, [*apart, chain]
    return kept, apart


def _laid(chain: Chain, length: Floats, cote: str, part: int, start_m: float) -> pd.DataFrame:
    ends = start_m + np.cumsum(length[chain.rows])
    return pd.DataFrame(
        {
            "row": chain.rows,
            "turned": chain.turned,
            "cote": cote,
            "part": part,
            "cumul_from_m": np.r_[start_m, ends[:-1]],
            "cumul_to_m": ends,
        }
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Where a chain lies beside the spine of its road."""

    start_m: float
    end_m: float
    runs_back: bool
    touches_twice: bool


@dataclass(frozen=True, slots=True)
class _Spine:
    """The main chains of a road, as lines on which others are placed."""

    lines: list[shapely.LineString]
    starts_m: Floats

    @classmethod
    def of(cls, main: Sequence[Chain], lines: Objects, starts_m: Floats) -> _Spine:
        return cls([line_of(chain, lines) for chain in main], starts_m)

    def beside(self, chain: Chain, lines: Objects) -> _Beside:
        points = shapely.points(
            [
                chain.start,
                shapely.get_coordinates(line_of(chain, lines).interpolate(0.5, normalized=True))[0],
                chain.end,
            ]
        )
        away = np.array([shapely.distance(line, points) for line in self.lines])
        nearest = np.argmin(away, axis=0)
        along = [
            self.starts_m[part] + shapely.line_locate_point(self.lines[part], point)
            for part, point in zip(nearest, points, strict=True)
        ]
        far = away[nearest, np.arange(3)]
        back = along[0] - along[2]
        alike = 0.5 * chain.length_m <= back <= 2.0 * chain.length_m
        return _Beside(
            float(along[0]),
            float(along[2]),
            bool(alike and along[2] <= along[1] <= along[0] and far.max() <= OPPOSED_M),
            bool(max(far[0], far[2]) <= JOINT_M),
        )


def line_of(chain: Chain, lines: Objects) -> shapely.LineString:
    """The stretches of a chain as one line in its direction.

    Examples
    --------
    >>> drawn = ([(9, 0), (0, 0)], [(9, 0), (20, 0)])
    >>> lines = np.array([shapely.LineString(line) for line in drawn])
    >>> main, _ = chains_of(lines, [0, 0], (0.0, 0.0))
    >>> line_of(main[0], lines).wkt
    'LINESTRING (0 0, 9 0, 20 0)'
    """
    return joined(lines[chain.rows], chain.turned)


def joined(lines: Objects, turned: ArrayLike) -> shapely.LineString:
    """Lines one after the other, as one; where one begins at the last point of another, once.

    Parameters
    ----------
    lines
        Single lines in their order, (n,), shapely.
    turned
        Which of them run against it, (n,).
    """
    ways = np.where(np.asarray(turned, dtype=bool), shapely.reverse(lines), lines)
    xy = shapely.get_coordinates(ways)
    new = np.r_[True, np.linalg.norm(np.diff(xy, axis=0), axis=1) > 0.0]
    return shapely.LineString(xy[new])


def _tell_right_carriageway(table: pd.DataFrame, sign: Ints) -> None:
    """Call D what runs with the cumul, one way, where the other carriageway is G."""
    left = table[table["cote"] == "G"]
    if left.empty:
        return
    low, high = table["cumul_from_m"].to_numpy(), table["cumul_to_m"].to_numpy()
    shared = np.minimum(high[:, None], left["cumul_to_m"].to_numpy()) - np.maximum(
        low[:, None], left["cumul_from_m"].to_numpy()
    )
    covered = np.maximum(shared, 0.0).sum(axis=1) >= 0.5 * (high - low)
    one_way = sign[table["row"].to_numpy()] != 0
    table.loc[(table["cote"] == "U") & covered & one_way, "cote"] = "D"


def _number_left_carriageway(table: pd.DataFrame, lines: Objects) -> None:
    """Parts of G: another one begins wherever its line is broken."""
    left = table.index[table["cote"] == "G"]
    if left.empty:
        return
    order = table.loc[left].sort_values("cumul_from_m", kind="stable").index
    ways = lines[table.loc[order, "row"]]
    ways = np.where(table.loc[order, "turned"], shapely.reverse(ways), ways)
    gap = shapely.distance(shapely.get_point(ways[:-1], -1), shapely.get_point(ways[1:], 0))
    table.loc[order, "part"] = np.r_[1, 1 + np.cumsum(gap > JOINT_M)]
