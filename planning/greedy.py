"""The rule of the published table: need, in the order of benefit over cost.

Each year, every section whose trigger holds asks for its adequate treatment; they are served by
``gain x category weight / cost`` until the envelopes are empty. It is the second policy beside
the optimum: what a careful engineer does without a solver, and what the reference table shows.
"""

from __future__ import annotations

import numpy as np

from planning.deterioration import DeteriorationModel, State, step
from planning.envelopes import EITHER, INVESTMENT, OPERATION, payers, share_out
from planning.sections import Sections
from planning.simulate import CENT_EUR, Budget, Plan
from voirie.arrays import Floats, Ints
from voirie.catalogue.treatments import NONE


def plan_by_rule(sections: Sections, model: DeteriorationModel, budget: Budget) -> Plan:
    """Plan the works of every year by the rule.

    A treatment that either envelope may pay takes investment first, but makes room there for
    one that only investment may pay. A work that no longer fits is passed over and the next is
    tried, so that a small network spends what it can.
    """
    size, years = len(sections), budget.years
    rate, may_pay = model.rates(sections.category), payers(model)
    works = np.full((size, years), NONE, dtype=np.int8)
    from_operation = np.zeros((size, years), dtype=bool)
    state = State.start(sections.note)
    for year in range(years):
        kind = model.treatments.adequate(state.note, sections.category)
        kind = np.where(state.locked_left == 0, kind, NONE)
        asking = np.flatnonzero(kind != NONE)
        k = kind[asking]
        cost = model.cost_eur_per_m2[k] * sections.area_m2[asking]
        benefit = _gain(model, state.note[asking], k) * sections.weight_m2[asking]
        order = np.argsort(-benefit / cost, kind="stable")
        done, operation = _serve(
            cost[order],
            may_pay[k[order]],
            float(budget.investment_eur[year]),
            float(budget.operation_eur[year]),
        )
        served = order[done]
        works[asking[served], year] = k[served]
        from_operation[asking[served], year] = operation[done]
        state = step(model, rate, state, works[:, year].astype(np.int64))
    return Plan(works, from_operation)


def _gain(model: DeteriorationModel, note: Floats, kind: Ints) -> Floats:
    """Points a treatment adds at once."""
    renewed = model.set_note[kind] - note
    return np.where(np.isnan(renewed), model.gain[kind], renewed)


def _serve(
    cost: Floats, may_pay: Ints, investment_eur: float, operation_eur: float
) -> tuple[np.ndarray, np.ndarray]:
    """Serve works in order: which are done, and which of them operation pays."""
    done, operation = np.zeros(len(cost), dtype=bool), may_pay == OPERATION
    limit = (
        investment_eur + CENT_EUR,
        operation_eur + CENT_EUR,
        investment_eur + operation_eur + CENT_EUR,
    )
    costs, classes = cost.tolist(), may_pay.tolist()
    cheapest = min(costs, default=0.0)
    spent, total = [0.0, 0.0, 0.0], 0.0
    for i, (amount, payer) in enumerate(zip(costs, classes, strict=True)):
        if total + cheapest > limit[EITHER]:
            break
        if total + amount > limit[EITHER] or (
            payer != EITHER and spent[payer] + amount > limit[payer]
        ):
            continue
        spent[payer] += amount
        total += amount
        done[i] = True
    either = np.flatnonzero(done & (may_pay == EITHER))
    operation[either], placed = share_out(
        cost[either], investment_eur - spent[INVESTMENT], operation_eur - spent[OPERATION]
    )
    done[either[~placed]] = False
    if placed.all():
        return done, operation
    room = [
        investment_eur - float(cost[done & ~operation].sum()),
        operation_eur - float(cost[done & operation].sum()),
    ]
    for i in np.flatnonzero(~done).tolist():  # what whole works left free
        options = (INVESTMENT, OPERATION) if classes[i] == EITHER else (classes[i],)
        for payer in options:
            if costs[i] <= room[payer] + CENT_EUR:
                room[payer] -= costs[i]
                done[i], operation[i] = True, payer == OPERATION
                break
    return done, operation
