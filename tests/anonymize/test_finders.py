import cv2
import numpy as np
import pytest

from anonymize.finders import (
    HIDING_SCORE,
    Finder,
    PrivacyDetections,
    Thresholds,
)
from anonymize.selftest import FACE_BOX, STREET_CORES, drawn_face, street
from voirie.arrays import Floats32, Pixels
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


def with_somebody_far(top: int) -> tuple[Pixels, Floats32]:
    """The street of the self-test, at a size at which its head is 4 px tall, and that head."""
    far = np.asarray(cv2.resize(street(), None, fx=0.09, fy=0.09, interpolation=cv2.INTER_AREA))
    picture = np.full((720, 1280, 3), 120, np.uint8)
    left = 600
    picture[top : top + len(far), left : left + far.shape[1]] = far
    head = np.array(STREET_CORES["people"], np.float32) * 0.09
    return picture, (head + np.array([left, top, left, top], np.float32))[None]


def score_of(core: Floats32, people: Boxes) -> float:
    """Of the surest of the boxes that hold somebody."""
    return float(people.score[share_inside(core, people.xyxy)[0] > 0.9].max(initial=0.0))


def test_somebody_far_away_is_found_best_by_the_finest_look(finder: Finder) -> None:
    picture, core = with_somebody_far(329)
    glanced = score_of(core, finder.glance(picture).people)
    assert score_of(core, finder.find(picture).people) > 2 * glanced


def test_a_doubt_destroys_who_is_far_and_at_the_horizon(finder: Finder) -> None:
    picture, core = with_somebody_far(329)
    doubted = score_of(core, finder.glance(picture).people)
    assert finder.thresholds.far_people < doubted < finder.thresholds.people
    picture, core = with_somebody_far(40)  # in the sky
    assert score_of(core, finder.glance(picture).people) == 0


def test_a_plate_is_found_where_its_vehicle_is_not_seen(finder: Finder) -> None:
    picture = np.full((480, 640, 3), 120, np.uint8)
    cv2.rectangle(picture, (150, 150), (500, 400), (60, 50, 45), -1)
    cv2.rectangle(picture, (260, 260), (390, 290), (235, 235, 235), -1)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(picture, "AB-123-CD", (268, 283), font, 0.72, (20, 20, 20), 2, cv2.LINE_AA)
    core = np.array([[260, 260, 390, 290]], np.float32)
    found = finder.find(picture)
    assert len(found.vehicles) == 0
    assert share_inside(core, found.plates.xyxy).max(initial=0.0) > 0.95
    assert len(finder.glance(picture).plates) == 0


@pytest.mark.parametrize("shape", [(360, 3600), (3600, 640)])
def test_a_panorama_is_searched_as_finely_as_a_picture(
    finder: Finder, shape: tuple[int, int]
) -> None:
    picture = np.full((*shape, 3), 120, np.uint8)
    left, top = (2500, 100) if shape[1] > shape[0] else (100, 2500)
    half = cv2.resize(street(), (320, 180), interpolation=cv2.INTER_AREA)
    picture[top : top + 180, left : left + 320] = half
    found = finder.find(picture)
    for kind in ("people", "plates"):
        core = np.array([STREET_CORES[kind]]) / 2 + [left, top, left, top]
        boxes = getattr(found, kind).xyxy
        assert share_inside(core.astype(np.float32), boxes).max(initial=0.0) > 0.8
