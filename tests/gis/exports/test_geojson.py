"""Tables as GeoJSON features."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.exports.geojson import DegreeBox, FeatureTable


@pytest.fixture
def table() -> FeatureTable:
    """Three rows in EPSG:2154, out of order; the last has no coordinates."""
    square = shapely.box(574_000, 6_279_000, 574_100, 6_279_100).reverse()
    shapes = [shapely.Point(574_357.123456, 6_279_642.5), square, None]
    rows = gpd.GeoDataFrame(
        {
            "key": ["b", "a", "c"],
            "size_m": [1.5, np.nan, 0.0],
            "voie": pd.array([1, None, 2], dtype="Int32"),
            "seen_at": pd.to_datetime(["2026-03-17T08:40:00Z", None, "2026-03-17T08:41:00Z"]),
        },
        geometry=gpd.GeoSeries(shapes, crs="EPSG:2154"),
    )
    return FeatureTable.of(rows, "key")


def test_rows_come_in_the_order_of_their_key(table: FeatureTable) -> None:
    assert [f["id"] for f in table.features(table.touching(None))] == ["a", "b", "c"]


def test_null_is_null_zero_is_zero_and_a_moment_is_iso(table: FeatureTable) -> None:
    a, b, c = (feature["properties"] for feature in table.features(np.arange(3)))
    assert a == {"key": "a", "size_m": None, "voie": None, "seen_at": None}
    assert b["seen_at"] == "2026-03-17T08:40:00Z" and b["voie"] == 1
    assert c["size_m"] == 0


def test_coordinates_are_degrees_to_seven_decimals(table: FeatureTable) -> None:
    square, point, nothing = (feature["geometry"] for feature in table.features(np.arange(3)))
    assert nothing is None
    assert square is not None and shapely.geometry.shape(square).exterior.is_ccw
    assert point is not None
    for value in shapely.geometry.shape(point).coords[0]:
        assert round(value, 7) == value


def test_a_box_takes_what_touches_it(table: FeatureTable) -> None:
    west, south, east, north = table.shapes[0].bounds
    box = DegreeBox(west, south, (west + east) / 2, north)
    assert table.touching(box).tolist() == [0]
    assert table.touching(DegreeBox(-180, -90, 180, 90)).tolist() == [0, 1]


def test_a_box_may_cross_the_180th_meridian() -> None:
    shapes = gpd.GeoSeries(shapely.points([[179.5, 0], [-179.5, 0], [0, 0]]), crs="OGC:CRS84")
    table = FeatureTable.of(gpd.GeoDataFrame({"key": list("abc")}, geometry=shapes), "key")
    assert table.touching(DegreeBox(179, -1, -179, 1)).tolist() == [0, 1]


@pytest.mark.parametrize(
    "bounds", [(0, 1, 1, 0), (-181, 0, 1, 1), (0, 0, float("nan"), 1), (0, -91, 1, 1)]
)
def test_what_is_no_box_is_refused(bounds: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"-180\.\.180"):
        DegreeBox(*bounds)
