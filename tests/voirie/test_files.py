"""A file is whole under its name, or is what it was before."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from voirie.errors import DiskFull, OutputNotWritable
from voirie.files import disk_errors, read_json, replacing, write_bytes, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_under_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "survey.gpkg"
    with replacing(target) as partial:
        partial.write_text("half", encoding="utf-8")
        assert not target.exists()
        assert partial.suffix == ".gpkg"
        partial.write_text("whole", encoding="utf-8")
    assert target.read_text("utf-8") == "whole"
    assert names(tmp_path) == ["survey.gpkg"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_after_a_stop_the_file_is_what_it_was(tmp_path: Path, stop: type[BaseException]) -> None:
    target = tmp_path / "run.json"
    write_json(target, {"step": "5m"})
    with pytest.raises(stop), replacing(target) as partial:
        partial.write_text("{", encoding="utf-8")
        raise stop
    assert json.loads(target.read_text("utf-8")) == {"step": "5m"}
    assert names(tmp_path) == ["run.json"]


def test_what_a_killed_process_left_is_not_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "survey.gpkg"
    with replacing(target) as partial:
        partial.write_bytes(b"")
    for name in (partial.name, partial.name + "-journal", partial.name + "-wal"):
        (tmp_path / name).write_bytes(b"old")
    with replacing(target) as partial:
        assert names(tmp_path) == ["survey.gpkg"]
        partial.write_bytes(b"new")
    assert target.read_bytes() == b"new"


def test_a_file_linked_elsewhere_stays_what_it_is_there(tmp_path: Path) -> None:
    finished, worked_on = tmp_path / "finished.csv", tmp_path / "worked_on.csv"
    write_text(finished, "a\r\n1\r\n")
    os.link(finished, worked_on)
    write_text(worked_on, "a\r\n2\r\n")
    assert finished.read_bytes() == b"a\r\n1\r\n"
    assert worked_on.read_bytes() == b"a\r\n2\r\n"


def test_a_place_that_cannot_be_written_is_named_by_the_users_own_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    target = tmp_path / "file" / "report.html"
    with pytest.raises(OutputNotWritable) as caught:
        write_bytes(target, b"x")
    assert caught.value.path == str(target)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    with pytest.raises(DiskFull), disk_errors(tmp_path), open("/dev/full", "wb") as full:
        full.write(b"x")


def test_json_that_would_stop_us_is_refused(tmp_path: Path) -> None:
    deep, pipe = tmp_path / "deep.json", tmp_path / "pipe.json"
    deep.write_text("[" * 200_000, "utf-8")
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="too deep"):
        read_json(deep)
    with pytest.raises(OSError, match="no regular file"):
        read_json(pipe)
