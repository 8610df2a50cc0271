"""`voirie init`: files that can be run, nothing that is there changed, and what is missing told."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

from gis.network import read_network
from inspection.commands.init import init_command
from tests.inspection.conftest import SAMPLE
from voirie.cli import main
from voirie.inputs import read_survey


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A film, its track and a Shapefile of roads without department."""
    (tmp_path / "drive.mkv").write_bytes(b"film")
    shutil.copy(SAMPLE / "track_a.gpx", tmp_path / "drive.gpx")
    axes = gpd.read_file(SAMPLE / "network.gpkg", layer="axes")
    axes[["route", "geometry"]].explode(index_parts=False).to_file(tmp_path / "roads.shp")
    return tmp_path


def test_from_a_card_to_a_survey(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--department", "031", "--purpose", "p", "--height", "1.3", "--lang", "en"]
    assert main(["init", str(card), *words]) == 0
    survey = read_survey(card / "survey.toml")
    assert survey.network == card / "network.gpkg" and survey.passes[0].track == card / "drive.gpx"
    assert read_network(card / "network.gpkg").routes()[0].dep == "031"
    named = (survey.vehicle, survey.scenarios, survey.treatments)
    assert [path.name for path in named if path] == [
        "vehicle.toml", "scenarios.toml", "treatments.yaml"
    ]  # fmt: skip
    kept = {path.name: path.read_bytes() for path in card.iterdir()}
    assert main(["init", str(card), *words]) == 2
    assert "not changed" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in card.iterdir()} == kept


def test_a_second_survey_uses_the_files_of_the_first(card: Path) -> None:
    words = ["init", str(card), "--department", "031", "--purpose", "p"]
    assert main(words) == 0
    before = {path.name: path.read_bytes() for path in card.iterdir()}
    assert main([*words, "--out", str(card / "second.toml"), "--height", "1.3"]) == 0
    after = {path.name: path.read_bytes() for path in card.iterdir()}
    assert set(after) - set(before) == {"second.toml", "vehicle.toml"}
    assert {name: after[name] for name in before} == before


def test_what_is_missing_is_told_and_the_rest_is_written(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(card), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "have no department" in out and "the purpose" in out and "tape" in out
    survey = read_survey(card / "survey.toml")
    assert survey.network is None and survey.vehicle is None and not survey.purpose


def test_a_program_gets_json_and_is_asked_nothing(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init_command(card, department="031", height=1.3, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["passes"][0]["track"] == str(card / "drive.gpx")
    assert set(told["files"]) == {"network", "vehicle", "treatments", "scenarios"}
    assert all(Path(path).is_file() for path in (told["survey"], *told["files"].values()))


def test_a_folder_without_a_drive_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path)]) == 3
    assert main(["init", str(tmp_path / "none")]) == 2
    assert not list(tmp_path.iterdir())
    assert capsys.readouterr().err.count("\n") == 2


def test_on_a_terminal_it_asks(card: Path) -> None:
    ours, theirs = pty.openpty()
    answers = ["031", "Relevé 2026", "entretien", "", "", "", "1,35", "much", "70", "15 000"]
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    words = [sys.executable, "-m", "voirie", "init", str(card), "--lang", "fr"]
    done = subprocess.run(words, stdin=theirs, capture_output=True, text=True, check=True)
    os.close(theirs)
    os.close(ours)
    survey = read_survey(card / "survey.toml")
    assert (survey.campaign.name, survey.purpose) == ("Relevé 2026", "entretien")
    assert "n’est pas un nombre" in done.stdout
    assert "height_m = 1.35" in (card / "vehicle.toml").read_text("utf-8")
    assert "investment_eur = 13500" in (card / "scenarios.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["vehicle.toml", "network.gpkg", "drive.csv", "no/survey.toml", "n" * 300]
)
def test_a_survey_that_would_lie_over_another_file_leaves_nothing_behind(
    card: Path, name: str
) -> None:
    before = sorted(card.iterdir())
    words = ["--department", "031", "--purpose", "p", "--height", "1.3"]
    assert main(["init", str(card), *words, "--out", str(card / name)]) == 2
    assert sorted(card.iterdir()) == before


@pytest.mark.parametrize("option", ["--height", "--fov", "--budget"])
def test_a_number_beyond_all_sense_is_refused_before_anything_is_written(
    card: Path, option: str
) -> None:
    before = sorted(card.iterdir())
    for number in ("nan", "inf"):
        assert main(["init", str(card), "--department", "031", option, number]) == 2
    assert sorted(card.iterdir()) == before


def test_a_track_that_cannot_be_used_is_told_with_the_reason(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (card / "drive.gpx").write_text("no track", encoding="utf-8")
    assert main(["init", str(card), "--purpose", "p", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "Écarté : " in out.replace("\u00a0", " ") and "drive.gpx" in out
    assert "voirie network import" in out and str(card / "roads.shp") in out


def test_a_name_that_is_no_utf_8_is_refused_and_nothing_is_written(card: Path) -> None:
    before = sorted(card.iterdir())
    assert main(["init", str(card), "--purpose", "p", "--height", "1.3", "--name", "\udcff"]) == 2
    assert sorted(card.iterdir()) == before


def test_a_name_of_a_file_does_not_command_the_terminal(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (card / "drive.mkv").rename(card / "drive\x1b[31m.mkv")
    assert main(["init", str(card), "--department", "031", "--purpose", "p"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert read_survey(card / "survey.toml").passes[0].inputs == (card / "drive\x1b[31m.mkv",)
