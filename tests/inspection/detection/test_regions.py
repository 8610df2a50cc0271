"""The rectangle of the road follows the camera."""

from __future__ import annotations

from dataclasses import replace

from inspection.camera.model import CameraPose
from inspection.detection.regions import road


def test_the_road_region_holds_the_lane_and_no_sky() -> None:
    pose = CameraPose(1.3, 950.0, 639.5, 359.5, pitch_deg=3.0)
    region = road(1280, 720, pose)
    assert region.y1_px > pose.horizon_px
    for forward, lateral in ((4.0, 0.0), (8.0, -1.5), (13.0, 1.5)):
        u, v = pose.pixels(forward, lateral)
        assert region.x1_px <= u <= region.x2_px
        assert region.y1_px <= v <= region.y2_px


def test_rows_of_the_bonnet_are_left_out() -> None:
    pose = CameraPose(1.3, 950.0, 639.5, 359.5, pitch_deg=3.0)
    whole, cut = road(1280, 720, pose), road(1280, 720, replace(pose, bonnet_rows_pct=15.0))
    assert whole.y2_px > 0.85 * 720
    assert cut == replace(whole, y2_px=round(0.85 * 720))


def test_without_a_camera_the_whole_frame_is_seen() -> None:
    region = road(896, 560, None)
    assert (region.x1_px, region.y1_px, region.x2_px, region.y2_px) == (0, 0, 896, 560)
