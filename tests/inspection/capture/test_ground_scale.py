"""How fast the road passes under a camera tells its focal length, once its height is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.capture.ground_scale import GroundScale, ground_scale
from inspection.capture.road_motion import WIDTH_PX, RoadMotion
from tests.inspection.capture.made_motion import UNIT, MadeDrive, made_drive
from voirie.inputs import Camera

DRIVE = made_drive()


def told(drive: MadeDrive, offset_s: float = 0.0, noise_m: float = 0.4) -> GroundScale | None:
    t_s, xy = drive.fixes(offset_s, noise_m=noise_m)
    return ground_scale(drive.motion, t_s, xy, np.zeros(len(t_s), bool), offset_s)


@settings(max_examples=10, deadline=None)
@given(offset_s=st.floats(-5, 5))
def test_the_product_is_told_on_the_clock_that_was_found(offset_s: float) -> None:
    scale = told(DRIVE, offset_s)
    assert scale is not None
    assert scale.product_m == pytest.approx(1 / UNIT / WIDTH_PX, rel=0.02)
    assert 0.03 <= scale.sd_share < 0.05


@given(height_m=st.floats(0.8, 2.5), width_px=st.sampled_from([640, 1280, 1920, 3840]))
def test_a_height_makes_a_focal_length_of_it_whatever_the_size(
    height_m: float, width_px: int
) -> None:
    product_m = 0.75 * height_m
    camera = GroundScale(product_m, 0.03).camera_of(Camera(height_m=height_m), width_px)
    assert camera is not None
    assert camera.focal_px == pytest.approx(0.75 * width_px)
    assert camera.image_width_px == width_px


def test_what_no_camera_has_is_no_focal_length() -> None:
    assert GroundScale(10.0, 0.03).camera_of(Camera(height_m=1.3), 1280) is None
    assert GroundScale(0.05, 0.03).camera_of(Camera(height_m=1.3), 1280) is None


def test_pictures_or_positions_that_do_not_agree_tell_nothing() -> None:
    assert told(MadeDrive(DRIVE.t_s, DRIVE.xy, RoadMotion.none())) is None
    rng = np.random.default_rng(0)
    step = DRIVE.motion.step * rng.lognormal(0, 2.0, len(DRIVE.motion))
    rough = RoadMotion(DRIVE.t_s, step, DRIVE.motion.step_sd, DRIVE.motion.turn_px)
    assert told(MadeDrive(DRIVE.t_s, DRIVE.xy, rough)) is None
    still = RoadMotion(DRIVE.t_s, step * 0, DRIVE.motion.step_sd, DRIVE.motion.turn_px)
    assert told(MadeDrive(DRIVE.t_s, DRIVE.xy, still)) is None
