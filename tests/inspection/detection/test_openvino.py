"""A network looks at rectangles of frames, and what it finds is told once, in stored pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from anonymize import PublicFrame, public
from inspection.detection.base import Region
from inspection.detection.openvino import OpenVinoDetector, _once
from tests.made_nets import answering
from voirie.nets import Boxes, Net, YoloDetector
from voirie.nets.registry import INPUT_FORMATS

WHOLE = Region("whole", 0, 0, 640, 640, 640)
CORNER = Region("corner", 320, 320, 640, 640, 640)
"""A quarter of the picture, seen at twice its size."""


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> PublicFrame:
    path = tmp_path_factory.mktemp("frame") / "a.png"
    cv2.imwrite(str(path), np.full((640, 640, 3), 90, np.uint8))
    return public(path, "made for this test", "CC0")


def detector(*threshold: float) -> OpenVinoDetector:
    """A crack at 100, 200 and a patch at 400, 300 of whatever is seen."""
    answer = [[100, 400], [200, 300], [20, 40], [10, 30], [0.6, 0.1], [0.2, 0.5]]
    net = Net(answering(np.array([answer], np.float32)), INPUT_FORMATS["yolo-detect"])
    return OpenVinoDetector(YoloDetector(net, ["crack", "patch"]), np.float32(threshold))


def test_a_class_is_kept_from_its_own_threshold_on(frame: PublicFrame) -> None:
    both = detector(0.3, 0.3).detect([frame], [[WHOLE]])
    assert sorted(both.label.tolist()) == [0, 1]
    assert detector(0.3, 0.55).detect([frame], [[WHOLE]]).label.tolist() == [0]
    assert detector(0.7, 0.3).detect([frame], [[WHOLE]]).label.tolist() == [1]
    assert detector(0.7, 0.55).detect([frame], [[WHOLE]]).xyxy.shape == (0, 4)


def test_what_a_part_of_the_picture_shows_is_told_in_pixels_of_the_whole(
    frame: PublicFrame,
) -> None:
    found = detector(0.3, 0.9).detect([frame], [[CORNER]])
    assert found.xyxy.tolist() == [[365, 417.5, 375, 422.5]]


def test_each_find_belongs_to_its_frame(frame: PublicFrame) -> None:
    found = detector(0.3, 0.9).detect([frame, frame, frame], [[WHOLE], [], [CORNER, WHOLE, WHOLE]])
    # Two rectangles that show the same spot find one thing there.
    assert found.frame.tolist() == [0, 2, 2]
    assert {len(found.xyxy), len(found.score), len(found.label)} == {3}


def test_no_frame_is_no_find() -> None:
    found = detector(0.3, 0.3).detect([], [])
    assert (len(found.frame), found.xyxy.shape) == (0, (0, 4))


def test_two_classes_on_one_thing_are_one_and_neighbours_stay() -> None:
    boxes = Boxes(
        np.float32([[0, 0, 10, 10], [0, 0, 10, 11], [20, 0, 30, 10]]),
        np.float32([0.4, 0.6, 0.5]),
        np.int32([0, 1, 0]),
    )
    assert _once(boxes).score.tolist() == np.float32([0.6, 0.5]).tolist()
    assert len(_once(Boxes.none())) == 0
