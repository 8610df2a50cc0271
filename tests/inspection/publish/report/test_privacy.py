"""The sentence on people states what was measured, for the very networks that sealed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.pictures import Album
from inspection.publish.report.privacy import certificate_summary
from voirie.folder import SurveyFolder
from voirie.nets import Width, load_models
from voirie.wording import FRENCH


@pytest.fixture()
def sealed_by_the_shipped(made: Path, tmp_path: Path) -> Album:
    folder = tmp_path / "survey"
    shutil.copytree(made, folder)
    header = json.loads((folder / "certificate.json").read_text("utf-8"))
    face = load_models().entry("face")
    header["models"] = [{"role": "face", "file": face.file, "sha256": face.sha256}]
    (folder / "certificate.json").write_text(json.dumps(header), "utf-8")
    return Album(Bundle(SurveyFolder(folder)))


def test_each_width_stands_with_its_share(sealed_by_the_shipped: Album) -> None:
    models = load_models()
    told = certificate_summary(sealed_by_the_shipped, models, FRENCH)
    assert told is not None and len(told.measured) == len(models.destroyed) >= 1
    smallest = models.destroyed[0].person[-1]
    assert smallest == Width(from_px=8, to_px=20, pct=smallest.pct)
    said = told.measured[0].replace("\u00a0", " ")
    assert f"de 8 à 20 px : {smallest.pct:.0f} %" in said and "personnes" in said


def test_of_other_networks_nothing_is_claimed(made: Path) -> None:
    told = certificate_summary(Album(Bundle(SurveyFolder(made))), load_models(), FRENCH)
    assert told is not None and told.measured == []
