"""The vanishing point, on a road drawn with a known pitch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspection.camera.model import CameraPose
from inspection.camera.vanishing_point import Vanishing, mounting_of, vanishing_point


def _road(pose: CameraPose) -> np.ndarray:
    picture = np.full((720, 1280, 3), 95, np.uint8)
    rng = np.random.default_rng(1)
    for lateral in (-4.2, -1.4, 1.5):
        u, v = pose.pixels(np.array([3.0, 80.0]), np.array([lateral, lateral]))
        for shift in (-0.06, 0.06):
            a, b = pose.pixels(np.array([3.0, 80.0]), np.array([lateral + shift] * 2))
            cv2.line(picture, (int(a[0]), int(b[0])), (int(a[1]), int(b[1])), (230, 230, 230), 3)
        cv2.line(picture, (int(u[0]), int(v[0])), (int(u[1]), int(v[1])), (235, 235, 235), 4)
    noisy = picture.astype(np.int16) + rng.normal(0, 6, picture.shape).astype(np.int16)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("pitch_deg", "yaw_deg"), [(0.0, 0.0), (3.1, 0.0), (3.0, 2.0), (5.0, -2.0)]
)
def test_pitch_and_yaw_come_back(pitch_deg: float, yaw_deg: float) -> None:
    pose = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg, yaw_deg)
    point = vanishing_point(_road(pose))
    assert point is not None
    mounting = mounting_of([point] * 5, 1000.0, 639.5, 359.5)
    assert mounting is not None
    assert mounting.pitch_deg == pytest.approx(pitch_deg, abs=0.25)
    assert mounting.yaw_deg == pytest.approx(yaw_deg, abs=0.3)


def test_a_picture_without_edges_has_no_vanishing_point() -> None:
    assert vanishing_point(np.full((720, 1280, 3), 90, np.uint8)) is None


def test_few_pictures_give_no_mounting() -> None:
    assert mounting_of([Vanishing(640, 300, 9)] * 4, 1000.0, 640.0, 360.0) is None
