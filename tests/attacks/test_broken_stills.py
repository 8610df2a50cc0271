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


@pytest.mark.parametrize("broken", [0, 3], ids=["the first", "one in the middle"])
def test_one_broken_still_of_six_is_dropped_and_counted(tmp_path: Path, broken: int) -> None:
    stills = tmp_path / "stills"
    stills.mkdir()
    rows = ["image,route,chainage_m,sens,voie"]
    for rank in range(6):
        # A shade darker each, so that no two files are the same picture.
        cv2.imwrite(str(stills / f"{rank}.png"), street() - min(rank, 1) * (street() > rank))
        rows.append(f"{rank}.png,D1,{10 * rank},+,1")
    (stills / f"{broken}.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    chainage = tmp_path / "chainage.csv"
    chainage.write_text("\n".join(rows) + "\n", "utf-8")
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
