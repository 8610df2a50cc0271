"""Scenarios of the report against the tables of the plan."""

from __future__ import annotations

import pytest

from inspection.publish.report.facts import Facts
from inspection.publish.report.programme import MOST_WORKS, plan_block, waiting
from planning.plan import plan_sections
from planning.scenarios import Scenarios
from voirie.catalogue.treatments import load_treatments
from voirie.wording import ENGLISH, FRENCH


def test_every_work_stands_under_its_scenario_with_its_reason(facts: Facts) -> None:
    for wording, name, reason in (
        (FRENCH, "scenario", "reason_fr"),
        (ENGLISH, "scenario_en", "reason_en"),
    ):
        block = plan_block(facts, wording, load_treatments())
        lines = facts.bundle.scenarios
        assert [item.row.scenario for item in block.scenarios] == lines[name].tolist()
        for item, key in zip(block.scenarios, lines["scenario"], strict=True):
            own = facts.bundle.works[facts.bundle.works["scenario"] == key]
            assert item.n_works == len(own) <= MOST_WORKS
            assert sorted(why for _, _, why in item.works) == sorted(own[reason])


def test_what_waiting_costs_starts_from_the_need_that_the_plan_states(facts: Facts) -> None:
    """The made plan is no simulation: the same sections are planned, and both figures compared."""
    prices = load_treatments()
    plan = plan_sections(
        facts.bundle.sections,
        prices,
        Scenarios.model_validate(
            {
                "scenarios": [
                    {
                        "name": "none",
                        "tax": "TTC",
                        "phases": [{"years": 10, "investment_eur": 0, "operation_eur": 0}],
                    }
                ]
            }
        ),
    )
    waited = waiting(facts, prices)
    assert [one.waited_years for one in waited] == [0, 5, 10]
    need = plan.plan_years.set_index("year")["need_eur"].tolist()
    assert waited[0].need_eur == pytest.approx(need[1], abs=0.01)
    assert waited[1].need_eur == pytest.approx(need[6], abs=0.01)
    assert [one.note for one in waited] == sorted((one.note for one in waited), reverse=True)
