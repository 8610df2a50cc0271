"""Cutting and writing training pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspection.train.folders import (
    PAD_GREY,
    Sample,
    crop,
    no_boxes,
    on_canvas,
    read_boxes,
    read_folder,
    stable_number,
    write_index,
    write_sample,
)
from voirie.errors import NotDecodable


def picture(width_px: int = 200, height_px: int = 100, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (height_px, width_px, 3))
    return noise.astype(np.uint8)


def test_a_crop_keeps_pixels_and_moves_boxes() -> None:
    sample = Sample("a", picture(), np.asarray([[2, 60, 30, 80, 50]], np.float32))
    cut = crop(sample, 50, 20, 100, 60, keep=0.6)
    assert cut.image.shape == (60, 100, 3)
    np.testing.assert_array_equal(cut.image, sample.image[20:80, 50:150])
    np.testing.assert_allclose(cut.boxes, [[2, 10, 10, 30, 30]])


def test_a_box_cut_too_hard_is_painted_over_and_is_no_label() -> None:
    sample = Sample("a", picture(), np.asarray([[0, 40, 30, 60, 50]], np.float32))
    cut = crop(sample, 55, 0, 100, 100, keep=0.6)
    assert len(cut.boxes) == 0
    assert (cut.image[30:50, :5] == PAD_GREY).all()
    assert (sample.image[30:50, 55:60] != PAD_GREY).any(), "the source must stay as it is"


def test_a_box_cut_a_little_is_clipped_to_the_window() -> None:
    sample = Sample("a", picture(), np.asarray([[0, 40, 30, 60, 50]], np.float32))
    cut = crop(sample, 44, 0, 100, 100, keep=0.6)
    np.testing.assert_allclose(cut.boxes, [[0, 0, 30, 16, 50]])


def test_a_small_picture_is_padded_and_not_enlarged() -> None:
    sample = Sample("plate", picture(60, 40), np.asarray([[0, 10, 10, 20, 15]], np.float32))
    padded = on_canvas(sample, 320)
    assert padded.image.shape == (320, 320, 3)
    _, left, top, right, bottom = padded.boxes[0]
    assert (right - left, bottom - top) == (10, 5)
    inside = padded.image[int(top) : int(bottom), int(left) : int(right)]
    np.testing.assert_array_equal(inside, sample.image[10:15, 10:20])


def test_the_place_on_the_canvas_depends_on_the_name_alone() -> None:
    boxes = np.asarray([[0, 10, 10, 20, 15]], np.float32)
    places = {
        tuple(on_canvas(Sample(name, picture(60, 40), boxes), 320).boxes[0, 1:3])
        for name in ("a", "b", "c", "d")
    }
    assert len(places) == 4
    assert stable_number("a") == stable_number("a")


def test_written_boxes_are_read_back(tmp_path: Path) -> None:
    boxes = np.asarray([[3, 12.5, 20, 180, 90], [0, 0, 0, 200, 100]], np.float32)
    write_sample(tmp_path, "train", Sample("one", picture(), boxes))
    write_sample(tmp_path, "train", Sample("none", picture(), no_boxes()))
    none, one = read_folder(tmp_path, "train")
    assert (one.name, none.name) == ("one", "none")
    np.testing.assert_allclose(one.boxes, boxes, atol=0.01)
    assert len(none.boxes) == 0


def test_a_picture_without_label_file_has_no_box(tmp_path: Path) -> None:
    assert read_boxes(tmp_path / "absent.txt", 10, 10).shape == (0, 5)


def test_further_columns_of_a_label_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1 0.5 0.5 0.2 0.4 0.93\n")
    boxes = read_boxes(tmp_path / "a.txt", 100, 50)
    np.testing.assert_allclose(boxes, [[1, 40, 15, 60, 35]], atol=1e-4)


def test_an_unreadable_picture_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "images" / "train"
    folder.mkdir(parents=True)
    (folder / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(NotDecodable, match="no picture") as told:
        list(read_folder(tmp_path, "train"))
    assert str(told.value.path).endswith("broken.jpg")


def test_the_index_lists_the_classes_in_order(tmp_path: Path) -> None:
    text = write_index(tmp_path, ("person", "car")).read_text()
    assert text.index("0: person") < text.index("1: car")
