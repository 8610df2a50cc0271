"""Lanes of single and of dual carriageways: they fit the road, and lie on the right side of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.network.lane_geometry import (
    ASSUMED_CARRIAGEWAY_M,
    WIDEST_LANE_M,
    carriageway_m,
    direction_of,
    lane_centre_m,
    lane_count,
    lane_width_m,
    lanes_at,
)
from gis.network.network import Network

WIDTHS = st.floats(2.1, 30.0)
SIDES = st.sampled_from(["U", "D", "G"])


def network(**widths: float) -> Network:
    """One straight route a keyword, eastward; the last letter of its name is its cote."""
    rows = [
        {
            "gestionnaire": "CD",
            "dep": "031",
            "route": name[:-1],
            "cote": name[-1],
            "part": 1,
            "cumul_from_m": 0.0,
            "cumul_to_m": 100.0,
            "width_m": width,
            "geometry": shapely.LineString([(0, 100 * k), (100, 100 * k)]),
        }
        for k, (name, width) in enumerate(widths.items())
    ]
    names = ("gestionnaire", "dep", "route", "cote", "num", "kind", "plo", "cumul_m")
    pr = gpd.GeoDataFrame({name: [] for name in names}, geometry=[], crs=2154)
    return Network.of(gpd.GeoDataFrame(rows, crs=2154), pr)


def places(*rows: tuple[str | None, str | None, str | None, int | None, float]) -> pd.DataFrame:
    columns = ["route", "cote", "sens", "voie", "cumul_m"]
    frame = pd.DataFrame(rows, columns=columns).assign(gestionnaire="CD", dep="031")
    return frame.astype({"sens": "string", "voie": "Int64"})


@given(WIDTHS, SIDES)
def test_the_lanes_of_a_road_fit_on_it(width: float, cote: str) -> None:
    lane, count = lane_width_m([width], [cote])[0], lane_count([width], [cote])[0]
    directions = 2 if cote == "U" else 1
    assert count >= 1
    assert 0 < lane <= WIDEST_LANE_M
    assert lane * count * directions <= width + 1e-9
    assert count == 1 or lane >= 3.0 - 1e-6


@given(WIDTHS, SIDES, st.sampled_from(["+", "-"]))
def test_the_lanes_of_a_direction_lie_side_by_side(width: float, cote: str, sens: str) -> None:
    count = int(lane_count([width], [cote])[0])
    lane = lane_width_m([width], [cote])[0]
    voie = np.arange(1, count + 1)
    centre = lane_centre_m([width] * count, [cote] * count, [sens] * count, voie)
    # Counted from the right edge in the direction of travel.
    assert np.diff(direction_of([sens])[0] * centre) == pytest.approx(-lane)
    middle = centre.mean()
    expected = direction_of([sens])[0] * lane * count / 2 if cote == "U" else 0.0
    assert middle == pytest.approx(expected, abs=1e-9)


@given(WIDTHS, SIDES, st.integers(1, 4))
def test_the_other_direction_is_the_mirror_image(width: float, cote: str, voie: int) -> None:
    forth, back = (lane_centre_m([width], [cote], [sens], [voie])[0] for sens in "+-")
    assert forth == -back


@pytest.mark.parametrize("width", [np.nan, 0.0, -4.0, 1.9])
def test_a_width_that_cannot_be_is_unknown(width: float) -> None:
    assert lane_width_m([width], ["U"]) == lane_width_m([ASSUMED_CARRIAGEWAY_M], ["U"])


def test_a_narrow_carriageway_of_two_is_one_lane_on_its_axis() -> None:
    roads = network(N10D=4.0, N10G=4.0, D5U=6.0)
    lanes = lanes_at(
        roads,
        places(("N10", "D", "+", 1, 50.0), ("N10", "G", "-", 1, 50.0), ("D5", "U", "-", 1, 50.0)),
    )
    assert lanes.width_m.tolist() == [3.5, 3.5, 3.0]
    assert lanes.centre_m.tolist() == [0.0, 0.0, -1.5]


def test_places_without_a_road_a_direction_or_a_lane() -> None:
    roads = network(D5U=6.0)
    there = places(
        (None, None, None, None, np.nan),
        ("D5", "U", None, 1, 50.0),
        ("D5", "U", "+", None, 50.0),
        ("D9", "U", "+", 1, 50.0),  # a route that the network does not have
        ("D5", "U", "+", 1, 900.0),  # past its end
    )
    assert np.isnan(carriageway_m(roads, there)[[0, 3, 4]]).all()
    lanes = lanes_at(roads, there)
    assert np.isnan(lanes.centre_m[:3]).all()
    assert lanes.centre_m[3:].tolist() == [ASSUMED_CARRIAGEWAY_M / 4] * 2
    assert lanes.width_m[1:].tolist() == [3.0, 3.0, 2.75, 2.75]
