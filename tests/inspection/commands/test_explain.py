"""`voirie explain` says where a section lies and how its note comes about, in both languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspection.commands.explain import explain_command
from voirie.errors import ConfigurationError, NotFound
from voirie.folder import SurveyFolder


@pytest.fixture(scope="module")
def section_id(made: Path) -> str:
    """The first section that has a note."""
    sections = SurveyFolder(made).read("sections")
    return str(sections[sections["note_globale"].notna()]["section_id"].iloc[0])


@pytest.mark.parametrize(
    ("lang", "lane", "note"),
    [
        ("fr", "Voie 1, sens +", "Note globale de la section\u00a0:"),
        ("en", "Lane 1,", "Global score of the section:"),
    ],
)
def test_a_section_is_named_by_its_place(
    lang: str,
    lane: str,
    note: str,
    made: Path,
    section_id: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    explain_command(section_id, made, lang=lang)
    place, first, *_, last = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert place == f"D108 PR 12+0000 → PR 12+0200 ({section_id})"
    assert first.startswith(lane) and last.startswith(note)


def test_a_section_is_found_by_a_place_in_it(
    made: Path, section_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_command("D108 PR 12+0060", made, as_json=True)
    assert json.loads(capsys.readouterr().out)["section_id"] == section_id


def test_the_note_told_last_is_that_of_the_section(
    made: Path, section_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_command(section_id, made, lang="en")
    row = SurveyFolder(made).read("sections").set_index("section_id").loc[section_id]
    note, low, high = (f"{row[f'note_globale{end}']:.2f}" for end in ("", "_low", "_high"))
    last = capsys.readouterr().out.split("\n\n")[0].splitlines()[-1]
    assert last.startswith(f"Global score of the section: {note} (between {low} and {high}).")


def test_a_rank_counts_from_the_worst_as_the_report_does(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = SurveyFolder(made).read("sections").dropna(subset=["note_globale"])
    for rank, note in enumerate(sorted(notes["note_globale"])[:2], start=1):
        explain_command(str(rank), made, lang="en")
        assert f"Global score of the section: {note:.2f} " in capsys.readouterr().out
    with pytest.raises(NotFound, match="no rank 99"):
        explain_command("99", made)


@pytest.mark.parametrize(
    ("lang", "head", "name", "told"),
    [
        ("fr", "Pourquoi pas ma route ?", "Essentiel", "coûtent plus que l’enveloppe"),
        ("en", "Why not my road?", "Essentiel (English)", "costs more than the envelope"),
    ],
)
def test_the_worst_road_is_told_what_its_work_would_take(
    lang: str, head: str, name: str, told: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_command("1", made, lang=lang)
    title, first, *others = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert title.replace("\u202f", " ") == head and len(others) == 2
    assert first.startswith(f"- {name}") and told in first


def test_a_road_that_nobody_saw_is_told_of_its_plans_alone(
    made: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    sections = SurveyFolder(folder).read("sections")
    unseen = str(sections[sections["assumed"]]["section_id"].iloc[0])
    for table in ("section_notes", "extents"):
        rows = SurveyFolder(folder).read(table)
        SurveyFolder(folder).write(table, rows[rows["section_id"] != unseen])
    explain_command(unseen, folder, lang="en")
    place, said = capsys.readouterr().out.split("\n\n")
    assert unseen in place and said.count("Nobody saw this road") == 3
    explain_command(unseen, folder, as_json=True)
    assert len(json.loads(capsys.readouterr().out)["plans"]) == 3


def test_what_names_no_section_is_told_where_names_are(made: Path) -> None:
    with pytest.raises(NotFound, match="column section_id of the layer sections"):
        explain_command("0123456789abcdef", made)


def test_every_term_can_be_had_as_json(
    made: Path, section_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_command(section_id, made, as_json=True)
    assert json.loads(capsys.readouterr().out)["section_id"] == section_id


def test_a_language_that_is_not_spoken_is_refused(made: Path, section_id: str) -> None:
    with pytest.raises(ConfigurationError, match="--lang de is not known"):
        explain_command(section_id, made, lang="de")
