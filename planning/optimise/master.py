"""The master problem, over sequences of works: its LP relaxation, and its whole-number form.

The LP relaxation shares sequences out under the envelopes and gives dual values; the whole-number
form chooses one sequence a section among given ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.envelopes import EITHER, OPERATION
from planning.optimise.cover_rows import CoverRows
from planning.optimise.solver import Entries, LinearProgramme, choose
from planning.simulate import Budget
from voirie.arrays import Bools, Floats, Ints

SCALE = 1000.0
"""EUR and weighted m2 are handed to the solver in thousands."""


@dataclass(frozen=True)
class Columns:
    """Sequences of works, P of them, each of one section: the columns of the master problem.

    Attributes
    ----------
    section
        ``(P,)`` position of the section.
    works
        ``(P, T)`` treatments.
    value
        ``(P,)`` what it brings over doing nothing, weighted m2 x note-years.
    cost_eur
        ``(P, T)`` cost of each year.
    payer
        ``(P, T)`` who may pay the work of the year.
    """

    section: Ints
    works: NDArray[np.int8]
    value: Floats
    cost_eur: Floats
    payer: Ints

    def __len__(self) -> int:
        return len(self.section)

    def take(self, index: Ints | Bools) -> Columns:
        """Some of the columns."""
        return Columns(
            self.section[index],
            self.works[index],
            self.value[index],
            self.cost_eur[index],
            self.payer[index],
        )

    def join(self, other: Columns) -> Columns:
        """These columns, then others."""
        return Columns(
            np.concatenate([self.section, other.section]),
            np.concatenate([self.works, other.works]),
            np.concatenate([self.value, other.value]),
            np.concatenate([self.cost_eur, other.cost_eur]),
            np.concatenate([self.payer, other.payer]),
        )


def _limits_keur(budget: Budget) -> Floats:
    """Investment, operation and both together, ``(3 T,)``."""
    investment, operation = budget.investment_eur, budget.operation_eur
    return np.concatenate([investment, operation, investment + operation]) / SCALE


class Master:
    """The LP relaxation: shares of sequences under the envelopes, largest value.

    Constraints: investment, operation and total of each year, the cover rows, then one for each
    section (its shares sum to at most 1, the rest does nothing). A work that either envelope may
    pay stands in the total alone, so it takes what room either has.

    Parameters
    ----------
    n_sections, budget, cover
        How many sections there are, the envelopes, and the cover rows.
    """

    def __init__(self, n_sections: int, budget: Budget, cover: CoverRows) -> None:
        self.years, self.cover = budget.years, cover
        self._programme = LinearProgramme(
            np.concatenate([_limits_keur(budget), cover.most, np.ones(n_sections)])
        )

    def add(self, columns: Columns) -> None:
        """Add sequences."""
        self._programme.add(
            columns.value / SCALE, _relaxed_entries(columns, self.years, self.cover)
        )

    def solve(self) -> tuple[float, Floats, Floats]:
        """Solve.

        Returns
        -------
        value : float
            Weighted m2 x note-years over doing nothing.
        share : numpy.ndarray
            ``(P,)`` share of each column.
        dual : numpy.ndarray
            ``(3 T + R,)`` dual values: worth of one more euro of investment, operation and total,
            then of one more work in each cover row, in weighted m2 x note-years, never negative.
        """
        found = self._programme.solve()
        dual = found.dual[: 3 * self.years + len(self.cover)]
        dual[3 * self.years :] *= SCALE  # a cover row counts works, not thousands of euros
        return found.value * SCALE, found.primal, dual


def _relaxed_entries(columns: Columns, years: int, cover: CoverRows) -> Entries:
    """Coefficients of sequences in the LP relaxation (thousands of euros, or 1)."""
    p, t = np.nonzero(columns.cost_eur > 0.0)
    payer, cost = columns.payer[p, t], columns.cost_eur[p, t] / SCALE
    own = payer != EITHER
    q, covered = np.nonzero(cover.use(columns.section, columns.works))
    every, first = np.arange(len(columns)), 3 * years + len(cover)
    column = np.concatenate([p[own], p, q, every])
    row = np.concatenate(
        [payer[own] * years + t[own], 2 * years + t, 3 * years + covered, first + columns.section]
    )
    value = np.concatenate([cost[own], cost, np.ones(len(q)), np.ones(len(columns))])
    return Entries.of(row, column, value, len(columns))


def choose_whole(
    columns: Columns,
    budget: Budget,
    cover: CoverRows,
    *,
    relative_gap: float,
    nodes: int,
) -> tuple[Bools, Bools, float]:
    """Choose at most one sequence a section, each work paid whole by one envelope.

    Parameters
    ----------
    columns
        Sequences to choose from.
    budget
        What the envelopes hold for them.
    cover
        Rows that tighten the search.
    relative_gap, nodes
        Where the search stops.

    Returns
    -------
    chosen : numpy.ndarray
        ``(P,)`` columns taken; none is always possible.
    from_operation : numpy.ndarray
        ``(P, T)`` True where the operation envelope pays.
    bound : float
        Upper bound on the value of any choice among the columns.
    """
    years = budget.years
    sections, section = np.unique(columns.section, return_inverse=True)
    p, t = np.nonzero((columns.payer == EITHER) & (columns.cost_eur > 0.0))
    # a switch says that operation pays the work that either may pay: one a section, year and kind
    switches, switch = np.unique(
        np.stack([section[p], t, columns.works[p, t]], axis=1), axis=0, return_inverse=True
    )
    switch = switch.reshape(-1)
    switch_cost = np.zeros(len(switches))
    switch_cost[switch] = columns.cost_eur[p, t] / SCALE
    count, every = len(columns), np.arange(len(switches))
    pp, tt = np.nonzero(columns.cost_eur > 0.0)
    payer, cost = columns.payer[pp, tt], columns.cost_eur[pp, tt] / SCALE
    q, covered = np.nonzero(cover.use(columns.section, columns.works))
    first_switch = 2 * years + len(sections)
    blocks: list[tuple[Ints, Ints, Floats]] = [  # constraint, variable, coefficient
        (np.where(payer == OPERATION, years, 0) + tt, pp, cost),
        (2 * years + section, np.arange(count), np.ones(count)),
        (switches[:, 1], count + every, -switch_cost),
        (years + switches[:, 1], count + every, switch_cost),
        (first_switch + every, count + every, np.ones(len(switches))),
        (first_switch + switch, p, -np.ones(len(p))),
        (first_switch + len(switches) + covered, q, np.ones(len(q))),
    ]
    row, variable, value = (np.concatenate(part) for part in zip(*blocks, strict=True))
    found = choose(
        np.concatenate([columns.value / SCALE, np.zeros(len(switches))]),
        Entries.of(row, variable, value, count + len(switches)),
        np.concatenate(
            [
                budget.investment_eur / SCALE,
                budget.operation_eur / SCALE,
                np.ones(len(sections)),
                np.zeros(len(switches)),
                cover.most,
            ]
        ),
        relative_gap=relative_gap,
        nodes=nodes,
    )
    from_operation = (columns.payer == OPERATION) & (columns.cost_eur > 0.0)
    if found is None:
        return np.zeros(count, dtype=bool), from_operation, np.inf
    from_operation[p, t] = found.chosen[count:][switch]
    return found.chosen[:count], from_operation, found.bound * SCALE
