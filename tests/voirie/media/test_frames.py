"""Pixels that are not safe stay in their process and out of every text."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from voirie.media.frames import RawFrame

FRAME = RawFrame(np.full((4, 6, 3), 77, np.uint8), 1.25, 30, "a.mp4")


@pytest.mark.parametrize("way_out", [pickle.dumps, copy.copy, copy.deepcopy])
def test_no_copy_leaves_the_process(way_out: Callable[[RawFrame], object]) -> None:
    with pytest.raises(TypeError, match="never leaves its process"):
        way_out(FRAME)


def test_its_text_tells_no_pixel() -> None:
    assert repr(FRAME) == "RawFrame(a.mp4 #30, 6x4, 1.250 s)"


def test_its_pixels_cannot_be_exchanged() -> None:
    with pytest.raises(FrozenInstanceError):
        FRAME.pixels = np.zeros((4, 6, 3), np.uint8)  # type: ignore[misc]
