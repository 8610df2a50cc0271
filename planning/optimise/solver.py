"""HiGHS, which ships no types, behind two typed problems: a growing LP and a binary programme.

Both maximise, on one thread and from one seed, so that the same problem gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from voirie.arrays import Bools, Floats, Ints, Ints32

FEASIBLE = 2
"""What HiGHS calls a solution that keeps all constraints."""


@dataclass(frozen=True)
class Entries:
    """A sparse matrix column by column.

    Attributes
    ----------
    start
        ``(N,)`` where each column begins in `row` and `value`.
    row, value
        ``(Z,)`` the entries.
    """

    start: Ints32
    row: Ints32
    value: Floats

    @classmethod
    def of(cls, row: Ints, column: Ints, value: Floats, columns: int) -> Entries:
        """Sort entries given in any order.

        Examples
        --------
        >>> made = Entries.of(np.array([5, 2]), np.array([1, 0]), np.array([0.5, 1.0]), 2)
        >>> made.start.tolist(), made.row.tolist(), made.value.tolist()
        ([0, 1], [2, 5], [1.0, 0.5])
        """
        order = np.lexsort((row, column))
        start = np.searchsorted(column[order], np.arange(columns))
        return cls(start.astype(np.int32), row[order].astype(np.int32), value[order])


@dataclass(frozen=True)
class LinearSolution:
    """Optimum of an LP.

    Attributes
    ----------
    value
        Of the objective.
    primal
        ``(N,)`` value of each variable.
    dual
        ``(R,)`` dual value of each constraint: what one more unit of its limit would bring.
    """

    value: float
    primal: Floats
    dual: Floats


class LinearProgramme:
    """An LP ``max c x, A x <= limits, x >= 0`` to which variables are added as they are found.

    Parameters
    ----------
    limits
        ``(R,)``.

    Examples
    --------
    >>> programme = LinearProgramme(np.array([4.0]))
    >>> programme.add(np.array([3.0]), Entries.of(*(np.array([0]),) * 2, np.array([2.0]), 1))
    >>> found = programme.solve()
    >>> found.value, found.primal.tolist(), found.dual.tolist()
    (6.0, [2.0], [1.5])
    """

    def __init__(self, limits: Floats) -> None:
        self._rows = len(limits)
        self._solver = _highs()
        lower = np.full(len(limits), -highspy.kHighsInf)
        no_index, no_value = np.zeros(0, dtype=np.int32), np.zeros(0)
        self._solver.addRows(len(limits), lower, limits, 0, no_index, no_index, no_value)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def add(self, gain: Floats, entries: Entries) -> None:
        """Add variables with their coefficients in objective and constraints."""
        count = len(gain)
        self._solver.addCols(
            count,
            gain,
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(entries.row),
            entries.start,
            entries.row,
            entries.value,
        )

    def solve(self) -> LinearSolution:
        """Solve from the last optimum.

        Raises
        ------
        RuntimeError
            When HiGHS finds no optimum: a mistake of the program.
        """
        if self._solver.getNumCol() == 0:
            return LinearSolution(0.0, np.zeros(0), np.zeros(self._rows))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("HiGHS did not solve the linear programme of the plan")
        solution = self._solver.getSolution()
        return LinearSolution(
            float(self._solver.getInfo().objective_function_value),
            np.array(solution.col_value),
            np.maximum(0.0, np.array(solution.row_dual)),
        )


@dataclass(frozen=True)
class BinarySolution:
    """Best choice found, and an upper bound on every choice."""

    chosen: Bools
    bound: float


def choose(
    gain: Floats, entries: Entries, limits: Floats, *, relative_gap: float, nodes: int
) -> BinarySolution | None:
    """Choose variables: ``max c x, A x <= limits, x in {0, 1}``.

    Parameters
    ----------
    gain, entries, limits
        ``(N,)`` objective, constraints and their limits.
    relative_gap, nodes
        Where branch and bound stops: this close to the bound, or after so many nodes.

    Returns
    -------
    BinarySolution or None
        None when no choice was found before the search stopped.

    Examples
    --------
    >>> entries = Entries.of(np.array([0, 0]), np.array([0, 1]), np.array([2.0, 3.0]), 2)
    >>> found = choose(np.array([5.0, 6.0]), entries, np.array([4.0]), relative_gap=0, nodes=9)
    >>> found.chosen.tolist(), found.bound
    ([False, True], 6.0)
    """
    count = len(gain)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = count, len(limits)
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = gain
    programme.col_lower_, programme.col_upper_ = np.zeros(count), np.ones(count)
    programme.row_lower_ = np.full(len(limits), -highspy.kHighsInf)
    programme.row_upper_ = limits
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = np.append(entries.start, len(entries.row)).astype(np.int32)
    programme.a_matrix_.index_ = entries.row
    programme.a_matrix_.value_ = entries.value
    programme.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = _highs()
    solver.setOptionValue("mip_rel_gap", relative_gap)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(programme)
    solver.run()
    info = solver.getInfo()
    values = np.array(solver.getSolution().col_value)
    if len(values) != count or info.primal_solution_status != FEASIBLE:
        return None
    return BinarySolution(values > 0.5, float(info.mip_dual_bound))


def _highs() -> highspy.Highs:
    """A silent solver that does the same thing each time."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver
