"""What is sent of a path."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from anonymize import CertificateWriter, SealerSettings
from api.push.found import archive, files_of, is_survey
from voirie.errors import NotCertified


def test_films_and_tracks_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.mp4", "a.gpx", "notes.txt", ".hidden.mp4"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "a.mp4")
    assert [path.name for path in files_of(tmp_path)] == ["a.gpx", "a.mp4", "b.MP4"]


def test_a_survey_is_one_archive_and_the_same_each_time(tmp_path: Path) -> None:
    survey = tmp_path / "survey"
    survey.mkdir()
    CertificateWriter(survey, SealerSettings("solid fill", "whole", {}, 0.5, ())).finish()
    assert not is_survey(survey)
    (survey / "run.json").write_text("{}")
    assert is_survey(survey)
    first, second = (archive(survey, tmp_path / place).read_bytes() for place in ("1", "2"))
    assert first == second
    with tarfile.open(tmp_path / "1" / "survey.survey.tar") as tar:
        assert {"run.json", "certificate.json"} <= set(tar.getnames())
    (survey / "pictures").mkdir()
    (survey / "pictures" / "raw.jpg").write_bytes(b"a face")
    with pytest.raises(NotCertified):
        archive(survey, tmp_path / "3")
    assert not (tmp_path / "3").exists()
