"""The place in the lane, read from drawn lines whose place is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.camera.lane_marks import (
    AHEAD_M,
    ASIDE_M,
    LEAST_SHARE,
    TURNED_DEG,
    in_lane,
    line_votes,
)
from inspection.camera.model import CameraPose
from voirie.arrays import Bools, Floats32, Pixels

HALF_LANE_M = 1.5
WIDTH_PX, HEIGHT_PX = 1280, 720


def camera(yaw_deg: float = 0.0) -> CameraPose:
    return CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=3.0, yaw_deg=yaw_deg)


def picture(aside_m: float, turned_deg: float, first_m: float, *, line_grey: int = 200) -> Pixels:
    """Grey asphalt with noise and the axis of the road in dashes of 3 m in 13."""
    rng = np.random.default_rng(7)
    u, v = np.meshgrid(np.arange(WIDTH_PX), np.arange(HEIGHT_PX))
    forward, lateral = camera(turned_deg).ground(u, v)
    dash = np.mod(forward - first_m, 13.0) < 3.0
    line = dash & (np.abs(lateral + HALF_LANE_M + aside_m) < 0.06)
    grey = 100.0 + rng.normal(0, 4, u.shape) + (line_grey - 100.0) * line
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def votes_of(pictures: list[Pixels], hidden: Bools | None = None) -> Floats32:
    line_m = np.full(len(AHEAD_M), -HALF_LANE_M)
    return np.stack([line_votes(one, hidden, camera(), line_m) for one in pictures])


@settings(max_examples=12, deadline=None)
@given(aside_m=st.floats(-0.8, 0.8), turned_deg=st.floats(-2.0, 2.0))
def test_dashes_tell_the_place_in_the_lane_and_where_the_camera_looks(
    aside_m: float, turned_deg: float
) -> None:
    # Pictures every 5 m: the first dash ahead is never where it was.
    pictures = [picture(aside_m, turned_deg, -5.0 * k) for k in range(8)]
    found = in_lane(votes_of(pictures), np.arange(8) * 5.0)
    assert found.turned_deg == pytest.approx(np.full(8, turned_deg), abs=0.41)
    # What counts is where things lie that are seen 8 m ahead.
    at_8_m = found.aside_m - 8.0 * np.tan(np.radians(found.turned_deg - turned_deg))
    assert at_8_m == pytest.approx(np.full(8, aside_m), abs=0.08)


@pytest.mark.parametrize("line_grey", [100, 108, 60])
def test_a_road_without_a_light_line_says_nothing(line_grey: int) -> None:
    pictures = [picture(0.3, 0.0, -5.0 * k, line_grey=line_grey) for k in range(6)]
    votes = votes_of(pictures)
    assert votes.max() < LEAST_SHARE
    found = in_lane(votes, np.arange(6) * 5.0)
    assert np.isnan(found.aside_m).all() and np.isnan(found.turned_deg).all()


def test_what_was_destroyed_or_hides_the_road_has_no_line() -> None:
    hidden = np.ones((HEIGHT_PX, WIDTH_PX), np.bool_)
    assert not votes_of([picture(0.0, 0.0, 5.0)], hidden).any()


def test_a_vehicle_drifts_within_its_lane_and_does_not_jump() -> None:
    # A tar joint or a van's edge has more votes than the line for three pictures.
    way_m = np.arange(40) * 5.0
    votes = np.zeros((40, len(TURNED_DEG), len(ASIDE_M)), np.float32)
    true_m = 0.3 * np.sin(way_m / 40.0)
    votes[np.arange(40), 15, np.rint(true_m / 0.05).astype(int) + 20] = 0.3
    votes[18:21, 15, 40] = 0.6
    found = in_lane(votes, way_m)
    assert found.aside_m == pytest.approx(true_m, abs=0.15)


def test_no_picture_says_nothing() -> None:
    empty = np.zeros((0, len(TURNED_DEG), len(ASIDE_M)), np.float32)
    assert in_lane(empty, np.zeros(0)).aside_m.shape == (0,)
