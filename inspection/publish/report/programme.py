"""Scenarios in the report: their comparison, their curves and their works."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inspection.publish.drawings import charts
from inspection.publish.report.blocks import PlanBlock, Programme, Waiting
from inspection.publish.report.facts import Facts, PlanTables
from inspection.publish.rows import ScenarioRow, SectionRow, WorkRow, YearRow, rows_of
from planning.deterioration import DeteriorationModel, evolve
from planning.sections import sections_from
from voirie.catalogue.treatments import NONE, Treatments
from voirie.wording import Wording

MOST_WORKS = 200


WAITED_YEARS = (0, 5, 10)


def waiting(facts: Facts, treatments: Treatments) -> list[Waiting]:
    """What every work called for would cost if nothing were done before, year by year waited."""
    line = rows_of(facts.bundle.scenarios, ScenarioRow)[0]
    prices = treatments.in_tax("HT" if line.tax == "HT" else "TTC")
    sections, _ = sections_from(pd.DataFrame(facts.bundle.sections), prices)
    sections = sections.seen if line.scope == "seen" else sections
    model = DeteriorationModel.of(prices)
    idle = np.full((len(sections), max(WAITED_YEARS)), NONE, dtype=np.int8)
    notes = evolve(model, sections.category, sections.note, idle)
    price = np.append(model.cost_eur_per_m2, 0.0)
    first = int(facts.bundle.plan_years["year"].min()) + 1
    found = []
    for years in WAITED_YEARS:
        called = model.treatments.adequate(notes[:, years], sections.category)
        cost_eur = price[called] * sections.area_m2
        note = float(np.average(notes[:, years], weights=sections.area_m2))
        need_eur, assumed_eur = float(cost_eur.sum()), float(cost_eur[sections.assumed].sum())
        found.append(Waiting(years, first + years, need_eur, assumed_eur, note))
    return found


def plan_block(facts: Facts, w: Wording, treatments: Treatments) -> PlanBlock:
    """What the section on budgets shows, scenarios in the order of the user."""
    plan = PlanTables.of(facts.bundle, w.language)
    years, order = plan.years, plan.scenarios["scenario"].tolist()
    tops = years[["budget_investment_eur", "budget_operation_eur"]].sum(axis=1)
    spent = years[["spend_investment_eur", "spend_operation_eur"]].sum(axis=1)
    top_eur = float(max(tops.max(), spent.max()))
    sections = {row.section_id: row for row in rows_of(facts.bundle.sections, SectionRow)}
    scenarios = []
    for row in rows_of(plan.scenarios, ScenarioRow):
        own = years[years["scenario"] == row.scenario].sort_values("year")
        works = plan.works[plan.works["scenario"] == row.scenario]
        shown = works.sort_values(["year", "cost_eur"], ascending=[True, False]).head(MOST_WORKS)
        colour, _ = charts.series_look(order, row.scenario)
        scenarios.append(
            Programme(
                row=row,
                colour=colour,
                bars=charts.envelope_bars(years, row.scenario, top_eur, w),
                last=rows_of(own, YearRow)[-1],
                n_works=len(works),
                n_assumed=int(works["assumed"].sum()),
                works=[
                    (work, section, work.reason_fr if w.language == "fr" else work.reason_en)
                    for work in rows_of(shown, WorkRow)
                    for section in [sections.get(work.section_id)]
                ],
            )
        )
    return PlanBlock(
        scenarios=scenarios,
        curves=charts.note_curves(years, order, treatments.thresholds, w),
        first_year=int(years["year"].min()),
        last_year=int(years["year"].max()),
        limits=treatments.thresholds,
        waiting=waiting(facts, treatments),
    )
