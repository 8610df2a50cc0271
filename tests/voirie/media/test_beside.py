"""Which file beside a film is its track: by name, in a fixed order, whatever the case."""

from __future__ import annotations

from pathlib import Path

from voirie.media.beside import CAMERA_SUFFIXES, LOGGER_SUFFIXES, beside


def test_the_first_kind_wins_and_case_does_not_count(tmp_path: Path) -> None:
    for name in ("A.MP4", "a.csv", "a.GPX", "b.gpx"):
        (tmp_path / name).write_bytes(b"x")
    found = beside(tmp_path / "A.MP4", LOGGER_SUFFIXES)
    assert found == tmp_path / "a.GPX"
    assert beside(tmp_path / "A.MP4", CAMERA_SUFFIXES) is None


def test_the_letter_of_the_camera_may_be_left_out(tmp_path: Path) -> None:
    told = tmp_path / "20260601_101500_N.gps"
    told.write_bytes(b"x")
    assert beside(tmp_path / "20260601_101500_NF.mp4", CAMERA_SUFFIXES) == told


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert beside(tmp_path / "none" / "a.mp4", CAMERA_SUFFIXES) is None
