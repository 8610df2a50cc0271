"""A clean motorway has no headline: cars, trees and lane dashes are no defects of the road."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.imports.writing import write_network
from inspection.publish.bundle import Bundle
from inspection.publish.report.facts import Facts
from tests.gis.network.made_network import axis, build
from voirie.cli import main
from voirie.folder import open_survey

pytestmark = [pytest.mark.real, pytest.mark.slow]


def test_a_clean_motorway_gives_no_headline(data: Path, tmp_path: Path) -> None:
    """`solidWhiteRight.mp4` with the default networks; its track is made, 25 m/s straight on."""
    track = tmp_path / "made_track.csv"
    rows = [f"{t},560000,{6_260_010 + 25 * t}" for t in range(12)]
    track.write_text("t,x,y\n" + "\n".join(rows) + "\n", encoding="utf-8")
    film, out = data / "video/carnd/solidWhiteRight.mp4", tmp_path / "survey"
    road = axis([(-40_000.0, 9_900.0), (-40_000.0, 10_400.0)], 0, 500)
    write_network(build([road]), tmp_path / "network.gpkg")
    words = ["run", str(film), "--track", str(track), "--step", "10m", "--purpose", "test"]
    words += ["--network", str(tmp_path / "network.gpkg")]
    assert main([*words, "--out", str(out)]) in {0, 4}
    folder = open_survey(out)
    assert folder.read("frames")["picture_id"].notna().sum() >= 15
    assert not len(Facts(Bundle(folder)).sure)
