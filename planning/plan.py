"""From a table of sections to works, years and the comparison of scenarios."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from planning.deterioration import DeteriorationModel
from planning.optimise.optimise import optimise
from planning.plan_rows import Solved, scenario_row, section_rows, work_rows, year_rows
from planning.scenarios import Scenarios
from planning.sections import Sections, sections_from
from planning.simulate import CENT_EUR, Budget, simulate
from voirie.catalogue.treatments import Treatments
from voirie.messages import Message, counted, message
from voirie.tables import conform, empty

PLANNED = ("works", "plan_years", "scenarios", "section_plans")
"""Tables of a plan."""


@dataclass(frozen=True)
class PlanResult:
    """Tables of a plan.

    Attributes
    ----------
    works, plan_years, scenarios, section_plans
        As declared in `voirie.tables`. Scenarios keep the order of their file.
    warnings
        Sentences a person should read.
    """

    works: pd.DataFrame
    plan_years: pd.DataFrame
    scenarios: pd.DataFrame
    section_plans: pd.DataFrame
    warnings: list[Message] = field(default_factory=list)


def plan_sections(
    table: pd.DataFrame,
    treatments: Treatments,
    scenarios: Scenarios,
    surveyed_in: int | None = None,
    path: Path | None = None,
    *,
    only_seen: bool = False,
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
    only_seen
        Leave the sections out whose note is assumed; all are planned by default, since the
        envelopes are those of the whole network (decision 0022).

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
    if len(table) == 0 or _nothing_noted(table):
        return _no_plan(
            message(
                "no section has a score, so that nothing can be planned: survey more of the network"
            )
        )
    network, warnings = sections_from(table, treatments, path)
    if only_seen and network.assumed.all():
        return _no_plan(
            message("no section was seen, so that nothing can be planned of what was seen alone")
        )
    sections = network.seen if only_seen else network
    if only_seen and network.assumed.any():
        warnings = [_left_out(network), *warnings[:-1]]
    first_year, undated = scenarios.start(surveyed_in)
    warnings += undated + _unused(treatments)
    solved = []
    for scenario in scenarios.scenarios:
        model = DeteriorationModel.of(treatments.in_tax(scenario.tax))
        budget = Budget(*scenario.envelopes_eur())
        optimum = optimise(sections, model, budget)
        solved.append(
            Solved(
                sections,
                scenario,
                model,
                budget,
                optimum,
                simulate(sections, model, budget, optimum.plan),
                100.0 - network.assumed_area_pct,
                "seen" if only_seen else "all",
                first_year,
            )
        )
    for one in solved:
        warnings += _too_dear(one)
    works = [row for one in solved for row in work_rows(one)]
    years = [row for one in solved for row in year_rows(one)]
    asked = [row for one in solved for row in section_rows(one, network)]
    bounds = _shared_bounds(solved)
    rows = [scenario_row(one, bound) for one, bound in zip(solved, bounds, strict=True)]
    return PlanResult(
        conform("works", pd.DataFrame(works)) if works else empty("works"),
        conform("plan_years", pd.DataFrame(years)),
        conform("scenarios", pd.DataFrame(rows)),
        conform("section_plans", pd.DataFrame(asked)),
        warnings,
    )


def _nothing_noted(table: pd.DataFrame) -> bool:
    """Whether the table has notes to give, and none is there."""
    if "note_globale" not in table.columns:
        return False
    noted = table["note_globale"].notna()
    if "classe_etat" in table.columns:
        noted &= table["classe_etat"].fillna("") != "nd"
    return not noted.any()


def _no_plan(told: Message) -> PlanResult:
    works, years, scenarios, asked = (empty(name) for name in PLANNED)
    return PlanResult(works, years, scenarios, asked, [told])


def _left_out(network: Sections) -> Message:
    """Say that sections are outside the plan, since its envelopes are those of the network."""
    return counted(
        "{n} section of {all} was not seen and is left out of the plan (area: {area_pct} %); what "
        "it needs is in no sum, and the envelopes are spent without it",
        "{n} sections of {all} were not seen and are left out of the plan (area: {area_pct} %); "
        "what they need is in no sum, and the envelopes are spent without them",
        int(network.assumed.sum()),
        all=len(network),
        area_pct=round(network.assumed_area_pct, 1),
    )


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


def _too_dear(one: Solved) -> list[Message]:
    """Warn of sections whose adequate work is dearer than every yearly envelope."""
    kind = one.model.treatments.adequate(one.result.notes[:, -1], one.sections.category)
    cost = np.append(one.model.cost_eur_per_m2, 0.0)[kind] * one.sections.area_m2
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


def _shared_bounds(solved: list[Solved]) -> list[float]:
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
