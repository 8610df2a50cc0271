"""A road service with a Shapefile of lines and no PR: import, survey, report, "why this note?"."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from gis.network import read_network
from tests.inspection.conftest import SAMPLE, made_clip
from voirie.cli import main
from voirie.folder import open_survey

pytestmark = pytest.mark.slow


def test_from_a_bare_shapefile_to_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = made_clip(tmp_path, (8.0, 10.5))
    axes = gpd.read_file(SAMPLE / "network.gpkg", layer="axes")
    bare = axes[["route", "geometry"]].rename(columns={"route": "NUM_ROUTE"})
    bare.explode(index_parts=False).to_file(tmp_path / "routes.shp")
    words = ["network", "import", str(tmp_path / "routes.shp"), "--value", "dep=31"]
    assert main([*words, "--out", str(tmp_path / "network.gpkg")]) == 0
    network = read_network(tmp_path / "network.gpkg")
    assert network.pr.empty and network.routes()[0].gestionnaire == "CD31"

    out = tmp_path / "survey"
    assert (
        main(["run", str(clip.survey), "--out", str(out), "--step", "7m", "--min-coverage", "5"])
        == 0
    )
    folder = open_survey(out)
    sections = folder.read("sections")
    seen = sections[sections["note_globale"].notna()]
    assert len(seen) and set(sections["plod"]) == {"+"}
    row = seen.iloc[0]
    place = f"{row.route} +{int(row.absd) + 20:04d}"
    page = (out / "report.html").read_text("utf-8")
    assert f"{row.route} +" in page or f"+{int(row.absd):04d}" in page
    assert not re.search(r"\bDS\+\d{4}", page)
    m3 = pd.read_csv(out / "m3_section.csv", dtype=str)
    assert set(m3["plod"]) == {"+"}

    capsys.readouterr()
    assert main(["explain", "section", place, "--survey", str(out)]) == 0
    assert str(row.route) in capsys.readouterr().out
