"""`voirie run`: what is asked for, or refused before anything is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspection.commands.run import _own_folder, _stated, _summary, run_command
from inspection.pipeline.runner import Outcome
from voirie.cli import main
from voirie.errors import ConfigurationError
from voirie.messages import message
from voirie.runsheet import RunSheet, StageRecord
from voirie.wording import ENGLISH, FRENCH


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A survey of one film that nobody opens."""
    path = tmp_path / "survey.toml"
    path.write_text(
        'purpose = "test"\n[campaign]\nname = "c"\n[options]\nstep = "2s"\npeople = "head"\n'
        '[[passes]]\nid = "a"\ninputs = ["a.mp4"]\n',
        encoding="utf-8",
    )
    (tmp_path / "a.mp4").write_bytes(b"film")
    return path


def test_the_command_line_stands_over_the_survey(survey: Path) -> None:
    stated = _stated([survey], {"step": "8m"})
    assert (stated.step, stated.people, stated.experimental) == ("8m", "head", None)
    assert _stated([survey.parent / "a.mp4"], {}).people is None


@pytest.mark.parametrize(
    ("option", "value"),
    [("step", "5km"), ("people", "nobody"), ("min-coverage", "101"), ("offset", "x")],
)
def test_a_wrong_option_is_refused_before_anything_is_made(
    survey: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = survey.parent / "out"
    assert main(["run", str(survey), "--out", str(out), f"--{option}", value]) == 2
    said = capsys.readouterr().err
    assert (option in said or value in said) and said.count("\n") == 1
    assert {path.name for path in survey.parent.iterdir()} == {"survey.toml", "a.mp4"}


def test_without_out_only_a_survey_folder_is_remade(survey: Path, made: Path) -> None:
    assert _own_folder([made / "survey.toml"]) == made
    for inputs in ([survey], [survey.parent / "a.mp4"]):
        with pytest.raises(ConfigurationError, match="no folder is named"):
            run_command(inputs)


def test_the_summary_tells_what_each_stage_did_and_left_out(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest = StageRecord(
        stage="ingest", fingerprint="", dropped={"not sealed": 5, "blurred": 0}, wall_s=94.0,
        energy_wh=0.627, tries=2, warnings=[message("the clock is assumed")],
    )  # fmt: skip
    sheet = RunSheet.model_validate(
        json.loads((made / "run.json").read_text("utf-8"))
        | {"stages": [ingest, StageRecord(stage="place", fingerprint="")]}
    )
    _summary(Outcome(made, sheet, 4, unchanged=False), ENGLISH)
    said = " ".join(capsys.readouterr().out.split())
    for words in ("left out: 5", "94.0 in 2 tries", "0.63", "place", "(ingest): the clock"):
        assert words in said
    assert "blurred" not in said
    _summary(Outcome(made, sheet, 4, unchanged=False), FRENCH)
    said = " ".join(capsys.readouterr().out.split())
    for words in ("94,0", "essais", "0,63", "Attention (lecture"):
        assert words in said
    _summary(Outcome(made, sheet, 0, unchanged=True), ENGLISH)
    # A terminal may break the line anywhere in the path.
    assert "nothing was done." in " ".join(capsys.readouterr().out.split())
