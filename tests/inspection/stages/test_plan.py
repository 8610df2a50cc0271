"""The stage `plan`: which year the works begin in, and that the report is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inspection.context import Mandate, RunContext
from inspection.options import Options
from inspection.resources import InputFiles, Resources
from inspection.stages import plan
from tests.made_survey import build
from voirie.folder import SurveyFolder
from voirie.wording import Wording

SCENARIOS = """
{first_year}

[[scenarios]]
name = "a"
tax = "TTC"
phases = [{{ years = 2, investment_eur = 20000, operation_eur = 2000 }}]
"""

WORDS = ["the year after the survey", "numbered from 1"]


def context(folder: Path, first_year: str) -> RunContext:
    """A run of one scenario; the passes stand in the folder already."""
    path = folder / "scenarios.toml"
    path.write_text(SCENARIOS.format(first_year=first_year), "utf-8")
    resources = Resources(InputFiles(scenarios=path))
    return RunContext("s", Mandate("c", "", "p", "", ""), (), resources, Options())


@pytest.mark.parametrize(
    ("stated", "dated", "years", "told"),
    [
        ("first_year = 2040", True, [2039, 2040, 2041], []),
        ("first_year = 2040", False, [2039, 2040, 2041], []),
        ("", True, [2026, 2027, 2028], ["the year after the survey"]),
        ("", False, [0, 1, 2], ["numbered from 1"]),
    ],
)
def test_the_scenarios_then_the_survey_then_nothing_say_the_first_year(
    tmp_path: Path, stated: str, dated: bool, years: list[int], told: list[str]
) -> None:
    folder = SurveyFolder(build(tmp_path / "survey"))
    if not dated:
        folder.write("passes", folder.read("passes").assign(started_at=None, ended_at=None))
    report = plan.run(folder, context(tmp_path, stated))
    assert folder.read("plan_years")["year"].tolist() == years
    said = "\n".join(Wording("en").say(warning) for warning in report.warnings)
    assert [words for words in WORDS if words in said] == told


def test_only_what_was_seen_is_planned_when_asked(tmp_path: Path) -> None:
    folder = SurveyFolder(build(tmp_path / "survey"))
    ctx = context(tmp_path, "first_year = 2040")
    unseen = folder.read("sections").set_index("section_id")["assumed"]
    for only_seen, situations in ((False, set()), (True, {"left_out"})):
        told = plan.run(folder, replace(ctx, options=Options(only_seen=only_seen))).warnings
        assert folder.read("scenarios")["scope"].tolist() == ["seen" if only_seen else "all"]
        asked = folder.read("section_plans").set_index("section_id")
        assert len(asked) == len(unseen) and (asked["assumed"] == unseen[asked.index]).all()
        assert set(asked["situation"]) & {"left_out"} == situations
        said = " ".join(Wording("en").say(warning) for warning in told)
        assert ("left out of the plan" in said) == only_seen
        assert ("is not surveyed" in said) != only_seen
