"""Cutting: 200 m from each break, remainders joined, no metre lost and none counted twice."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis.network.axes import normalise_sections
from gis.network.network import Network, read_network
from gis.scoring.sections import cut, cut_from_places
from tests.gis.scoring.made_scoring import ROUTE, X, Y, axis, network
from voirie.catalogue.scheme import load_scheme
from voirie.errors import NetworkUnusable
from voirie.places import ROUTE_KEY


@pytest.mark.parametrize(
    ("length_m", "expected"),
    [
        (60.0, [60.0]),
        (200.0, [200.0]),
        (260.0, [260.0]),
        (299.9, [299.9]),
        (300.0, [200.0, 100.0]),
        (1140.0, [200.0] * 5 + [140.0]),
        (1060.0, [200.0] * 4 + [260.0]),
        (1000.0, [200.0] * 5),
    ],
)
def test_remainder(length_m: float, expected: list[float]) -> None:
    assert cut(network([axis(0.0, length_m)]))["length_m"].tolist() == pytest.approx(expected)


def test_broken_at_pr_and_written_by_pr() -> None:
    out = cut(network([axis(0.0, 700.0)], pr={12: 60.0, 13: 360.0}))
    assert out["length_m"].tolist() == [60.0, 200.0, 100.0, 200.0, 140.0]
    places = out[["plod", "absd", "plof", "absf"]].to_numpy().tolist()
    assert places == [
        ["DS", 0, "31PR12", 0],
        ["31PR12", 0, "31PR12", 200],
        ["31PR12", 200, "31PR13", 0],
        ["31PR13", 0, "31PR13", 200],
        ["31PR13", 200, "31PR13", 340],
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"category": 3},
        {"pole": "Salies"},
        {"commune": "Autre"},
        {"agglo": True},
        {"width_m": 5.0},
        {"width_m": None},
        {"surface": "ES"},
        {"part": 2},
    ],
)
def test_broken_where_something_changes(change: dict[str, Any]) -> None:
    out = cut(network([axis(0.0, 250.0), axis(250.0, 500.0, **change)]))
    assert out["cumul_to_m"].tolist() == [250.0, 500.0]


def test_traffic_is_carried_but_breaks_nothing() -> None:
    out = cut(network([axis(0.0, 250.0), axis(250.0, 600.0, traffic=9)]))
    assert out["cumul_to_m"].tolist() == [200.0, 400.0, 600.0]
    assert out["traffic"].tolist() == [1200, 9, 9]


def test_carried_stretch_gives_no_section() -> None:
    roads = [axis(0.0, 300.0), axis(300.0, 500.0, carried_by="D7"), axis(500.0, 900.0)]
    out = cut(network(roads))
    assert out[["cumul_from_m", "cumul_to_m"]].to_numpy().tolist() == [
        [0.0, 200.0],
        [200.0, 300.0],
        [500.0, 700.0],
        [700.0, 900.0],
    ]


def test_gap_is_not_crossed() -> None:
    out = cut(network([axis(0.0, 150.0), axis(180.0, 380.0, part=2)]))
    assert out["length_m"].tolist() == [150.0, 200.0]


def test_width_assumed_where_the_network_gives_none() -> None:
    widths = load_scheme().sections.assumed_width_m
    known = {"category": 1, "width_m": None}
    unknown = {"category": None, "width_m": 0.0}
    out = cut(network([axis(0.0, 200.0, **known), axis(200.0, 400.0, **unknown)]))
    assert out["width_m"].tolist() == [widths[1], widths[0]]
    assert out["width_source"].tolist() == ["assumed", "assumed"]
    assert out["area_m2"].tolist() == [200.0 * widths[1], 200.0 * widths[0]]


def test_identifiers_are_stable_and_opaque() -> None:
    first, again = (cut(network([axis(0.0, 700.0)])) for _ in range(2))
    other = cut(network([axis(0.0, 700.0, route="D9")]))
    assert first["section_id"].tolist() == again["section_id"].tolist()
    assert first["section_id"].is_unique
    assert set(first["section_id"]).isdisjoint(other["section_id"])


def test_stills_without_network() -> None:
    places = pd.DataFrame([{**ROUTE, "cumul_m": m} for m in (10.0, 199.9, 410.0, None)])
    out = cut_from_places(places)
    assert out[["cumul_from_m", "cumul_to_m"]].to_numpy().tolist() == [[0, 200], [400, 600]]
    assert out[["plod", "absd", "plof", "absf"]].to_numpy().tolist()[1] == ["+", 400, "+", 600]
    assert out["category"].isna().all() and out.geometry.isna().all()
    assert out["width_source"].eq("assumed").all()


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """One route of stretches with gaps, changes, carried parts and PR anywhere."""
    at, rows = draw(st.floats(0.0, 500.0)), []
    for part in range(draw(st.integers(1, 6))):
        length = draw(st.floats(2.0, 900.0))
        more: dict[str, Any] = {"category": draw(st.integers(1, 3)), "part": part // 2}
        if draw(st.booleans()):
            more["carried_by"] = "D7"
        rows.append(axis(at, at + length, **more))
        at += length + draw(st.sampled_from([0.0, 0.0, 30.0]))
    marks = draw(st.lists(st.floats(0.0, at), max_size=5, unique=True))
    return network(rows, pr=dict(enumerate(sorted(marks))))


@given(networks())
@settings(max_examples=12, deadline=None)
def test_sections_tile_what_the_route_carries(made: Network) -> None:
    rule = load_scheme().sections
    out = cut(made)
    carried = made.carriers()
    assert out["length_m"].sum() == pytest.approx(
        (carried["cumul_to_m"] - carried["cumul_from_m"]).sum()
    )
    low, high = out["cumul_from_m"].to_numpy(), out["cumul_to_m"].to_numpy()
    assert (high > low).all() and (low[1:] >= high[:-1]).all()
    # No section crosses a PR, and every edge inside a stretch is a break or a step.
    for mark in made.pr["cumul_m"]:
        assert not ((low < mark - 0.02) & (mark + 0.02 < high)).any()
    # A remainder of 100 m, less what a sum of metres loses, may be joined or not.
    assert (out["length_m"] < rule.step_m + rule.shortest_m + 0.01).all()
    lines = out.geometry.length.to_numpy()
    assert lines == pytest.approx(out["length_m"].to_numpy())
    for column in ("category", "part"):
        for a, b in zip(low, high, strict=True):
            inside = carried[
                (carried["cumul_from_m"] < b - 0.02) & (carried["cumul_to_m"] > a + 0.02)
            ]
            assert inside[column].nunique(dropna=False) <= 1
    assert not out.duplicated([*ROUTE_KEY, "cumul_from_m"]).any()
    assert np.isfinite(out["area_m2"]).all()


def _ids(axes: list[dict[str, Any]], pr: dict[int, float] | None = None) -> list[str]:
    return cut(network(axes, pr))["section_id"].tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"traffic": 9},
        {"category": 3},
        {"pole": "Salies"},
        {"commune": "Autre"},
        {"agglo": True},
        {"width_m": 5.0},
        {"surface": "ES"},
    ],
)
def test_an_attribute_of_one_road_leaves_every_identifier_alone(change: dict[str, Any]) -> None:
    def roads(**more: Any) -> list[dict[str, Any]]:
        return [axis(0.0, 600.0, **more), axis(0.0, 500.0, route="D9")]

    assert _ids(roads(**change)) == _ids(roads())
    assert (
        cut(network(roads(**change)))["network_version"].iloc[0]
        != (cut(network(roads()))["network_version"].iloc[0])
    )


def test_a_new_line_or_a_new_reference_gives_new_identifiers_where_it_is() -> None:
    before = _ids([axis(0.0, 600.0)], {1: 0.0})
    line = LineString([(X, Y), (X + 200, Y), (X + 300, Y + 5), (X + 400, Y), (X + 600, Y)])
    redrawn = _ids([axis(0.0, 600.0, geometry=line)], {1: 0.0})
    assert set(redrawn).isdisjoint(before[1:2])
    assert set(_ids([axis(0.0, 600.0)], {2: 0.0})).isdisjoint(before)
    assert set(_ids([axis(0.0, 600.0, route="D9")])).isdisjoint(_ids([axis(0.0, 600.0)]))


def test_identifiers_that_stand_in_the_network_are_kept(tmp_path: Path) -> None:
    first = cut(network([axis(0.0, 600.0)]))
    bent = LineString([(X, Y + 3), (X + 600, Y)])
    axes = gpd.GeoDataFrame([axis(0.0, 600.4, geometry=bent)], crs="EPSG:2154")
    pr = gpd.GeoDataFrame(network([axis(0.0, 1.0)]).pr, geometry=[], crs="EPSG:2154")
    path = tmp_path / "network.gpkg"
    axes.to_file(path, layer="axes")
    pr.to_file(path, layer="pr")
    assert set(cut(read_network(path))["section_id"]).isdisjoint(first["section_id"])
    first.iloc[:2].to_file(path, layer="sections")
    again = cut(read_network(path))
    assert again["section_id"].tolist()[:2] == first["section_id"].tolist()[:2]
    assert again["section_id"].iloc[2] != first["section_id"].iloc[2]
    assert again["section_id"].is_unique


def test_a_stretch_added_at_the_start_of_a_route_moves_no_identifier() -> None:
    first = cut(network([axis(0.0, 600.0)], {1: 0.0}))
    line = LineString([(X, Y), (X + 600, Y)])
    ahead = LineString([(X - 200, Y), (X, Y)])
    roads = network(
        [axis(0.0, 200.0, geometry=ahead), axis(200.0, 800.0, geometry=line)], {1: 200.0}
    )
    again = cut(dataclasses.replace(roads, sections=normalise_sections(first)))
    assert again["section_id"].tolist()[1:] == first["section_id"].tolist()
    assert again["section_id"].is_unique


def test_a_section_that_was_moved_is_a_new_one() -> None:
    roads = network([axis(0.0, 600.0)])
    kept = cut(roads).assign(
        network_version="before", cumul_from_m=lambda table: table["cumul_from_m"] + 1.5
    )
    other = dataclasses.replace(
        roads, sections=normalise_sections(kept.assign(section_id=list("abc")))
    )
    assert set(cut(other)["section_id"]).isdisjoint("abc")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"section_id": ["a", "a"]}, "two rows of the layer sections have the identifier a"),
        ({"section_id": ["a", None]}, "NULL in section_id"),
        ({"cumul_to_m": ["x", "y"]}, "sections.cumul_to_m holds something that is no number"),
    ],
)
def test_a_layer_of_sections_that_cannot_be_is_refused(
    rows: dict[str, list[Any]], words: str
) -> None:
    table = cut(network([axis(0.0, 400.0)])).assign(**rows)
    with pytest.raises(NetworkUnusable, match=words):
        normalise_sections(table)
