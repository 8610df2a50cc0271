"""How far a second pass over a lane must be slid to lie on the first."""

from __future__ import annotations

import numpy as np

from voirie.arrays import Floats, Ints

REACH_M = 15.0
BIN_M = 0.5
CELL_M = 50.0
"""The error of a receiver drifts over some hundred metres: each cell is slid by itself."""
CELLS_SD = 2.0
MATCH_SD_M = 1.0
MATCH_GAIN = 1.5
"""Worth of one thing that comes to lie on its like, in the units of the next."""
USUAL_M = 4.0
"""Standard deviation of the slide that is expected: the farther, the more things must agree."""


def slide_m(
    first_m: Floats,
    first_across_m: Floats,
    first_kind: Ints,
    second_m: Floats,
    second_across_m: Floats,
    second_kind: Ints,
    gate_across_m: Floats,
) -> Floats:
    """Metres to add to the places of the second pass, one for each of its things.

    Parameters
    ----------
    first_m, first_across_m, first_kind
        Place along and across, and kind, of what was seen before, (n,). Without a camera the
        place across is NaN, and fits any other.
    second_m, second_across_m, second_kind
        The same of the pass that is slid, (m,).
    gate_across_m
        How far across two places of one thing may lie apart, (m,).

    Returns
    -------
    numpy.ndarray
        ``(m,)``, multiples of half a metre up to 15 m.

    Examples
    --------
    >>> import numpy as np
    >>> at, zero, same = np.array([10.0, 31.0, 47.0]), np.zeros(3), np.zeros(3, dtype=int)
    >>> slide_m(at, zero, same, at - 4.0, zero, same, zero + 1.0).tolist()
    [4.0, 4.0, 4.0]
    """
    order = np.argsort(first_m, kind="stable")
    sorted_m = first_m[order]
    low = np.searchsorted(sorted_m, second_m - REACH_M, side="left")
    high = np.searchsorted(sorted_m, second_m + REACH_M, side="right")
    number = high - low
    second = np.repeat(np.arange(len(second_m)), number)
    inner = np.arange(len(second)) - np.repeat(np.cumsum(number) - number, number)
    first = order[low[second] + inner]
    aside = np.nan_to_num(np.abs(first_across_m[first] - second_across_m[second]))
    fits = (first_kind[first] == second_kind[second]) & (aside <= gate_across_m[second])
    first, second = first[fits], second[fits]
    steps = np.arange(-REACH_M, REACH_M + BIN_M / 2, BIN_M)
    start = float(second_m.min()) if len(second_m) else 0.0
    cell = ((second_m - start) // CELL_M).astype(np.int64)
    votes = np.zeros((int(cell.max(initial=0)) + 1, len(steps)))
    apart = first_m[first] - second_m[second]
    near = np.exp(-0.5 * ((steps[None] - apart[:, None]) / MATCH_SD_M) ** 2)
    np.add.at(votes, cell[second], near)
    cells = np.arange(len(votes))
    spread = np.exp(-0.5 * ((cells[:, None] - cells[None]) / CELLS_SD) ** 2) @ votes
    worth = MATCH_GAIN * spread - 0.5 * (steps / USUAL_M) ** 2
    # Of equal ones the smallest slide: where nothing matches the pass stays where it is.
    best = np.array([steps[np.lexsort((np.abs(steps), -row.round(9)))[0]] for row in worth])
    return np.asarray(best[cell], dtype=np.float64)
