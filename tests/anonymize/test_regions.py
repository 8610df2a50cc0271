import numpy as np
import pytest

from anonymize.atlas import SIDE_PX, pack, unpack
from anonymize.finders import Found
from anonymize.hold import carried
from anonymize.regions import padded_faces, people_regions, plate_bands
from voirie.nets import Boxes

NONE = Boxes.none()


@pytest.mark.parametrize(
    ("box", "score", "has_plate", "bands"),
    [
        ((0, 0, 100, 80), 0.5, False, 1),
        ((0, 0, 100, 80), 0.5, True, 0),  # its plate was found
        ((0, 0, 50, 40), 0.5, False, 0),  # too far to be read
        ((0, 0, 100, 80), 0.15, False, 0),  # too doubtful
        ((0, 0, 300, 90), 0.9, False, 0),  # seen from the side
    ],
)
def test_the_net_is_for_near_sure_facing_vehicles_without_a_plate(
    box: tuple[int, ...], score: float, has_plate: bool, bands: int
) -> None:
    found = plate_bands(Boxes.of(box, score), np.array([has_plate]))
    assert len(found) == bands
    if bands:
        assert (found.width * found.height)[0] < 0.4 * 100 * 80


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


def test_an_atlas_brings_boxes_back_to_where_they_were() -> None:
    chance = np.random.default_rng(0)
    picture = chance.integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    corners = chance.integers(0, (1200, 660), (30, 2))
    sizes = chance.integers(8, 700, (30, 2))
    ends = np.minimum(corners + sizes, (1280, 720))
    crops = np.concatenate([corners, ends], axis=1).astype(np.int32)
    canvases, places = pack(picture, crops)
    assert canvases.shape[1:] == (SIDE_PX, SIDE_PX, 3)
    area = np.zeros((len(canvases), SIDE_PX, SIDE_PX), int)
    for p in places:
        area[p.canvas, p.y : p.y + p.height, p.x : p.x + p.width] += 1
    assert area.max() == 1
    whole = [
        Boxes.joined(
            [Boxes.of([p.x, p.y, p.x + p.width, p.y + p.height]) for p in places if p.canvas == k]
        )
        for k in range(len(canvases))
    ]
    back, owner = unpack(whole, places)
    assert np.abs(back.xyxy - crops[owner]).max() < 1e-3
    assert sorted(owner) == list(range(30))


def test_what_a_neighbour_is_sure_of_moves_with_its_vehicle() -> None:
    there = Found(
        NONE, NONE, Boxes.of([130, 160, 170, 172], 0.9), NONE, Boxes.of([100, 100, 200, 200])
    )
    here = Found(NONE, NONE, NONE, NONE, Boxes.of([110, 100, 210, 200]))
    (moved,) = carried(here, there).xyxy
    assert moved[0] <= 140 and moved[2] >= 180
    doubtful = Found(NONE, NONE, Boxes.of([130, 160, 170, 172], 0.1), NONE, there.vehicles)
    assert len(carried(here, doubtful)) == 0
    covered = Found(NONE, NONE, Boxes.of([100, 150, 200, 180], 0.9), NONE, here.vehicles)
    assert len(carried(covered, there)) == 0
