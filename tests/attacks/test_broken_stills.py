"""One picture of a folder that cannot be read costs that picture, not the survey."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from anonymize import Certificate
from anonymize.selftest import street
from voirie.cli import main
from voirie.folder import open_survey

pytestmark = pytest.mark.slow


def stills_of(folder: Path, number: int) -> tuple[Path, Path]:
    """A folder of stills, each one pixel different, and their chainage."""
    stills = folder / "stills"
    stills.mkdir()
    rows = ["image,route,chainage_m,sens,voie"]
    for rank in range(number):
        picture = street()
        picture[0, rank] = 0
        cv2.imwrite(str(stills / f"{rank}.png"), picture)
        rows.append(f"{rank}.png,D1,{10 * rank},+,1")
    chainage = folder / "chainage.csv"
    chainage.write_text("\n".join(rows) + "\n", "utf-8")
    return stills, chainage


@pytest.mark.parametrize("name", ["survey", "deep/er/survey", "."])
def test_no_survey_is_made_in_a_folder_of_stills(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    stills, chainage = stills_of(tmp_path, 2)
    before = sorted(tmp_path.rglob("*"))
    words = ["run", str(stills), "--track", str(chainage), "--purpose", "test"]
    assert main([*words, "--out", str(stills / name)]) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert "only read" in capsys.readouterr().err


@pytest.mark.parametrize("broken", [0, 3], ids=["the first", "one in the middle"])
def test_one_broken_still_of_six_is_dropped_and_counted(tmp_path: Path, broken: int) -> None:
    stills, chainage = stills_of(tmp_path, 6)
    (stills / f"{broken}.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    out = tmp_path / "survey"
    words = ["run", str(stills), "--track", str(chainage), "--purpose", "test", "--out", str(out)]
    assert main(words) == 4
    captures = open_survey(out).read("captures").set_index("source_name")
    assert captures["picture_id"].notna().sum() == 5
    assert captures.loc[f"{broken}.png", "reason"] == "not decodable"
    sheet = json.loads((out / "run.json").read_text("utf-8"))
    (ingest,) = [stage for stage in sheet["stages"] if stage["stage"] == "ingest"]
    assert ingest["dropped"] == {"not decodable": 1}
    Certificate.read(out).verify()


def test_a_pass_of_stills_on_their_side_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stills, chainage = stills_of(tmp_path, 3)
    for still in stills.iterdir():
        cv2.imwrite(str(still), cv2.rotate(cv2.imread(str(still)), cv2.ROTATE_90_CLOCKWISE))
    before = sorted(tmp_path.rglob("*"))
    out = tmp_path / "survey"
    words = ["run", str(stills), "--track", str(chainage), "--purpose", "test", "--out", str(out)]
    assert main(words) == 3
    assert "stills: its pictures lie turned by 90 degrees clockwise" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_one_folder_of_two_that_lies_upside_down_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stills, _ = stills_of(tmp_path, 4)
    stills.rename(tmp_path / "first")
    stills, chainage = stills_of(tmp_path, 3)
    for still in stills.iterdir():
        pixels = cv2.rotate(cv2.imread(str(still)), cv2.ROTATE_180)
        cv2.imwrite(str(still.with_name(f"b{still.name}")), pixels)
        still.unlink()
    survey = tmp_path / "survey.toml"
    survey.write_text(
        'purpose = "test"\n[campaign]\nname = "a"\n[[passes]]\nid = "p"\n'
        f'inputs = ["first", "stills"]\ntrack = "{chainage.name}"\n',
        "utf-8",
    )
    assert main(["run", str(survey), "--out", str(tmp_path / "out")]) == 3
    assert "stills: its pictures lie upside down" in capsys.readouterr().err
    assert not (tmp_path / "out.partial").exists()
