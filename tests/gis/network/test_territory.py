"""Roads where Lambert-93 is no measure of length are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.network import read_network
from gis.network.territory import OVERSEAS, refuse_elsewhere
from tests.gis.imports.made_roads import layer, straight
from voirie.cli import main
from voirie.errors import NetworkUnusable


@pytest.mark.parametrize(
    ("crs", "at", "named"),
    [
        (5490, (655_000, 1_790_000), "Guadeloupe"),
        (5490, (708_000, 1_620_000), "Martinique"),
        (2972, (350_000, 540_000), "Guyane"),
        (2975, (340_000, 7_670_000), "La Réunion"),
        (4471, (520_000, 8_585_000), "Mayotte"),
    ],
)
def test_departments_overseas_are_named(
    crs: int, at: tuple[float, float], named: str, tmp_path: Path
) -> None:
    path = tmp_path / "routes.gpkg"
    line = shapely.LineString([at, (at[0] + 500, at[1])])
    row = {"route": "N1", "dep": "974", "gestionnaire": "R", "cote": "U", "part": 1}
    metres = {"cumul_from_m": 0.0, "cumul_to_m": 500.0}
    axes = gpd.GeoDataFrame([row | metres], geometry=[line], crs=crs)
    axes.to_file(path, layer="axes")
    point = row | {"num": 1, "kind": "PR", "plo": "974PR1", "cumul_m": 0.0}
    gpd.GeoDataFrame([point], geometry=[shapely.Point(at)], crs=crs).to_file(path, layer="pr")
    with pytest.raises(NetworkUnusable, match=f"lie in {named}"):
        read_network(path)
    assert any(name.startswith(named) and f"EPSG:{crs}" in name for name in OVERSEAS)
    words = ["network", "import", str(path), "--layer", "axes", "--out", str(tmp_path / "n.gpkg")]
    assert main(words) == NetworkUnusable.exit_code and not (tmp_path / "n.gpkg").exists()


def test_elsewhere_and_in_france() -> None:
    refuse_elsewhere(layer([{"at": straight(90)}]).total_bounds)
    with pytest.raises(NetworkUnusable, match="outside metropolitan France"):
        refuse_elsewhere((0.0, 0.0, 10.0, 10.0))
