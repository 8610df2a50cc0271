"""Faces, by the formula of the network's authors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from voirie.nets.backend import InputFormat, Net
from voirie.nets.centerface import FaceFinder, decode_faces


def test_a_face_is_decoded_by_the_formula_of_its_authors() -> None:
    heat = np.zeros((8, 8), np.float32)
    heat[3, 5] = 0.7
    log_size = np.full((2, 8, 8), np.log(3.0), np.float32)
    offset = np.stack([np.full((8, 8), 0.25), np.full((8, 8), -0.25)]).astype(np.float32)
    found = decode_faces(heat, log_size, offset, 0.5)
    centre_x, centre_y = (5 - 0.25 + 0.5) * 4, (3 + 0.25 + 0.5) * 4
    assert found.xyxy[0].tolist() == pytest.approx(
        [centre_x - 6, centre_y - 6, centre_x + 6, centre_y + 6]
    )
    assert len(decode_faces(heat, log_size, offset, 0.8)) == 0


def test_a_face_is_told_in_the_pixels_of_the_picture(answering: Callable[..., bytes]) -> None:
    heat = np.zeros((1, 1, 16, 16), np.float32)
    heat[0, 0, 8, 4] = 0.9
    log_size, offset = np.log(np.full((1, 2, 16, 16), 4.0)), np.full((1, 2, 16, 16), -0.5)
    net = Net(answering(heat, log_size, offset), InputFormat(rgb=True, divisor=1.0))
    found = FaceFinder(net).find(np.zeros((128, 256, 3), np.uint8), 64, 0.5)
    # A canvas of 32 x 64 px: centre 16, 32 and 16 px a side there, four times as much here.
    assert found.xyxy.tolist() == [pytest.approx([32, 96, 96, 128])]


def test_a_small_picture_is_not_enlarged(answering: Callable[..., bytes]) -> None:
    heat = np.zeros((1, 1, 16, 16), np.float32)
    heat[0, 0, 4, 4] = 0.9
    sizes, offset = np.log(np.full((1, 2, 16, 16), 2.0)), np.full((1, 2, 16, 16), -0.5)
    finder = FaceFinder(Net(answering(heat, sizes, offset), InputFormat(rgb=True, divisor=1.0)))
    (box,) = finder.find(np.zeros((64, 64, 3), np.uint8), 1280, 0.5).xyxy.tolist()
    assert box == pytest.approx([12, 12, 20, 20])
