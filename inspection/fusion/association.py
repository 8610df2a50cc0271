"""From views to things: which detections of successive frames are one defect on the ground.

Two kinds of things are told apart, because they behave differently along the road:

- a **spot** (pothole, transverse crack, patch, sign, heap) has one place; two views of one frame
  are never the same spot, so two potholes 1.2 m apart stay two;
- a **stretch** (longitudinal or alligator cracking) has a beginning and an end; views that
  overlap or nearly touch, at the same distance from the axis, are one stretch even when a
  shadow cuts it.
"""

from __future__ import annotations

import math

import numpy as np

from voirie.arrays import Floats, Ints


def group_spots(
    frame: Ints,
    along_m: Floats,
    across_m: Floats,
    along_sd_m: Floats,
    score: Floats,
    *,
    gate_along_m: float,
    gate_across_m: float,
    memory_m: float,
) -> Ints:
    """Group views of spots, frame after frame, nearest first.

    Parameters
    ----------
    frame
        Rank of the frame of each view, shape (n,).
    along_m, across_m
        Place of each view along and across the road.
    along_sd_m
        Standard deviation of `along_m`; the gate widens with it, to three times at most.
    score
        Score of each view; ties go to the surer one.
    gate_along_m, gate_across_m
        Largest distance between a view and the thing's running mean.
    memory_m
        A thing not seen for that long is closed.

    Returns
    -------
    numpy.ndarray
        Group of each view, from 0, shape (n,).

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones(3)
    >>> group_spots(np.array([0, 1, 1]), np.array([10.0, 10.2, 11.4]), 0 * one, 0.2 * one, one,
    ...             gate_along_m=1.0, gate_across_m=0.7, memory_m=30.0).tolist()
    [0, 0, 1]
    """
    order = np.lexsort((across_m, along_m, -score, frame))
    _, first_view, rank, views_in = np.unique(
        frame[order], return_index=True, return_inverse=True, return_counts=True
    )
    along, across = along_m[order].tolist(), across_m[order].tolist()
    gate = np.clip(2 * along_sd_m[order], gate_along_m, 3 * gate_along_m).tolist()
    surety = (1.0 / np.maximum(along_sd_m[order], 0.05) ** 2).tolist()
    middle = (np.bincount(rank, along_m[order]) / views_in).tolist()
    things = _Things(4 * gate_along_m)
    group = np.full(len(order), -1, dtype=np.int64)
    for seen, first, count in zip(middle, first_view.tolist(), views_in.tolist(), strict=True):
        views = range(first, first + count)
        pairs = [
            (math.hypot(ahead / gate[view], aside / gate_across_m), view, thing)
            for view in views
            for thing in things.near(along[view])
            if abs(things.along[thing] - seen) < memory_m
            and (ahead := abs(along[view] - things.along[thing])) <= gate[view]
            and (aside := abs(across[view] - things.across[thing])) <= gate_across_m
        ]
        taken: dict[int, int] = {}
        given: set[int] = set()
        for _, view, thing in sorted(pairs):
            if view not in taken and thing not in given:
                taken[view] = thing
                given.add(thing)
        for view in views:
            thing = taken[view] if view in taken else things.opened(along[view], across[view])
            things.seen(thing, along[view], across[view], surety[view])
            group[order[view]] = thing
    return group


class _Things:
    """Running means of the things met so far, found by their place along the road.

    Parameters
    ----------
    cell_m
        Width of a cell; it is more than any gate, so that a thing within reach lies in the cell
        of a view or beside it.
    """

    def __init__(self, cell_m: float) -> None:
        self.along: list[float] = []
        self.across: list[float] = []
        self._weight: list[float] = []
        self._cell_m = cell_m
        self._cells: dict[int, list[int]] = {}

    def near(self, along_m: float) -> list[int]:
        """Things of the cell of a place and of the two beside it."""
        cell = int(along_m // self._cell_m)
        return [thing for at in (cell - 1, cell, cell + 1) for thing in self._cells.get(at, ())]

    def opened(self, along_m: float, across_m: float) -> int:
        """A new thing, without any weight yet."""
        thing = len(self.along)
        self.along.append(along_m)
        self.across.append(across_m)
        self._weight.append(0.0)
        self._cells.setdefault(int(along_m // self._cell_m), []).append(thing)
        return thing

    def seen(self, thing: int, along_m: float, across_m: float, weight: float) -> None:
        """Draw a thing's mean towards one more view."""
        self._weight[thing] += weight
        share = weight / self._weight[thing]
        before = int(self.along[thing] // self._cell_m)
        self.along[thing] += (along_m - self.along[thing]) * share
        self.across[thing] += (across_m - self.across[thing]) * share
        after = int(self.along[thing] // self._cell_m)
        if after != before:
            self._cells[before].remove(thing)
            self._cells.setdefault(after, []).append(thing)


def group_stretches(
    from_m: Floats, to_m: Floats, across_m: Floats, *, gap_m: float, gate_across_m: float
) -> Ints:
    """Group views of stretches: overlapping or nearly touching, at one distance from the axis.

    Parameters
    ----------
    from_m, to_m
        Extent of each view along the road, from <= to, shape (n,).
    across_m
        Its distance from the axis.
    gap_m
        Largest hole between two views of one stretch.
    gate_across_m
        Largest distance across between a view and the stretch's running mean.

    Returns
    -------
    numpy.ndarray
        Group of each view, from 0, shape (n,).

    Examples
    --------
    >>> import numpy as np
    >>> group_stretches(np.array([0.0, 5.5, 30.0]), np.array([5.0, 9.0, 33.0]), np.zeros(3),
    ...                 gap_m=2.0, gate_across_m=0.7).tolist()
    [0, 0, 1]
    """
    group = np.full(len(from_m), -1, dtype=np.int64)
    end: list[float] = []
    across: list[float] = []
    count: list[int] = []
    opened: list[int] = []
    order = np.lexsort((across_m, from_m))
    columns = (order, from_m[order], to_m[order], across_m[order])
    for view, start, stop, aside in zip(*(column.tolist() for column in columns), strict=True):
        # Views come in order of their beginning, so what ended too early is closed for good.
        opened = [thing for thing in opened if start - end[thing] <= gap_m]
        apart, best = min(((abs(across[k] - aside), k) for k in opened), default=(np.inf, -1))
        if apart > gate_across_m:
            best = len(end)
            end.append(stop)
            across.append(0.0)
            count.append(0)
            opened.append(best)
        group[view] = best
        end[best] = max(end[best], stop)
        count[best] += 1
        across[best] += (aside - across[best]) / count[best]
    return group
