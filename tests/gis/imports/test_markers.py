"""PR of a road: their names, where they stand, and the measure that they give it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.imports.faults import Fault
from gis.imports.mapping import LayerMapping
from gis.imports.markers import (
    Markers,
    calibrated,
    clean_points,
    markers_from_ends,
    markers_of,
    name_of,
)
from tests.gis.imports.made_roads import ORIGIN, roads, straight

COLUMNS = LayerMapping.model_validate(
    {"columns": {name: name for name in ("route", "num", "kind", "plo", "cumul_m", "cote")}}
)


def points(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(ORIGIN + row.pop("at")) for row in rows]
    table = gpd.GeoDataFrame([{"route": "D67", **row} for row in rows], geometry=shapes, crs=2154)
    return clean_points(table, COLUMNS, [])


def road(**more: Any) -> gpd.GeoDataFrame:
    rows = roads([{"at": straight(3000), **more}])
    return rows.assign(cote="U", part=1, cumul_from_m=0.0, cumul_to_m=3000.0)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ((12, None, None), ("PR", 12, "PR12")),
        (("PR12", None, None), ("PR", 12, "PR12")),
        ((12, "PR", "31PR12"), ("PR", 12, "31PR12")),
        ((12, "PRF", None), ("PRF", 12, "PR12")),
        (("DS", None, None), ("DS", None, "DS")),
        ((3, "FS", "CS3"), ("FS", None, "CS3")),
        ((None, None, "2APR7"), ("PR", 7, "2APR7")),
        (("borne", None, None), (None, None, None)),
    ],
)
def test_names(said: tuple[object, object, object], named: tuple[object, ...]) -> None:
    assert name_of(*said) == named


def test_points_stand_on_the_line_and_far_ones_are_left() -> None:
    faults: list[Fault] = []
    given_points = points(
        {"num": 1, "at": (1010, 4)}, {"num": 2, "at": (2040, -3)}, {"num": 3, "at": (2500, 400)}
    )
    found = markers_of(given_points, road(), faults).points
    assert found["at_m"].round().tolist() == [1010, 2040]
    assert [fault.kind for fault in faults] == ["pr_far"]


def test_points_of_no_order_and_at_two_places_are_told() -> None:
    faults: list[Fault] = []
    rows = [(1, 100), (3, 1200), (2, 2000), (1, 2600)]
    markers_of(points(*({"num": n, "at": (x, 0)} for n, x in rows)), road(), faults)
    assert sorted({fault.kind for fault in faults}) == ["pr_order", "pr_twice"]


def test_of_two_at_one_place_the_first_is_kept() -> None:
    faults: list[Fault] = []
    found = markers_of(
        points({"num": 1, "at": (500, 0)}, {"num": 2, "at": (500, 1)}), road(), faults
    )
    assert found.points["num"].tolist() == [1]
    assert [fault.kind for fault in faults] == ["pr_twice"]


def test_falling_numbers_say_where_the_road_begins() -> None:
    falling = points(*({"num": n, "at": (x, 0)} for n, x in [(5, 200), (4, 1200), (3, 2200)]))
    begins = markers_of(falling, road(), []).beginning()
    assert begins == (ORIGIN[0] + 2200, ORIGIN[1])
    rising = points(*({"num": n, "at": (x, 0)} for n, x in [(3, 200), (4, 1200)]))
    assert markers_of(rising, road(), []).beginning() is None
    assert Markers.none().beginning() is None


def test_a_cumul_of_their_own_stretches_the_road_between_them() -> None:
    own = points(
        {"num": 0, "at": (0, 0), "cumul_m": 50}, {"num": 1, "at": (1000, 0), "cumul_m": 1070}
    )
    rows = calibrated(road(), markers_of(own, road(), []))
    assert rows[["cumul_from_m", "cumul_to_m"]].values.tolist() == [[50, 1070], [1070, 3070]]
    assert rows.length.round().tolist() == [1000, 2000]


@given(st.lists(st.floats(1, 2999), min_size=2, max_size=6, unique=True))
def test_calibrating_keeps_the_line_and_the_order(at: list[float]) -> None:
    at = sorted(at)
    if np.min(np.diff(at)) < 1.0:
        return
    given_points = points(
        *({"num": n, "at": (x, 0), "cumul_m": 1.01 * x + 7} for n, x in enumerate(at))
    )
    rows = calibrated(road(), markers_of(given_points, road(), []))
    assert np.isclose(rows.length.sum(), 3000.0)
    bounds = rows[["cumul_from_m", "cumul_to_m"]].to_numpy().ravel()
    assert (np.diff(bounds) >= -1e-6).all()


def test_ends_of_stretches_give_the_pr() -> None:
    faults: list[Fault] = []
    rows = roads(
        [
            {"at": straight(400), "cumul_from_m": 600, "cumul_to_m": 1000, "plod": "12PR0",
             "absd": 600, "plof": "12PR1", "absf": 0},
            {"at": straight(300, 400), "cumul_from_m": 1000, "cumul_to_m": 1300, "plod": "12PR1",
             "absd": 0, "plof": "12PR1", "absf": 260},
        ]
    )  # fmt: skip
    found = markers_from_ends(rows, faults).points
    assert found[["plo", "num", "cumul_m"]].values.tolist() == [
        ["12PR0", 0, 0.0],
        ["12PR1", 1, 1000.0],
    ]
    assert [fault.kind for fault in faults] == ["pr_twice"]


def test_every_carriageway_has_every_marker() -> None:
    rows = road()
    both = gpd.GeoDataFrame(
        gpd.pd.concat([rows.assign(cote="D"), rows.assign(cote="G")], ignore_index=True)
    )
    table = markers_of(points({"num": 1, "at": (100, 0)}), both, []).table(both)
    assert table[["cote", "num"]].values.tolist() == [["D", 1], ["G", 1]]
