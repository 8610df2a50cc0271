"""Layers of a network as they are checked, typed, sorted and turned."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString

from gis.network.axes import normalise_axes, normalise_pr, normalise_sections, orient
from tests.gis.network.made_network import ORIGIN, axis, frame, mark
from voirie.errors import NetworkUnusable

ROWS = [
    axis([(0, 0), (300, 0)], 0, 300, width_m=6.0),
    axis([(300, 0), (700, 0)], 300, 700, width_m=5.0),
    axis([(700, 0), (1000, 0)], 700, 1000, width_m=None),
    axis([(0, 50), (400, 50)], 0, 400, route="D7", width_m=4.0),
]


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)), st.lists(st.booleans(), min_size=4, max_size=4))
def test_order_of_rows_and_swapped_ends_do_not_matter(order: list[int], swap: list[bool]) -> None:
    rows = []
    for k in order:
        row = dict(ROWS[k])
        if swap[k]:
            row["cumul_from_m"], row["cumul_to_m"] = row["cumul_to_m"], row["cumul_from_m"]
        rows.append(row)
    pd.testing.assert_frame_equal(normalise_axes(frame(rows)), normalise_axes(frame(ROWS)))


def test_values_are_given_the_form_of_the_contract() -> None:
    row = axis([(0, 0), (100, 0)], 0, 100, cote="I", dep=31.0, route=" D108 ", part="1")
    row |= {"category": "2", "agglo": None, "carried_by": ""}
    out = normalise_axes(frame([row])).iloc[0]
    assert (out["cote"], out["dep"], out["route"]) == ("U", "31", "D108")
    assert (out["part"], out["category"], out["agglo"]) == (1, 2, False)
    assert pd.isna(out["carried_by"])


def test_a_line_in_parts_that_join_is_one_flat_line() -> None:
    parts = MultiLineString([[(0, 0, 7), (5, 0, 8)], [(5, 0, 8), (9, 0, 9)]])
    layer = frame([axis([(0, 0), (1, 0)], 0, 9)]).set_geometry([parts], crs="EPSG:2154")
    line = normalise_axes(layer).geometry.iloc[0]
    assert line.equals(LineString([(0, 0), (9, 0)]))
    assert not line.has_z
    apart = MultiLineString([[(0, 0), (5, 0)], [(6, 0), (9, 0)]])
    with pytest.raises(NetworkUnusable, match="row 1 of the layer axes is not one line"):
        normalise_axes(layer.set_geometry([apart], crs="EPSG:2154"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"width_m": "wide"}, "axes.width_m"),
        ({"width_m": np.inf}, "axes.width_m holds inf"),
        ({"width_m": -5.0}, "axes.width_m holds -5"),
        ({"width_m": 1e300}, "axes.width_m holds"),
        ({"traffic": -1}, "axes.traffic holds -1"),
        ({"category": 10**30}, "axes.category"),
        ({"category": 1e300}, "axes.category"),
        ({"part": 1e300}, "axes.part"),
        ({"category": 1.5}, "axes.category"),
        ({"cumul_to_m": "end"}, "axes.cumul_to_m"),
        ({"cumul_to_m": np.inf}, "axes.cumul_to_m"),
        ({"route": None}, "NULL in route"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_column(more: dict[str, Any], words: str) -> None:
    with pytest.raises(NetworkUnusable, match=words):
        normalise_axes(frame([axis([(0, 0), (100, 0)], 0, 100) | more]))


def test_pr_are_sorted_and_written_alike() -> None:
    rows = [
        mark("pr", 2, 900, (900, 0), cote="I"),
        mark("PR0", 0, 0, (0, 0)),
        mark("ds", None, 0, (0, 0)),
    ]
    out = normalise_pr(frame(rows))
    assert out["kind"].tolist() == ["DS", "PR0", "PR"]
    assert out["num"].tolist() == [pd.NA, 0, 2]
    assert out["cote"].tolist() == ["U", "U", "U"]
    assert normalise_pr(frame([])).empty


def test_sections_given_before_are_kept_by_their_own_name() -> None:
    assert normalise_sections(None).empty
    key = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "I"}
    rows = [
        key | {"section_id": "b", "cumul_from_m": 200, "cumul_to_m": 400, "note": 1},
        key | {"section_id": "a", "cumul_from_m": 0, "cumul_to_m": 200, "note": 2},
    ]
    out = normalise_sections(pd.DataFrame(rows))
    assert out["section_id"].tolist() == ["a", "b"]
    assert out["cote"].tolist() == ["U", "U"]
    assert "note" not in out
    with pytest.raises(NetworkUnusable, match="identifier b"):
        normalise_sections(pd.DataFrame(rows).assign(section_id="b"))


def total_gap(lines: list[Any], parts: list[int], at: float, mark_xy: Any) -> float:
    """What the directions of the lines of one route cost, told apart from how it is found."""
    cost = 0.0
    for k, (one, other) in enumerate(itertools.pairwise(lines)):
        gap = np.hypot(*(np.array(one.coords[-1]) - np.array(other.coords[0])))
        cost += gap * (1.0 if parts[k] == parts[k + 1] else 0.1)
    k = min(int(at // 100), len(lines) - 1)
    there = lines[k].interpolate((at - 100 * k) / 100, normalized=True)
    return float(cost + np.hypot(there.x - mark_xy[0], there.y - mark_xy[1]))


# Whole centimetres: two ends nearer than a float can tell at these coordinates are no line.
metres = st.integers(-50_000, 50_000).map(lambda centimetres: centimetres / 100)
corner = st.tuples(metres, metres)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(corner, corner), min_size=1, max_size=4),
    st.lists(st.integers(1, 2), min_size=4, max_size=4),
    st.floats(1.0, 99.0),
    corner,
)
def test_no_other_choice_of_directions_joins_the_lines_better(
    ends: list[tuple[Any, Any]], parts: list[int], at: float, place: tuple[float, float]
) -> None:
    ends = [(a, b if a != b else (b[0] + 1.0, b[1])) for a, b in ends]
    rows = [axis([a, b], 100 * k, 100 * (k + 1), part=parts[k]) for k, (a, b) in enumerate(ends)]
    axes = normalise_axes(frame(rows))
    pr = normalise_pr(frame([mark("PR", 1, at, place)]))
    found = list(orient(axes, pr).geometry)
    there = np.asarray(place) + ORIGIN
    every = itertools.product(*((line, line.reverse()) for line in axes.geometry))
    least = min(total_gap(list(lines), parts, at, there) for lines in every)
    # The line as digitised is preferred by a hair where nothing speaks for the other way.
    assert total_gap(found, parts, at, there) == pytest.approx(least, abs=1e-5)


def test_a_lone_line_stays_as_it_was_digitised() -> None:
    line = axis([(500, 0), (0, 0)], 0, 500)
    axes = normalise_axes(frame([line]))
    kept: gpd.GeoDataFrame = orient(axes, normalise_pr(frame([])))
    assert kept.geometry.iloc[0].coords[0] == pytest.approx((ORIGIN[0] + 500, ORIGIN[1]))


@pytest.mark.parametrize("num", [1.5, np.inf, 1e300])
def test_a_pr_has_a_whole_number(num: float) -> None:
    with pytest.raises(NetworkUnusable, match=r"pr\.num holds .* no number of a PR"):
        normalise_pr(
            frame([mark("PR0", 0, 0.0, (0, 0)), mark("PR", 1, 9.0, (9, 0)) | {"num": num}])
        )


def test_pr_that_all_stand_at_one_cumul_measure_nothing() -> None:
    marks = [mark("PR", k, 500.0, (100 * k, 0)) for k in range(3)]
    with pytest.raises(NetworkUnusable, match="all PR of D108 stand at one cumul"):
        normalise_pr(frame(marks))
    assert len(normalise_pr(frame(marks[:1]))) == 1


@pytest.mark.parametrize("crs", ["IAU_2015:30100", "EPSG:5720"])
def test_a_reference_system_of_no_place_on_earth_is_refused(crs: str) -> None:
    """The moon's longitudes, and heights above the sea."""
    layer = frame(ROWS).set_crs(crs, allow_override=True)
    with pytest.raises(NetworkUnusable, match="no place on earth"):
        normalise_axes(layer, "network.gpkg")
