"""Figures of a detector, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inspection.evaluate.figures import (
    average_precision,
    covered_share,
    detection_figures,
    plates_gated,
)
from inspection.evaluate.reader import Found, decode, iou, letterbox
from voirie.arrays import Pixels

IMAGE = np.zeros((100, 200, 3), np.uint8)


def found(*rows: tuple[float, ...]) -> Found:
    return np.asarray(rows, np.float32).reshape(-1, 6)


def truth(*rows: tuple[float, ...]) -> np.ndarray:
    return np.asarray(rows, np.float32).reshape(-1, 5)


def test_a_box_found_twice_counts_once() -> None:
    twice = found((0, 0, 10, 10, 0.9, 0), (0, 0, 10, 11, 0.8, 0))
    figures = detection_figures(
        lambda _: [twice], [(IMAGE, truth((0, 0, 0, 10, 10)))], [0], threshold=0.5
    )
    assert (figures.truths, figures.found) == (1, 2)
    assert figures.recall == 1.0
    assert figures.precision == 0.5
    assert figures.ap50 == 1.0


def test_the_threshold_does_not_touch_the_average_precision() -> None:
    pictures = [(IMAGE, truth((0, 0, 0, 10, 10), (0, 50, 50, 60, 60)))]
    boxes = found((0, 0, 10, 10, 0.9, 0), (50, 50, 60, 60, 0.2, 0))
    strict = detection_figures(lambda _: [boxes], pictures, [0], threshold=0.5)
    loose = detection_figures(lambda _: [boxes], pictures, [0], threshold=0.1)
    assert (strict.recall, loose.recall) == (0.5, 1.0)
    assert strict.ap50 == loose.ap50 == 1.0


def test_listed_classes_count_as_one_and_others_not_at_all() -> None:
    pictures = [(IMAGE, truth((0, 0, 0, 10, 10), (3, 50, 50, 60, 60)))]
    boxes = found((0, 0, 10, 10, 0.9, 1), (50, 50, 60, 60, 0.8, 3))
    cracks = detection_figures(lambda _: [boxes], pictures, [0, 1, 2], threshold=0.1)
    assert (cracks.truths, cracks.recall, cracks.precision) == (1, 1.0, 1.0)


def test_without_truth_there_is_no_recall() -> None:
    figures = detection_figures(lambda _: [found()], [(IMAGE, truth())], [0], threshold=0.1)
    assert np.isnan(figures.recall)
    assert np.isnan(figures.ap50)


def test_a_late_hit_is_worth_its_precision() -> None:
    hit, score = np.asarray([False, True]), np.asarray([0.9, 0.8], np.float32)
    assert average_precision(hit, score, 1) == pytest.approx(0.5)


def test_a_plate_over_the_edge_is_gated_by_the_grown_vehicle() -> None:
    plate = truth((0, 95, 40, 104, 45))
    vehicle = found((0, 0, 100, 60, 0.3, 2))
    assert plates_gated(lambda _: [vehicle], [(IMAGE, plate)], [2], grow_share=0.05) == (1, 1)
    assert plates_gated(lambda _: [vehicle], [(IMAGE, plate)], [2], grow_share=0.0) == (0, 1)
    assert plates_gated(lambda _: [vehicle], [(IMAGE, plate)], [0], grow_share=0.05) == (0, 1)


def test_two_covers_do_not_add_up() -> None:
    halves = found((0, 0, 5, 10, 0.9, 0), (5, 0, 10, 10, 0.9, 0))
    box = np.asarray([[0, 0, 10, 10]], np.float32)
    assert covered_share(box, halves, 0.0)[0] == pytest.approx(0.5)
    assert covered_share(box, halves[:0], 0.0).tolist() == [0.0]


def test_overlap() -> None:
    one = np.asarray([[0, 0, 10, 10]], np.float32)
    other = np.asarray([[5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    np.testing.assert_allclose(iou(one, other), [[1 / 3, 0]], rtol=1e-6)


@pytest.mark.parametrize(("square", "shape"), [(True, (640, 640)), (False, (384, 640))])
def test_the_letterbox_keeps_the_aspect(square: bool, shape: tuple[int, int]) -> None:
    picture: Pixels = np.full((720, 1280, 3), 255, np.uint8)
    canvas, scale, left, top = letterbox(picture, 640, square)
    assert canvas.shape[:2] == shape
    assert scale == 0.5
    assert left == 0
    assert (canvas[top : top + 360, left : left + 640] == 255).all()
    assert (canvas[:top] == 114).all()


def test_decoding_suppresses_within_a_class_only() -> None:
    raw = np.zeros((4 + 2, 4), np.float32)
    raw[:4] = np.asarray([[50, 50, 20, 20]] * 4).T
    raw[0, 3] = 90
    raw[4:, 0], raw[4:, 1], raw[4:, 2], raw[4:, 3] = (0.9, 0), (0.8, 0), (0, 0.7), (0.3, 0)
    boxes = decode(raw, threshold=0.25, max_iou=0.6)
    assert boxes[:, 4].tolist() == pytest.approx([0.9, 0.7, 0.3])
    assert boxes[:, 5].tolist() == [0, 1, 0]
    np.testing.assert_allclose(boxes[0, :4], [40, 40, 60, 60])
