"""What the anonymiser's networks learn from, and what is held out of it."""

from __future__ import annotations

import numpy as np
import pytest

from inspection.train.folders import Sample
from inspection.train.privacy_data import around_boxes, around_vehicles, image_of_crop, is_held_out


@pytest.mark.parametrize(
    ("time", "held_out"),
    [(0, True), (99, True), (100, False), (399, False), (450, True), (1145, True), (1596, False)],
)
def test_blocks_of_the_drive_are_held_out_whole(time: int, held_out: bool) -> None:
    assert is_held_out(f"rl_dayride_type1_001.mp4_t_{time}") is held_out


def test_a_name_without_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        is_held_out("oi_290b075812784b48")


def test_two_crops_of_one_photograph_share_its_id() -> None:
    assert image_of_crop("00d087736d290d66_0") == image_of_crop("00d087736d290d66_3")


def street() -> Sample:
    boxes = [[0, 300, 200, 340, 212], [0, 30, 20, 90, 40]]
    return Sample("s", np.full((480, 640, 3), 90, np.uint8), np.asarray(boxes, np.float32))


def test_each_plate_is_whole_in_a_square_at_native_scale() -> None:
    sample = street()
    for window, box in zip(around_boxes(sample, 128), sample.boxes, strict=True):
        assert max(window.image.shape[:2]) <= 3 * 60
        whole = window.boxes[:, 3:] - window.boxes[:, 1:3]
        assert (box[3:] - box[1:3]).tolist() in whole.tolist()


def test_only_vehicles_with_a_labelled_plate_are_learned_from() -> None:
    vehicles = np.asarray([[2, 280, 100, 380, 230], [2, 420, 100, 560, 240]], np.float32)
    (cut,) = around_vehicles(street(), vehicles)
    assert cut.name == "s_v0"
    assert cut.image.shape == (169, 130, 3)
    # A margin of 15 % of the vehicle, 15 px and 20 px, is left of it and above.
    assert cut.boxes.tolist() == [[0, 35, 120, 75, 132]]
