"""Darkness of a net: it rises with the width of cracks, and not with light, slope or extent."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.detection.darkness import darkness_pct
from voirie.arrays import Floats32, Pixels

WHOLE: Floats32 = np.array([[0, 0, 120, 60]], np.float32)


def net(gape: float, light: float = 110.0, seed: int = 1) -> Pixels:
    """A road with cracks every ten pixels that take a share of a pixel's light."""
    grain = np.random.default_rng(seed).normal(0.0, 2.0, (60, 120))
    slope = np.linspace(0.8, 1.2, 60)[:, None]
    road = light * slope * np.ones((60, 120))
    road[:, ::10] *= 1.0 - gape
    road[::10] *= 1.0 - gape
    grey = np.clip(road + grain, 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def dark(pixels: Pixels, box: Floats32 = WHOLE) -> float:
    return float(darkness_pct(pixels, box)[0])


def test_wider_cracks_are_darker() -> None:
    values = [dark(net(gape)) for gape in (0.0, 0.1, 0.25, 0.4, 0.6)]
    assert values == sorted(values)
    assert values[0] < 8 and values[-1] > 45


@given(st.floats(60.0, 180.0), st.integers(0, 50))
def test_the_light_does_not_matter(light: float, seed: int) -> None:
    assert dark(net(0.4, light, seed)) == pytest.approx(dark(net(0.4)), abs=4.0)


def test_the_part_of_a_net_is_as_dark_as_the_whole() -> None:
    pixels = net(0.4)
    half = np.array([[0, 0, 60, 60]], np.float32)
    assert dark(pixels, half) == pytest.approx(dark(pixels), abs=3.0)


def test_a_box_beyond_the_picture_or_of_a_few_pixels_is_not_measured() -> None:
    boxes = np.array([[10, 10, 13, 40], [200, 10, 300, 40], [-20, -20, 60, 40]], np.float32)
    assert np.isnan(darkness_pct(net(0.4), boxes)).tolist() == [True, True, False]
