"""A textured road that passes under a camera is measured; what stands still is not taken for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspection.camera.model import CameraPose
from inspection.capture.road_motion import EVERY_S, MotionMeter, RoadMotion
from voirie.arrays import Floats, Pixels

POSE = CameraPose(1.3, 475.0, 319.5, 179.5, pitch_deg=2.0)
HEIGHT, WIDTH = 360, 640
PIXEL_M = 0.05


def road(seed: int = 0, length_m: float = 120.0) -> Floats:
    """Asphalt seen from above: stones, and coarser stains."""
    rng = np.random.default_rng(seed)
    size = (int(length_m / PIXEL_M), int(12 / PIXEL_M))
    stains = cv2.resize(rng.normal(0, 14, (size[0] // 6, size[1] // 6)), size[::-1])
    return np.asarray(110 + rng.normal(0, 16, size) + stains, np.float64)


def seen(texture: Floats, at_m: float, still: Floats | None = None) -> Pixels:
    """What the camera sees of it from so many metres on."""
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    ahead, right = POSE.ground(u, v)
    rows = np.nan_to_num((at_m + ahead) / PIXEL_M, nan=-1.0).astype(np.float32)
    columns = np.nan_to_num((right + 6) / PIXEL_M, nan=-1.0).astype(np.float32)
    flat = texture.astype(np.float32)
    ground = cv2.remap(flat, columns, rows, cv2.INTER_LINEAR, borderValue=128.0)
    picture = np.where(ahead < 60, ground, 150.0)
    return np.asarray(np.clip(picture + (0 if still is None else still), 0, 255), np.uint8)


def watched(at_m: Floats, still: Floats | None = None) -> RoadMotion:
    texture = road()
    meter = MotionMeter(WIDTH, HEIGHT, (POSE.horizon_px / HEIGHT, 0.5))
    for rank, place in enumerate(at_m):
        assert meter.wants(rank * EVERY_S)
        meter.look(rank * EVERY_S, seen(texture, float(place), still))
    return meter.motion()


WAY = np.r_[np.zeros(8), np.cumsum(np.r_[np.linspace(0, 1.2, 20), np.full(15, 1.2)])]


def test_the_way_is_told_but_for_one_unit() -> None:
    motion = watched(WAY)
    metres = np.diff(WAY)
    driven = metres > 0.2
    unit = np.median(motion.step[driven] / metres[driven])
    assert motion.step[driven] / unit == pytest.approx(metres[driven], abs=0.08)
    # A camera 1.3 m up sees a metre as 1 / (475 x 1.3) of its rows.
    assert unit == pytest.approx(1 / (475 * 1.3), rel=0.05)


def test_a_car_that_stands_does_not_move() -> None:
    motion = watched(WAY)
    assert np.abs(motion.step[:7]).max() < 0.1 / (475 * 1.3)


def test_a_reflection_that_stands_still_is_not_taken_for_standing() -> None:
    rng = np.random.default_rng(5)
    pattern = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), 3)
    motion = watched(WAY, still=np.asarray(25 * pattern / pattern.std()))
    metres = np.diff(WAY)
    driven = metres > 0.4
    assert np.median(motion.step[driven] / metres[driven]) * 475 * 1.3 == pytest.approx(1, rel=0.1)


def test_pictures_that_follow_too_fast_are_passed_over() -> None:
    meter = MotionMeter(WIDTH, HEIGHT)
    meter.look(0.0, np.zeros((HEIGHT, WIDTH), np.uint8))
    assert not meter.wants(0.04)
    assert meter.wants(0.1)


def test_films_of_one_drive_are_joined_at_the_same_speed() -> None:
    one = watched(WAY)
    later = RoadMotion(one.t_s + one.t_s[-1] + 0.5, one.step, one.step_sd, one.turn_px)
    both = one.followed_by(later)
    assert len(both) == len(both.t_s) - 1 == 2 * len(one) + 1
    assert both.step[len(one)] == pytest.approx(5 * one.step[-1])


def test_nothing_but_numbers_is_kept() -> None:
    columns = watched(WAY[:12]).columns()
    assert set(columns) == {"t_s", "step", "step_sd", "turn_px"}
    assert all(values.ndim == 1 for values in columns.values())
