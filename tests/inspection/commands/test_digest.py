"""The digest hangs on what was found, and on nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspection.commands.digest import COUNTED, canonical_csv, digest_command, digest_of
from voirie.errors import NotASurvey
from voirie.folder import SurveyFolder, open_survey
from voirie.partial import claim, put_in_place


@pytest.fixture
def own(made: Path, tmp_path: Path) -> SurveyFolder:
    """A copy of the made survey, without its pictures."""
    shutil.copytree(made, tmp_path / "s", ignore=shutil.ignore_patterns("pictures"))
    return open_survey(tmp_path / "s")


def test_times_energy_and_pictures_are_outside_it(made: Path, own: SurveyFolder) -> None:
    sheet = json.loads(own.run_sheet.read_text("utf-8"))
    sheet["ended_at"], sheet["stages"] = "2030-01-01T00:00:00Z", []
    own.run_sheet.write_text(json.dumps(sheet), encoding="utf-8")
    assert digest_of(own) == digest_of(open_survey(made))


@pytest.mark.parametrize("table", COUNTED)
def test_the_order_of_rows_does_not_count_and_their_number_does(
    own: SurveyFolder, table: str
) -> None:
    before, rows = canonical_csv(own, table), own.read(table)
    own.write(table, rows.iloc[::-1].reset_index(drop=True))
    assert canonical_csv(own, table) == before
    own.write(table, rows.iloc[1:].reset_index(drop=True))
    assert canonical_csv(own, table) != before


def test_a_changed_table_changes_its_own_hash_and_that_of_the_survey(own: SurveyFolder) -> None:
    before, works = digest_of(own), own.read("works")
    own.write("works", works.iloc[1:].reset_index(drop=True))
    after = digest_of(own)
    assert {name for name in after if after[name] != before[name]} == {"works", "survey"}


def test_the_last_bit_of_a_number_does_not_count_and_a_millionth_does(own: SurveyFolder) -> None:
    before, rows = canonical_csv(own, "sections"), own.read("sections")
    for change, same in ((1e-9, True), (2e-6, False)):
        own.write("sections", rows.assign(width_m=rows["width_m"] + change))
        assert (canonical_csv(own, "sections") == before) is same


def test_a_find_without_a_place_has_a_digest(bare: Path) -> None:
    (head, first, *_) = canonical_csv(open_survey(bare), "findings").decode().splitlines()
    assert head.endswith(",geometry") and first.endswith(",")


def test_unfinished_work_has_no_digest(own: SurveyFolder, tmp_path: Path) -> None:
    target = tmp_path / "whole"
    partial = claim(target, "survey")
    shutil.copytree(own.root, partial, dirs_exist_ok=True)
    for folder in (partial, shutil.copytree(partial, tmp_path / "copy")):
        with pytest.raises(NotASurvey, match="unfinished work"):
            digest_command(folder)
    put_in_place(partial, target)
    assert digest_of(open_survey(target)) == digest_of(own)


def test_the_command_prints_one_hash_or_that_of_each_table(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest_command(made)
    whole = capsys.readouterr().out.strip()
    digest_command(made, as_json=True)
    each = json.loads(capsys.readouterr().out)
    assert each.keys() == {"survey", *COUNTED} and each["survey"] == whole
    assert all(len(value) == 64 for value in each.values())


def test_what_is_no_survey_has_none(tmp_path: Path) -> None:
    with pytest.raises(NotASurvey):
        digest_command(tmp_path)
