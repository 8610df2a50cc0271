"""Rows of the tables of a plan, each amount beside its part on sections that nobody saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planning.deterioration import DeteriorationModel, evolve
from planning.greedy import plan_by_rule
from planning.optimise.optimise import Optimum, gap_pct
from planning.reasons import list_works, reason
from planning.scenarios import Scenario
from planning.sections import Sections
from planning.simulate import Budget, SimulationResult, kilometres_below, objective, simulate
from planning.standing import Standing, standings
from planning.why_not import Asked, left_out, why_not
from voirie.arrays import Bools, Floats
from voirie.catalogue.treatments import NONE
from voirie.ids import content_id
from voirie.wording import ENGLISH, FRENCH

NOTE_DIGITS, EUR_DIGITS, VALUE_DIGITS = 6, 2, 6
"""Figures kept in the tables: enough to add up, few enough to be the same on every machine."""

VALUE_UNIT = "note-years"
Scope = Literal["all", "seen"]
Row = dict[str, object]


@dataclass(frozen=True)
class Solved:
    """A scenario, its optimum, and that replayed.

    Attributes
    ----------
    observed_area_pct
        Share of the area of the network whose note was measured.
    scope
        ``seen`` where only those sections are planned, ``all`` where those with an assumed note
        are planned too.
    first_year
        First year with works.
    """

    sections: Sections
    scenario: Scenario
    model: DeteriorationModel
    budget: Budget
    optimum: Optimum
    result: SimulationResult
    observed_area_pct: float
    scope: Scope
    first_year: int


def split_eur(name: str, whole: float, assumed: float) -> Row:
    """An amount with its seen and its assumed part, which add up to it to the cent.

    Examples
    --------
    >>> split_eur("need", 10.0, 2.5)
    {'need_eur': 10.0, 'need_seen_eur': 7.5, 'need_assumed_eur': 2.5}
    """
    total, part = _eur(whole), _eur(assumed)
    return {
        f"{name}_eur": total,
        f"{name}_seen_eur": _eur(max(0.0, total - part)),
        f"{name}_assumed_eur": part,
    }


def work_rows(one: Solved) -> list[Row]:
    """Rows of the table ``works``."""
    sections, name, tax = one.sections, one.scenario.name, one.scenario.tax
    rows: list[Row] = []
    for work in list_works(sections, one.model, one.optimum.plan, one.result.notes):
        year, section_id = one.first_year + work.year, sections.section_id[work.section]
        told = (work, one.model, tax, one.first_year, one.optimum.dual)
        rows.append(
            {
                "work_id": content_id("work", name, year, section_id),
                "scenario": name,
                "year": year,
                "section_id": section_id,
                "treatment": one.model.treatments.codes[work.treatment],
                "area_m2": float(sections.area_m2[work.section]),
                "cost_eur": _eur(work.cost_eur),
                "tax": tax,
                "envelope": "operation" if work.from_operation else "investment",
                "note_before": round(work.note_before, NOTE_DIGITS),
                "note_after": round(work.note_after, NOTE_DIGITS),
                "assumed": work.assumed,
                "reason_fr": reason(*told, FRENCH),
                "reason_en": reason(*told, ENGLISH),
            }
        )
    return rows


def year_rows(one: Solved) -> list[Row]:
    """Rows of the table ``plan_years``: the start, then each year."""
    sections, result, budget = one.sections, one.result, one.budget
    mean, limits = sections.mean_note(result.notes), one.model.treatments.thresholds
    rows: list[Row] = []
    for state in range(budget.years + 1):
        year, start, note = state - 1, state == 0, result.notes[:, state]
        paid = np.zeros((2, 2))
        if not start:
            paid = np.array(
                [
                    [part.investment_eur[year], part.operation_eur[year]]
                    for part in (result, result.assumed)
                ]
            )
        need, need_assumed = (part.need_eur[max(0, year)] for part in (result, result.assumed))
        left = (need, need_assumed)
        if not start:
            left = (result.backlog_eur[year], result.assumed.backlog_eur[year])
        rows.append(
            {
                "scenario": one.scenario.name,
                "year": one.first_year + year,
                "note": round(float(mean[state]), NOTE_DIGITS),
                "note_seen": _mean(sections, note, ~sections.assumed),
                "note_assumed": _mean(sections, note, sections.assumed),
                "budget_investment_eur": None if start else budget.investment_eur[year],
                "budget_operation_eur": None if start else budget.operation_eur[year],
                "spend_investment_eur": _eur(paid[0, 0]),
                "spend_investment_assumed_eur": _eur(paid[1, 0]),
                "spend_operation_eur": _eur(paid[0, 1]),
                "spend_operation_assumed_eur": _eur(paid[1, 1]),
                **split_eur("spend", _eur(paid[0, 0]) + _eur(paid[0, 1]), paid[1].sum()),
                **split_eur("need", need, need_assumed),
                **split_eur("backlog", *left),
                "tax": one.scenario.tax,
                **_lengths(sections, note, "surface", limits.surface),
                **_lengths(sections, note, "structure", limits.structure),
                **_lengths(sections, note, "12", limits.alert),
                "observed_area_pct": round(one.observed_area_pct, 4),
            }
        )
    return rows


def scenario_row(one: Solved, bound: float) -> Row:
    """Row of the table ``scenarios``: the plan, and the rule and doing nothing beside it.

    Parameters
    ----------
    bound
        Value that no plan can exceed, in weighted m2 x note-years over doing nothing.
    """
    sections, result = one.sections, one.result
    mean = sections.mean_note(result.notes)
    start, low = float(mean[0]), float(mean.min())
    idle = _undisturbed(sections, one.model, one.budget.years)
    nothing, weight = objective(sections, idle), float(sections.weight_m2.sum())
    rule = simulate(sections, one.model, one.budget, plan_by_rule(sections, one.model, one.budget))
    called = one.model.treatments.adequate(idle[:, -1], sections.category)
    idle_need = (np.append(one.model.cost_eur_per_m2, 0.0)[called] * sections.area_m2).sum()
    total, total_assumed = (
        (part.investment_eur + part.operation_eur).sum() for part in (result, result.assumed)
    )
    return {
        "scenario": one.scenario.name,
        "note_start": round(start, NOTE_DIGITS),
        "note_end": round(float(mean[-1]), NOTE_DIGITS),
        "note_high": round(float(mean.max()), NOTE_DIGITS),
        # as it is printed: "18,15 (D)" under a start of 18,15 would tell nothing
        "note_low": round(low, NOTE_DIGITS) if round(low, 2) < round(start, 2) else None,
        "note_mean": round(float(mean.mean()), NOTE_DIGITS),
        "note_start_seen": _mean(sections, result.notes[:, 0], ~sections.assumed),
        "note_end_seen": _mean(sections, result.notes[:, -1], ~sections.assumed),
        **split_eur("total", total, total_assumed),
        "tax": one.scenario.tax,
        **split_eur("need_start", result.need_eur[0], result.assumed.need_eur[0]),
        **split_eur("need_end", result.need_eur[-1], result.assumed.need_eur[-1]),
        "rule_note_end": round(float(sections.mean_note(rule.notes)[-1]), NOTE_DIGITS),
        "rule_total_eur": _eur((rule.investment_eur + rule.operation_eur).sum()),
        "rule_need_end_eur": _eur(rule.need_eur[-1]),
        "do_nothing_need_end_eur": _eur(idle_need),
        "observations": one.scenario.observations,
        "scenario_en": one.scenario.name_en or one.scenario.name,
        "observations_en": one.scenario.remark_en or one.scenario.observations,
        "value": round(nothing + one.optimum.value / weight, VALUE_DIGITS),
        "bound": round(nothing + bound / weight, VALUE_DIGITS),
        "do_nothing_value": round(nothing, VALUE_DIGITS),
        "rule_value": round(objective(sections, rule.notes), VALUE_DIGITS),
        "value_unit": VALUE_UNIT,
        "gap_pct": round(gap_pct(one.optimum.value, bound), 4),
        "scope": one.scope,
        "assumed_area_pct": round(sections.assumed_area_pct, 4),
        "observed_area_pct": round(one.observed_area_pct, 4),
    }


def section_rows(one: Solved, network: Sections) -> list[Row]:
    """Rows of the table ``section_plans``: one a section of the network, seen or not.

    Parameters
    ----------
    network
        All sections; those outside the plan are said to be left out.
    """
    sections, tax = one.sections, one.scenario.tax
    last_year = one.first_year + one.budget.years - 1
    told = standings(
        sections, one.model, one.budget, one.optimum.plan, one.result, one.optimum.dual
    )
    rows: list[Row] = []
    for where in told:
        k = where.section
        asked = Asked(
            one.model,
            tax,
            one.first_year,
            last_year,
            float(sections.note[k]),
            int(sections.category[k]),
            bool(sections.assumed[k]),
        )
        rows.append(
            {
                **_figures(one, where),
                "scenario": one.scenario.name,
                "section_id": sections.section_id[k],
                "assumed": asked.assumed,
                "situation": where.situation,
                "tax": tax,
                "why_fr": why_not(where, asked, FRENCH),
                "why_en": why_not(where, asked, ENGLISH),
            }
        )
    planned = set(sections.section_id)
    rows += [
        {
            "scenario": one.scenario.name,
            "section_id": section_id,
            "assumed": True,
            "situation": "left_out",
            "tax": tax,
            "why_fr": left_out(FRENCH),
            "why_en": left_out(ENGLISH),
        }
        for section_id in network.section_id
        if section_id not in planned
    ]
    return rows


def _figures(one: Solved, where: Standing) -> Row:
    """Figures of a section in a scenario, None where it calls for nothing or has no work."""
    codes, row = one.model.treatments.codes, dict[str, object]()
    if where.called is not None:
        row |= {
            "called_in": one.first_year + where.called,
            "called_treatment": codes[where.treatment],
            "called_cost_eur": _eur(where.cost_eur),
            "envelope_eur": _eur(where.envelope_eur),
            "benefit_per_eur": round(where.benefit_per_eur, NOTE_DIGITS),
            "worth_per_eur": round(where.worth_per_eur, NOTE_DIGITS),
        }
    if where.rank is not None and where.entry_eur is not None:
        row |= {
            "priority": where.rank,
            "rivals": where.rivals,
            "entry_eur": _eur(where.entry_eur),
        }
    if where.planned is not None:
        row |= {
            "planned_in": one.first_year + where.planned,
            "planned_treatment": codes[where.planned_treatment],
            "planned_cost_eur": _eur(where.planned_cost_eur),
        }
    return row


def _lengths(sections: Sections, note: Floats, name: str, limit: float) -> Mapping[str, float]:
    """Length under a threshold, and its part on sections that nobody saw."""
    unseen = np.where(sections.assumed, note, np.inf)
    return {
        f"km_below_{name}": kilometres_below(sections, note, limit),
        f"km_below_{name}_assumed": kilometres_below(sections, unseen, limit),
    }


def _mean(sections: Sections, note: Floats, which: Bools) -> float | None:
    """Area-weighted mean note of some sections, None where there are none."""
    if not which.any():
        return None
    return round(float(np.average(note[which], weights=sections.area_m2[which])), NOTE_DIGITS)


def _eur(amount: float) -> float:
    return round(float(amount), EUR_DIGITS)


def _undisturbed(sections: Sections, model: DeteriorationModel, years: int) -> Floats:
    """Notes when nothing is done."""
    nothing = np.full((len(sections), years), NONE, dtype=np.int8)
    return evolve(model, sections.category, sections.note, nothing)
