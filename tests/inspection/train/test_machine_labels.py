"""Machine labels from two scales."""

from __future__ import annotations

import numpy as np
import pytest

from inspection.train.machine_labels import hide_doubtful, label
from voirie.arrays import Pixels
from voirie.nets.boxes import Boxes


def noise(width_px: int, height_px: int) -> Pixels:
    values = np.random.default_rng(0).integers(60, 180, (height_px, width_px, 3))
    return values.astype(np.uint8)


def found(*rows: tuple[float, ...]) -> Boxes:
    """Boxes from rows of left, top, right, bottom, score, class."""
    return Boxes.joined([Boxes.of(row[:4], row[4], int(row[5])) for row in rows])


def test_a_box_seen_at_both_scales_is_sure_and_one_alone_is_doubtful() -> None:
    coarse = found((10, 10, 50, 50, 0.15, 2), (100, 10, 150, 50, 0.12, 2), (10, 60, 30, 99, 0.6, 0))
    fine = found((11, 10, 50, 51, 0.18, 2))
    labels = label(noise(200, 100), lambda _: coarse, lambda _: fine)
    assert labels.sure.cls.tolist() == [0, 2]
    assert labels.sure.score[1] == pytest.approx(0.18)
    np.testing.assert_allclose(labels.doubtful.xyxy, [[100, 10, 150, 50]])


def test_two_kinds_of_vehicle_at_one_place_are_one_box() -> None:
    coarse = found((10, 10, 50, 50, 0.5, 2), (10, 10, 50, 51, 0.4, 5), (10, 10, 50, 50, 0.3, 0))
    labels = label(noise(200, 100), lambda _: coarse, lambda _: found())
    assert sorted(labels.sure.cls.tolist()) == [0, 2]


def test_doubtful_regions_leave_the_picture_but_not_sure_ones() -> None:
    image = noise(200, 100)
    coarse = found((10, 10, 50, 50, 0.9, 2), (40, 10, 80, 50, 0.12, 2))
    labels = label(image, lambda _: coarse, lambda _: found())
    shown = hide_doubtful(image, labels)
    np.testing.assert_array_equal(shown[10:50, 10:50], image[10:50, 10:50])
    assert (shown[10:50, 50:80] == 114).all()
    np.testing.assert_array_equal(shown[60:], image[60:])


def test_what_is_mostly_inside_a_sure_box_is_left_alone() -> None:
    image = noise(200, 100)
    coarse = found((10, 10, 90, 90, 0.9, 2), (60, 10, 100, 40, 0.12, 2))
    labels = label(image, lambda _: coarse, lambda _: found())
    assert len(labels.doubtful) == 1
    np.testing.assert_array_equal(hide_doubtful(image, labels), image)
