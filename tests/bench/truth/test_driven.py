"""Made drives: on their roads, slower in turns, with an error of the stated size."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from bench.truth.driven import LANE_M, SPEED_MPS, Roads, drive, moments, noisy


def crossing() -> Roads:
    """Four arms of a kilometre that meet in the middle."""
    ends = np.array([[0, 1], [0, 2], [0, 3], [0, 4]])
    tips = [(1000.0, 0.0), (0.0, 1000.0), (-1000.0, 0.0), (0.0, -1000.0)]
    lines = [shapely.LineString([(0.0, 0.0), tip]) for tip in tips]
    return Roads(lines, ends, ["D1", "D2", "D1", "D2"], np.ones(4, bool), np.ones(4, bool))


def test_a_drive_stays_beside_the_axis_it_names() -> None:
    roads = crossing()
    made = drive(roads, np.random.default_rng(3), 150)
    away = [
        roads.lines[k].distance(shapely.Point(xy))
        for k, xy in zip(made.stretch, made.xy, strict=True)
    ]
    assert np.median(away) == pytest.approx(LANE_M, abs=0.01) and max(away) < 4.0
    assert len(made.xy) == len(made.along) > 100


def test_a_car_is_slower_in_a_turn() -> None:
    at = moments(np.array([[0.0, 0.0], [500.0, 0.0], [500.0, 500.0]]))
    speed = np.diff(at)
    assert speed.max() == pytest.approx(SPEED_MPS, abs=0.1)
    assert speed[np.abs(at[:-1] - 500.0).argmin()] < 6.0


def test_the_error_of_a_receiver_has_its_size() -> None:
    fixes = noisy(np.zeros((20_000, 2)), 5.0, np.random.default_rng(1))
    assert fixes.std() == pytest.approx(5.0, rel=0.15)
    assert np.abs(np.diff(fixes, axis=0)).mean() < 2.0
