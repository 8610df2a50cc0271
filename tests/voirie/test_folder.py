"""A survey folder is whole or absent, and a stop at any moment is taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from voirie.folder import SurveyFolder, begin, finish, partial_of


def worked_on(target: Path) -> SurveyFolder:
    """A partial folder with a sheet and the record of a stage."""
    folder = begin(target)
    folder.run_sheet.write_text('{"stages": []}', encoding="utf-8")
    (folder.state / "ingest.json").write_text("{}", encoding="utf-8")
    return folder


def test_a_finished_folder_has_its_name_and_no_state(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    whole = finish(worked_on(target), target)
    assert whole.root == target
    assert not whole.state.exists()
    assert not partial_of(target).exists()
    again = finish(worked_on(target), target)
    assert again.run_sheet.is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["survey"]


def test_what_is_needed_to_resume_outlives_a_rename_that_fails(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    finish(worked_on(target), target)
    folder = worked_on(target)
    (tmp_path / "survey.old").write_text("not a folder", encoding="utf-8")
    with pytest.raises(OSError):
        finish(folder, target)
    assert (folder.state / "ingest.json").is_file()
    (tmp_path / "survey.old").unlink()
    assert finish(begin(target), target).run_sheet.is_file()


def test_state_that_a_stop_left_in_a_whole_folder_is_not_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    whole = finish(worked_on(target), target)
    whole.state.mkdir()
    (whole.state / "ingest-pass.jsonl").write_text("{}\n", encoding="utf-8")
    assert not (begin(target).state / "ingest-pass.jsonl").exists()
