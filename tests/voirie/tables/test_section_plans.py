"""The table behind “why not my road?”."""

from voirie.stages import Stage
from voirie.tables.section_plans import SECTION_PLANS


def test_one_row_a_section_and_scenario_in_both_languages() -> None:
    assert SECTION_PLANS.writer is Stage.PLAN
    assert SECTION_PLANS.key == ("scenario", "section_id")
    assert {key.table for key in SECTION_PLANS.foreign_keys} == {"sections", "scenarios"}
    assert not SECTION_PLANS["why_fr"].nullable and not SECTION_PLANS["why_en"].nullable
