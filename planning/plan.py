"""From a table of sections to works, years and the comparison of scenarios."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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
from voirie.messages import Message, counted, message
from voirie.tables import conform, empty
from voirie.wording import ENGLISH, FRENCH

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
    warnings: list[Message] = field(default_factory=list)


def plan_sections(
    table: pd.DataFrame,
    treatments: Treatments,
    scenarios: Scenarios,
    surveyed_in: int | None = None,
    path: Path | None = None,
) -> PlanResult:
    """Plan the works of every scenario from one common start.

    The objective is the sum over the years of the mean note, sections weighted by area and
    category (1.5 / 1.2 / 1.0 by default), in note-years. ``value`` less ``do_nothing_value`` is
    the area between the plan's curve and that of doing nothing; no plan exceeds ``bound``.

    Parameters
    ----------
    table
        Rows of the table ``sections``; `planning.sections.COLUMNS` are enough.
    treatments
        Price list; converted to the tax of the scenarios where they differ.
    scenarios
        Budgets, and the first year with works where they state one.
    surveyed_in
        Year of the survey: without a stated first year the works begin in the year after, and
        without either in year 1. The tables start with the year before the first works.
    path
        The file that the table was read from, to be named in errors.

    Returns
    -------
    PlanResult
        Empty with a warning where no section has a note.

    Raises
    ------
    ConfigurationError
        When the sections cannot be planned (see `planning.sections.sections_from`).

    Examples
    --------
    >>> from voirie.catalogue.treatments import load_treatments
    >>> table = pd.DataFrame(
    ...     {"section_id": ["b", "a"], "area_m2": [1000.0, 800.0], "length_m": [200.0, 160.0],
    ...      "category": [3, 3], "note_globale": [17.0, None]}
    ... )
    >>> phases = [{"years": 2, "investment_eur": 8000, "operation_eur": 0}]
    >>> scenarios = Scenarios.model_validate(
    ...     {"scenarios": [{"name": "low", "tax": "TTC", "phases": phases}], "first_year": 2027}
    ... )
    >>> found = plan_sections(table, load_treatments(), scenarios)
    >>> found.works[["year", "section_id", "treatment", "cost_eur"]].values.tolist()
    [[2027, 'b', 'ESU', 6500.0], [2028, 'a', 'ESU', 5200.0]]
    """
    notes = table["note_globale"] if "note_globale" in table.columns else None
    if len(table) == 0 or (notes is not None and bool(notes.isna().all())):
        return PlanResult(
            empty("works"),
            empty("plan_years"),
            empty("scenarios"),
            [
                message(
                    "no section has a score, so that nothing can be planned: survey more of the "
                    "network"
                )
            ],
        )
    sections, warnings = sections_from(table, treatments, path)
    first_year, undated = scenarios.start(surveyed_in)
    warnings += undated + _unused(treatments)
    solved = []
    for scenario in scenarios.scenarios:
        model = DeteriorationModel.of(treatments.in_tax(scenario.tax))
        budget = Budget(*scenario.envelopes_eur())
        solved.append(_Solved(scenario, model, budget, optimise(sections, model, budget)))
    bounds = _shared_bounds(solved)
    works, years, rows = [], [], []
    for one, bound in zip(solved, bounds, strict=True):
        result = simulate(sections, one.model, one.budget, one.optimum.plan)
        warnings += _too_dear(sections, one, result)
        works += _works(sections, one, result, first_year)
        years += _years(sections, one, result, first_year)
        rows.append(_scenario(sections, one, result, bound))
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
    model: DeteriorationModel
    budget: Budget
    optimum: Optimum


def _unused(treatments: Treatments) -> list[Message]:
    """Warn of treatments that a cheaper one always replaces: they can never be chosen."""
    fine = np.arange(0.0, 20.0, 0.01) + 0.005
    used = np.zeros(len(treatments.codes), dtype=bool)
    for category in treatments.categories:
        numbers = np.full(len(fine), category, dtype=np.int64)
        used |= treatments.candidates(fine, numbers).any(axis=1)
    return [
        message(
            "{code} is never chosen: wherever its trigger holds a cheaper treatment is adequate",
            code=code,
        )
        for code, is_used in zip(treatments.codes, used, strict=True)
        if not is_used
    ]


def _too_dear(sections: Sections, one: _Solved, result: SimulationResult) -> list[Message]:
    """Warn of sections whose adequate work is dearer than every yearly envelope."""
    kind = one.model.treatments.adequate(result.notes[:, -1], sections.category)
    cost = np.append(one.model.cost_eur_per_m2, 0.0)[kind] * sections.area_m2
    largest = max(one.budget.investment_eur.max(), one.budget.operation_eur.max())
    count = int((cost > largest + CENT_EUR).sum())
    if count == 0:
        return []
    return [
        counted(
            "{scenario}: {n} section ends up calling for a work that costs more than the largest "
            "envelope of a year ({eur} EUR)",
            "{scenario}: {n} sections end up calling for a work that costs more than the largest "
            "envelope of a year ({eur} EUR)",
            count,
            scenario=one.scenario.name,
            eur=round(float(largest)),
        )
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
    sections: Sections, one: _Solved, result: SimulationResult, first_year: int
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    name, tax = one.scenario.name, one.scenario.tax
    for work in list_works(sections, one.model, one.optimum.plan, result.notes):
        year, section_id = first_year + work.year, sections.section_id[work.section]
        rows.append(
            {
                "work_id": content_id("work", name, year, section_id),
                "scenario": name,
                "year": year,
                "section_id": section_id,
                "treatment": one.model.treatments.codes[work.treatment],
                "area_m2": float(sections.area_m2[work.section]),
                "cost_eur": round(work.cost_eur, EUR_DIGITS),
                "envelope": "operation" if work.from_operation else "investment",
                "note_before": round(work.note_before, NOTE_DIGITS),
                "note_after": round(work.note_after, NOTE_DIGITS),
                "reason_fr": reason(work, one.model, tax, first_year, one.optimum.dual, FRENCH),
                "reason_en": reason(work, one.model, tax, first_year, one.optimum.dual, ENGLISH),
            }
        )
    return rows


def _years(
    sections: Sections, one: _Solved, result: SimulationResult, first_year: int
) -> list[dict[str, object]]:
    mean, limits = sections.mean_note(result.notes), one.model.treatments.thresholds
    rows: list[dict[str, object]] = []
    for state in range(one.budget.years + 1):
        year = state - 1
        start = state == 0
        note = result.notes[:, state]
        rows.append(
            {
                "scenario": one.scenario.name,
                "year": first_year + year,
                "note": round(float(mean[state]), NOTE_DIGITS),
                "budget_investment_eur": None if start else one.budget.investment_eur[year],
                "budget_operation_eur": None if start else one.budget.operation_eur[year],
                "spend_investment_eur": _eur(0.0 if start else result.investment_eur[year]),
                "spend_operation_eur": _eur(0.0 if start else result.operation_eur[year]),
                "need_eur": _eur(result.need_eur[0 if start else year]),
                "backlog_eur": _eur(result.need_eur[0] if start else result.backlog_eur[year]),
                "km_below_surface": kilometres_below(sections, note, limits.surface),
                "km_below_structure": kilometres_below(sections, note, limits.structure),
                "km_below_12": kilometres_below(sections, note, limits.alert),
            }
        )
    return rows


def _eur(amount: float) -> float:
    return round(float(amount), EUR_DIGITS)


def _scenario(
    sections: Sections, one: _Solved, result: SimulationResult, bound: float
) -> dict[str, object]:
    mean = sections.mean_note(result.notes)
    start, low = float(mean[0]), float(mean.min())
    nothing = objective(sections, _undisturbed(sections, one.model, one.budget.years))
    weight = float(sections.weight_m2.sum())
    rule = simulate(sections, one.model, one.budget, plan_by_rule(sections, one.model, one.budget))
    return {
        "scenario": one.scenario.name,
        "note_start": round(start, NOTE_DIGITS),
        "note_end": round(float(mean[-1]), NOTE_DIGITS),
        "note_high": round(float(mean.max()), NOTE_DIGITS),
        # as it is printed: "18,15 (D)" under a start of 18,15 would tell nothing
        "note_low": round(low, NOTE_DIGITS) if round(low, 2) < round(start, 2) else None,
        "note_mean": round(float(mean.mean()), NOTE_DIGITS),
        "total_eur": _eur((result.investment_eur + result.operation_eur).sum()),
        "tax": one.scenario.tax,
        "observations": one.scenario.observations,
        "scenario_en": one.scenario.name_en or one.scenario.name,
        "observations_en": one.scenario.remark_en or one.scenario.observations,
        "value": round(nothing + one.optimum.value / weight, VALUE_DIGITS),
        "bound": round(nothing + bound / weight, VALUE_DIGITS),
        "do_nothing_value": round(nothing, VALUE_DIGITS),
        "rule_value": round(objective(sections, rule.notes), VALUE_DIGITS),
        "gap_pct": round(gap_pct(one.optimum.value, bound), 4),
        "assumed_area_pct": round(sections.assumed_area_pct, 4),
    }


def _undisturbed(sections: Sections, model: DeteriorationModel, years: int) -> Floats:
    """Notes when nothing is done."""
    nothing = np.full((len(sections), years), NONE, dtype=np.int8)
    return evolve(model, sections.category, sections.note, nothing)
