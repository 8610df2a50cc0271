"""Sums, means and the like over the rows of many groups at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from voirie.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows of a table that is sorted by group.

    Attributes
    ----------
    of_row
        Group of each row, from 0, never falling, (n,); every group has a row.
    first
        First row of each group, (g,).
    count
        Rows of each group, (g,).
    """

    of_row: Ints
    first: Ints
    count: Ints

    @classmethod
    def of(cls, of_row: Ints) -> Groups:
        """Groups of sorted rows; numbers that no row has are closed up.

        Examples
        --------
        >>> import numpy as np
        >>> groups = Groups.of(np.array([3, 3, 7]))
        >>> groups.of_row.tolist(), groups.first.tolist(), groups.count.tolist()
        ([0, 0, 1], [0, 2], [2, 1])
        """
        _, first, inverse, count = np.unique(
            of_row, return_index=True, return_inverse=True, return_counts=True
        )
        return cls(inverse.astype(np.int64), first.astype(np.int64), count.astype(np.int64))

    def __len__(self) -> int:
        return len(self.first)

    def sum(self, values: Floats, counted: Bools | None = None) -> Floats:
        """Sum of each group, (g,), over the rows that count.

        Added up as `numpy.sum` adds up each group alone, to the last bit: means of scores with
        four decimals often end on a 5, and the noise of a sum decides how they are rounded.
        """
        group = self.of_row if counted is None else self.of_row[counted]
        values = values if counted is None else values[counted]
        # `reduceat` sets out from the first value of a group and `sum` from zero, so that a zero
        # stands before each group.
        padded = np.zeros(len(group) + len(self))
        padded[np.arange(len(group)) + group + 1] = values
        every = np.arange(len(self))
        return np.asarray(np.add.reduceat(padded, np.searchsorted(group, every) + every))

    def mean(
        self, values: Floats, weights: Floats | None = None, counted: Bools | None = None
    ) -> Floats:
        """Weighted mean of each group over the rows that count, NaN where none does, (g,).

        Examples
        --------
        >>> import numpy as np
        >>> groups = Groups.of(np.array([0, 0, 1]))
        >>> groups.mean(np.array([1.0, 4.0, 5.0]), np.array([2.0, 1.0, 1.0])).tolist()
        [2.0, 5.0]
        """
        weights = np.ones(len(values)) if weights is None else weights
        with np.errstate(invalid="ignore"):
            return self.sum(values * weights, counted) / self.sum(weights, counted)

    def deviation(self, values: Floats) -> Floats:
        """Standard deviation of each group about its mean, (g,)."""
        return np.asarray(np.sqrt(self.mean((values - self.mean(values)[self.of_row]) ** 2)))

    def median(self, values: Floats) -> Floats:
        """Median of each group, NaN left out, (g,)."""
        return np.array(pd.Series(values).groupby(self.of_row).median(), dtype=float)

    def smallest(self, values: Floats) -> Floats:
        """Smallest value of each group, NaN left out, (g,)."""
        return np.asarray(np.fmin.reduceat(values, self.first))

    def largest(self, values: Floats) -> Floats:
        """Largest value of each group, NaN left out, (g,)."""
        return np.asarray(np.fmax.reduceat(values, self.first))

    def every(self, values: Bools) -> Bools:
        """Whether all rows of each group hold, (g,)."""
        return np.asarray(np.logical_and.reduceat(values, self.first))

    def sorted_by(self, *keys: NDArray[np.generic]) -> Ints:
        """Rows with those of each group ordered by keys, the first key first, (n,)."""
        return np.lexsort((*keys[::-1], self.of_row)).astype(np.int64)

    def union(self, from_m: Floats, to_m: Floats) -> Floats:
        """Length of the union of the intervals of each group, (g,).

        Examples
        --------
        >>> import numpy as np
        >>> start, end = np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0, 6.0])
        >>> Groups.of(np.zeros(3)).union(start, end).tolist()
        [4.0]
        """
        order = self.sorted_by(from_m)
        start, end = from_m[order], to_m[order]
        reach = np.array(pd.Series(end).groupby(self.of_row).cummax(), dtype=float)
        follows = np.ones(len(start), dtype=bool)
        follows[self.first] = False
        begin = np.maximum(start, np.r_[start[:1], reach[:-1]])
        new = self.sum(np.clip(end - begin, 0, None), follows)
        return np.asarray(end[self.first] - start[self.first] + new)


def rounded(values: ArrayLike, digits: int) -> Floats:
    """Values rounded as `round` rounds each of them: to the nearest decimal, ties exactly.

    `numpy.round` multiplies first, which moves values that lie beside a tie.

    Examples
    --------
    >>> import numpy as np
    >>> float(np.round(2.675, 2)), rounded([2.675, np.nan], 2).tolist()
    (2.68, [2.67, nan])
    """
    exact = np.asarray(values, dtype=float)
    out = np.round(exact, digits)
    scaled = exact * 10.0**digits
    tie = np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6
    out[tie] = [round(value, digits) for value in exact[tie].tolist()]
    return out
