"""Figures of a detector, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inspection.evaluate.figures import (
    Figures,
    covered_share,
    detection_figures,
    plates_gated,
)
from voirie.nets.boxes import Boxes, Labels

IMAGE = np.zeros((100, 200, 3), np.uint8)


def found(*rows: tuple[float, ...]) -> Boxes:
    """Boxes from rows of left, top, right, bottom, score, class."""
    return Boxes.joined([Boxes.of(row[:4], row[4], int(row[5])) for row in rows])


def truth(*rows: tuple[float, ...]) -> Labels:
    """Labels from rows of class, left, top, right, bottom."""
    return np.asarray(rows, np.float32).reshape(-1, 5)


def judged(
    boxes: Boxes, labels: Labels, classes: tuple[int, ...] = (0,), threshold: float = 0.1
) -> Figures:
    pytest.importorskip("faster_coco_eval", reason="needs the extra 'yolo'")
    return detection_figures([(boxes, labels)], classes, threshold)


def test_a_box_found_twice_counts_once() -> None:
    twice = found((0, 0, 10, 10, 0.9, 0), (0, 0, 10, 11, 0.8, 0))
    figures = judged(twice, truth((0, 0, 0, 10, 10)), threshold=0.5)
    assert (figures.truths, figures.found) == (1, 2)
    assert figures.recall == 1.0
    assert figures.precision == 0.5
    assert figures.average_precision == 1.0


def test_the_threshold_does_not_touch_the_average_precision() -> None:
    labels = truth((0, 0, 0, 10, 10), (0, 50, 50, 60, 60))
    boxes = found((0, 0, 10, 10, 0.9, 0), (50, 50, 60, 60, 0.2, 0))
    strict, loose = judged(boxes, labels, threshold=0.5), judged(boxes, labels, threshold=0.1)
    assert (strict.recall, loose.recall) == (0.5, 1.0)
    assert strict.average_precision == loose.average_precision == 1.0


def test_listed_classes_count_as_one_and_others_not_at_all() -> None:
    labels = truth((0, 0, 0, 10, 10), (3, 50, 50, 60, 60))
    boxes = found((0, 0, 10, 10, 0.9, 1), (50, 50, 60, 60, 0.8, 3))
    cracks = judged(boxes, labels, (0, 1, 2))
    assert (cracks.truths, cracks.recall, cracks.precision) == (1, 1.0, 1.0)


def test_boxes_of_one_picture_are_not_matched_in_another() -> None:
    pytest.importorskip("faster_coco_eval", reason="needs the extra 'yolo'")
    here, there = found((0, 0, 10, 10, 0.9, 0)), found()
    pictures = [(there, truth((0, 0, 0, 10, 10))), (here, truth())]
    figures = detection_figures(pictures, (0,), 0.1)
    assert (figures.recall, figures.precision, figures.average_precision) == (0.0, 0.0, 0.0)


def test_without_truth_there_is_no_recall() -> None:
    figures = detection_figures([(found(), truth())], (0,), 0.1)
    assert np.isnan([figures.recall, figures.precision, figures.average_precision]).all()


def test_nothing_found_is_a_recall_of_nothing() -> None:
    figures = detection_figures([(found(), truth((0, 0, 0, 10, 10)))], (0,), 0.1)
    assert (figures.recall, figures.average_precision) == (0.0, 0.0)
    assert np.isnan(figures.precision)


def test_a_late_hit_is_worth_its_precision() -> None:
    boxes = found((50, 50, 60, 60, 0.9, 0), (0, 0, 10, 10, 0.8, 0))
    assert judged(boxes, truth((0, 0, 0, 10, 10))).average_precision == pytest.approx(0.5)


def test_a_plate_over_the_edge_is_gated_by_the_grown_vehicle() -> None:
    plate = truth((0, 95, 40, 104, 45))
    vehicle = found((0, 0, 100, 60, 0.3, 2))
    for classes, grow_share, gated in (((2,), 0.05, 1), ((2,), 0.0, 0), ((0,), 0.05, 0)):
        counted = plates_gated(lambda _: vehicle, [(IMAGE, plate)], classes, grow_share)
        assert counted == (gated, 1)


def test_two_covers_do_not_add_up() -> None:
    halves = found((0, 0, 5, 10, 0.9, 0), (5, 0, 10, 10, 0.9, 0))
    box = np.asarray([[0, 0, 10, 10]], np.float32)
    assert covered_share(box, halves, 0.0)[0] == pytest.approx(0.5)
    assert covered_share(box, Boxes.none(), 0.0).tolist() == [0.0]
