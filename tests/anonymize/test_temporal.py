from anonymize.finders import PrivacyDetections
from anonymize.temporal import GROWTH, SURE, carried
from voirie.nets import Boxes

NONE = Boxes.none()


def test_what_a_neighbour_is_sure_of_moves_with_its_vehicle() -> None:
    there = PrivacyDetections(
        NONE, NONE, Boxes.of([130, 160, 170, 172], 0.9), NONE, Boxes.of([100, 100, 200, 200])
    )
    here = PrivacyDetections(NONE, NONE, NONE, NONE, Boxes.of([110, 100, 210, 200]))
    (moved,) = carried(here, there).xyxy
    assert moved[0] <= 140 and moved[2] >= 180
    doubtful = PrivacyDetections(
        NONE, NONE, Boxes.of([130, 160, 170, 172], 0.1), NONE, there.vehicles
    )
    assert len(carried(here, doubtful)) == 0
    covered = PrivacyDetections(
        NONE, NONE, Boxes.of([100, 150, 200, 180], 0.9), NONE, here.vehicles
    )
    assert len(carried(covered, there)) == 0


def test_without_its_vehicle_a_plate_stays_where_it_was_and_grows() -> None:
    plate = Boxes.of([100, 100, 140, 120], 0.9)
    there = PrivacyDetections(NONE, NONE, plate, NONE, NONE)
    (kept,) = carried(PrivacyDetections(NONE, NONE, NONE, NONE, NONE), there).xyxy
    assert (kept[0] + kept[2]) / 2 == 120
    assert kept[2] - kept[0] >= 40 * GROWTH - 1e-3


def test_a_doubtful_person_is_held_and_a_doubtful_face_is_not() -> None:
    nothing = PrivacyDetections(NONE, NONE, NONE, NONE, NONE)
    doubt = Boxes.of([100, 100, 120, 140], SURE / 10)
    (held,) = carried(nothing, PrivacyDetections(doubt, NONE, NONE, NONE, NONE)).xyxy
    assert held[0] < 100 and held[3] > 140
    assert len(carried(nothing, PrivacyDetections(NONE, doubt, NONE, NONE, NONE))) == 0
