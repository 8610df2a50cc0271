"""`voirie network`: a file of roads becomes a network; every refusal is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest

from gis.cli.network import GUESSED
from gis.cli.options import EXAMPLES
from gis.network import read_network
from tests.gis.imports.made_roads import layer, straight
from voirie.cli import main
from voirie.wording import Wording


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    path = tmp_path / "routes.shp"
    layer(
        [
            {"axe": "D67", "largeur": 5.5, "at": straight(400)},
            {"axe": "D67", "largeur": 6000, "at": straight(300, 700)},
            {"axe": "D9", "largeur": 4.0, "at": [(200, 0), (200, 900)]},
        ]
    ).to_file(path)
    return path


def test_import_check_and_show(
    roads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, faults = tmp_path / "network.gpkg", tmp_path / "faults.gpkg"
    words = ["network", "import", str(roads), "--value", "dep=12", "--out", str(out)]
    assert main([*words, "--faults", str(faults), "--lang", "fr"]) == 0
    told = capsys.readouterr().out
    assert Wording("fr").text(GUESSED) in told
    assert "2 routes" in told and "interruption" in told and "6000" in told
    assert len(read_network(out).routes()) == 2
    assert {name for name, _ in pyogrio.list_layers(faults)} == {"lines"}
    page = tmp_path / "faults.html"
    for _ in range(2):
        words = ["network", "check", str(out), "--lang", "en", "--page", str(page)]
        assert main(words) == 0
        assert "a gap of 300 m" in capsys.readouterr().out
    assert "a gap of 300" in page.read_text("utf-8")
    page.write_text("somebody's own")
    assert main(words) == 2 and page.read_text() == "somebody's own"
    capsys.readouterr()
    assert main(["network", "show", str(out), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["routes"]
    assert [(row["route"], row["length_m"]) for row in rows] == [
        ("D67 (CD12, 012)", 700),
        ("D9 (CD12, 012)", 900),
    ]


def test_one_route_and_what_was_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "routes.gpkg", tmp_path / "network.gpkg"
    row = {"axe": "D67", "dep": "12", "at": straight(90)}
    layer([row | {f"colonne_{n}": n for n in range(15)}]).to_file(path)
    words = ["network", "import", str(path), "--out", str(out)]
    assert main([*words, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert " 1 route, " in told and "not read: colonne_0, " in told and "and 3 more" in told
    assert main([*words, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["ignored"]) == 15
    assert main(["network", "show", str(out), "--lang", "en"]) == 0
    assert "1 route or carriageway" in capsys.readouterr().out


def test_a_file_of_somebody_else_is_not_replaced(
    roads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "project.gpkg"
    layer([{"axe": "D1", "at": straight(90)}]).to_file(other, layer="precious")
    before = other.read_bytes()
    words = ["network", "import", str(roads), "--value", "dep=12"]
    assert main([*words, "--out", str(other)]) == 2
    assert main([*words, "--out", str(tmp_path / "n.gpkg"), "--faults", str(other)]) == 2
    assert "it would be lost" in capsys.readouterr().err
    assert other.read_bytes() == before and not (tmp_path / "n.gpkg").exists()


def test_a_file_of_roads_is_checked_without_being_written(
    roads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["network", "check", str(roads), "--value", "dep=12", "--json"]) == 0
    kinds = [row["kind"] for row in json.loads(capsys.readouterr().out)]
    assert kinds == ["value", "gap"] and sorted(tmp_path.iterdir()) == before


def test_of_each_kind_the_first_places_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "routes.gpkg"
    rows = [{"axe": "D67", "largeur": 9000 + n, "at": straight(90, 100 * n)} for n in range(5)]
    layer(rows).to_file(path)
    assert main(["network", "check", str(path), "--value", "dep=12", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "     5  values that no road has" in told
    assert told.count("is no value of width_m") == EXAMPLES and "and 2 more" in told


def test_a_dry_run_prints_a_mapping_that_can_be_given_back(
    roads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["network", "import", str(roads), "--value", "dep=12", "--dry-run"]) == 0
    mine = tmp_path / "mine.toml"
    mine.write_text(capsys.readouterr().out)
    out = tmp_path / "network.gpkg"
    assert main(["network", "import", str(roads), "--mapping", str(mine), "--out", str(out)]) == 0
    assert out.is_file()


def test_a_dry_run_looks_at_the_layer_that_would_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bdtopo.gpkg"
    road = {"cpx_numero": "D67", "sens_de_circulation": "Double sens"}
    row = {**road, "insee_commune_gauche": "12174"}
    layer([{"nom": "x", "at": straight(90)}]).to_file(path, layer="cours_d_eau")
    layer([{**row, "at": straight(400)}]).to_file(path, layer="troncon_de_route")
    assert main(["network", "import", str(path), "--dry-run"]) == 0
    assert 'name = "bdtopo_v3"' in capsys.readouterr().out
    assert main(["network", "import", str(path), "--out", str(tmp_path / "n.gpkg")]) == 0


def test_areas_are_not_written_over(roads: Path, tmp_path: Path) -> None:
    areas = tmp_path / "communes.gpkg"
    shape = layer([{"nom": "Olemps", "at": straight(900)}])
    shape.set_geometry(shape.buffer(500)).to_file(areas, layer="lines")
    before = areas.read_bytes()
    words = ["network", "import", str(roads), "--join", f"{areas}:commune=nom"]
    assert main([*words, "--value", "dep=12", "--out", str(areas)]) == 2
    assert areas.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["network", "import", "{roads}", "--value", "dep=12"], "--out network.gpkg"),
        (["network", "import", "{roads}", "--out", "n.gpkg"], "dep=012"),
        (["network", "import", "{roads}", "--out", "n.gpkg", "--value", "dep"], "ATTRIBUTE=WORD"),
        (["network", "import", "{roads}", "--out", "n.gpkg", "--lang", "de"], "fr or en"),
        (["network", "import", "{roads}", "--out", "n.shp", "--value", "dep=12"], "name it .gpkg"),
        (["network", "check", "absent.shp"], "no such file"),
        (["network", "import", "{roads}", "--value", "dep=12", "--out", "{roads}"], "is read"),
        (["network", "import", "{roads}", "--out", "a.gpkg", "--faults", "a.gpkg"], "is read"),
        (["network", "check", "{roads}", "--value", "dep=12", "--out", "{roads}"], "is read"),
    ],
)
def test_refusals_are_one_line(
    words: list[str], told: str, roads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.format(roads=roads) for word in words]) in (2, 3)
    lines = capsys.readouterr().err.strip().splitlines()
    assert told in lines[-1]
    assert not any("unexpected" in line for line in lines)
