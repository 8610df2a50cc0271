"""Which views are of one thing: lane by lane, kind by kind, and what stands by its bearings."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pandas as pd

from inspection.fusion.association import group_spots, group_stretches
from inspection.fusion.bearings import Bearings
from voirie.arrays import Floats, Ints
from voirie.places import LANE_KEY
from voirie.taxonomy import Taxonomy

MEMORY_M = 60.0
SAME_POST_M = 4.0
"""Two groups of views whose bearings meet this near are one sign, unless one frame saw both."""


def grouped(seen: pd.DataFrame, taxonomy: Taxonomy) -> Ints:
    """Group of every view; lanes, kinds of thing and passes never mix.

    Parameters
    ----------
    seen
        As `inspection.fusion.placed_views` gives them.
    taxonomy
        The families of things.

    Returns
    -------
    numpy.ndarray
        From 0, without holes, in the order of lanes, kinds, passes and then of discovery, (n,).
    """
    group = np.full(len(seen), -1, dtype=np.int64)
    keys = [pd.factorize(seen[key], sort=True)[0] for key in (*LANE_KEY, "kind", "pass_id")]
    order = np.lexsort(keys[::-1])
    differs = [np.diff(key[order], prepend=-2) != 0 for key in keys]
    parts = np.split(order, np.flatnonzero(np.logical_or.reduce(differs))[1:])
    kind, family = seen["kind"].to_numpy(object), seen["family"].to_numpy(object)
    along, score = seen["cumul_m"].to_numpy(float), seen["score"].to_numpy(float)
    start, end = seen["cumul_from_m"].to_numpy(float), seen["cumul_to_m"].to_numpy(float)
    across = np.nan_to_num(seen["offset_m"].to_numpy(float))
    sd = np.nan_to_num(seen["sd_m"].to_numpy(float), nan=1.0)
    distance = np.unique(seen["distance_m"].to_numpy(float), return_inverse=True)[1]
    frame, bearings = seen["frame"].to_numpy(), Bearings.of(seen)
    by_camera = seen["sd_m"].notna().to_numpy(bool)
    following = 0
    for rows in parts:
        first = rows[0]
        own = taxonomy.families[family[first]]
        if own.stretches is not None and kind[first] in own.stretches.kinds:
            found = group_stretches(
                start[rows],
                end[rows],
                across[rows],
                gap_m=own.stretches.gap_m,
                gate_across_m=own.stretches.across_m,
            )
        else:
            found = group_spots(
                distance[rows],
                along[rows],
                across[rows],
                sd[rows],
                score[rows],
                gate_along_m=own.gate_m.along,
                gate_across_m=own.gate_m.across,
                memory_m=MEMORY_M,
            )
        if not own.is_flat and by_camera[first]:
            found = merge_same_place(bearings.of_rows(rows), frame[rows], found)
        group[rows] = found + following
        following += int(found.max()) + 1
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def merge_same_place(bearings: Bearings, frame: Ints, group: Ints) -> Ints:
    """Join groups that turn out to stand in one place once their bearings are added up.

    From afar the distance of a sign is a guess, so that its first views may start a group of
    their own; the place where the bearings meet tells that it is the same sign. Of all pairs
    that fit the first is joined, by number, until none fits.

    Parameters
    ----------
    bearings
        Of sightings of one kind in one lane.
    frame
        Frame of each, (n,).
    group
        Group of each, from 0 without holes, (n,).

    Returns
    -------
    numpy.ndarray
        The same numbers; a group that was joined has the number of the earlier one, (n,).
    """
    out = group.copy()
    places, _ = bearings.met(group)
    order = np.argsort(group, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(group))[:-1])
    posts = GroupPositions()
    fits: list[tuple[int, int]] = []
    for post, rows in enumerate(members):
        posts.put(post, places[post], set(frame[rows].tolist()))
        fits += posts.fits(post)
    heapq.heapify(fits)
    while fits:
        kept, gone = heapq.heappop(fits)
        if not posts.fit(kept, gone):  # one of them was joined, or has moved since
            continue
        rows = members[kept] = np.sort(np.r_[members[kept], members[gone]])
        out[rows] = kept
        (place,), _ = bearings.of_rows(rows).met(np.zeros_like(rows))
        posts.put(kept, place, posts.take(kept) | posts.take(gone))
        for pair in posts.fits(kept):
            heapq.heappush(fits, pair)
    return out


class GroupPositions:
    """Places where groups stand, in cells as wide as the reach of a post."""

    def __init__(self) -> None:
        self._place: dict[int, tuple[float, float]] = {}
        self._frames: dict[int, set[int]] = {}
        self._cells: dict[tuple[int, int], set[int]] = {}

    def put(self, post: int, place: Floats, frames: set[int]) -> None:
        """Set a group down; without a place it fits no other."""
        self._frames[post] = frames
        if np.isfinite(place).all():
            self._place[post] = east, north = float(place[0]), float(place[1])
            self._cells.setdefault(_cell(east, north), set()).add(post)

    def take(self, post: int) -> set[int]:
        """Take a group away and return the frames that saw it."""
        self._cells[_cell(*self._place.pop(post))].remove(post)
        return self._frames.pop(post)

    def fit(self, one: int, other: int) -> bool:
        """Whether two groups are one sign."""
        return (
            one in self._place
            and other in self._place
            and math.dist(self._place[one], self._place[other]) <= SAME_POST_M
            and self._frames[one].isdisjoint(self._frames[other])
        )

    def fits(self, post: int) -> list[tuple[int, int]]:
        """Pairs of a group and what fits it, the earlier number first."""
        if post not in self._place:
            return []
        east, north = _cell(*self._place[post])
        around = [
            other
            for i in (east - 1, east, east + 1)
            for j in (north - 1, north, north + 1)
            for other in self._cells.get((i, j), ())
        ]
        return [
            (min(post, other), max(post, other))
            for other in around
            if other != post and self.fit(post, other)
        ]


def _cell(east: float, north: float) -> tuple[int, int]:
    # A little wider than the reach, so that rounding hides no neighbour.
    side_m = 1.01 * SAME_POST_M
    return int(east // side_m), int(north // side_m)
