import numpy as np
import pytest

from anonymize.finders import HIDING_SCORE, Finder, PrivacyDetections, Thresholds
from anonymize.selftest import FACE_BOX, drawn_face
from voirie.nets import Boxes, Models
from voirie.nets.boxes import share_inside

NONE = Boxes.none()


@pytest.fixture(scope="module")
def finder(models: Models) -> Finder:
    return Finder(models)


def test_a_face_is_found_and_lies_inside_the_picture(finder: Finder) -> None:
    picture = drawn_face()
    found = finder.find(picture).regions()
    assert share_inside(np.array([FACE_BOX], np.float32), found.xyxy).max() > 0.8
    assert found.xyxy.min() >= 0 and found.xyxy.max() <= max(picture.shape)


def test_nothing_is_found_on_a_bare_picture(finder: Finder) -> None:
    assert len(finder.find(np.full((320, 480, 3), 120, np.uint8)).regions()) == 0


def test_thresholds_come_from_the_register(finder: Finder, models: Models) -> None:
    given = models.entry("gate").thresholds.get("default", Thresholds().gate)
    assert finder.thresholds.gate == given


def test_a_doubtful_vehicle_hides_nothing() -> None:
    vehicles = Boxes.joined(
        [Boxes.of([0, 0, 9, 9], HIDING_SCORE), Boxes.of([20, 0, 29, 9], HIDING_SCORE / 2)]
    )
    found = PrivacyDetections(NONE, NONE, NONE, NONE, vehicles)
    assert found.hiding().xyxy.tolist() == [[0, 0, 9, 9]]
    assert len(found.regions()) == 0
