"""Scenarios of the report against the tables of the plan."""

from __future__ import annotations

from inspection.publish.report.facts import Facts
from inspection.publish.report.programme import MOST_WORKS, plan_block
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
