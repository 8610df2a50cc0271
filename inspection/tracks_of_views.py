"""From views to things: which detections of successive frames are one defect on the ground.

Two kinds of things are told apart, because they behave differently along the road:

- a **spot** (pothole, transverse crack, patch, sign, heap) has one place; two views of one frame
  are never the same spot, so two potholes 1.2 m apart stay two;
- a **stretch** (longitudinal or alligator cracking) has a beginning and an end; views that
  overlap or nearly touch, at the same distance from the axis, are one stretch even when a
  shadow cuts it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
    group = np.full(len(frame), -1, dtype=np.int64)
    mean = np.zeros((0, 2))
    weight = np.zeros(0)
    for rank in np.unique(frame):
        here = np.flatnonzero(frame == rank)
        here = here[np.lexsort((across_m[here], along_m[here], -score[here]))]
        opened = np.flatnonzero(np.abs(mean[:, 0] - along_m[here].mean()) < memory_m)
        if len(opened) and len(here):
            along = np.abs(along_m[here][:, None] - mean[opened, 0][None])
            across = np.abs(across_m[here][:, None] - mean[opened, 1][None])
            gate = np.clip(2 * along_sd_m[here], gate_along_m, 3 * gate_along_m)[:, None]
            cost = np.hypot(along / gate, across / gate_across_m)
            cost[(along > gate) | (across > gate_across_m)] = np.inf
            while np.isfinite(cost).any():
                view, thing = np.unravel_index(int(np.argmin(cost)), cost.shape)
                group[here[view]] = opened[thing]
                cost[view, :] = np.inf
                cost[:, thing] = np.inf
        for view in here:
            if group[view] < 0:
                group[view] = len(mean)
                mean = np.vstack([mean, [along_m[view], across_m[view]]])
                weight = np.append(weight, 0.0)
            at, w = group[view], 1.0 / max(along_sd_m[view], 0.05) ** 2
            weight[at] += w
            mean[at] += (np.array([along_m[view], across_m[view]]) - mean[at]) * (w / weight[at])
    return group


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
    for view in np.lexsort((across_m, from_m)):
        # Views come in order of their beginning, so what ended too early is closed for good.
        opened = [thing for thing in opened if from_m[view] - end[thing] <= gap_m]
        apart = {thing: abs(across[thing] - across_m[view]) for thing in opened}
        best = min(apart, key=lambda thing: (apart[thing], thing), default=-1)
        if best < 0 or apart[best] > gate_across_m:
            best = len(end)
            end.append(-np.inf)
            across.append(0.0)
            count.append(0)
            opened.append(best)
        group[view] = best
        end[best] = max(end[best], float(to_m[view]))
        count[best] += 1
        across[best] += (float(across_m[view]) - across[best]) / count[best]
    return group


def union_length_m(from_m: Floats, to_m: Floats) -> float:
    """Length of a union of intervals.

    Examples
    --------
    >>> import numpy as np
    >>> union_length_m(np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0, 6.0]))
    4.0
    """
    order = np.argsort(from_m, kind="stable")
    reach = np.maximum.accumulate(to_m[order])
    start = np.maximum(from_m[order][1:], reach[:-1])
    new = np.clip(to_m[order][1:] - start, 0, None)
    return float(to_m[order][0] - from_m[order][0] + new.sum()) if len(order) else 0.0
