"""Angles and focal length of a pass: what is stated stands, what is found fills in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inspection.camera.model import ASSUMED_HEIGHT_M
from inspection.capture.ground_scale import GroundScale
from inspection.capture.journal import FrameRecord
from inspection.capture.mounting import expected_pose, with_mounting
from inspection.context import PassSetup
from tests.inspection.capture.made_pass import plan
from voirie.inputs import Camera, Vehicle

SCALE = GroundScale(0.975, 0.03)
ROW = 310.0


def a_pass(camera: Camera | None) -> PassSetup:
    return replace(
        plan([Path("a.mp4")], None), vehicle=None if camera is None else Vehicle(camera=camera)
    )


def mounted(
    camera: Camera | None, scale: GroundScale | None, *, seen: bool = True
) -> dict[str, object]:
    vanishing = (640.0, ROW, 30) if seen else None
    records = [FrameRecord(f"f{k}", 1280, 720, vanishing=vanishing) for k in range(8)]
    frames = pd.DataFrame({"frame_id": [record.frame_id for record in records]})
    (row,) = with_mounting(frames, records, a_pass(camera), scale).iloc[:1].to_dict("records")
    return row


def test_a_stated_focal_length_stands() -> None:
    row = mounted(Camera(height_m=1.3, focal_px=950.0), SCALE)
    assert np.isnan(row["focal_px"])
    assert row["camera_source"] == "vanishing point"
    assert row["pitch_deg"] == pytest.approx(np.degrees(np.arctan((359.5 - ROW) / 950)), abs=1e-3)


def test_a_height_and_the_drive_tell_the_focal_length() -> None:
    row = mounted(Camera(height_m=1.3), SCALE)
    assert row["focal_px"] == pytest.approx(0.75 * 1280)
    assert row["pitch_deg"] == pytest.approx(np.degrees(np.arctan((359.5 - ROW) / 960)), abs=1e-3)
    assert np.isnan(mounted(Camera(height_m=1.3), None)["focal_px"])


def test_without_any_camera_file_the_drive_tells_distances() -> None:
    row = mounted(None, SCALE)
    assert row["focal_px"] == pytest.approx(0.975 / ASSUMED_HEIGHT_M * 1280, abs=0.1)
    assert (row["camera_source"], row["horizon_px"]) == (
        "vanishing point",
        pytest.approx(np.nan, nan_ok=True),
    )


def test_without_camera_and_horizon_nothing_is_pretended() -> None:
    blind = mounted(None, SCALE, seen=False)
    assert blind["camera_source"] is None
    assert np.isnan(blind["focal_px"])
    flat = mounted(None, None)
    assert flat["camera_source"] is None
    assert flat["horizon_px"] == ROW


def test_only_a_described_camera_is_expected_anywhere() -> None:
    assert expected_pose(a_pass(None), 1280, 720) is None
    pose = expected_pose(a_pass(Camera(height_m=1.4, focal_px=900.0, pitch_deg=3.0)), 640, 360)
    assert pose is not None
    assert (pose.pitch_deg, pose.focal_px, pose.height_m) == (3.0, 450.0, 1.4)
