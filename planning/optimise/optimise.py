"""The plan of largest value under the envelopes, and an upper bound that proves how good it is.

Column generation (Dantzig and Wolfe). The master problem, an LP relaxation, shares out sequences
of works under the envelopes; at its dual values the pricing problem finds the best of *all*
sequences of each section; this repeats until no sequence has a positive reduced cost. At any dual
values ``sum of the best reduced costs + duals x envelopes`` is at least the value of every plan
(Lagrange): the least of these is the bound. `planning.optimise.rounding` then makes a plan of
whole works.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.deterioration import DeteriorationModel
from planning.greedy import plan_by_rule
from planning.optimise.column_generation import generate
from planning.optimise.problem import Problem, pay
from planning.optimise.rounding import round_plan
from planning.sections import Sections
from planning.simulate import CENT_EUR, Budget, Plan, cost_eur
from voirie.arrays import Floats
from voirie.catalogue.treatments import NONE


@dataclass(frozen=True)
class Optimum:
    """A plan and its proof, in weighted m2 x note-years over doing nothing.

    Attributes
    ----------
    plan
        The plan.
    value, bound
        Its value, and a value that no plan can exceed.
    linear_bound
        Bound of the LP relaxation, before whole works are reasoned on: a larger envelope never
        lowers it.
    dual
        ``(2, T)`` worth of one more euro of investment and of operation.
    rounds, columns
        Rounds of column generation and sequences generated.
    """

    plan: Plan
    value: float
    bound: float
    linear_bound: float
    dual: Floats
    rounds: int
    columns: int

    @property
    def gap_pct(self) -> float:
        """(bound - plan) / (bound - doing nothing), percent: 0 where nothing can be done."""
        return gap_pct(self.value, self.bound)


def gap_pct(value: float, bound: float) -> float:
    """Gap of a value to its bound, both over doing nothing, percent.

    Examples
    --------
    >>> gap_pct(9.0, 10.0)
    10.0
    """
    return 0.0 if bound <= 0.0 else max(0.0, 100.0 * (bound - value) / bound)


def optimise(sections: Sections, model: DeteriorationModel, budget: Budget) -> Optimum:
    """Find the plan of largest value and a bound on every plan.

    Parameters
    ----------
    sections, model, budget
        Sections, price list and envelopes, in one and the same tax.

    Returns
    -------
    Optimum
        At least as good as the rule (`planning.greedy`).

    Raises
    ------
    ConfigurationError
        When the price list allows too many sequences to be searched exactly.

    Examples
    --------
    >>> import pandas as pd
    >>> from planning.sections import sections_from
    >>> from voirie.catalogue.treatments import load_treatments
    >>> prices = load_treatments()
    >>> table = pd.DataFrame(
    ...     {"section_id": ["b", "a"], "area_m2": [1000.0, 800.0], "length_m": [200.0, 160.0],
    ...      "category": [3, 3], "note_globale": [17.0, None]}
    ... )
    >>> sections, _ = sections_from(table, prices)
    >>> budget = Budget(np.full(2, 8000.0), np.zeros(2))
    >>> best = optimise(sections, DeteriorationModel.of(prices), budget)
    >>> [[prices.codes[k] if k >= 0 else "" for k in row] for row in best.plan.works.tolist()]
    [['', 'ESU'], ['ESU', '']]
    >>> best.value <= best.bound
    True
    """
    problem = Problem(sections, model, budget)
    free = _free(problem)
    if free is not None:
        return free
    rule = plan_by_rule(sections, model, budget)
    active = np.flatnonzero((rule.works != NONE).any(axis=1))
    start = problem.columns(active, rule.works[active])
    linear = generate(problem, start)
    rounded = round_plan(problem, linear, rule)
    two = problem.euro(linear.dual)[:2]
    # a plan that reaches its bound may pass it by the rounding of a sum
    bound, linear_bound = (max(b, rounded.value) for b in (rounded.bound, linear.bound))
    return Optimum(
        rounded.plan, rounded.value, bound, linear_bound, two, linear.rounds, len(linear.columns)
    )


def _free(problem: Problem) -> Optimum | None:
    """The plan when money is no matter, None where an envelope cannot pay it: else it is the best.

    Without it an envelope beyond all works would be searched like a scarce one.
    """
    bound, _, works = problem.price(np.zeros(3 * problem.years + len(problem.cover)))
    active = np.flatnonzero((works != NONE).any(axis=1))
    plan, placed = pay(problem, problem.columns(active, works[active]))
    costs = cost_eur(problem.sections, problem.model, plan.works)
    operation_eur = np.where(plan.from_operation, costs, 0.0).sum(axis=0)
    investment_eur = costs.sum(axis=0) - operation_eur
    budget = problem.budget
    if (
        not placed
        or (investment_eur > budget.investment_eur + CENT_EUR).any()
        or (operation_eur > budget.operation_eur + CENT_EUR).any()
    ):
        return None
    value = problem.value(plan.works)
    bound = max(bound, value)
    return Optimum(plan, value, bound, bound, np.zeros((2, problem.years)), 0, len(active))
