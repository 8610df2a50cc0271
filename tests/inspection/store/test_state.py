"""The newest survey that counts wins, lane by lane; an earlier day is asked for the same way."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from inspection.store.database import Store
from inspection.store.ingest import add_survey
from inspection.store.state import state_of, withdraw_survey
from tests.made_files import SURVEY
from voirie.folder import SurveyFolder
from voirie.ids import content_id

LATER = content_id("survey", "later")


@pytest.fixture
def two(store: Store, made: Path, tmp_path: Path) -> Store:
    """The made survey of March, and one of October that gave a note to D108 alone, 1 point less."""
    shutil.copytree(made, tmp_path / "later")
    later = SurveyFolder(tmp_path / "later")
    sheet = json.loads(later.run_sheet.read_text("utf-8"))
    later.run_sheet.write_text(json.dumps(sheet | {"survey_id": LATER}), encoding="utf-8")
    sections = later.read("sections").set_index("section_id")["route"]
    notes = later.read("section_notes").assign(survey_id=LATER, surveyed_on="2026-10-02")
    seen = (notes["section_id"].map(sections) == "D108").to_numpy()
    for column in [name for name in notes.columns if name.startswith("note_")]:
        notes[column] = (notes[column] - 1).clip(lower=0).where(seen)
    notes.loc[~seen, "classe_etat"] = "nd"
    later.write("section_notes", notes)
    add_survey(store, made, "Ariège")
    add_survey(store, later.root, "Ariège")
    add_survey(store, made, "Hers")
    return store


def notes_of(rows: list[dict[str, object]]) -> dict[object, object]:
    return {row["section_id"]: row["note_globale"] for row in rows}


def test_the_newest_note_wins_and_no_note_hides_an_older_one(two: Store, made: Path) -> None:
    sections = SurveyFolder(made).read("sections").set_index("section_id")["route"]
    today = state_of(two, "Ariège")
    assert len(today) == len(sections)
    for row in today:
        rated = row["classe_etat"] != "nd"
        on_d108 = sections[row["section_id"]] == "D108"
        assert not rated or row["survey_id"] == (LATER if on_d108 else SURVEY)
    assert {row["survey_id"] for row in state_of(two, "Hers")} == {SURVEY}
    assert state_of(two, "nobody") == []


def test_an_earlier_day_and_what_was_known_then(two: Store) -> None:
    march = notes_of(state_of(two, "Hers"))
    assert notes_of(state_of(two, "Ariège", on=date(2026, 5, 1))) == march
    assert state_of(two, "Ariège", on=date(2026, 3, 16)) == []
    assert notes_of(state_of(two, "Ariège")) != march
    assert state_of(two, "Ariège", known_at=datetime(2020, 1, 1, tzinfo=UTC)) == []
    one = next(iter(march))
    assert notes_of(state_of(two, "Hers", section_id=str(one))) == {one: march[one]}


def test_a_withdrawn_survey_counts_no_more_but_did_before(two: Store) -> None:
    march, both = notes_of(state_of(two, "Hers")), notes_of(state_of(two, "Ariège"))
    before = datetime.now(UTC)
    assert withdraw_survey(two, "Ariège", LATER) and not withdraw_survey(two, "Hers", LATER)
    assert notes_of(state_of(two, "Ariège")) == march
    assert notes_of(state_of(two, "Ariège", known_at=before)) == both
