"""The ground plane: what goes out comes back, and hand-made cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.camera.model import CameraPose, pose_of
from voirie.inputs import Camera

poses = st.builds(
    CameraPose,
    height_m=st.floats(0.9, 2.5),
    focal_px=st.floats(600, 1800),
    cx_px=st.just(639.5),
    cy_px=st.just(359.5),
    pitch_deg=st.floats(-2, 8),
    yaw_deg=st.floats(-4, 4),
    k1=st.floats(-0.2, 0.05),
    k2=st.just(0.0),
)


@given(poses, st.floats(3.0, 25.0), st.floats(-2.5, 2.5))
def test_ground_is_the_inverse_of_pixels(pose: CameraPose, forward: float, lateral: float) -> None:
    u, v = pose.pixels(forward, lateral)
    # A lens model is only valid inside the picture.
    if not (0 <= u < 1280 and 0 <= v < 720):
        return
    back, side = pose.ground(u, v)
    assert back == pytest.approx(forward, rel=5e-3, abs=0.02)
    assert side == pytest.approx(lateral, rel=5e-3, abs=0.02)


def test_nothing_is_on_the_ground_above_the_horizon() -> None:
    pose = CameraPose(1.3, 1000.0, 640.0, 360.0, pitch_deg=3.0)
    forward, _ = pose.ground(640.0, pose.horizon_px - 1)
    assert np.isnan(forward)


@pytest.mark.parametrize(
    ("pitch_deg", "row", "forward_m"),
    [(0.0, 490.0, 10.0), (0.0, 620.0, 5.0), (45.0, 360.0, 1.3)],
)
def test_distances_by_hand(pitch_deg: float, row: float, forward_m: float) -> None:
    pose = CameraPose(1.3, 1000.0, 640.0, 360.0, pitch_deg=pitch_deg)
    assert pose.ground(640.0, row)[0] == pytest.approx(forward_m)


def test_uncertainty_grows_with_the_square_of_the_distance() -> None:
    pose = CameraPose(1.3, 1000.0, 640.0, 360.0, pitch_deg=2.0, height_sd_m=0.0)
    near, far = pose.forward_sd_m(5.0), pose.forward_sd_m(10.0)
    assert far == pytest.approx(4 * near)


def test_the_focal_length_follows_the_size_of_the_stored_picture() -> None:
    camera = Camera(height_m=1.3, focal_px=1000.0, image_width_px=1280)
    assert pose_of(camera, 640, 360, 2.0, 0.0, "stated").focal_px == pytest.approx(500.0)


def test_what_is_assumed_makes_distances_less_sure() -> None:
    known = Camera(height_m=1.3, focal_px=1000.0, pitch_deg=2.0)
    stated, found, assumed = (
        pose_of(known, 1280, 720, 2.0, 0.0, source)
        for source in ("stated", "vanishing point", "assumed")
    )
    assert stated.forward_sd_m(8.0) == found.forward_sd_m(8.0) < 0.5
    assert assumed.forward_sd_m(8.0) > 1.5
    wide = pose_of(Camera(height_m=1.3, pitch_deg=2.0), 1280, 720, 2.0, 0.0, "stated")
    assert wide.forward_sd_m(8.0) > 2.0
    assert not stated.assumed and not found.assumed and assumed.assumed and wide.assumed
