import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.regions import padded_faces, people_regions, plate_bands
from voirie.nets import Boxes

NONE = Boxes.none()


@pytest.mark.parametrize(
    ("box", "score", "bands"),
    [
        ((0, 0, 100, 80), 0.5, 1),
        ((0, 0, 50, 40), 0.5, 0),  # too far to be read
        ((0, 0, 100, 80), 0.15, 0),  # too doubtful
        ((0, 0, 300, 90), 0.9, 0),  # seen from the side
    ],
)
def test_the_net_is_for_near_sure_facing_vehicles(
    box: tuple[int, ...], score: float, bands: int
) -> None:
    found = plate_bands(Boxes.of(box, score), NONE, NONE)
    assert len(found) == bands
    if bands:
        assert (found.width * found.height)[0] < 0.4 * 100 * 80


def test_the_net_holds_the_plates_of_two_wheelers_and_of_buses() -> None:
    scooter = Boxes.of([100, 100, 145, 180], 0.5)
    (band,) = plate_bands(NONE, scooter, NONE).xyxy
    assert band[0] <= 112 and band[2] >= 133 and band[1] <= 140 and band[3] >= 170
    assert len(plate_bands(scooter, NONE, NONE)) == 0
    bus = Boxes.of([0, 0, 200, 240], 0.5)
    bands = plate_bands(bus, NONE, bus).xyxy
    assert bands[:, 3].max() >= 0.97 * 240
    assert len(plate_bands(NONE, NONE, Boxes.of([0, 0, 600, 240], 0.5))) == 0


def test_heads_are_the_top_of_people_and_helmets_stick_out() -> None:
    person = Boxes.of([100, 100, 140, 220])
    (head,) = people_regions(person, NONE, "head").xyxy
    assert head[1] < 100
    assert head[3] < 140
    (rider,) = people_regions(person, Boxes.of([90, 160, 150, 230]), "whole").xyxy
    (walker,) = people_regions(person, NONE, "whole").xyxy
    assert rider[1] < walker[1] - 10


def test_faces_grow_most_downwards() -> None:
    (face,) = padded_faces(Boxes.of([100, 100, 120, 130])).xyxy
    assert 130 - face[3] < face[1] - 100 < 0


def test_a_person_is_grown_by_what_the_gate_leaves_out() -> None:
    (walker,) = people_regions(Boxes.of([100, 100, 140, 200]), NONE, "whole").xyxy
    # Feet, elbows and wheels: 3 to 12 % of the pixels lay outside boxes grown by 1.08 and 1.05.
    assert walker[0] <= 92 and walker[2] >= 148
    assert walker[1] <= 93 and walker[3] >= 207
    (far,) = people_regions(Boxes.of([100, 100, 108, 126]), NONE, "whole").xyxy
    assert far[0] <= 94 and far[2] >= 114
    assert far[1] <= 93 and far[3] >= 133


@given(st.floats(1, 400), st.floats(1, 400))
def test_a_taller_person_is_never_destroyed_less_tall(a: float, b: float) -> None:
    low, high = sorted((a, b))
    less, more = people_regions(Boxes.of([[0, 0, 30, low], [0, 0, 30, high]]), NONE, "whole").height
    assert low < less <= more + 1e-3
