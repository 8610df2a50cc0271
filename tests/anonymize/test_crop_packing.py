import numpy as np

from anonymize.crop_packing import SIDE_PX, pack, unpack
from voirie.nets import Boxes


def test_packing_brings_boxes_back_to_where_they_were() -> None:
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


def test_a_box_between_two_crops_belongs_to_none() -> None:
    picture = np.zeros((200, 400, 3), np.uint8)
    crops = np.array([[0, 0, 100, 100], [200, 0, 300, 100]], np.int32)
    canvases, places = pack(picture, crops)
    assert len(canvases) == 1
    first, second = sorted(places, key=lambda place: place.x)
    gap = Boxes.of([first.x + first.width, 0, second.x, 100])
    back, owner = unpack([gap], places)
    assert (len(back), len(owner)) == (0, 0)
