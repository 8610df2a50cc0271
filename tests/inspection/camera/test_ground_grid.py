"""The grid lies where the camera puts the road, and the picture below it is left as it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.camera.ground_grid import AHEAD_M, SIDE_M, grid_lines, with_grid
from inspection.camera.model import CameraPose


@given(
    height_m=st.floats(0.9, 3.0),
    focal_px=st.floats(500, 1500),
    pitch_deg=st.floats(-2, 8),
    yaw_deg=st.floats(-4, 4),
)
def test_lines_lead_back_to_their_metres(
    height_m: float, focal_px: float, pitch_deg: float, yaw_deg: float
) -> None:
    pose = CameraPose(height_m, focal_px, 639.5, 359.5, pitch_deg, yaw_deg)
    lines = [line for line, _ in grid_lines(pose)]
    for line, metres in zip(lines[: len(AHEAD_M)], AHEAD_M, strict=True):
        assert pose.ground(line[:, 0], line[:, 1])[0] == pytest.approx(metres, rel=1e-6)
    for line, metres in zip(lines[len(AHEAD_M) :], SIDE_M, strict=True):
        assert pose.ground(line[:, 0], line[:, 1])[1] == pytest.approx(metres, abs=1e-6)
    assert sum(is_axis for _, is_axis in grid_lines(pose)) == 1


def test_the_picture_is_copied_and_the_horizon_stands_in_its_row() -> None:
    pose = CameraPose(1.3, 950.0, 639.5, 359.5, 3.0)
    plain = np.full((720, 1280, 3), 90, np.uint8)
    drawn = with_grid(plain, pose)
    assert (plain == 90).all()
    changed = (drawn != plain).any(axis=(1, 2))
    assert not changed[: round(pose.horizon_px) - 3].any()
    assert (drawn[round(pose.horizon_px)] != 90).any(axis=1).all()
