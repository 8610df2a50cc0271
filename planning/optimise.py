"""The plan of largest value under the envelopes, and an upper bound that proves how good it is.

Column generation (Dantzig and Wolfe): a linear programme shares out sequences of works under
the envelopes; its dual prices go to the pricer, which finds the best of *all* sequences of each
section; until none is better. At any prices ``sum of the best worths + prices x envelopes`` is
at least the value of every plan (Lagrange): the least of these is the bound. A programme in
whole numbers over the sequences found then gives the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.ageing import Floats, Ints, Law, evolve
from planning.envelopes import EITHER, INVESTMENT, OPERATION, payers, share_out
from planning.master import Columns, Master, choose_whole
from planning.network import Network
from planning.rule import plan_by_rule
from planning.simulate import CENT_EUR, Budget, Plan, cost_eur
from planning.strategies import Pricer
from voirie.catalogue.treatments import NONE

TOLERANCE = 1e-6
"""Where column generation stops: bound less linear optimum, as a share of the bound."""

MAX_ROUNDS = 200
WHOLE_COLUMNS = 3000
"""Sequences that the whole-number programme chooses from: those that lose least at the final
prices. A section with none of them keeps what the linear programme gives it."""

WHOLE_GAP = 1e-3
WHOLE_NODES = 200
SHAKES = 12
SHAKE_SPREAD = 0.15
"""Prices are shaken this many times by this much (log-normal) for alternatives to choose from."""

SMOOTHING = 0.7
"""Weight of the best prices so far when asking for new sequences (Wentges 1997): it keeps the
first rounds from chasing wild prices."""


@dataclass(frozen=True)
class Optimum:
    """A plan and its proof, in weighted m2 x note-years over doing nothing.

    Attributes
    ----------
    plan
        The plan.
    value, bound
        Its value, and a value that no plan can exceed.
    dual
        ``(2, T)`` worth of one more euro of investment and of operation.
    rounds, columns
        Rounds of column generation and sequences generated.
    """

    plan: Plan
    value: float
    bound: float
    dual: Floats
    rounds: int
    columns: int

    @property
    def gap_pct(self) -> float:
        """(bound - plan) / (bound - doing nothing), percent: 0 where nothing can be done."""
        return 0.0 if self.bound <= 0.0 else max(0.0, 100.0 * (1.0 - self.value / self.bound))


class Problem:
    """One network, one price list and one budget, prepared for pricing."""

    def __init__(self, network: Network, law: Law, budget: Budget) -> None:
        self.network, self.law, self.budget = network, law, budget
        self.may_pay = payers(law)
        self.size, self.years = len(network), budget.years
        unit = law.cost_eur_per_m2
        cost = network.area_m2[:, None] * unit[None, :]
        room = np.stack(
            [
                budget.investment_eur,
                budget.operation_eur,
                np.maximum(budget.investment_eur, budget.operation_eur),
            ]
        )[self.may_pay]
        affordable = cost[:, :, None] <= room[None, :, :] + CENT_EUR
        self.pricer = Pricer(law, network.category, network.note, affordable)
        nothing = np.full((self.size, self.years), NONE, dtype=np.int8)
        self.nothing = evolve(law, network.category, network.note, nothing)[:, 1:].sum(axis=1)
        weights = law.treatments.category_weights
        self._weight = np.ones(max(weights) + 1)
        for number, weight in weights.items():
            self._weight[number] = weight

    def columns(self, section: Ints, works: NDArray[np.int8]) -> Columns:
        """Sequences with their value and cost."""
        net = self.network
        notes = evolve(self.law, net.category[section], net.note[section], works)
        gain = notes[:, 1:].sum(axis=1) - self.nothing[section]
        unit = np.append(self.law.cost_eur_per_m2, 0.0)
        return Columns(
            section,
            works,
            net.weight_m2[section] * gain,
            unit[works] * net.area_m2[section][:, None],
            np.append(self.may_pay, INVESTMENT)[works],
        )

    def price(self, dual: Floats) -> tuple[float, Floats, NDArray[np.int8]]:
        """Best sequences at dual prices ``(3, T)``.

        Returns
        -------
        bound : float
            The Lagrangian bound at these prices.
        worth : numpy.ndarray
            ``(S,)`` worth of the best sequence of each section, net of its cost.
        works : numpy.ndarray
            ``(S, T)`` that sequence.
        """
        total = dual[2]
        euro = np.stack([dual[0] + total, dual[1] + total, total])[self.may_pay]
        per_m2 = euro * self.law.cost_eur_per_m2[:, None]
        best = self.pricer.best(per_m2[:, :, None] / self._weight[None, None, :])
        worth = self.network.weight_m2 * np.maximum(0.0, best.value - self.nothing)
        budget = self.budget
        paid = dual[0] @ budget.investment_eur + dual[1] @ budget.operation_eur
        paid += total @ (budget.investment_eur + budget.operation_eur)
        return float(paid + worth.sum()), worth, best.works


def optimise(network: Network, law: Law, budget: Budget) -> Optimum:
    """Find the plan of largest value and a bound on every plan.

    Parameters
    ----------
    network, law, budget
        Sections, price list and envelopes, in one and the same tax.

    Returns
    -------
    Optimum
        At least as good as the rule (`planning.rule`).
    """
    problem = Problem(network, law, budget)
    rule = plan_by_rule(network, law, budget)
    active = np.flatnonzero((rule.works != NONE).any(axis=1))
    found = problem.columns(active, rule.works[active])
    found, share, dual, bound, rounds = _generate(problem, found)
    plan, value = _whole(problem, found, share, dual)
    rule_value = float(problem.columns(np.arange(len(network)), rule.works).value.sum())
    if rule_value > value:
        plan, value = rule, rule_value
    two = np.stack([dual[0] + dual[2], dual[1] + dual[2]])
    return Optimum(plan, value, max(bound, value), two, rounds, len(found))


def _generate(
    problem: Problem, found: Columns
) -> tuple[Columns, Floats, Floats, float, int]:
    """Column generation: columns, shares, dual prices of the bound, bound, rounds."""
    master = Master(problem.size, problem.budget)
    master.add(found)
    known = {(int(s), w.tobytes()) for s, w in zip(found.section, found.works, strict=True)}
    bound, centre = np.inf, np.zeros((3, problem.years))
    smoothing = 0.0
    rounds = 0
    while True:
        rounds += 1
        value, share, dual = master.solve()
        fresh = None
        for weight in (smoothing, 0.0) if smoothing > 0.0 else (0.0,):
            asked = weight * centre + (1.0 - weight) * dual
            limit, _, works = problem.price(asked)
            if limit < bound:
                bound, centre = limit, asked
            if bound - value <= TOLERANCE * bound or rounds >= MAX_ROUNDS:
                return found, share, centre, bound, rounds
            fresh = _unknown(problem, works, known)
            if len(fresh):
                break
        if fresh is None or len(fresh) == 0:
            return found, share, centre, bound, rounds
        master.add(fresh)
        found = found.join(fresh)
        smoothing = SMOOTHING


def _unknown(
    problem: Problem, works: NDArray[np.int8], known: set[tuple[int, bytes]]
) -> Columns:
    """Sequences not yet known, which then are."""
    new = [
        s
        for s in np.flatnonzero((works != NONE).any(axis=1)).tolist()
        if (s, works[s].tobytes()) not in known
    ]
    known.update((s, works[s].tobytes()) for s in new)
    index = np.array(new, dtype=np.int64)
    return problem.columns(index, works[index])


def _alternatives(problem: Problem, found: Columns, dual: Floats) -> Columns:
    """Good sequences that the linear programme had no use for, at shaken prices."""
    known = {(int(s), w.tobytes()) for s, w in zip(found.section, found.works, strict=True)}
    rng = np.random.default_rng(0)
    for _ in range(SHAKES):
        shaken = dual * rng.lognormal(0.0, SHAKE_SPREAD, dual.shape)
        found = found.join(_unknown(problem, problem.price(shaken)[2], known))
    return found


def _whole(
    problem: Problem, found: Columns, share: Floats, dual: Floats
) -> tuple[Plan, float]:
    """A plan in whole sections from the columns and their shares in the linear optimum."""
    size, budget = problem.size, problem.budget
    pool = _alternatives(problem, found, dual)
    share = np.append(share, np.zeros(len(pool) - len(share)))
    _, worth, _ = problem.price(dual)
    euro = np.stack([dual[0] + dual[2], dual[1] + dual[2], dual[2]])
    price = euro[pool.payer, np.arange(problem.years)]
    loss = worth[pool.section] - pool.value + (price * pool.cost_eur).sum(axis=1)
    order = np.lexsort((np.arange(len(pool)), loss))
    order = order[share[order] < 1.0 - 1e-6][:WHOLE_COLUMNS]
    open_section = np.zeros(size, dtype=bool)
    open_section[pool.section[order]] = True
    keep = np.zeros(len(pool), dtype=bool)
    keep[order] = True
    keep |= open_section[pool.section] & (share > 1e-6)
    fixed = pool.take(~open_section[pool.section] & (share > 0.5))
    free = pool.take(keep)
    spend = fixed.spend_eur(np.ones(len(fixed)))
    left = Budget(
        np.maximum(0.0, budget.investment_eur - spend[INVESTMENT]),
        np.maximum(0.0, budget.operation_eur - spend[OPERATION]),
    )
    chosen = choose_whole(
        free, left, pooled_eur=spend[EITHER], relative_gap=WHOLE_GAP, nodes=WHOLE_NODES
    ).chosen
    both = fixed.join(free.take(chosen))
    works = np.full((size, problem.years), NONE, dtype=np.int8)
    works[both.section] = both.works
    return pay(problem, works)


def pay(problem: Problem, works: NDArray[np.int8]) -> tuple[Plan, float]:
    """Say who pays each work; a section whose works cannot be paid whole does nothing."""
    costs = cost_eur(problem.network, problem.law, works)
    payer = np.append(problem.may_pay, INVESTMENT)[works]
    from_operation = (works != NONE) & (payer == OPERATION)
    works = works.copy()
    for year in range(problem.years):
        either = np.flatnonzero((works[:, year] != NONE) & (payer[:, year] == EITHER))
        treated = works[:, year] != NONE
        own = [
            float(costs[treated & (payer[:, year] == p), year].sum())
            for p in (INVESTMENT, OPERATION)
        ]
        operation, placed = share_out(
            costs[either, year],
            float(problem.budget.investment_eur[year]) - own[0],
            float(problem.budget.operation_eur[year]) - own[1],
        )
        from_operation[either, year] = operation
        works[either[~placed]] = NONE
    from_operation &= works != NONE
    every = np.arange(problem.size)
    return Plan(works, from_operation), float(problem.columns(every, works).value.sum())
