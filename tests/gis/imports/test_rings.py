"""A ring begins at its lowest PR and runs as its PR do, however it is drawn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.imports.laying import lay_out
from gis.imports.make import make_network
from gis.imports.rings import backwards, cut_at, is_ring
from gis.network import Network, cumul_of
from tests.gis.imports.made_roads import ORIGIN, lines, roads

CORNERS = [(0, 0), (300, 0), (300, 300), (0, 300)]
ROUND = [[a, b] for a, b in zip(CORNERS, [*CORNERS[1:], CORNERS[0]], strict=True)]


def at_(metres: float) -> tuple[float, float]:
    """A point so many metres round the square, against the clock."""
    ring = shapely.LineString([*CORNERS, CORNERS[0]])
    point = ring.interpolate(metres % 1200.0)
    return float(point.x), float(point.y)


def ring(numbers: dict[int, float], turned: list[bool] | None = None) -> tuple[Network, list[str]]:
    flips = turned or [False] * 4
    drawn = [side[::-1] if flip else side for side, flip in zip(ROUND, flips, strict=True)]
    rows = roads([{"at": side} for side in drawn])
    points = gpd.GeoDataFrame(
        {
            "route": "D67", "gestionnaire": "CD12", "dep": "012", "cote": None, "kind": "PR",
            "num": pd.Series(list(numbers), dtype="object"),
            "plo": [f"12PR{n}" for n in numbers], "cumul_m": np.nan,
        },
        geometry=[shapely.Point(ORIGIN + at_(metres)) for metres in numbers.values()], crs=2154,
    )  # fmt: skip
    made = make_network(rows, points)
    return made.network, [fault.kind for fault in made.faults]


@pytest.mark.parametrize(
    "numbers",
    [
        {0: 450.0, 1: 750.0, 2: 1050.0, 3: 1350.0},
        {0: 450.0, 1: 150.0, 2: -150.0, 3: -450.0},
        {5: 0.0, 6: 500.0},
        {5: 300.0, 6: 100.0},
    ],
)
def test_it_begins_at_its_lowest_pr(numbers: dict[int, float]) -> None:
    network, faults = ring(numbers)
    key = network.routes()[0]
    at = [float(cumul_of(network, key, number, 0)[0]) for number in numbers]
    assert faults == [] and at[0] == pytest.approx(0.0, abs=0.02)
    assert at == sorted(at) and network.length_m(key) == pytest.approx(1200.0)
    begin = network.locate(key, 0.0)[0] - ORIGIN
    assert begin == pytest.approx(at_(next(iter(numbers.values()))), abs=0.1)


@settings(deadline=None, max_examples=20)
@given(
    st.floats(0, 1199),
    st.booleans(),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.integers(3, 8),
)
def test_wherever_it_begins_and_however_it_is_drawn(
    start: float, back: bool, turned: list[bool], n: int
) -> None:
    step = (-1 if back else 1) * 1200.0 / n
    network, faults = ring({at: start + at * step for at in range(n)}, turned)
    key = network.routes()[0]
    at = [float(cumul_of(network, key, number, 0)[0]) for number in range(n)]
    assert at == pytest.approx([number * 1200.0 / n for number in range(n)], abs=2.5)
    assert "pr_order" not in faults and "pr_twice" not in faults


def test_a_road_with_two_ends_is_no_ring() -> None:
    drawn = lines(*ROUND[:3])
    assert not is_ring(lay_out(drawn, [0, 0, 0]), drawn)
    assert is_ring(lay_out(lines(*ROUND), [0] * 4), lines(*ROUND))
    tail = lines(*ROUND, [(0, 0), (-400, 0)])
    assert not is_ring(lay_out(tail, [0] * 5), tail)


def test_a_cut_at_the_end_of_a_stretch_is_none() -> None:
    road = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.LineString([(0, 0), (9, 0)])])
    assert len(cut_at(road, shapely.Point(9, 4))) == 1
    assert len(cut_at(road, shapely.Point(4, 4))) == 2


def test_backwards_counts_the_same_metres() -> None:
    laid = lay_out(lines(*ROUND), [0] * 4)
    other = backwards(laid).rows
    assert other["cumul_from_m"].tolist() == [0.0, 300.0, 600.0, 900.0]
    assert other["row"].tolist() == laid.rows["row"].tolist()[::-1]
    assert (other["turned"].to_numpy() != laid.rows["turned"].to_numpy()[::-1]).all()
