"""A camera that leans in its holder is told by what should stand upright."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.camera.roll import LEAST_LINES, lean_of, upright_lines
from voirie.arrays import Floats, Pixels


def posts(lean_deg: float, height: int = 720, width: int = 1280) -> Pixels:
    """Posts of a street whose picture leans with the clock, and a road with markings."""
    large = np.full((2 * height, 2 * width, 3), 150, np.uint8)
    for x in range(40, 2 * width, 90):
        cv2.rectangle(large, (x, height // 3), (x + 14, height), (40, 50, 60), -1)
    cv2.line(large, (width, height), (width // 2, 2 * height), (250, 250, 250), 9)
    turn = cv2.getRotationMatrix2D((float(width), float(height)), -lean_deg, 1.0)
    turned = cv2.warpAffine(large, turn, (2 * width, 2 * height), borderMode=cv2.BORDER_REPLICATE)
    part = turned[height // 2 : height // 2 + height, width // 2 : width // 2 + width]
    return np.asarray(part, np.uint8)


@pytest.mark.parametrize("lean_deg", [-12.0, -5.0, 0.0, 9.0])
def test_the_lean_is_that_of_the_posts(lean_deg: float) -> None:
    lines = [upright_lines(posts(lean_deg))] * 4
    assert lean_of(lines) == pytest.approx(lean_deg, abs=0.5)


def test_a_picture_without_edges_says_nothing() -> None:
    plain = np.full((180, 320, 3), 90, np.uint8)
    assert upright_lines(plain).shape == (0, 2)
    assert lean_of([upright_lines(plain)] * 12) is None
    assert lean_of([]) is None


@given(st.integers(0, 2**32 - 1))
def test_edges_that_do_not_agree_say_nothing(seed: int) -> None:
    chance = np.random.default_rng(seed)
    lines: Floats = np.stack([chance.uniform(-24, 24, 200), np.full(200, 40.0)], axis=1)
    assert lean_of([lines]) is None


@given(st.floats(-17.5, 17.5), st.integers(LEAST_LINES, 300))
def test_edges_that_agree_say_their_angle(lean_deg: float, number: int) -> None:
    lines = np.tile([lean_deg, 30.0], (number, 1))
    assert lean_of([lines]) == pytest.approx(lean_deg)
