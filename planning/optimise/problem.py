"""One network, one price list and one budget, prepared for the optimiser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.deterioration import DeteriorationModel, evolve
from planning.envelopes import EITHER, INVESTMENT, OPERATION, payers, share_out
from planning.optimise.cover_rows import cover_rows, no_cover_rows
from planning.optimise.master import Columns
from planning.optimise.pricing import Pricer
from planning.sections import Sections
from planning.simulate import CENT_EUR, Budget, Plan, cost_eur
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE

ROUNDING_NOTE = 1e-9
"""Note-years below which a gain is the rounding of a sum."""

EXACT_SECTIONS = 60
"""Sections up to which the LP relaxation has cover rows."""


class Problem:
    """What sequences of works bring and cost here, and which is best at given prices.

    Parameters
    ----------
    sections, model, budget
        Sections, price list and envelopes, in one and the same tax.
    """

    def __init__(self, sections: Sections, model: DeteriorationModel, budget: Budget) -> None:
        self.sections, self.model = sections, model
        # An envelope beyond all works is as good as all works, and 1e12 times a dual value that
        # is the rounding of 0 is not.
        most_eur = float(sections.area_m2.sum() * model.cost_eur_per_m2.max())
        self.budget = budget = Budget(
            np.minimum(budget.investment_eur, most_eur), np.minimum(budget.operation_eur, most_eur)
        )
        self.size, self.years = len(sections), budget.years
        may_pay = payers(model)[None, :, None]
        cost = sections.area_m2[:, None, None] * model.cost_eur_per_m2[None, :, None]
        by_investment = (may_pay != OPERATION) & (cost <= budget.investment_eur + CENT_EUR)
        by_operation = (may_pay != INVESTMENT) & (cost <= budget.operation_eur + CENT_EUR)
        # a work that one of its envelopes could never hold is a matter of the other alone
        self.access = np.select(
            [by_investment & by_operation, by_investment, by_operation],
            [EITHER, INVESTMENT, OPERATION],
            NONE,
        ).astype(np.int8)
        small = self.size <= EXACT_SECTIONS
        self.pricer = Pricer(model, sections.category, sections.note, self.access, apart=small)
        self.cover = (
            cover_rows(cost[:, :, 0], self.access, budget)
            if small
            else no_cover_rows(self.size, len(model.set_note))
        )
        nothing = np.full((self.size, self.years), NONE, dtype=np.int8)
        self.nothing = evolve(model, sections.category, sections.note, nothing)[:, 1:].sum(axis=1)
        weights = model.treatments.category_weights
        self._group_weight = np.array([weights[c] for c in self.pricer.group_category.tolist()])

    def columns(self, section: Ints, works: NDArray[np.int8]) -> Columns:
        """Sequences with their value and cost."""
        net = self.sections
        notes = evolve(self.model, net.category[section], net.note[section], works)
        gain = notes[:, 1:].sum(axis=1) - self.nothing[section]
        unit = np.append(self.model.cost_eur_per_m2, 0.0)
        return Columns(
            section,
            works,
            net.weight_m2[section] * gain,
            unit[works] * net.area_m2[section][:, None],
            self.payer(section, works),
        )

    def payer(self, section: Ints, works: NDArray[np.int8]) -> Ints:
        """Who can pay the works of some sections, ``(P, T)``; investment where there is none."""
        who = self.access[section[:, None], np.maximum(works, 0), np.arange(self.years)]
        return np.where(works == NONE, INVESTMENT, who).astype(np.int64)

    def euro(self, dual: Floats) -> Floats:
        """What a euro paid by each class of payer costs, ``(3, T)``, from the duals of the rows.

        Parameters
        ----------
        dual
            ``(3 T + R,)`` duals of investment, operation and total of each year, then of the
            rows of `CoverRows`.
        """
        row = dual[: 3 * self.years].reshape(3, self.years)
        return np.stack([row[INVESTMENT] + row[2], row[OPERATION] + row[2], row[2]])

    def unit_price(self, dual: Floats) -> Floats:
        """Price of treating 1 m2, in note-years, ``(K, T, G)`` as the pricer wants it."""
        who = np.maximum(0, self.pricer.group_access)
        euro = self.euro(dual)[who, np.arange(self.years)]
        per_m2 = euro * self.model.cost_eur_per_m2[None, :, None]
        price = per_m2 / self._group_weight[:, None, None]
        if len(self.cover):
            added = self.cover.price(dual[3 * self.years :], self.years)
            price = price + added / self.sections.weight_m2[:, None, None]
        return np.moveaxis(price, 0, 2)

    def loss(self, columns: Columns, worth: Floats, dual: Floats) -> Floats:
        """What sequences lose against the best of their section at dual values, ``(P,)``."""
        price = self.euro(dual)[columns.payer, np.arange(self.years)]
        net = columns.value - (price * columns.cost_eur).sum(axis=1)
        net -= self.cover.use(columns.section, columns.works) @ dual[3 * self.years :]
        return np.asarray(worth[columns.section] - net, dtype=np.float64)

    def price(self, dual: Floats) -> tuple[float, Floats, NDArray[np.int8]]:
        """Best sequences at dual values, as `euro` takes them.

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
        gain = best.value - self.nothing
        worth = self.sections.weight_m2 * np.where(gain > ROUNDING_NOTE, gain, 0.0)
        budget = self.budget
        both = budget.investment_eur + budget.operation_eur
        right = [budget.investment_eur, budget.operation_eur, both, self.cover.most]
        paid = dual @ np.concatenate(right)
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
    payer = problem.payer(np.arange(problem.size), works)
    from_operation = (works != NONE) & (payer == OPERATION)
    costs = cost_eur(problem.sections, problem.model, works)
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
    payer = problem.payer(np.arange(problem.size), plan.works)
    costs = cost_eur(problem.sections, problem.model, plan.works)
    from_operation = plan.from_operation.copy()
    for year in range(problem.years):
        either, operation, placed = _shared(problem, plan.works, payer, costs, year)
        if placed.all():
            from_operation[either, year] = operation
    return Plan(plan.works, from_operation)


def _shared(
    problem: Problem, works: NDArray[np.int8], payer: Ints, costs: Floats, year: int
) -> tuple[Ints, Bools, Bools]:
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
