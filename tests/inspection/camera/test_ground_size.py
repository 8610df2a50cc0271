"""From boxes to metres: what was drawn at a place is read back there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.camera.ground_size import sizes_by_camera, sizes_by_rows
from inspection.camera.model import CameraPose
from inspection.camera.poses import Poses
from voirie.arrays import Floats
from voirie.taxonomy import load_taxonomy

Box = tuple[float, float, float, float]

POSE = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=3.0)
TAXONOMY = load_taxonomy()


def view(family: str, name: str, box: Box) -> pd.DataFrame:
    columns = dict(zip(("x1_px", "y1_px", "x2_px", "y2_px"), map(float, box), strict=True))
    return pd.DataFrame([{"family": family, "model_class": name} | columns])


def read(views: pd.DataFrame, pose: CameraPose = POSE) -> dict[str, float]:
    poses = Poses([pose], np.zeros(1, dtype=np.int64))
    found = sizes_by_camera(views, np.zeros(len(views), dtype=np.int64), poses, TAXONOMY)
    return {str(name): float(value) for name, value in found.iloc[0].items()}


LYING = (
    st.floats(4.0, 9.0), st.floats(0.2, 3.0), st.floats(-1.5, 1.5), st.floats(0.3, 1.0),
    st.floats(-1.0, 6.0),
)  # fmt: skip


def box_round(pose: CameraPose, ahead_m: Floats, lateral_m: Floats) -> Box:
    """The box that just holds the points of an outline on the ground."""
    u, v = pose.pixels(ahead_m, lateral_m)
    return float(u.min()), float(v.min()), float(u.max()), float(v.max())


@given(*LYING)
def test_a_rectangle_on_the_road_is_read_back_from_the_box_round_it(
    near_m: float, length_m: float, lateral_m: float, width_m: float, pitch_deg: float
) -> None:
    pose = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=pitch_deg)
    far_m, half = near_m + length_m, width_m / 2
    ahead = np.array([near_m, near_m, far_m, far_m])
    lateral = lateral_m + half * np.array([-1, 1, -1, 1])
    found = read(view("pavement", "alligator_crack", box_round(pose, ahead, lateral)), pose)
    assert found["near_m"] == pytest.approx(near_m)
    assert found["length_m"] == pytest.approx(length_m)
    assert found["width_m"] == pytest.approx(width_m, rel=1e-6)
    assert found["lateral_m"] == pytest.approx(lateral_m, abs=1e-6)
    assert found["area_m2"] == pytest.approx(length_m * width_m, rel=1e-6)


@given(*LYING)
def test_an_ellipse_on_the_road_is_read_back_from_the_box_round_it(
    near_m: float, length_m: float, lateral_m: float, width_m: float, pitch_deg: float
) -> None:
    pose = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=pitch_deg)
    length_m = min(length_m, 2 * width_m)
    turn = np.linspace(0, 2 * np.pi, 721)
    ahead = near_m + length_m / 2 * (1 + np.cos(turn))
    lateral = lateral_m + width_m / 2 * np.sin(turn)
    found = read(view("pavement", "pothole", box_round(pose, ahead, lateral)), pose)
    assert found["length_m"] == pytest.approx(length_m, rel=1e-3)
    # Two metres long and four away it looks 1 / sqrt(1 - (1 / 5)^2) times as wide: 2.1 % at most.
    assert found["width_m"] == pytest.approx(width_m, rel=0.025)
    assert found["area_m2"] == pytest.approx(np.pi / 4 * length_m * width_m, rel=0.025)


def test_a_heap_stands_on_the_foot_of_its_box() -> None:
    _, foot = POSE.pixels(9.0, 0.0)
    found = read(view("dumping", "rubble", (600.0, foot - 150.0, 700.0, foot)))
    assert found["forward_m"] == pytest.approx(9.0)
    assert found["length_m"] == found["width_m"] and np.isnan(found["area_m2"])


@given(st.floats(10.0, 55.0), st.floats(-6.0, 6.0))
def test_a_sign_is_as_far_as_its_usual_height_looks(ahead_m: float, lateral_m: float) -> None:
    usual = TAXONOMY.model_class("stop").usual_height_m
    assert usual == TAXONOMY.families["sign"].usual_height_m["AB"]
    u, v = POSE.pixels(ahead_m, lateral_m, 2.0)
    half = POSE.focal_px * usual / ahead_m / 2
    found = read(view("sign", "stop", (u - half, v - half, u + half, v + half)))
    assert found["forward_m"] == pytest.approx(ahead_m)
    assert found["lateral_m"] == pytest.approx(lateral_m, abs=0.02)
    assert np.isnan(found["width_m"])


def test_above_the_horizon_there_is_no_road() -> None:
    found = read(view("pavement", "pothole", (600.0, 50.0, 700.0, 200.0)))
    assert np.isnan(found["forward_m"])


def test_without_a_camera_the_near_band_stands_for_one_step() -> None:
    views = pd.concat(
        [
            view("pavement", "pothole", (0, 60, 10, 80)),
            view("pavement", "pothole", (0, 10, 10, 30)),
            view("sign", "stop", (0, 10, 10, 30)),
        ]
    )
    height, spacing = np.full(3, 100.0), np.full(3, 8.0)
    found = sizes_by_rows(views, height, spacing, (0.5, 0.9), TAXONOMY).to_numpy()
    assert found[0] == pytest.approx([2.0, 6.0])
    assert np.isnan(found[1]).all(), "higher in the picture than the band"
    assert found[2].tolist() == [0.0, 0.0]
