"""Straight pieces of the axes: where everything is measured, in arrays."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis.network.axes import JOINT_M
from voirie.arrays import Floats, Ints, Objects
from voirie.places import ROUTE_KEY


@dataclass(frozen=True, slots=True)
class Segments:
    """Every straight piece of every axis, in the order of `Network.axes`.

    Attributes
    ----------
    row
        Row of `Network.axes`, (n,).
    start, step
        First point and vector to the second, metres in EPSG:2154, (n, 2).
    length_m
        Drawn length, (n,).
    cumul_from_m, cumul_to_m
        Calibrated cumul of both ends, (n,).
    chain
        Number of the unbroken axis that the piece belongs to; it changes with the route, the
        part, and wherever the line is broken, (n,).
    """

    row: Ints
    start: Floats
    step: Floats
    length_m: Floats
    cumul_from_m: Floats
    cumul_to_m: Floats
    chain: Ints

    def heading_deg(self, index: Ints) -> Floats:
        """Heading of pieces, degrees clockwise from north."""
        east, north = self.step[index].T
        return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)

    def drawn(self, index: Ints) -> Objects:
        """Pieces as lines, for a spatial index."""
        start = self.start[index]
        ends = np.stack([start, start + self.step[index]], axis=1)
        return np.asarray(shapely.linestrings(ends), dtype=object)

    def between(self, pieces: slice, low_m: Floats, high_m: Floats, offset_m: Floats) -> Objects:
        """Lines along the axis between pairs of cumuls, shifted to the right.

        Parameters
        ----------
        pieces
            Pieces of one route.
        low_m, high_m
            First and last cumul of each line, low <= high, (n,).
        offset_m
            Metres to the right of increasing PR, (n,).

        Returns
        -------
        numpy.ndarray
            (n,); a MultiLineString where the axis is broken between the two, an empty line where
            no axis covers them.
        """
        lines = np.full(len(low_m), shapely.LineString(), dtype=object)
        first = np.searchsorted(self.cumul_to_m[pieces], low_m, side="right")
        last = np.searchsorted(self.cumul_from_m[pieces], high_m, side="left")
        count = np.maximum(last - first, 0)
        if not count.any():
            return lines
        line = np.repeat(np.arange(len(lines)), count)
        inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        piece = pieces.start + np.repeat(first, count) + inner
        opens = np.r_[True, (np.diff(line) != 0) | (np.diff(self.chain[piece]) != 0)]
        closes = np.r_[opens[1:], True]
        # Each piece gives the point where it begins, the last of an unbroken run also its end.
        at = np.repeat(np.arange(len(piece)), 1 + closes)
        end = np.r_[False, at[1:] == at[:-1]]
        from_m = self.cumul_from_m[piece[at]]
        cumul = np.where(end, high_m[line[at]], low_m[line[at]])
        share = np.clip((cumul - from_m) / (self.cumul_to_m[piece[at]] - from_m), 0.0, 1.0)
        points = self.start[piece[at]] + share[:, None] * self.step[piece[at]]
        step = self.step[piece]
        right = np.stack([step[:, 1], -step[:, 0]], axis=1) / self.length_m[piece, None]
        before = right[np.where(end | opens[at], at, at - 1)]
        points = shifted(points, before, right[at], offset_m[line[at]])
        runs = np.asarray(
            shapely.linestrings(points, indices=np.cumsum(opens)[at] - 1), dtype=object
        )
        line_of_run = line[opens]
        alone = np.bincount(line_of_run, minlength=len(lines))[line_of_run] == 1
        lines[line_of_run[alone]] = runs[alone]
        broken, index = np.unique(line_of_run[~alone], return_inverse=True)
        lines[broken] = shapely.multilinestrings(runs[~alone], indices=index)
        return lines

    def measure(self, points: Floats, index: Ints) -> tuple[Floats, Floats, Floats]:
        """Cumul, signed offset and distance of points on given pieces, all (n,)."""
        there, step, length = points - self.start[index], self.step[index], self.length_m[index]
        share = (there * step).sum(axis=1) / length**2
        inside = np.clip(share, 0.0, 1.0)
        distance = np.linalg.norm(there - inside[:, None] * step, axis=1)
        across = (there[:, 0] * step[:, 1] - there[:, 1] * step[:, 0]) / length
        count = len(self.chain)
        ends_here = (index + 1 == count) | (
            self.chain[np.minimum(index + 1, count - 1)] != self.chain[index]
        )
        starts_here = (index == 0) | (self.chain[index - 1] != self.chain[index])
        free = ((share > 1.0) & ends_here) | ((share < 0.0) & starts_here)
        # Beyond a free end only the distance across counts as offset; at a bend, where no
        # perpendicular falls on either piece, it is the distance to the corner.
        offset = np.where(free, across, np.copysign(distance, across))
        span = self.cumul_to_m[index] - self.cumul_from_m[index]
        return self.cumul_from_m[index] + inside * span, offset, distance


def segments_of(axes: gpd.GeoDataFrame) -> Segments:
    """Cut sorted and oriented axes into their straight pieces."""
    lines = axes.geometry.to_numpy()
    xy, row = shapely.get_coordinates(lines, return_index=True)
    step = np.diff(xy, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    real = (np.diff(row) == 0) & (length > 1e-6)
    row, start, step, length = row[:-1][real], xy[:-1][real], step[real], length[real]
    total = np.bincount(row, weights=length, minlength=len(lines))
    run = np.cumsum(length)
    before = np.r_[0.0, np.cumsum(total)][row]
    low = axes["cumul_from_m"].to_numpy()[row]
    span = (axes["cumul_to_m"].to_numpy() - axes["cumul_from_m"].to_numpy())[row]
    cumul_to = low + span * np.clip((run - before) / total[row], 0.0, 1.0)
    cumul_from = low + span * np.clip((run - length - before) / total[row], 0.0, 1.0)
    same = np.r_[False, np.diff(row) == 0]
    cumul_from = np.where(same, np.r_[0.0, cumul_to[:-1]], low)
    route = axes.groupby(list(ROUTE_KEY), sort=False).ngroup().to_numpy()
    part = axes["part"].to_numpy()
    gap = np.linalg.norm((start + step)[:-1] - start[1:], axis=1)
    broken = (np.diff(route[row]) != 0) | (np.diff(part[row]) != 0) | (gap > JOINT_M)
    chain = np.cumsum(np.r_[0, broken])
    return Segments(row, start, step, length, cumul_from, cumul_to, chain)


def shifted(points: Floats, before: Floats, after: Floats, offset_m: Floats) -> Floats:
    """Move the points of lines sideways; corners follow the bisector, at most twice as far.

    Parameters
    ----------
    points
        (n, 2).
    before, after
        Unit vectors to the right of the pieces that end and begin there, (n, 2); at the end of a
        line both are of its last piece.
    offset_m
        Metres to the right, (n,).
    """
    both = before + after
    unit = both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    reach = 1.0 / np.clip((unit * before).sum(axis=1), 0.5, 1.0)
    return np.asarray(points + (offset_m * reach)[:, None] * unit)
