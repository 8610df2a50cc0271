"""Boxes as arrays: areas, overlaps, suppression."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.nets.boxes import Boxes, intersections, iou, share_inside, suppress

corner = st.integers(0, 50)
side = st.integers(1, 30)
box = st.builds(lambda x, y, w, h: [x, y, x + w, y + h], corner, corner, side, side)
some = st.lists(box, min_size=1, max_size=6).map(lambda rows: np.asarray(rows, np.float32))


def test_overlap_counted_by_hand() -> None:
    one = np.asarray([[0, 0, 10, 10]], np.float32)
    other = np.asarray([[5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    assert intersections(one, other).tolist() == [[50, 0]]
    assert iou(one, other)[0] == pytest.approx([1 / 3, 0])
    assert share_inside(one, other)[0] == pytest.approx([1 / 2, 0])


@given(some, some)
def test_overlap_is_mutual_and_whole_with_oneself(a: np.ndarray, b: np.ndarray) -> None:
    assert iou(a, b) == pytest.approx(iou(b, a).T)
    assert (iou(a, b) <= share_inside(a, b) + 1e-6).all()
    assert np.diag(iou(a, a)) == pytest.approx(np.ones(len(a)))


@given(some)
def test_what_suppression_keeps_hardly_overlaps(corners: np.ndarray) -> None:
    scores = np.linspace(0.9, 0.1, len(corners), dtype=np.float32)
    kept = suppress(Boxes(corners, scores, np.zeros(len(corners), np.int32)), 0.5)
    overlap = iou(kept.xyxy, kept.xyxy)
    assert (overlap[~np.eye(len(kept), dtype=bool)] <= 0.5 + 1e-6).all()
    assert kept.score[0] == scores[0]


def test_labels_are_class_then_corners() -> None:
    found = Boxes.joined([Boxes.of([1, 2, 3, 4], 0.5, 2), Boxes.of([5, 6, 7, 8], 0.9, 1)])
    assert found.labels().tolist() == [[2, 1, 2, 3, 4], [1, 5, 6, 7, 8]]
    assert Boxes.none().labels().shape == (0, 5)


def test_boxes_of_some_classes_come_best_first() -> None:
    found = Boxes.joined([Boxes.of([i, 0, i + 1, 1], 0.1 * i, i) for i in range(1, 5)])
    assert found.of_classes([1, 3, 4]).cls.tolist() == [4, 3, 1]
    assert len(found.of_classes([9])) == 0


def test_suppression_keeps_the_best_of_each_class() -> None:
    corners = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [50, 50, 60, 60]])
    found = Boxes(
        corners.astype(np.float32),
        np.array([0.5, 0.9, 0.4, 0.3], np.float32),
        np.array([0, 0, 1, 0], np.int32),
    )
    kept = suppress(found, 0.5)
    assert kept.score.tolist() == pytest.approx([0.9, 0.4, 0.3])
    assert len(suppress(Boxes.none(), 0.5)) == 0
