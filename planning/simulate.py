"""Replay a plan year by year: notes, spend, need and backlog, and check that it is lawful."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.deterioration import DeteriorationModel, State, step
from planning.sections import Sections
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import NONE

CENT_EUR = 0.005
"""Slack of a comparison of amounts: half a cent."""


@dataclass(frozen=True)
class Budget:
    """Envelopes of each year, EUR, in the tax of the prices: ``(T,)`` each."""

    investment_eur: Floats
    operation_eur: Floats

    @property
    def years(self) -> int:
        """Length of the horizon."""
        return len(self.investment_eur)


@dataclass(frozen=True)
class Plan:
    """What is done where and when.

    Attributes
    ----------
    works
        ``(S, T)`` index of the treatment, `NONE` for nothing.
    from_operation
        ``(S, T)`` True where the operation envelope pays, False for investment.
    """

    works: NDArray[np.int8]
    from_operation: Bools


@dataclass(frozen=True)
class Amounts:
    """Spend, need and backlog of some of the sections, shapes as in `SimulationResult`."""

    investment_eur: Floats
    operation_eur: Floats
    need_eur: Floats
    backlog_eur: Floats


@dataclass(frozen=True)
class SimulationResult:
    """A plan replayed.

    Attributes
    ----------
    notes
        ``(S, T + 1)`` note at the start and at the end of each year.
    investment_eur, operation_eur
        ``(T,)`` spend.
    need_eur
        ``(T + 1,)`` cost of the adequate treatment of every section that calls for one and is
        out of its moratorium: at the start of each year, then after the last.
    backlog_eur
        ``(T,)`` part of the year's need on sections that got no work.
    assumed
        Part of these amounts that falls on sections whose note is assumed, not measured.
    """

    notes: Floats
    investment_eur: Floats
    operation_eur: Floats
    need_eur: Floats
    backlog_eur: Floats
    assumed: Amounts


def cost_eur(sections: Sections, model: DeteriorationModel, works: NDArray[np.int8]) -> Floats:
    """Cost of each work, ``(S, T)``, 0 where there is none."""
    unit = np.append(model.cost_eur_per_m2, 0.0)
    return np.asarray(unit[works] * sections.area_m2[:, None], dtype=np.float64)


def objective(sections: Sections, notes: Floats) -> float:
    """Note-years of a plan: sum over the years of the weighted mean note.

    The weight of a section is its area times the weight of its category. What a plan is worth
    is this sum less that of doing nothing: the area between the two curves.
    """
    return float(sections.weight_m2 @ notes[:, 1:].sum(axis=1) / sections.weight_m2.sum())


def need_eur(sections: Sections, model: DeteriorationModel, state: State) -> Floats:
    """Cost of the adequate treatment of each section in a state, ``(S,)``."""
    kind = model.treatments.adequate(state.note, sections.category)
    unit = np.append(model.cost_eur_per_m2, 0.0)
    return np.where(state.locked_left == 0, unit[kind] * sections.area_m2, 0.0)


def simulate(
    sections: Sections, model: DeteriorationModel, budget: Budget, plan: Plan
) -> SimulationResult:
    """Replay a plan.

    Raises
    ------
    ValueError
        When a work is outside its trigger or in a moratorium, is paid from an envelope that may
        not pay it, or when a year exceeds an envelope: a mistake of the program.

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
    >>> works = np.array([[NONE], [prices.codes.index("ESU")]], dtype=np.int8)
    >>> plan = Plan(works, np.zeros((2, 1), dtype=bool))
    >>> budget = Budget(np.array([8000.0]), np.array([0.0]))
    >>> result = simulate(sections, DeteriorationModel.of(prices), budget, plan)
    >>> result.investment_eur.tolist(), result.backlog_eur.round(2).tolist()
    ([6500.0], [5200.0])
    """
    years, size = budget.years, len(sections)
    rate = model.rates(sections.category)
    envelope = np.array([t.envelope for t in model.treatments.treatments])
    costs = cost_eur(sections, model, plan.works)
    state = State.start(sections.note)
    notes = np.empty((size, years + 1))
    notes[:, 0] = state.note
    # All sections, then those that are assumed.
    parts = np.stack([np.ones(size), sections.assumed.astype(float)])
    spend = np.zeros((2, 2, years))
    need, backlog = np.zeros((2, years + 1)), np.zeros((2, years))
    for year in range(years):
        work = plan.works[:, year].astype(np.int64)
        treated = np.flatnonzero(work != NONE)
        _check_candidates(sections, model, state, work, treated)
        operation = plan.from_operation[treated, year]
        wrong = np.where(operation, "investment", "operation")
        if (envelope[work[treated]] == wrong).any():
            raise ValueError("a work is paid from an envelope that may not pay it")
        paid = costs[treated, year] * parts[:, treated]
        spend[:, 0, year] = paid[:, ~operation].sum(axis=1)
        spend[:, 1, year] = paid[:, operation].sum(axis=1)
        needed = need_eur(sections, model, state) * parts
        need[:, year], backlog[:, year] = needed.sum(axis=1), needed[:, work == NONE].sum(axis=1)
        state = step(model, rate, state, work)
        notes[:, year + 1] = state.note
    need[:, years] = (need_eur(sections, model, state) * parts).sum(axis=1)
    if (spend[0, 0] > budget.investment_eur + CENT_EUR).any() or (
        spend[0, 1] > budget.operation_eur + CENT_EUR
    ).any():
        raise ValueError("a year spends more than its envelope")
    assumed = Amounts(spend[1, 0], spend[1, 1], need[1], backlog[1])
    return SimulationResult(notes, spend[0, 0], spend[0, 1], need[0], backlog[0], assumed)


def _check_candidates(
    sections: Sections, model: DeteriorationModel, state: State, work: Ints, treated: Ints
) -> None:
    """Refuse works that nothing calls for."""
    if len(treated) == 0:
        return
    allowed = model.treatments.candidates(state.note[treated], sections.category[treated])
    if not allowed[work[treated], np.arange(len(treated))].all():
        raise ValueError("a work lies outside its trigger")
    if (state.locked_left[treated] > 0).any():
        raise ValueError("a work lies in a moratorium")


def kilometres_below(sections: Sections, note: Floats, threshold: float) -> float:
    """Length whose note is under a threshold, km."""
    return float(sections.length_m[note < threshold].sum() / 1000.0)
