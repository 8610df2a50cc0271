"""From metres ahead of a camera to a place on the route, whichever way one drives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network import Network, read_network
from inspection.fusion.route_places import LANE_SLACK_M, at_frame, in_another_lane, on_route
from tests.inspection.stages.made_drive import KEY, WIDTH_M, at, straight_road

SENS = st.sampled_from(["+", "-"])


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read_network(straight_road(tmp_path_factory.mktemp("road")))


def view(sens: str, forward: float = 8.0, lateral: float = 0.0, **more: object) -> pd.DataFrame:
    """A view from the middle of the lane at 250 m of the road to the north."""
    side = 1.0 if sens == "+" else -1.0
    x, y = at(side * WIDTH_M / 4, 250.0)
    frame = {"frame_cumul_m": 250.0, "frame_offset_m": side * WIDTH_M / 4, "frame_sd_m": 3.0}
    frame |= {"x": x, "y": y, "sens": sens, "voie": 1, "heading_deg": 0.0 if side > 0 else 180.0}
    seen = {"forward_m": forward, "lateral_m": lateral, "sd_m": 4.0}
    seen |= {"near_m": forward - 1.0, "far_m": forward + 1.0}
    return pd.DataFrame([KEY | frame | seen | more])


@settings(max_examples=40)
@given(SENS, st.floats(2, 40), st.floats(-4, 4))
def test_the_axis_and_a_straight_road_ahead_say_the_same(
    road: Network, sens: str, forward: float, lateral: float
) -> None:
    with_axis, without = (on_route(view(sens, forward, lateral), net) for net in (road, None))
    side = 1.0 if sens == "+" else -1.0
    expected = at(side * (WIDTH_M / 4 + lateral), 250.0 + side * forward)
    for placed in (with_axis, without):
        (row,) = placed.itertuples()
        assert (row.geometry.x, row.geometry.y) == pytest.approx(expected, abs=1e-6)
        assert row.cumul_m == pytest.approx(250.0 + side * forward, abs=1e-5)
        assert row.offset_m == pytest.approx(side * (WIDTH_M / 4 + lateral), abs=1e-5)
        assert row.from_lane_m == pytest.approx(lateral, abs=1e-5)
        assert row.cumul_to_m - row.cumul_from_m == pytest.approx(2.0)


def test_accuracy_is_that_of_the_track_and_of_the_camera_together(road: Network) -> None:
    assert on_route(view("+"), road)["accuracy_m"].tolist() == [5.0]
    assert on_route(view("+", frame_sd_m=np.nan), road)["accuracy_m"].tolist() == [4.0]


def test_off_the_end_of_the_axis_the_road_goes_on_as_the_camera_sees_it(road: Network) -> None:
    x, y = at(WIDTH_M / 4, 498.0)
    (row,) = on_route(view("+", 20.0, frame_cumul_m=498.0, x=x, y=y), road).itertuples()
    assert np.isfinite(row.cumul_m)
    assert row.geometry == shapely.Point(at(WIDTH_M / 4, 518.0))


@pytest.mark.parametrize("sens", ["+", "-"])
def test_what_lies_beyond_the_edge_of_the_lane_is_in_another(road: Network, sens: str) -> None:
    edge = WIDTH_M / 4 + LANE_SLACK_M
    for lateral in (edge - 0.05, edge + 0.05, -edge + 0.05, -edge - 0.05):
        found = in_another_lane(on_route(view(sens, 8.0, lateral), road), road)
        assert found.tolist() == [abs(lateral) > edge]


@settings(max_examples=40)
@given(SENS, st.floats(0, 10), st.floats(0.5, 20), st.floats(1, 20))
def test_without_a_camera_a_thing_lies_ahead_of_its_frame(
    sens: str, near: float, length: float, spacing: float
) -> None:
    seen = view(sens, near_m=near, far_m=near + length)
    (row,) = at_frame(seen, np.array([spacing])).itertuples()
    side = 1.0 if sens == "+" else -1.0
    assert row.cumul_from_m <= row.cumul_m <= row.cumul_to_m
    assert row.cumul_to_m - row.cumul_from_m == pytest.approx(length)
    assert side * (row.cumul_m - 250.0) == pytest.approx(near + length / 2)
    assert row.accuracy_m == pytest.approx(np.hypot(3.0, spacing / 2))
    assert np.isnan(row.offset_m) and np.isnan(row.from_lane_m)


def test_a_frame_without_coordinates_gives_a_place_without_a_point() -> None:
    seen = view("+", x=np.nan, y=np.nan, frame_sd_m=np.nan)
    (row,) = at_frame(seen, np.array([10.0])).itertuples()
    assert row.geometry is None
    assert row.accuracy_m == pytest.approx(np.hypot(5.0, 5.0))
