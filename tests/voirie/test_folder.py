"""A survey folder is whole or absent, and a stop at any moment is taken up again."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voirie.errors import ConfigurationError
from voirie.folder import SurveyFolder, begin, finish, is_survey, restore_state
from voirie.partial import partial_of

SHEET = {"schema": "voirie.run/1", "run_id": "r", "stages": []}
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "shutil.rmtree", "open"}
"""What the interpreter tells of before it changes a disk."""
TOLD = 9


def worked_on(target: Path, note: str = "") -> SurveyFolder:
    """A partial folder with a sheet and the record of a stage."""
    folder = begin(target)
    folder.run_sheet.unlink(missing_ok=True)
    folder.run_sheet.write_text(json.dumps(SHEET | {"note": note}), encoding="utf-8")
    (folder.state / "ingest.json").write_text("{}", encoding="utf-8")
    return folder


def note_of(folder: Path) -> str:
    return str(json.loads((folder / "run.json").read_text("utf-8"))["note"])


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do work in a process that ends without a word at its so many-th change; whether it did."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == TOLD
    left = number

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        left -= event in CHANGES
        if left == 0:
            os._exit(TOLD)

    try:
        sys.addaudithook(count)
        work()
    finally:
        os._exit(0)


def test_a_finished_folder_has_its_name_and_no_state(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    whole = finish(worked_on(target), target)
    assert whole.root == target
    assert not whole.state.exists()
    assert not partial_of(target).exists()
    again = finish(worked_on(target), target)
    assert again.run_sheet.is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["survey"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_kill_at_any_moment_is_repaired_at_the_next_start(tmp_path: Path) -> None:
    for number in range(1, 200):
        place = tmp_path / str(number)
        place.mkdir()
        target = place / "survey"
        first = worked_on(target, "first")
        (first.tables / "a.parquet").write_bytes(b"a")
        finish(first, target)
        ended = killed_at(number, lambda to=target: finish(worked_on(to, "second"), to))
        if target.exists():
            assert note_of(target) in {"first", "second"}, number
        begin(target)
        assert note_of(target) in {"first", "second"}, number
        finish(worked_on(target, "third"), target)
        assert note_of(target) == "third"
        assert (target / "tables" / "a.parquet").read_bytes() == b"a"
        assert [path.name for path in place.iterdir()] == ["survey"], number
        if not ended:
            break
    assert number > 20 and not ended


def test_folders_that_somebody_else_made_are_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    finish(worked_on(target), target)
    old, partial = tmp_path / "survey.old", partial_of(target)
    for folder in (old, partial):
        folder.mkdir()
        (folder / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no unfinished work on survey") as refused:
        begin(target)
    assert refused.value.path == str(partial)
    assert (partial / "letter.txt").read_text("utf-8") == "keep me"
    partial.rename(tmp_path / "letters")
    finish(worked_on(target), target)
    assert (old / "letter.txt").read_text("utf-8") == "keep me"


@pytest.mark.parametrize("sheet", ["{}", "[]", "no JSON", '{"schema": "of another program/1"}'])
def test_a_folder_with_another_run_json_is_no_survey(tmp_path: Path, sheet: str) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "run.json").write_text(sheet, encoding="utf-8")
    assert not is_survey(target)
    with pytest.raises(ConfigurationError, match="no survey folder"):
        begin(target)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "run.json"]


def test_state_that_a_stop_left_in_a_whole_folder_is_not_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "survey"
    whole = finish(worked_on(target), target)
    whole.state.mkdir()
    (whole.state / "ingest-pass.jsonl").write_text("{}\n", encoding="utf-8")
    assert not (begin(target).state / "ingest-pass.jsonl").exists()


@pytest.mark.parametrize("stages", [5, [5], [{}], [{"stage": "../../elsewhere"}], None])
def test_a_run_sheet_that_is_not_ours_restores_nothing(tmp_path: Path, stages: object) -> None:
    folder = SurveyFolder(tmp_path / "deep" / "er" / "survey")
    folder.root.mkdir(parents=True)
    sheet = {"schema": "voirie.run/1", "run_id": "r", "stages": stages}
    folder.run_sheet.write_text(json.dumps(sheet), "utf-8")
    restore_state(folder)
    assert sorted(path.name for path in tmp_path.rglob("*.json")) == ["run.json"]


def test_no_stage_is_restored_under_the_name_of_another_file(tmp_path: Path) -> None:
    folder = SurveyFolder(tmp_path / "deep" / "er" / "survey")
    folder.state.mkdir(parents=True)
    record = {"stage": "../../elsewhere", "fingerprint": "f"}
    words = ("survey_id", "run_id", "campaign", "purpose", "controller", "legal_basis")
    sheet = dict.fromkeys((*words, "settings_sha256", "backend"), "x")
    rest = {"schema": "voirie.run/1", "inputs": [], "models": []}
    whole = {**sheet, **rest, "stages": [record, {**record, "stage": "ingest"}]}
    folder.run_sheet.write_text(json.dumps(whole), "utf-8")
    restore_state(folder)
    assert sorted(path.name for path in tmp_path.rglob("*.json")) == ["ingest.json", "run.json"]
