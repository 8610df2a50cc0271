"""Small made files of roads, as tools write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis.imports.cleaning import clean
from gis.imports.mapping import AXES, LayerMapping

ORIGIN = np.array([660_000.0, 6_360_000.0])

Drawn = Sequence[tuple[float, float]]


def line(points: Drawn) -> shapely.LineString:
    return shapely.LineString(np.asarray(points, dtype=float) + ORIGIN)


def point(east_m: float, north_m: float) -> shapely.Point:
    return shapely.Point(ORIGIN[0] + east_m, ORIGIN[1] + north_m)


def lines(*drawn: Drawn) -> Any:
    return np.array([line(points) for points in drawn], dtype=object)


def layer(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Rows with ``at``: the points of their line near `ORIGIN`."""
    shapes = [None if row["at"] is None else line(row["at"]) for row in rows]
    columns = [{name: value for name, value in row.items() if name != "at"} for row in rows]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=2154))


def roads(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Cleaned stretches of a department; columns are called as the attributes are."""
    table = layer([{"route": "D67", **row} for row in rows])
    named = {
        name: name for name in table.columns if name in (*AXES, "plod", "absd", "plof", "absf")
    }
    mapping = LayerMapping.model_validate({"columns": named})
    return clean(table, mapping).roads.assign(gestionnaire="CD12", dep="012")


def straight(length_m: float, start_m: float = 0.0, north_m: float = 0.0) -> Drawn:
    return [(start_m, north_m), (start_m + length_m, north_m)]
