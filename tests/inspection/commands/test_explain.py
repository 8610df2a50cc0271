"""`voirie explain` says where a section lies and how its note comes about, in both languages."""

from __future__ import annotations

import json
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
    place, first, *_, last = capsys.readouterr().out.splitlines()
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
    last = capsys.readouterr().out.splitlines()[-1]
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
