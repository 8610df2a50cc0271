"""Frames are chosen by distance, never at rest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspection.capture.sampling import AT_REST_MPS, choose
from inspection.options import Step

speeds = st.lists(st.floats(0, 35), min_size=2, max_size=400)


@given(speeds, st.sampled_from([2.0, 5.0, 10.0]))
def test_one_moving_picture_a_step(speed: list[float], step_m: float) -> None:
    pts = np.arange(len(speed)) / 25
    distance = np.cumsum(speed) / 25
    plan = choose(pts, distance, np.asarray(speed), Step(step_m, "m"))
    cells = np.floor(plan.distance_m / step_m + 1e-9)
    assert (np.diff(cells) >= 1).all()
    assert (np.asarray(speed)[plan.index] >= AT_REST_MPS).all()


@given(speeds)
def test_no_step_is_missed_at_full_rate(speed: list[float]) -> None:
    moving = np.maximum(speed, 5.0)
    pts = np.arange(len(moving)) / 25
    distance = np.cumsum(moving) / 25
    plan = choose(pts, distance, moving, Step(5.0, "m"))
    wanted = set(np.floor(distance / 5.0 + 1e-9).astype(int))
    assert set(np.floor(plan.distance_m / 5.0 + 1e-9).astype(int)) == wanted


def test_a_stop_gives_no_picture_and_seconds_are_steps_too() -> None:
    pts = np.arange(0, 10, 0.1)
    speed = np.where((pts > 3) & (pts < 7), 0.0, 10.0)
    plan = choose(pts, np.cumsum(speed) / 10, speed, Step(2.0, "s"))
    assert plan.pts_s.round(1).tolist() == [0.0, 2.0, 7.0, 8.0]


def test_where_the_track_does_not_reach_nothing_is_kept() -> None:
    pts = np.arange(10.0)
    distance = np.where(pts < 5, np.nan, pts * 6)
    plan = choose(pts, distance, np.full(10, 6.0), Step(5.0, "m"))
    assert plan.index.min() == 5
