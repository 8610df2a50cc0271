"""What boxes are too large is taken off for the file it was measured of, and for no other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.camera.ground_size import sizes_by_camera
from inspection.camera.model import CameraPose
from inspection.camera.poses import Poses
from inspection.detection.box_excess import excess_of
from inspection.detection.regions import road
from voirie.nets import Excess, Measured, Sizes
from voirie.taxonomy import load_taxonomy

POSE = CameraPose(1.3, 1000.0, 639.5, 359.5, pitch_deg=3.0)
POSES = Poses([POSE], np.zeros(1, dtype=np.int64))
SHA = "a" * 64
ROWS = np.zeros(1, dtype=np.int64)


def measures(length: Excess, width: Excess) -> dict[str, Measured]:
    sizes = Sizes(length=length, width=width, length_spread=0.2, width_spread=0.2, area_spread=0.2)
    return {SHA: Measured(sha256=SHA, measured_on="made up", sizes={"pothole": sizes})}


def view(box: tuple[float, float, float, float], sha256: str = SHA) -> pd.DataFrame:
    columns = dict(zip(("x1_px", "y1_px", "x2_px", "y2_px"), map(float, box), strict=True))
    told = {"family": "pavement", "model_class": "pothole", "role": "pavement"}
    size = {"width_px": 1280, "height_px": 720}
    return pd.DataFrame([told | columns | size | {"model_sha256": sha256}])


@given(st.floats(5.0, 9.0), st.floats(0.3, 1.2), st.floats(-1.2, 1.2), st.floats(0.0, 8.0))
def test_a_box_that_is_too_large_gives_the_size_of_the_thing(
    ahead_m: float, size_m: float, lateral_m: float, pixels: float
) -> None:
    turn = np.linspace(0, 2 * np.pi, 361)
    u, v = POSE.pixels(ahead_m + size_m / 2 * np.cos(turn), lateral_m + size_m / 2 * np.sin(turn))
    seen = road(1280, 720, POSE)
    scale = max(seen.x2_px - seen.x1_px, seen.y2_px - seen.y1_px) / seen.longest_px
    more = pixels * scale / 2
    box = view((u.min() - more, v.min() - more, u.max() + more, v.max() + more))
    told = measures(Excess(pixels=pixels), Excess(pixels=pixels))
    excess = excess_of(box, ROWS, POSES, told)
    found = sizes_by_camera(box, ROWS, POSES, load_taxonomy(), excess).iloc[0]
    # A pixel is deeper at the far end than at the near one: a part of it stays.
    assert found["length_m"] == pytest.approx(size_m, rel=0.15, abs=0.03)
    assert found["width_m"] == pytest.approx(size_m, rel=0.05)


def test_metres_are_taken_off_at_any_distance_and_a_part_is_always_left() -> None:
    box = view((600.0, 480.0, 700.0, 500.0))
    whole = sizes_by_camera(box, ROWS, POSES, load_taxonomy()).iloc[0]
    for metres in (0.1, 50.0):
        excess = excess_of(box, ROWS, POSES, measures(Excess(metres=min(metres, 5.0)), Excess()))
        found = sizes_by_camera(box, ROWS, POSES, load_taxonomy(), excess).iloc[0]
        left = max(whole["length_m"] - metres, 0.3 * whole["length_m"])
        assert found["length_m"] == pytest.approx(left)
        assert found["forward_m"] == pytest.approx(whole["forward_m"])


def test_of_another_file_nothing_is_taken_off() -> None:
    told = measures(Excess(metres=0.2, pixels=5.0), Excess(metres=0.2))
    other = excess_of(view((600.0, 480.0, 700.0, 500.0), "b" * 64), ROWS, POSES, told)
    assert not other.any()
