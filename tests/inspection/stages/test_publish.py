"""The stage that publishes: its files made from the tables, or a refusal."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from inspection.context import RunContext
from inspection.stages import publish
from tests.inspection.stages.made_drive import context
from voirie.errors import NotConform
from voirie.folder import SurveyFolder
from voirie.stages import StageEvent

TABLES = {"m3_section.csv", "m3_section_fr.csv", "plan.csv", "plan_fr.csv"}
FILES = {"survey.gpkg", "survey.qgz", "report.html", *TABLES}


@pytest.fixture
def own(made: Path, tmp_path: Path) -> SurveyFolder:
    """A copy of the made survey."""
    shutil.copytree(made, tmp_path / "s")
    return SurveyFolder(tmp_path / "s")


def told(events: list[StageEvent]) -> RunContext:
    """A run that keeps what it is told."""
    return replace(context(None, None), listener=events.append)


def test_its_files_tell_what_the_tables_hold(own: SurveyFolder) -> None:
    events: list[StageEvent] = []
    before = {path.name for path in own.root.iterdir()}
    report = publish.run(own, told(events))
    assert {path.name for path in own.root.iterdir()} - before == FILES
    assert report.items_out == len(FILES)
    assert [event.done for event in events] == [0, 1, 3, 4]
    sections = own.read("sections")
    assert len(pyogrio.read_dataframe(own.root / "survey.gpkg", layer="sections")) == len(sections)
    rows = pd.read_csv(own.root / "m3_section.csv")
    assert set(rows["id_section"]) == set(sections["section_id"])
    assert "Printemps 2026" in (own.root / "report.html").read_text("utf-8")


def test_a_row_without_its_section_is_refused_before_a_file_is_made(own: SurveyFolder) -> None:
    own.write("sections", own.read("sections").iloc[1:].reset_index(drop=True))
    with pytest.raises(NotConform, match="section_id"):
        publish.run(own, told([]))
    assert not FILES & {path.name for path in own.root.iterdir()}
