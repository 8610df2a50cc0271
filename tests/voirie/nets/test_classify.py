"""Crops for the classifier, and its names."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voirie.nets.backend import InputFormat, Net
from voirie.nets.classify import Classifier, square

NAMES = ("red", "green", "blue")


def test_each_box_has_its_own_name(colours: bytes) -> None:
    picture = np.zeros((64, 96, 3), np.uint8)
    picture[:, :32], picture[:, 64:] = (0, 0, 255), (0, 255, 0)
    classifier = Classifier(Net(colours, InputFormat(rgb=True, divisor=255.0)), NAMES, 32)
    boxes = np.array([[68, 8, 88, 28], [4, 4, 24, 24]], np.float32)
    label, score = classifier.name(picture, boxes)
    assert [classifier.classes[i] for i in label] == ["green", "red"]
    assert np.allclose(score, 1.0, atol=0.01)
    none, scores = classifier.name(picture, np.zeros((0, 4), np.float32))
    assert none.shape == scores.shape == (0,)


@given(st.integers(-20, 80), st.integers(-20, 50), st.integers(2, 60), st.integers(2, 60))
def test_a_crop_is_a_square_and_repeats_the_border(
    left: int, top: int, wide: int, tall: int
) -> None:
    picture = np.full((40, 60, 3), (7, 90, 200), np.uint8)
    cut = square(picture, np.array([left, top, left + wide, top + tall], np.float32), 24)
    assert cut.shape == (24, 24, 3)
    assert (cut == (7, 90, 200)).all()


def test_a_crop_is_a_tenth_larger_on_each_side() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[50:150, 50:150] = 255
    cut = square(picture, np.array([50, 50, 150, 150], np.float32), 120)
    rows = np.flatnonzero(cut[60, :, 0] > 127)
    assert (rows[0], rows[-1]) == (10, 109)
