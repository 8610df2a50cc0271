"""A survey read again on a newer network: pictures stay, sections keep their identifiers."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest

from tests.inspection.conftest import made_clip
from voirie.cli import main
from voirie.folder import open_survey

pytestmark = pytest.mark.slow


def test_a_survey_is_read_again_on_a_newer_network(tmp_path: Path) -> None:
    clip = made_clip(tmp_path, (8.0, 10.5))
    out, old = tmp_path / "survey", tmp_path / "network.gpkg"
    assert main(["run", str(clip.survey), "--out", str(out), "--min-coverage", "5"]) == 0
    before = open_survey(out).read("sections")
    pictures = (out / "pictures.sha256").read_bytes()

    # Recalibrated, and handed over to another manager.
    newer = tmp_path / "newer.gpkg"
    for name in ("axes", "pr"):
        layer = gpd.read_file(old, layer=name).assign(gestionnaire="Métropole")
        metres = [column for column in layer.columns if column.startswith("cumul")]
        layer[metres] = layer[metres] * 1.01 + 70.0
        layer.to_file(newer, layer=name)
    network2 = tmp_path / "network2.gpkg"
    assert main(["network", "update", str(old), str(newer), "--out", str(network2)]) == 0
    assert main(["run", str(out / "survey.toml"), "--network", str(network2)]) == 0

    after = open_survey(out).read("sections")
    assert after["section_id"].tolist() == before["section_id"].tolist()
    assert set(after["gestionnaire"]) == {"Métropole"} != set(before["gestionnaire"])
    assert set(after["network_version"]).isdisjoint(before["network_version"])
    assert (after["note_globale"].isna() == before["note_globale"].isna()).all()
    assert (after["note_globale"] - before["note_globale"]).abs().max() < 0.5
    assert (out / "pictures.sha256").read_bytes() == pictures
    stages = {row["stage"]: row for row in json.loads((out / "run.json").read_text())["stages"]}
    assert {"ingest", "detect", "place", "score"} <= set(stages)
