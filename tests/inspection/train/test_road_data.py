"""The road of a survey frame, without the watermark of the agency."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspection.train.folders import Sample
from inspection.train.road_data import WATERMARK, road_rectangle, without_watermark


def noise(width_px: int, height_px: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).integers(60, 180, (height_px, width_px, 3))
    return values.astype(np.uint8)


def test_the_watermark_is_gone_and_the_rest_untouched() -> None:
    frame = noise(896, 560)
    cv2.putText(frame, "DNIT", (760, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 8)
    masked = without_watermark(frame)
    assert masked[:60, 750:].max() < 255
    left, bottom = round(WATERMARK[0] * 896), round(WATERMARK[3] * 560)
    np.testing.assert_array_equal(masked[bottom:], frame[bottom:])
    np.testing.assert_array_equal(masked[:, :left], frame[:, :left])


@pytest.mark.parametrize("height_px", [551, 560])
def test_every_frame_gives_a_road_rectangle_of_one_size(height_px: int) -> None:
    boxes = np.asarray([[3, 400, 400, 450, 430]], np.float32)
    cut = road_rectangle(Sample("f", noise(896, height_px), boxes))
    assert cut.image.shape == (320, 640, 3)
    scale = 640 / 896
    assert cut.boxes[0, 3] - cut.boxes[0, 1] == pytest.approx(50 * scale, rel=1e-3)
    assert cut.boxes[0, 4] - cut.boxes[0, 2] == pytest.approx(30 * scale, rel=0.02)
