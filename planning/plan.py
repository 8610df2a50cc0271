"""From a table of sections to works, years and the comparison of scenarios."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from planning.deterioration import DeteriorationModel, evolve
from planning.greedy import plan_by_rule
from planning.optimise.optimise import Optimum, gap_pct, optimise
from planning.reasons import list_works, reason
from planning.scenarios import Scenario, Scenarios
from planning.sections import Sections, sections_from
from planning.simulate import (
    CENT_EUR,
    Budget,
    SimulationResult,
    kilometres_below,
    objective,
    simulate,
)
from voirie.arrays import Floats
from voirie.catalogue.treatments import NONE, Treatments
from voirie.ids import content_id
from voirie.tables import conform, empty

NOTE_DIGITS, EUR_DIGITS, VALUE_DIGITS = 6, 2, 6
"""Figures kept in the tables: enough to add up, few enough to be the same on every machine."""


@dataclass(frozen=True)
class PlanResult:
    """Tables of a plan.

    Attributes
    ----------
    works, plan_years, scenarios
        As declared in `voirie.tables`. Scenarios keep the order of their file.
    warnings
        Sentences a person should read.
    """

    works: pd.DataFrame
    plan_years: pd.DataFrame
    scenarios: pd.DataFrame
    warnings: list[str] = field(default_factory=list)


def plan_sections(
    sections: pd.DataFrame, treatments: Treatments, scenarios: Scenarios, first_year: int
) -> PlanResult:
    """Plan the works of every scenario from one common start.

    The objective is the sum over the years of the mean note, sections weighted by area and
    category (1.5 / 1.2 / 1.0 by default), in note-years. ``value`` less ``do_nothing_value`` is
    the area between the plan's curve and that of doing nothing; no plan exceeds ``bound``.

    Parameters
    ----------
    sections
        Rows of the table ``sections``; `planning.network.COLUMNS` are enough.
    treatments
        Price list; converted to the tax of the scenarios where they differ.
    scenarios
        Budgets.
    first_year
        First year with works; the start is the year before.

    Returns
    -------
    PlanResult
        Empty with a warning where no section has a note.

    Raises
    ------
    ConfigurationError
        When the sections cannot be planned (see `planning.network.sections_from`).
    """
    notes = sections["note_globale"] if "note_globale" in sections.columns else None
    if len(sections) == 0 or (notes is not None and bool(notes.isna().all())):
        return PlanResult(
            empty("works"),
            empty("plan_years"),
            empty("scenarios"),
            ["no section has a note, so that nothing can be planned: survey more of the network"],
        )
    network, warnings = sections_from(sections, treatments)
    warnings += _unused(treatments)
    solved = []
    for scenario in scenarios.scenarios:
        law = DeteriorationModel.of(treatments.in_tax(scenario.tax))
        budget = Budget(*scenario.envelopes_eur())
        solved.append(_Solved(scenario, law, budget, optimise(network, law, budget)))
    bounds = _shared_bounds(solved)
    works, years, rows = [], [], []
    for one, bound in zip(solved, bounds, strict=True):
        books = simulate(network, one.law, one.budget, one.optimum.plan)
        warnings += _too_dear(network, one, books)
        works += _works(network, one, books, first_year)
        years += _years(network, one, books, first_year)
        rows.append(_scenario(network, one, books, bound))
    return PlanResult(
        conform("works", pd.DataFrame(works)) if works else empty("works"),
        conform("plan_years", pd.DataFrame(years)),
        conform("scenarios", pd.DataFrame(rows)),
        warnings,
    )


@dataclass(frozen=True)
class _Solved:
    """A scenario and its optimum."""

    scenario: Scenario
    law: DeteriorationModel
    budget: Budget
    optimum: Optimum


def _unused(treatments: Treatments) -> list[str]:
    """Warn of treatments that a cheaper one always replaces: they can never be chosen."""
    fine = np.arange(0.0, 20.0, 0.01) + 0.005
    used = np.zeros(len(treatments.codes), dtype=bool)
    for category in treatments.categories:
        numbers = np.full(len(fine), category, dtype=np.int64)
        used |= treatments.candidates(fine, numbers).any(axis=1)
    return [
        f"{code} is never chosen: wherever its trigger holds a cheaper treatment is adequate"
        for code, is_used in zip(treatments.codes, used, strict=True)
        if not is_used
    ]


def _too_dear(network: Sections, one: _Solved, books: SimulationResult) -> list[str]:
    """Warn of sections whose adequate work is dearer than every yearly envelope."""
    kind = one.law.treatments.adequate(books.notes[:, -1], network.category)
    cost = np.append(one.law.cost_eur_per_m2, 0.0)[kind] * network.area_m2
    largest = max(one.budget.investment_eur.max(), one.budget.operation_eur.max())
    count = int((cost > largest + CENT_EUR).sum())
    if count == 0:
        return []
    return [
        f"{one.scenario.name}: {count} sections end up calling for a work that costs more than "
        f"the largest envelope of a year ({largest:.0f} EUR)"
    ]


def _shared_bounds(solved: list[_Solved]) -> list[float]:
    """Bounds, lowered to that of any scenario with envelopes at least as large every year.

    What a larger budget cannot reach, a smaller one cannot either; so in a table a larger
    envelope never shows a lower bound, however far each proof came.
    """
    return [
        min(
            other.optimum.bound
            for other in solved
            if other is one
            or (
                (other.budget.investment_eur >= one.budget.investment_eur).all()
                and (other.budget.operation_eur >= one.budget.operation_eur).all()
            )
        )
        for one in solved
    ]


def _works(
    network: Sections, one: _Solved, books: SimulationResult, first_year: int
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    name, tax = one.scenario.name, one.scenario.tax
    for work in list_works(network, one.law, one.optimum.plan, books.notes):
        year, section_id = first_year + work.year, network.section_id[work.section]
        rows.append(
            {
                "work_id": content_id("work", name, year, section_id),
                "scenario": name,
                "year": year,
                "section_id": section_id,
                "treatment": one.law.treatments.codes[work.treatment],
                "area_m2": float(network.area_m2[work.section]),
                "cost_eur": round(work.cost_eur, EUR_DIGITS),
                "envelope": "operation" if work.from_operation else "investment",
                "note_before": round(work.note_before, NOTE_DIGITS),
                "note_after": round(work.note_after, NOTE_DIGITS),
                "reason": reason(work, one.law, tax, first_year, one.optimum.dual),
            }
        )
    return rows


def _years(
    network: Sections, one: _Solved, books: SimulationResult, first_year: int
) -> list[dict[str, object]]:
    mean, limits = network.mean_note(books.notes), one.law.treatments.thresholds
    rows: list[dict[str, object]] = []
    for state in range(one.budget.years + 1):
        year = state - 1
        start = state == 0
        note = books.notes[:, state]
        rows.append(
            {
                "scenario": one.scenario.name,
                "year": first_year + year,
                "note": round(float(mean[state]), NOTE_DIGITS),
                "budget_investment_eur": None if start else one.budget.investment_eur[year],
                "budget_operation_eur": None if start else one.budget.operation_eur[year],
                "spend_investment_eur": _eur(0.0 if start else books.investment_eur[year]),
                "spend_operation_eur": _eur(0.0 if start else books.operation_eur[year]),
                "need_eur": _eur(books.need_eur[0 if start else year]),
                "backlog_eur": _eur(books.need_eur[0] if start else books.backlog_eur[year]),
                "km_below_surface": kilometres_below(network, note, limits.surface),
                "km_below_structure": kilometres_below(network, note, limits.structure),
                "km_below_12": kilometres_below(network, note, limits.alert),
            }
        )
    return rows


def _eur(amount: float) -> float:
    return round(float(amount), EUR_DIGITS)


def _scenario(
    network: Sections, one: _Solved, books: SimulationResult, bound: float
) -> dict[str, object]:
    mean = network.mean_note(books.notes)
    start, low = float(mean[0]), float(mean.min())
    nothing = objective(network, _undisturbed(network, one.law, one.budget.years))
    weight = float(network.weight_m2.sum())
    rule = simulate(network, one.law, one.budget, plan_by_rule(network, one.law, one.budget))
    return {
        "scenario": one.scenario.name,
        "note_start": round(start, NOTE_DIGITS),
        "note_end": round(float(mean[-1]), NOTE_DIGITS),
        "note_high": round(float(mean.max()), NOTE_DIGITS),
        # as it is printed: "18,15 (D)" under a start of 18,15 would tell nothing
        "note_low": round(low, NOTE_DIGITS) if round(low, 2) < round(start, 2) else None,
        "note_mean": round(float(mean.mean()), NOTE_DIGITS),
        "total_eur": _eur((books.investment_eur + books.operation_eur).sum()),
        "tax": one.scenario.tax,
        "observations": one.scenario.observations,
        "value": round(nothing + one.optimum.value / weight, VALUE_DIGITS),
        "bound": round(nothing + bound / weight, VALUE_DIGITS),
        "do_nothing_value": round(nothing, VALUE_DIGITS),
        "rule_value": round(objective(network, rule.notes), VALUE_DIGITS),
        "gap_pct": round(gap_pct(one.optimum.value, bound), 4),
        "assumed_area_pct": round(network.assumed_area_pct, 4),
    }


def _undisturbed(network: Sections, law: DeteriorationModel, years: int) -> Floats:
    """Notes when nothing is done."""
    nothing = np.full((len(network), years), NONE, dtype=np.int8)
    return evolve(law, network.category, network.note, nothing)
