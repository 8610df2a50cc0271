"""Versions, history and identifiers of axes in a network file, over several updates."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from gis.imports.writing import write_network
from gis.network import Network, read_network
from gis.scoring import cut
from gis.versions.files import first_version, layers_after, layers_in, number_in
from gis.versions.updating import update
from tests.gis.versions.made_versions import network, road, straight
from voirie.errors import NetworkUnusable


def written(made: Network, path: Path) -> Path:
    write_network(made, path, first_version(made, "routes.shp"))
    return path


def newer(old: Path, made: Network, path: Path) -> Path:
    before, known = read_network(old), layers_in(old)
    done = update(before, made, known["axis_ids"])
    write_network(done.network, path, layers_after(old, before, done, "newer.shp"))
    return path


def test_identifiers_go_on_over_versions(tmp_path: Path) -> None:
    first = written(network(straight(0, 700)), tmp_path / "1.gpkg")
    second = newer(first, network(straight(0, 700, "D9")), tmp_path / "2.gpkg")
    third = newer(second, network(road([(0, 2), (700, 3)], 5.0, 705.0, "D9")), tmp_path / "3.gpkg")
    ids = [cut(read_network(path))["section_id"].tolist() for path in (first, second, third)]
    assert ids[0] == ids[1] == ids[2]
    assert [number_in(path) for path in (first, second, third)] == [1, 2, 3]
    layers = layers_in(third)
    versions = layers["versions"]["version"].tolist()
    assert (
        versions[-1] == read_network(third).version and versions[0] == read_network(first).version
    )
    assert layers["section_history"]["kind"].value_counts().to_dict() == {
        "transferred": 4, "kept": 4,
    }  # fmt: skip
    axes = [layers_in(path)["axis_ids"]["axis_id"].tolist() for path in (first, second, third)]
    assert axes[0] == axes[1] == axes[2]


def test_the_same_again_is_no_new_version(tmp_path: Path) -> None:
    made = network(straight(0, 700))
    first = written(made, tmp_path / "1.gpkg")
    again = newer(first, made, tmp_path / "2.gpkg")
    assert number_in(again) == 1 and read_network(again).version == read_network(first).version
    assert len(newer_sections := layers_in(again)["section_history"]) == len(cut(made))
    assert set(newer_sections["kind"]) == {"kept"}


def test_a_file_that_was_worked_on_since_is_a_version_too(tmp_path: Path) -> None:
    path = written(network(straight(0, 700)), tmp_path / "1.gpkg")
    axes = gpd.read_file(path, layer="axes").assign(traffic=900)
    axes.to_file(path, layer="axes")
    assert number_in(newer(path, network(straight(0, 800)), tmp_path / "2.gpkg")) == 3


def test_sections_cut_for_another_version_are_only_known_by_their_place(tmp_path: Path) -> None:
    first = written(network(straight(0, 700)), tmp_path / "1.gpkg")
    second = newer(first, network(straight(0, 700, commune="Olemps")), tmp_path / "2.gpkg")
    axes = gpd.read_file(second, layer="axes")
    pieces = pd.concat([axes, axes])
    pieces["cumul_from_m"], pieces["cumul_to_m"] = [0.0, 50.0], [50.0, 700.0]
    pieces["commune"] = ["Olemps", "Luc"]
    pieces.geometry = [straight(0, 50)["geometry"], straight(50, 700)["geometry"]]
    pieces.to_file(second, layer="axes")
    assert cut(read_network(second))["length_m"].tolist()[0] == 50.0


def test_a_layer_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = written(network(straight(0, 700)), tmp_path / "1.gpkg")
    pd.DataFrame({"number": [1]}).pipe(gpd.GeoDataFrame).to_file(path, layer="versions")
    with pytest.raises(NetworkUnusable, match="the layer versions lacks the column version"):
        layers_in(path)
