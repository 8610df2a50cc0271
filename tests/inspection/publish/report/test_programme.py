"""Scenarios of the report against the tables of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.facts import Facts
from inspection.publish.report.page import write_report
from inspection.publish.report.programme import MOST_WORKS, plan_block, waiting
from planning.plan import plan_sections
from planning.scenarios import Scenarios
from tests.made_survey import build
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
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


def test_a_plan_of_what_was_seen_says_so_and_has_no_assumed_figure(tmp_path: Path) -> None:
    folder = build(tmp_path / "survey", only_seen=True)
    seen = Facts(Bundle(SurveyFolder(folder)))
    block = plan_block(seen, ENGLISH, load_treatments())
    assert {item.row.scope for item in block.scenarios} == {"seen"}
    assert [one.assumed_eur for one in block.waiting] == [0.0, 0.0, 0.0]
    assert block.waiting[0].need_eur == pytest.approx(seen.first_need_eur("seen"), abs=0.01)
    page = write_report(folder, folder / "report.html", "en").read_text("utf-8")
    assert page.count("Only sections with a measured score are planned, 82% of the area") == 3
    assert "only what was seen is planned here" in page
    assert "assumed elsewhere" not in page and "of which €" not in page


def test_what_waiting_costs_starts_from_the_need_that_the_plan_states(facts: Facts) -> None:
    """Without any money a plan and the figures of waiting are one reckoning."""
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
    parts = plan.plan_years.set_index("year")["need_assumed_eur"].tolist()
    assert [one.assumed_eur for one in waited[:2]] == pytest.approx([parts[1], parts[6]], abs=0.01)
    assert [one.note for one in waited] == sorted((one.note for one in waited), reverse=True)
