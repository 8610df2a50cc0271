"""Where each section stands in a scenario: what it calls for, when, and what keeps it from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planning.deterioration import DeteriorationModel, evolve
from planning.envelopes import EITHER, OPERATION, payers
from planning.sections import Sections
from planning.simulate import CENT_EUR, Budget, Plan, SimulationResult
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE

Situation = Literal["at_once", "later", "nothing_called", "too_dear", "outranked"]


@dataclass(frozen=True)
class Standing:
    """One section in one scenario; years are positions from the first year of the plan.

    Attributes
    ----------
    section
        Its position.
    situation
        ``at_once``: a work in the first year; ``later``: a first work in another year. Without
        a work: ``nothing_called``; ``too_dear``, where in no year an envelope that may pay holds
        what a work costs; else ``outranked``.
    called
        First year in which it calls for a work if nothing is done before, None where in none.
    treatment, cost_eur
        What it then calls for, `NONE` where nothing, and its cost.
    payable
        Whether the largest envelope of any year that may pay that work holds its cost.
    envelope_eur
        That envelope.
    benefit_per_eur
        Weighted m2 x note-years up to the horizon of that work, for each euro.
    from_operation, worth_per_eur
        Envelope that would pay it (operation, or investment), and what the last euro of it brings
        in the year `called`.
    called_envelope_eur
        Largest envelope of the year `called` that may pay it.
    left_eur
        Most that an envelope that may pay it has left in that year.
    rank, rivals, entry_eur
        In the first year, among the works called for that the same envelopes may pay, in the
        order of the benefit for each euro: its rank, of how many, and what the works before it
        cost with its own. None where it calls for nothing in the first year.
    year_eur
        What the envelopes that may pay it hold in the first year.
    planned, planned_treatment, planned_cost_eur
        Year, treatment and cost of its first work, None, `NONE` and 0 without one.
    """

    section: int
    situation: Situation
    called: int | None
    treatment: int
    cost_eur: float
    payable: bool
    envelope_eur: float
    benefit_per_eur: float
    from_operation: bool
    worth_per_eur: float
    called_envelope_eur: float
    left_eur: float
    rank: int | None
    rivals: int
    entry_eur: float | None
    year_eur: float
    planned: int | None
    planned_treatment: int
    planned_cost_eur: float


def standings(
    sections: Sections,
    model: DeteriorationModel,
    budget: Budget,
    plan: Plan,
    result: SimulationResult,
    dual: Floats,
) -> list[Standing]:
    """Where every section stands.

    Parameters
    ----------
    plan, result
        A plan and its replay.
    dual
        ``(2, T)`` worth of one more euro of investment and of operation, in weighted m2 x
        note-years.

    Examples
    --------
    A work that costs more than a year's envelope is in no plan, however bad the road is.

    >>> import pandas as pd
    >>> from planning.greedy import plan_by_rule
    >>> from planning.sections import sections_from
    >>> from planning.simulate import simulate
    >>> from voirie.catalogue.treatments import load_treatments
    >>> prices = load_treatments()
    >>> table = pd.DataFrame(
    ...     {"section_id": ["a", "b"], "area_m2": [1000.0, 1000.0], "length_m": [200.0, 200.0],
    ...      "category": [3, 3], "note_globale": [12.0, 17.0]}
    ... )
    >>> sections, _ = sections_from(table, prices)
    >>> model, budget = DeteriorationModel.of(prices), Budget(np.full(3, 9e3), np.zeros(3))
    >>> plan = plan_by_rule(sections, model, budget)
    >>> replay = simulate(sections, model, budget, plan)
    >>> found = standings(sections, model, budget, plan, replay, np.zeros((2, 3)))
    >>> [(one.situation, one.cost_eur, one.envelope_eur) for one in found]
    [('too_dear', 22000.0, 9000.0), ('at_once', 6500.0, 9000.0)]
    """
    size, years, may_pay = len(sections), budget.years, payers(model)
    each = np.arange(size)
    unit = np.append(model.cost_eur_per_m2, 0.0)
    idle = evolve(
        model, sections.category, sections.note, np.full((size, years), NONE, dtype=np.int8)
    )
    kinds, payable_ever = _called(sections, model, budget, idle)
    called = _first(kinds != NONE)
    at = np.maximum(called, 0)
    kind = np.where(called >= 0, kinds[each, at], NONE)
    cost = unit[kind] * sections.area_m2
    payer = np.append(may_pay, 0)[kind]
    largest, then = _single(budget).max(axis=1)[payer], _single(budget)[payer, at]
    benefit = _benefit(sections, model, idle, kind, called, cost)
    envelopes = np.stack([budget.investment_eur, budget.operation_eur])
    left = envelopes - np.stack([result.investment_eur, result.operation_eur])
    cheaper = dual[1] < dual[0]
    operation = np.where(payer == EITHER, cheaper[at], payer == OPERATION)
    worth = np.where(operation, dual[1, at], dual[0, at])
    room = np.where(payer == EITHER, left.max(axis=0)[at], left[operation.astype(int), at])
    in_year = np.stack([envelopes[0, 0], envelopes[1, 0], envelopes[:, 0].sum()])[payer]
    rank, rivals, entry = _ranked(called == 0, payer == OPERATION, benefit, cost)
    first = _first(plan.works != NONE)
    work = np.where(first >= 0, plan.works[each, np.maximum(first, 0)], NONE).astype(np.int64)
    spent = unit[work] * sections.area_m2
    return [
        Standing(
            section=i,
            situation=_situation(int(first[i]), int(called[i]), bool(payable_ever[i])),
            called=int(called[i]) if called[i] >= 0 else None,
            treatment=int(kind[i]),
            cost_eur=float(cost[i]),
            payable=bool(cost[i] <= largest[i] + CENT_EUR),
            envelope_eur=float(largest[i]),
            benefit_per_eur=float(benefit[i]),
            from_operation=bool(operation[i]),
            worth_per_eur=float(worth[i]),
            called_envelope_eur=float(then[i]),
            left_eur=float(max(0.0, room[i])),
            rank=int(rank[i]) if rank[i] else None,
            rivals=int(rivals[i]),
            entry_eur=float(entry[i]) if rank[i] else None,
            year_eur=float(in_year[i]),
            planned=int(first[i]) if first[i] >= 0 else None,
            planned_treatment=int(work[i]),
            planned_cost_eur=float(spent[i]),
        )
        for i in range(size)
    ]


def _situation(planned: int, called: int, is_payable: bool) -> Situation:
    if planned >= 0:
        return "later" if planned else "at_once"
    if called < 0:
        return "nothing_called"
    return "outranked" if is_payable else "too_dear"


def _first(holds: NDArray[np.bool_]) -> Ints:
    """Position of the first True of each row, -1 where there is none."""
    return np.where(holds.any(axis=1), holds.argmax(axis=1), -1).astype(np.int64)


def _single(budget: Budget) -> Floats:
    """Largest work that investment, operation, or one of the two can pay each year, ``(3, T)``."""
    one = np.stack([budget.investment_eur, budget.operation_eur])
    return np.concatenate([one, one.max(axis=0, keepdims=True)])


def _called(
    sections: Sections, model: DeteriorationModel, budget: Budget, idle: Floats
) -> tuple[Ints, Bools]:
    """What each section calls for each year left alone, and whether any work could be paid once."""
    size, years = len(sections), budget.years
    kinds = np.full((size, years), NONE, dtype=np.int64)
    payable = np.zeros(size, dtype=bool)
    single, may_pay = _single(budget), payers(model)
    costs = model.cost_eur_per_m2[:, None] * sections.area_m2[None, :]
    for year in range(years):
        note = idle[:, year]
        kinds[:, year] = model.treatments.adequate(note, sections.category)
        fits = costs <= single[may_pay, year][:, None] + CENT_EUR
        payable |= (model.treatments.candidates(note, sections.category) & fits).any(axis=0)
    return kinds, payable


def _benefit(
    sections: Sections,
    model: DeteriorationModel,
    idle: Floats,
    kind: Ints,
    called: Ints,
    cost: Floats,
) -> Floats:
    """Benefit for each euro of the work that each section calls for, in the year it does."""
    works = np.full((len(sections), idle.shape[1] - 1), NONE, dtype=np.int8)
    rows = np.flatnonzero(called >= 0)
    works[rows, called[rows]] = kind[rows]
    gain = (evolve(model, sections.category, sections.note, works) - idle)[:, 1:].sum(axis=1)
    return np.asarray(gain * sections.weight_m2 / np.maximum(cost, CENT_EUR))


def _ranked(
    asking: Bools, is_upkeep: Bools, benefit: Floats, cost: Floats
) -> tuple[Ints, Ints, Floats]:
    """Rank from 1 (0: does not ask), number of rivals, and cost down to each, by envelope."""
    rank, rivals = np.zeros(len(cost), dtype=np.int64), np.zeros(len(cost), dtype=np.int64)
    entry = np.zeros(len(cost))
    for group in (is_upkeep, ~is_upkeep):
        rows = np.flatnonzero(asking & group)
        order = rows[np.argsort(-benefit[rows], kind="stable")]
        rank[order], rivals[order] = np.arange(1, len(order) + 1), len(order)
        entry[order] = np.cumsum(cost[order])
    return rank, rivals, entry
