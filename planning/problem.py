"""One network, one price list and one budget, prepared for the optimiser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.ageing import Floats, Ints, Law, evolve
from planning.envelopes import EITHER, INVESTMENT, OPERATION, payers, share_out
from planning.master import Columns
from planning.network import Network
from planning.simulate import CENT_EUR, Budget, Plan, cost_eur
from planning.strategies import Pricer
from voirie.catalogue.treatments import NONE


class Problem:
    """What sequences of works bring and cost here, and which is best at given prices.

    Parameters
    ----------
    network, law, budget
        Sections, price list and envelopes, in one and the same tax.
    """

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
        self.affordable = cost[:, :, None] <= room[None, :, :] + CENT_EUR
        self.pricer = Pricer(law, network.category, network.note, self.affordable)
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

    def euro(self, dual: Floats) -> Floats:
        """What a euro paid by each class of payer costs, ``(3, T)``, from the duals of the rows."""
        return np.stack([dual[INVESTMENT] + dual[2], dual[OPERATION] + dual[2], dual[2]])

    def unit_price(self, dual: Floats) -> Floats:
        """Price of treating 1 m2, in note-years, ``(K, T, C)`` as the pricer wants it."""
        per_m2 = self.euro(dual)[self.may_pay] * self.law.cost_eur_per_m2[:, None]
        return np.asarray(per_m2[:, :, None] / self._weight, dtype=np.float64)

    def loss(self, columns: Columns, worth: Floats, dual: Floats) -> Floats:
        """What sequences lose against the best of their section at dual prices, ``(P,)``."""
        price = self.euro(dual)[columns.payer, np.arange(self.years)]
        net = columns.value - (price * columns.cost_eur).sum(axis=1)
        return np.asarray(worth[columns.section] - net, dtype=np.float64)

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
        best = self.pricer.best(self.unit_price(dual))
        worth = self.network.weight_m2 * np.maximum(0.0, best.value - self.nothing)
        budget = self.budget
        paid = dual[0] @ budget.investment_eur + dual[1] @ budget.operation_eur
        paid += dual[2] @ (budget.investment_eur + budget.operation_eur)
        return float(paid + worth.sum()), worth, best.works

    def value(self, works: NDArray[np.int8]) -> float:
        """Value of the works of all sections ``(S, T)`` over doing nothing."""
        return float(self.columns(np.arange(self.size), works).value.sum())

    def keys(self, columns: Columns) -> set[tuple[int, bytes]]:
        """What tells sequences apart."""
        pairs = zip(columns.section.tolist(), columns.works, strict=True)
        return {(s, works.tobytes()) for s, works in pairs}

    def unknown(self, works: NDArray[np.int8], known: set[tuple[int, bytes]]) -> Columns:
        """Sequences of all sections that are not in `known`, which takes them up."""
        new = [
            s
            for s in np.flatnonzero((works != NONE).any(axis=1)).tolist()
            if (s, works[s].tobytes()) not in known
        ]
        known.update((s, works[s].tobytes()) for s in new)
        index = np.array(new, dtype=np.int64)
        return self.columns(index, works[index])


def pay(problem: Problem, chosen: Columns) -> tuple[Plan, bool]:
    """Say who pays each work of one sequence a section.

    Returns
    -------
    plan : Plan
        A section one of whose works cannot be paid whole does nothing at all in it.
    placed : bool
        Whether every work could be paid.
    """
    works = np.full((problem.size, problem.years), NONE, dtype=np.int8)
    works[chosen.section] = chosen.works
    payer = np.append(problem.may_pay, INVESTMENT)[works]
    from_operation = (works != NONE) & (payer == OPERATION)
    costs = cost_eur(problem.network, problem.law, works)
    all_placed = True
    for year in range(problem.years):
        either, operation, placed = _shared(problem, works, payer, costs, year)
        from_operation[either, year] = operation
        works[either[~placed]] = NONE
        all_placed &= bool(placed.all())
    return Plan(works, from_operation & (works != NONE)), all_placed


def invest_first(problem: Problem, plan: Plan) -> Plan:
    """The same works, paid from investment wherever either envelope may pay and it has room.

    A year in which that share of whole works does not come out even stays as it is.
    """
    payer = np.append(problem.may_pay, INVESTMENT)[plan.works]
    costs = cost_eur(problem.network, problem.law, plan.works)
    from_operation = plan.from_operation.copy()
    for year in range(problem.years):
        either, operation, placed = _shared(problem, plan.works, payer, costs, year)
        if placed.all():
            from_operation[either, year] = operation
    return Plan(plan.works, from_operation)


def _shared(
    problem: Problem, works: NDArray[np.int8], payer: Ints, costs: Floats, year: int
) -> tuple[Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """Works of a year that either may pay: where, from operation or not, placed or not."""
    treated = works[:, year] != NONE
    either = np.flatnonzero(treated & (payer[:, year] == EITHER))
    own = [
        float(costs[treated & (payer[:, year] == p), year].sum()) for p in (INVESTMENT, OPERATION)
    ]
    operation, placed = share_out(
        costs[either, year],
        float(problem.budget.investment_eur[year]) - own[0],
        float(problem.budget.operation_eur[year]) - own[1],
    )
    return either, operation, placed
