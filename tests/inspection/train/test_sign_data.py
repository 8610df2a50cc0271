"""Signs: families by what they look like, windows, German frames and French photographs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspection.train.folders import Sample, write_sample
from inspection.train.recipes import SIGN_FAMILIES
from inspection.train.sign_data import (
    CROP_FOLDERS,
    FRENCH,
    cut_sign,
    family_of,
    shrunk,
    sign_samples,
    signs_of_photo,
    windows,
)


def noise(width_px: int, height_px: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).integers(60, 180, (height_px, width_px, 3))
    return values.astype(np.uint8)


def test_each_sign_is_in_a_window_at_native_scale() -> None:
    frame = noise(1360, 800)
    boxes = np.asarray([[0, 20, 30, 60, 70], [3, 1300, 700, 1350, 750]], np.float32)
    cut = [window for window in windows(Sample("s", frame, boxes)) if len(window.boxes)]
    assert len(cut) == 2
    for window, box in zip(cut, boxes, strict=True):
        assert window.image.shape == (448, 448, 3)
        assert (window.boxes[0, 3] - window.boxes[0, 1]) == box[3] - box[1]


FRENCH_CLASSES = ("danger", "interdiction", "obligation", "ceder", "stop", "frouge", "fvert")


def test_a_french_photograph_keeps_its_signs_by_family_and_no_traffic_light() -> None:
    boxes = [[n, 10 * n, 10, 10 * n + 8, 20] for n in range(len(FRENCH_CLASSES))]
    photo = Sample("0001", noise(90, 60), np.asarray(boxes, np.float32))
    sample = signs_of_photo(photo, FRENCH_CLASSES)
    families = [SIGN_FAMILIES[int(number)] for number in sample.boxes[:, 0]]
    assert families == ["A", "B", "B21", "AB", "AB"]
    np.testing.assert_array_equal(sample.boxes[:, 1:], photo.boxes[:5, 1:])
    np.testing.assert_array_equal(photo.boxes[:, 0], range(len(FRENCH_CLASSES)))


def test_a_photograph_of_traffic_lights_alone_is_one_without_sign() -> None:
    photo = Sample("0001", noise(90, 60), np.asarray([[5, 10, 10, 20, 30]], np.float32))
    assert signs_of_photo(photo, FRENCH_CLASSES).boxes.shape == (0, 5)


def test_a_sign_too_small_after_shrinking_is_grey_and_no_label() -> None:
    boxes = np.asarray([[0, 100, 100, 110, 110], [1, 200, 200, 300, 320]], np.float32)
    small = shrunk(Sample("p", noise(640, 480), boxes), 320)
    assert small.image.shape == (240, 320, 3)
    np.testing.assert_allclose(small.boxes, [[1, 100, 100, 150, 160]])
    assert (small.image[50:55, 50:55] == 114).all()


def test_a_photograph_smaller_than_asked_is_not_enlarged() -> None:
    photo = Sample("p", noise(200, 100), np.zeros((0, 5), np.float32))
    np.testing.assert_array_equal(shrunk(photo, 448).image, photo.image)


def test_a_sign_that_fills_the_photograph_is_in_no_window() -> None:
    boxes = np.asarray([[0, 20, 20, 420, 420], [1, 500, 30, 540, 70]], np.float32)
    cut = [window for window in windows(Sample("p", noise(640, 480), boxes)) if len(window.boxes)]
    assert [window.boxes[:, 0].tolist() for window in cut] == [[1]]


def test_a_photograph_narrower_than_a_window_is_cut_once() -> None:
    boxes = np.asarray([[0, 20, 300, 60, 340]], np.float32)
    (cut,) = [w for w in windows(Sample("p", noise(288, 640), boxes)) if len(w.boxes)]
    assert cut.image.shape == (448, 288, 3)


def test_french_photographs_are_whole_and_in_windows_to_train_on_and_whole_to_measure_on(
    tmp_path: Path,
) -> None:
    gtsdb, photos = tmp_path / "signs" / "gtsdb", tmp_path / FRENCH
    table = "gtsrb_class,iisr_code,value\n0,B14,20\n"
    boxes = np.asarray([[0, 100, 100, 140, 140]], np.float32)
    for split in ("train", "val"):
        write_sample(gtsdb, split, Sample("00001", noise(1360, 800), boxes))
        write_sample(photos, split, Sample("0001", noise(640, 480), boxes))
    (photos / "classes.txt").write_text("\n".join(FRENCH_CLASSES))
    (tmp_path / "signs" / "gtsrb_to_iisr.csv").write_text(table)
    made = list(sign_samples(tmp_path))
    french = [(split, s.name) for split, s in made if s.name.startswith("fr_sy32_")]
    assert french == [
        ("train", "fr_sy32_0001_whole"),
        ("train", "fr_sy32_0001_0"),
        ("val", "fr_sy32_0001"),
    ]
    assert len({(split, sample.name) for split, sample in made}) == len(made)


@pytest.mark.parametrize(
    ("code", "family"),
    [("A14", "A"), ("AK5", "AK"), ("AB3a", "AB"), ("B14", "B"), ("B0", "B"), ("B21a1", "B21"),
     ("B33", "B_end"), ("B34a", "B_end"), ("AB25", "B21"), ("AUTRE", "A")],
)  # fmt: skip
def test_families_follow_what_a_sign_looks_like(code: str, family: str) -> None:
    assert family_of(code) == family
    assert family in SIGN_FAMILIES


def test_the_crop_folders_name_each_type_once() -> None:
    assert sorted(CROP_FOLDERS.values()) == list(range(43))


def test_a_sign_at_the_border_gives_a_square() -> None:
    cut = cut_sign(noise(100, 80), np.asarray([90, 60, 110, 100], np.float32))
    assert cut.shape == (48, 48, 3)
