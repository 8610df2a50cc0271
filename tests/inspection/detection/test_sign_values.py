"""What is read on which sign of a picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from anonymize import SafeFrame, public
from inspection.detection.base import Detections
from inspection.detection.sign_values import LEAST_HEIGHT_PX, Readings, values_read
from tests.made_signs import speed_limit
from voirie.nets import load_models
from voirie.taxonomy import load_taxonomy

SIDE_PX = 60


@pytest.fixture
def picture(tmp_path: Path) -> SafeFrame:
    """A limit of 90 at the left, one of 50 at the right."""
    scene = np.full((120, 200, 3), 90, np.uint8)
    for left, figure in ((10, "90"), (110, "50")):
        small = cv2.resize(speed_limit(figure), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        scene[20 : 20 + SIDE_PX, left : left + SIDE_PX] = small
    cv2.imwrite(str(tmp_path / "scene.png"), scene)
    return public(tmp_path / "scene.png", "drawn for a test", "CC0")


def read(
    picture: SafeFrame, called: list[str], side_px: int = SIDE_PX
) -> tuple[list[str], Readings]:
    boxes = [[10, 20, 10 + side_px, 20 + side_px], [110, 20, 110 + side_px, 20 + side_px]]
    found = Detections(
        frame=np.zeros(2, dtype=np.int64),
        xyxy=np.array(boxes, dtype=np.float32),
        score=np.full(2, 0.5, dtype=np.float32),
        label=np.zeros(2, dtype=np.int32),
    )
    names, readings = values_read(
        load_models(), [picture], found, np.array(called, dtype=object), load_taxonomy()
    )
    return names.tolist(), readings


def test_a_limit_known_by_its_family_alone_is_named_by_its_figure(picture: SafeFrame) -> None:
    names, readings = read(picture, ["B", "B"])
    assert names == ["speed_limit", "speed_limit"]
    assert readings.value.tolist() == ["90", "50"]
    assert (readings.score > 0.5).all()


def test_a_limit_that_another_network_named_keeps_its_name_and_is_read(picture: SafeFrame) -> None:
    names, readings = read(picture, ["speed_limit_80", "speed_limit_50"])
    assert names == ["speed_limit_80", "speed_limit_50"]
    assert readings.value.tolist() == ["90", "50"]


def test_other_signs_and_what_is_none_are_not_read(picture: SafeFrame) -> None:
    names, readings = read(picture, ["stop", "none"])
    assert names == ["stop", "none"]
    assert readings.value.tolist() == [None, None]
    assert np.isnan(readings.score).all()


def test_what_is_too_small_is_not_read(picture: SafeFrame) -> None:
    names, readings = read(picture, ["B", "B"], LEAST_HEIGHT_PX - 1)
    assert names == ["B", "B"]
    assert readings.value.tolist() == [None, None]
