"""Names of areas: a road takes that of the one it lies in, and is cut at the edge."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.imports.joins import Join, add_areas
from tests.gis.imports.made_roads import ORIGIN, roads, straight
from voirie.errors import ConfigurationError, NetworkUnusable


def areas(path: Path, *names: str) -> Path:
    """Squares of 500 m from west to east."""
    boxes = [
        shapely.box(
            ORIGIN[0] + 500 * i, ORIGIN[1] - 250, ORIGIN[0] + 500 * (i + 1), ORIGIN[1] + 250
        )
        for i in range(len(names))
    ]
    gpd.GeoDataFrame({"nom": names}, geometry=boxes, crs=2154).to_file(path)
    return path


def test_a_road_is_cut_where_it_leaves_a_commune(tmp_path: Path) -> None:
    path = areas(tmp_path / "communes.gpkg", "Olemps", "Rodez")
    found = add_areas(roads([{"at": straight(1200)}]), (Join(path, "commune", "NOM"),))
    assert found["commune"].fillna("none").tolist() == ["Olemps", "Rodez", "none"]
    assert found.length.round().tolist() == [500, 500, 200]


def test_a_cumul_of_its_own_is_shared_out(tmp_path: Path) -> None:
    path = areas(tmp_path / "communes.gpkg", "Olemps")
    row = {"at": straight(1000), "cumul_from_m": 100, "cumul_to_m": 1300}
    found = add_areas(roads([row]), (Join(path, "commune", "nom"),))
    assert found[["cumul_from_m", "cumul_to_m"]].values.tolist() == [[100, 700], [700, 1300]]


def test_to_be_inside_is_to_be_in_a_built_up_area(tmp_path: Path) -> None:
    path = areas(tmp_path / "agglo.gpkg", "x")
    found = add_areas(
        roads([{"at": straight(300)}, {"at": straight(90, 700)}]), (Join(path, "agglo"),)
    )
    assert found["agglo"].tolist() == [True, False]


@pytest.mark.parametrize("text", ["communes.gpkg", "c.gpkg:commune", "c.gpkg:nom=x", ":pole=x"])
def test_what_is_no_join_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match="FILE:ATTRIBUTE=COLUMN"):
        Join.parse(text)


def test_a_layer_without_areas_or_column_is_told(tmp_path: Path) -> None:
    path = areas(tmp_path / "communes.gpkg", "Olemps")
    with pytest.raises(NetworkUnusable, match="its columns are nom"):
        add_areas(roads([{"at": straight(9)}]), (Join(path, "pole", "secteur"),))
    lines = tmp_path / "lines.gpkg"
    roads([{"at": straight(9)}])[["route", "geometry"]].to_file(lines)
    with pytest.raises(NetworkUnusable, match="no areas"):
        add_areas(roads([{"at": straight(9)}]), (Join(lines, "pole", "route"),))
