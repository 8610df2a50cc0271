"""`voirie explain` says where a section lies and how its note comes about, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspection.commands.explain import explain_command
from voirie.errors import ConfigurationError
from voirie.folder import SurveyFolder


@pytest.fixture(scope="module")
def section_id(made: Path) -> str:
    """The first section that has a note."""
    sections = SurveyFolder(made).read("sections")
    return str(sections[sections["note_globale"].notna()]["section_id"].iloc[0])


@pytest.mark.parametrize(
    ("lang", "lane", "scheme"), [("fr", "Voie 1, sens +", "Barème"), ("en", "Lane 1,", "Scheme")]
)
def test_a_section_is_named_by_its_place(
    lang: str,
    lane: str,
    scheme: str,
    made: Path,
    section_id: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    explain_command(section_id, made, lang=lang)
    place, first, *_, last = capsys.readouterr().out.splitlines()
    assert place == "D108 PR 12+0000 → PR 12+0200"
    assert first.startswith(lane) and last.startswith(scheme)


def test_every_term_can_be_had_as_json(
    made: Path, section_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain_command(section_id, made, as_json=True)
    assert json.loads(capsys.readouterr().out)["section_id"] == section_id


def test_a_language_that_is_not_spoken_is_refused(made: Path, section_id: str) -> None:
    with pytest.raises(ConfigurationError, match="--lang de is not known"):
        explain_command(section_id, made, lang="de")
