"""The two programmes that HiGHS solves, both over sequences of works.

The linear one shares sequences out under the envelopes and gives prices; the one in whole
numbers chooses among written-out sequences.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from planning.envelopes import EITHER, OPERATION
from planning.optimise.cover_rows import CoverRows
from planning.simulate import Budget
from voirie.arrays import Bools, Floats, Ints, Ints32

SCALE = 1000.0
"""EUR and weighted m2 are handed to the solver in thousands."""


@dataclass(frozen=True)
class Columns:
    """Sequences of works, P of them, each of one section.

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


def _highs() -> highspy.Highs:
    """A silent solver that does the same thing each time."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver


def _limits_keur(budget: Budget) -> Floats:
    """Right-hand sides: investment, operation and both together, ``(3 T,)``."""
    investment, operation = budget.investment_eur, budget.operation_eur
    return np.concatenate([investment, operation, investment + operation]) / SCALE


class Master:
    """The linear programme: shares of sequences under the envelopes, largest value.

    Rows: investment, operation and total of each year, those of `CoverRows`, then one row
    a section (shares sum to at most 1, the rest does nothing). The total row is what makes
    ``either`` right: such a work counts there alone, so it takes what room either envelope has.
    """

    def __init__(self, n_sections: int, budget: Budget, cover: CoverRows) -> None:
        self.years, self.cover = budget.years, cover
        self._priced = 3 * budget.years + len(cover)
        self._solver = _highs()
        upper = np.concatenate([_limits_keur(budget), cover.most, np.ones(n_sections)])
        lower = np.full(len(upper), -highspy.kHighsInf)
        empty_int, empty = np.zeros(0, dtype=np.int32), np.zeros(0)
        self._solver.addRows(len(upper), lower, upper, 0, empty_int, empty_int, empty)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def add(self, columns: Columns) -> None:
        """Add sequences."""
        starts, rows, values = column_entries(columns, self.years, self.cover)
        count = len(columns)
        self._solver.addCols(
            count,
            columns.value / SCALE,
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(rows),
            starts,
            rows,
            values,
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
            ``(3 T + R,)`` worth of one more euro of investment, operation and total, then of one
            more work in each cover row, in weighted m2 x note-years, never negative.
        """
        if self._solver.getNumCol() == 0:
            return 0.0, np.zeros(0), np.zeros(self._priced)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("HiGHS did not solve the linear programme of the plan")
        solution = self._solver.getSolution()
        dual = np.maximum(0.0, np.array(solution.row_dual[: self._priced]))
        dual[3 * self.years :] *= SCALE
        value = float(self._solver.getInfo().objective_function_value) * SCALE
        return value, np.array(solution.col_value), dual


def column_entries(columns: Columns, years: int, cover: CoverRows) -> tuple[Ints32, Ints32, Floats]:
    """Matrix of the columns in compressed form: starts, rows and values (kEUR or 1)."""
    p, t = np.nonzero(columns.cost_eur > 0.0)
    payer, cost = columns.payer[p, t], columns.cost_eur[p, t] / SCALE
    own = payer != EITHER
    every = np.arange(len(columns))
    q, counted = np.nonzero(cover.use(columns.section, columns.works))
    first = 3 * years + len(cover)
    column = np.concatenate([p[own], p, q, every])
    row = np.concatenate(
        [payer[own] * years + t[own], 2 * years + t, 3 * years + counted, first + columns.section]
    )
    value = np.concatenate([cost[own], cost, np.ones(len(q)), np.ones(len(columns))])
    order = np.lexsort((row, column))
    starts = np.searchsorted(column[order], every).astype(np.int32)
    return starts, row[order].astype(np.int32), value[order]


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
    local = Columns(section, columns.works, columns.value, columns.cost_eur, columns.payer)
    p, t = np.nonzero((local.payer == EITHER) & (local.cost_eur > 0.0))
    keys = np.stack([section[p], t, local.works[p, t]], axis=1)
    switches, switch = np.unique(keys, axis=0, return_inverse=True)
    switch = switch.reshape(-1)
    switch_cost = np.zeros(len(switches))
    switch_cost[switch] = local.cost_eur[p, t] / SCALE
    count, s_count = len(local), len(switches)
    # rows: investment, operation (either-works by their switch), one a section, one a switch,
    # cover rows
    inf = highspy.kHighsInf
    rows: list[Ints] = []
    cols: list[Ints] = []
    vals: list[Floats] = []

    def put(row: Ints, col: Ints, value: Floats) -> None:
        rows.append(row)
        cols.append(col)
        vals.append(value)

    pp, tt = np.nonzero(local.cost_eur > 0.0)
    payer, cost = local.payer[pp, tt], local.cost_eur[pp, tt] / SCALE
    put(np.where(payer == OPERATION, years, 0) + tt, pp, cost)
    put(2 * years + section, np.arange(count), np.ones(count))
    s_index = count + np.arange(s_count)
    put(switches[:, 1], s_index, -switch_cost)
    put(years + switches[:, 1], s_index, switch_cost)
    s_row = 2 * years + len(sections)
    put(s_row + np.arange(s_count), s_index, np.ones(s_count))
    put(s_row + switch, p, -np.ones(len(p)))
    q, counted = np.nonzero(cover.use(columns.section, columns.works))
    put(s_row + s_count + counted, q, np.ones(len(q)))
    row, col, val = np.concatenate(rows), np.concatenate(cols), np.concatenate(vals)
    order = np.lexsort((row, col))
    total = count + s_count
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = total, s_row + s_count + len(cover)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate([local.value / SCALE, np.zeros(s_count)])
    model.col_lower_ = np.zeros(total)
    model.col_upper_ = np.ones(total)
    model.row_lower_ = np.full(model.num_row_, -inf)
    model.row_upper_ = np.concatenate(
        [
            budget.investment_eur / SCALE,
            budget.operation_eur / SCALE,
            np.ones(len(sections)),
            np.zeros(s_count),
            cover.most,
        ]
    )
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(col[order], np.arange(total + 1)).astype(np.int32)
    model.a_matrix_.index_ = row[order].astype(np.int32)
    model.a_matrix_.value_ = val[order]
    model.integrality_ = [highspy.HighsVarType.kInteger] * total
    solver = _highs()
    solver.setOptionValue("mip_rel_gap", relative_gap)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(model)
    solver.run()
    info = solver.getInfo()
    values = np.array(solver.getSolution().col_value)
    from_operation = (columns.payer == OPERATION) & (columns.cost_eur > 0.0)
    if len(values) != total or info.primal_solution_status != 2:
        return np.zeros(count, dtype=bool), from_operation, inf
    from_operation[p, t] = values[count:][switch] > 0.5
    return values[:count] > 0.5, from_operation, float(info.mip_dual_bound) * SCALE
