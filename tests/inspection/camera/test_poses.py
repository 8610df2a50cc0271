"""Which pose a frame has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inspection.camera.poses import Poses
from tests.inspection.stages.made_drive import VEHICLE, context, frames


def test_each_frame_has_the_pose_of_its_pass_and_size() -> None:
    table = frames(np.arange(0.0, 40.0, 5.0), "+", camera=True)
    table.loc[2, "camera_source"] = None
    table.loc[3, "picture_id"] = None
    table.loc[4, "pass_id"] = "another"
    table.loc[5, "pitch_deg"] = 5.0
    table.loc[6, "width_px"] = 640
    poses = Poses.of(context(None, VEHICLE), table)
    assert poses.known.tolist() == [True, True, False, False, False, True, True, True]
    assert poses.at(2) is None and poses.at(3) is None and poses.at(4) is None
    first, other, half = poses.at(0), poses.at(5), poses.at(6)
    assert first is not None and other is not None and half is not None
    assert poses.at(1) is first is poses.at(7)
    assert other == replace(first, pitch_deg=5.0)
    assert half.focal_px == first.focal_px / 2
    rows = np.array([7, 5, 2, 0])
    assert {pose.pitch_deg: at.tolist() for pose, at in poses.shared(rows)} == {
        3.0: [0, 3],
        5.0: [1],
    }


def test_without_a_vehicle_no_pose_is_known() -> None:
    table = frames(np.arange(0.0, 20.0, 5.0), "+", camera=True)
    assert not Poses.of(context(None, None), table).known.any()


def test_a_focal_length_that_the_drive_tells_needs_no_vehicle() -> None:
    table = frames(np.arange(0.0, 20.0, 5.0), "+", camera=True)
    table["focal_px"] = [800.0, 800.0, np.nan, 800.0]
    poses = Poses.of(context(None, None), table)
    assert poses.known.tolist() == [True, True, False, True]
    pose = poses.at(0)
    assert pose is not None
    assert (pose.focal_px, pose.height_m) == (800.0, 1.3)
    (height,) = pose.assumed
    assert height.text == "a height of {metres} m (state height_m)"
