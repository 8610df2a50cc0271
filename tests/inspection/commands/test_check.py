"""`voirie check`: exit code and words of what is wrong, in the language of the session."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspection.commands.check import check_command
from tests.inspection.conftest import SAMPLE
from voirie.cli import main


def test_a_file_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "survey.toml"), "--lang", "fr"]) == 2
    out = capsys.readouterr().out
    assert out.count("✗") == 1 and "1 point à corriger" in out


def test_the_code_is_that_of_the_first_thing_and_json_has_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("survey.toml", "vehicle.toml", "treatments.yaml", "scenarios.toml"):
        shutil.copy(SAMPLE / name, tmp_path)
    code = check_command(tmp_path / "survey.toml", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert code == told["wrong"][0]["exit_code"] == 3
    assert {Path(one["path"]).name for one in told["wrong"]} == {
        "network.gpkg", "pass_a.mp4", "pass_b.mp4", "track_a.gpx", "track_b.gpx"
    }  # fmt: skip
    assert all(one["remedy"] for one in told["wrong"])
