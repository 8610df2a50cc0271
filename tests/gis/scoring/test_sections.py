"""Cutting: 200 m from each break, remainders joined, no metre lost and none counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network.network import Network
from gis.scoring.sections import cut, cut_from_places
from tests.gis.scoring.made_scoring import ROUTE, axis, network
from voirie.catalogue.scheme import load_scheme
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
    other = cut(network([axis(0.0, 700.0, pole="Salies")]))
    assert first["section_id"].tolist() == again["section_id"].tolist()
    assert first["section_id"].is_unique
    assert set(first["section_id"]).isdisjoint(other["section_id"])


def test_stills_without_network() -> None:
    places = pd.DataFrame([{**ROUTE, "cumul_m": m} for m in (10.0, 199.9, 410.0, None)])
    out = cut_from_places(places)
    assert out[["cumul_from_m", "cumul_to_m"]].to_numpy().tolist() == [[0, 200], [400, 600]]
    assert out[["plod", "absd", "plof", "absf"]].to_numpy().tolist()[1] == ["DS", 400, "DS", 600]
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
    assert (out["length_m"] < rule.step_m + rule.shortest_m).all()
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
