"""`voirie network update`: a newer file of roads, and the identifiers of the older one."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest

from gis.cli.update import KINDS
from gis.network import read_network
from gis.scoring import cut
from tests.gis.imports.made_roads import layer, straight
from voirie.cli import main
from voirie.wording import Wording


def shapefile(path: Path, name: str = "D67", end: float = 700.0) -> Path:
    rows = [
        {"axe": name, "largeur": 5.5, "at": straight(300)},
        {"axe": name, "largeur": 6.0, "at": straight(end - 300, 300)},
        {"axe": "D9", "largeur": 4.0, "at": [(150, 0), (150, 500)]},
    ]
    layer(rows).to_file(path)
    return path


@pytest.fixture
def network(tmp_path: Path) -> Path:
    out = tmp_path / "network.gpkg"
    file = shapefile(tmp_path / "routes.shp")
    assert main(["network", "import", str(file), "--value", "dep=12", "--out", str(out)]) == 0
    return out


def test_a_newer_file(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = shapefile(tmp_path / "newer.shp", "D667", 800.0)
    out = tmp_path / "network2.gpkg"
    capsys.readouterr()
    words = ["network", "update", str(network), str(newer), "--value", "dep=12"]
    assert main([*words, "--out", str(out), "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    assert (
        "version 2" in told
        and Wording("fr").text(KINDS["transferred"]) in told
        and Wording("fr").text(KINDS["new"]) in told
    )
    before, after = (cut(read_network(path)) for path in (network, out))
    assert set(before["section_id"]) <= set(after["section_id"])
    assert {"section_history", "versions", "axis_ids", "sections"} <= {
        str(name) for name, _ in pyogrio.list_layers(out)
    }
    assert main([*words, "--out", str(out), "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["number"] == 2 and outcome["sections"]["new"]["km"] == 0.1
    assert main(["network", "show", str(out), "--lang", "en"]) == 0
    assert "version 2 (" in capsys.readouterr().out


def test_the_same_file_and_a_finished_network(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "network2.gpkg"
    words = ["network", "update", str(network), str(network), "--lang", "en"]
    assert main([*words, "--out", str(out)]) == 0
    assert "nothing has changed; it is still version 1" in capsys.readouterr().out


def test_what_is_read_is_not_written_over(
    network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = network.read_bytes()
    words = ["network", "update", str(network), str(tmp_path / "routes.shp")]
    assert main([*words, "--out", str(network)]) == 2
    assert "a file that is read" in capsys.readouterr().err
    assert network.read_bytes() == before
