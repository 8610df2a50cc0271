"""Improve a plan of whole sections by exchanges: one section, or two at once, change sequence.

The LP optimum splits few sections (at most one a binding envelope); making them whole
leaves money in some years that single sections cannot use. Pairs can: one gives way in a year,
another takes its place.
"""

from __future__ import annotations

import numpy as np

from planning.envelopes import EITHER, INVESTMENT, OPERATION
from planning.optimise.master import Columns
from planning.simulate import CENT_EUR
from voirie.arrays import Bools, Floats, Ints

SMALLEST_GAIN = 1e-6
CANDIDATES = 600
"""Sequences that an exchange may start from in a round: those with most to gain."""

MAX_MOVES = 4000


def paid_variants(columns: Columns) -> tuple[Ints, Bools]:
    """Every way to pay sequences whose works either envelope may pay.

    Returns
    -------
    parent : numpy.ndarray
        ``(V,)`` column that each variant is of; the one that takes investment first stands first.
    from_operation : numpy.ndarray
        ``(V, T)`` True where operation pays.
    """
    parent = np.arange(len(columns))
    operation = (columns.payer == OPERATION) & (columns.cost_eur > 0.0)
    either = (columns.payer == EITHER) & (columns.cost_eur > 0.0)
    for year in range(columns.works.shape[1]):
        open_ = either[parent, year]
        other = operation[open_].copy()
        other[:, year] = True
        parent = np.concatenate([parent, parent[open_]])
        operation = np.concatenate([operation, other])
    return parent, operation


def pooled_use(columns: Columns) -> Floats:
    """What sequences take of investment, operation and both together, ``(P, 3 T)``."""
    use = [np.where(columns.payer == p, columns.cost_eur, 0.0) for p in (INVESTMENT, OPERATION)]
    return np.concatenate([*use, columns.cost_eur], axis=1)


def paid_use(columns: Columns, from_operation: Bools) -> Floats:
    """What sequences take of investment and operation, ``(P, 2 T)``, paid as said."""
    use = [np.where(from_operation == o, columns.cost_eur, 0.0) for o in (False, True)]
    return np.concatenate(use, axis=1)


class Exchange:
    """A choice of one sequence a section and the moves that better it.

    Parameters
    ----------
    columns
        Sequences to choose from; a section may also do nothing.
    n_sections
        How many sections there are.
    use
        ``(P, R)`` what each takes of R limits.
    limits
        ``(R,)``.
    loss
        ``(P,)`` what each sequence loses against the best of its section at the dual values:
        exchanges start with those that lose least.
    """

    def __init__(
        self, columns: Columns, n_sections: int, use: Floats, limits: Floats, loss: Floats
    ) -> None:
        count = len(columns)
        self._count = count
        # one column "nothing" a section, at the end
        self.section: Ints = np.concatenate([columns.section, np.arange(n_sections)])
        self.value: Floats = np.concatenate([columns.value, np.zeros(n_sections)])
        self.loss: Floats = np.concatenate([loss, np.zeros(n_sections)])
        self.use: Floats = np.concatenate([use, np.zeros((n_sections, use.shape[1]))])
        self._own_columns = _positions(self.section, n_sections)
        self.choice: Ints = count + np.arange(n_sections)
        self.room: Floats = limits + CENT_EUR
        self.more = self.use.copy()
        self.gain = self.value.copy()

    def start(self, wanted: Ints) -> None:
        """Set columns in the order given, where they fit."""
        for p in wanted.tolist():
            if self.fits(p):
                self.set(p)

    @property
    def chosen(self) -> Ints:
        """Positions of the columns chosen, one for each section that does something."""
        return self.choice[self.choice < self._count]

    def set(self, column: int) -> None:
        """Give the section of a column that column."""
        s = int(self.section[column])
        before = int(self.choice[s])
        self.room = self.room - (self.use[column] - self.use[before])
        self.choice[s] = column
        mine = self._own_columns[s]
        self.more[mine] = self.use[mine] - self.use[column]
        self.gain[mine] = self.value[mine] - self.value[column]

    def fits(self, column: int) -> bool:
        """Whether a column may be set."""
        return bool((self.more[column] <= self.room).all())

    def ascend(self) -> None:
        """Set single columns that gain, the largest gain first, until none fits."""
        while True:
            better = np.flatnonzero(self.gain > SMALLEST_GAIN)
            better = better[(self.more[better] <= self.room).all(axis=1)]
            if len(better) == 0:
                return
            self.set(int(better[np.argmax(self.gain[better])]))

    def improve(self) -> int:
        """Single and double exchanges until none gains; returns how many doubles were made."""
        self.ascend()
        moves = 0
        while moves < MAX_MOVES:
            before = moves
            wanted = np.flatnonzero(self.gain > SMALLEST_GAIN)
            rank = np.lexsort((wanted, self.loss[wanted] - self.gain[wanted]))
            for p in wanted[rank][:CANDIDATES].tolist():
                if self.gain[p] > SMALLEST_GAIN and self._pair(p):
                    moves += 1
            if moves == before:
                return moves
            self.ascend()
        return moves

    def _pair(self, p: int) -> bool:
        """Set `p` and let one other section give way, where both together gain."""
        room = self.room - self.more[p]
        short = np.flatnonzero(room < 0.0)
        others = np.flatnonzero(self.gain > SMALLEST_GAIN - self.gain[p])
        others = others[self.section[others] != self.section[p]]
        if len(short):  # look at the rows that are short before all rows
            others = others[(self.more[np.ix_(others, short)] <= room[short]).all(axis=1)]
        others = others[(self.more[others] <= room).all(axis=1)]
        if len(others) == 0:
            return False
        q = int(others[np.argmax(self.gain[others])])
        self.set(q)
        self.set(p)
        return True


def _positions(section: Ints, n_sections: int) -> list[Ints]:
    """Positions of the columns of each section."""
    order = np.argsort(section, kind="stable")
    bounds = np.searchsorted(section[order], np.arange(n_sections + 1))
    return [order[bounds[s] : bounds[s + 1]] for s in range(n_sections)]
