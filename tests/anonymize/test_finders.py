import cv2
import numpy as np
import pytest

from anonymize.finders import HIDING_SCORE, Finder, PrivacyDetections, Thresholds
from anonymize.selftest import FACE_BOX, STREET_CORES, drawn_face, street
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


def test_somebody_far_away_is_found_by_the_finest_look(finder: Finder) -> None:
    # The street of the self-test, at a size at which its head is 4 px tall, at the horizon.
    far = np.asarray(cv2.resize(street(), None, fx=0.09, fy=0.09, interpolation=cv2.INTER_AREA))
    picture = np.full((720, 1280, 3), 120, np.uint8)
    top, left = 345 - len(far) // 2, 600
    picture[top : top + len(far), left : left + far.shape[1]] = far
    head = np.array(STREET_CORES["people"], np.float32) * 0.09
    core = (head + np.array([left, top, left, top], np.float32))[None]
    assert share_inside(core, finder.find(picture).people.xyxy).max(initial=0.0) > 0.9
    assert share_inside(core, finder.glance(picture).people.xyxy).max(initial=0.0) < 0.9
