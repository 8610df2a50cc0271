"""The cheapest way through a row of steps, each with some states (Viterbi's algorithm)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from voirie.arrays import Floats, Ints


def cheapest_path(own: Sequence[Floats], between: Callable[[int], Floats]) -> Ints:
    """State taken at each step on the way with the lowest cost.

    Parameters
    ----------
    own
        Cost of each state of each step: n steps, one state or more each.
    between
        Cost of going from each state of step k - 1 to each of step k, for k from 1, one row a
        state of the step before.

    Returns
    -------
    numpy.ndarray
        Number of the state at each step, (n,); of equally cheap ways the one with the lower
        numbers at its end.

    Examples
    --------
    >>> own = [np.array([0.0, 1.0]), np.array([5.0, 0.0])]
    >>> cheapest_path(own, lambda k: np.array([[0.0, 3.0], [3.0, 0.0]])).tolist()
    [1, 1]
    """
    total = own[0]
    before: list[Ints] = []
    for k in range(1, len(own)):
        ways = total[:, None] + between(k)
        before.append(ways.argmin(axis=0).astype(np.int64))
        total = ways.min(axis=0) + own[k]
    out = np.empty(len(own), dtype=np.int64)
    out[-1] = total.argmin()
    for k in range(len(own) - 1, 0, -1):
        out[k - 1] = before[k - 1][out[k]]
    return out
