"""A network that is not registered runs as the registered ones do."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspection.evaluate.detector import detector_of
from tests.made_nets import answering

PICTURE = np.zeros((720, 1280, 3), np.uint8)


def test_a_file_answers_in_the_pixels_of_the_picture(tmp_path: Path) -> None:
    # Two boxes that share a half, and a weak one, on a canvas of half the size of the picture.
    answer = [[320, 320, 100], [192, 202, 92], [40, 40, 10], [30, 30, 10], [0.9, 0.8, 0.2]]
    onnx = tmp_path / "own.onnx"
    onnx.write_bytes(answering(np.array([answer], np.float32)))

    def found(threshold: float, max_iou: float) -> list[list[float]]:
        return detector_of(onnx, ["plate"], 640, threshold, max_iou)(PICTURE).xyxy.tolist()

    best, second, weak = [600, 330, 680, 390], [600, 350, 680, 410], [190, 150, 210, 170]
    assert found(0.5, 0.6) == [best, second]
    assert found(0.5, 0.4) == [best]
    assert found(0.1, 0.6) == [best, second, weak]
    assert found(0.95, 0.6) == []
