"""Before and after a YOLO network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.errors import ConfigurationError
from voirie.nets.backend import InputFormat, Net
from voirie.nets.boxes import Boxes
from voirie.nets.yolo import YoloDetector, decode, fitted_shape, letterbox

side = st.integers(2, 900)


@given(side, side, st.sampled_from([320, 640]))
def test_a_box_goes_into_the_canvas_and_back(height: int, width: int, longest: int) -> None:
    picture = np.zeros((height, width, 3), np.uint8)
    rows, columns = fitted_shape(height, width, longest)
    assert rows % 32 == 0 and columns % 32 == 0
    canvas, laid = letterbox(picture, rows, columns)
    assert canvas.shape == (rows, columns, 3)
    corners = np.array([[0, 0, width, height]], np.float32)
    scale = [laid.scale_x, laid.scale_y] * 2
    inside = Boxes.of(corners * scale + [laid.left, laid.top, laid.left, laid.top])
    assert inside.xyxy.min() >= 0 and (inside.xyxy[0, 2:] <= (columns, rows)).all()
    assert np.abs(laid.back(inside).xyxy - corners).max() < 0.01


@pytest.mark.yolo
def test_before_and_after_a_network_agree_with_ultralytics(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "true")
    monkeypatch.setenv("YOLO_AUTOINSTALL", "false")
    pytest.importorskip("ultralytics", reason="needs the extra 'yolo'")
    import torch
    from ultralytics.data.augment import LetterBox
    from ultralytics.utils.nms import non_max_suppression
    from ultralytics.utils.ops import scale_boxes

    chance = np.random.default_rng(4)
    for height, width in ((720, 1280), (375, 500), (641, 333)):
        picture = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        shape = fitted_shape(height, width, 640)
        ours, laid = letterbox(picture, *shape)
        theirs = LetterBox((640, 640), auto=True, stride=32)(image=picture)
        assert np.array_equal(ours, theirs)

        raw = np.zeros((10, 150), np.float32)
        raw[0] = chance.uniform(0, shape[1], 150)
        raw[1] = chance.uniform(0, shape[0], 150)
        raw[2:4] = chance.uniform(20, 200, (2, 150))
        raw[4:] = chance.uniform(0, 1, (6, 150)) ** 4
        mine = laid.back(decode(raw, 0.25, 0.7)).clipped(height, width)
        (other,) = non_max_suppression(torch.from_numpy(raw[None]), 0.25, 0.7)
        other[:, :4] = scale_boxes(shape, other[:, :4], (height, width))
        assert len(mine) == len(other)
        assert np.abs(mine.xyxy - other[:, :4].numpy()).max() < 0.01
        assert mine.cls.tolist() == other[:, 5].int().tolist()


def test_a_class_may_have_a_threshold_of_its_own() -> None:
    raw = np.array([[20, 60], [20, 60], [10, 10], [10, 10], [0.4, 0.1], [0.1, 0.4]], np.float32)
    assert decode(raw, 0.3, 0.7).cls.tolist() == [0, 1]
    assert decode(raw, np.array([0.5, 0.3], np.float32), 0.7).cls.tolist() == [1]
    assert len(decode(raw, 0.5, 0.7)) == 0


def test_a_find_is_told_in_the_pixels_of_the_picture(answering: Callable[..., bytes]) -> None:
    # One anchor in the middle of the canvas of 384 x 640 that a picture of 720 x 1280 fits in.
    raw = np.array([320, 192, 64, 32, 0.9], np.float32).reshape(1, 5, 1)
    detector = YoloDetector(Net(answering(raw), InputFormat(rgb=True, divisor=255.0)), ["plate"])
    found = detector.detect(np.zeros((720, 1280, 3), np.uint8), 640, 0.5)
    assert found.xyxy.tolist() == [[576, 328, 704, 392]]
    assert len(detector.detect(np.zeros((720, 1280, 3), np.uint8), 640, 0.95)) == 0


def test_a_network_with_other_classes_is_refused(answering: Callable[..., bytes]) -> None:
    net = Net(answering(np.zeros((1, 6, 1), np.float32)), InputFormat(rgb=True, divisor=255.0))
    with pytest.raises(ConfigurationError, match="has 2 classes, 1 are registered"):
        YoloDetector(net, ["plate"]).detect(np.zeros((64, 64, 3), np.uint8), 64, 0.5)
