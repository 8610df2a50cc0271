"""What stands beside the road and does not move, with its pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import buildings, plants
from .alignment import Alignment
from .board import PX_M
from .carbody import Car
from .heaps import heap
from .noise import generator
from .plan import VILLAGE_M
from .plates import plate
from .signs import back, sign
from .site import SignPlace, Site
from .sprite import Texture
from .verge import Canopy

Array = NDArray[np.float64]


@dataclass
class Item:
    """A thing that stands at a place; ``kind`` tells how it is drawn."""

    kind: str
    s_m: float
    d_m: float
    width_m: float
    height_m: float
    texture: Texture
    name: str = ""
    reach_m: float = 220.0
    turn_rad: float = 0.0
    base_m: float = 0.0
    other: Texture | None = None
    more: dict[str, Texture] = field(default_factory=dict)


BARE = ((150, 205), (276, 300), (885, 915), (1035, 1070), (1285, 1320), (1158, 1178), (1408, 1428))


def _clear(s: float, margin: float = 0.0) -> bool:
    """Tell whether nothing tall may stand here: junctions and driveways."""
    return any(low - margin < s < high + margin for low, high in BARE)


@dataclass
class Scene:
    """All that stands, its cars, and the crowns that give shade."""

    items: list[Item]
    parked: list[tuple[str, Car, float, float, int]]
    canopies: list[Canopy]
    moving_cars: Callable[[str, str], Car]


def new_car(site: Site, name: str, look: str) -> Car:
    """Return a car with its own colour and plate."""
    seed = site.seed
    rng = generator(seed, "car", name)
    colour = site.car_colours[int(rng.integers(len(site.car_colours)))]
    dirt = float(rng.choice([0.1, 0.25, 0.6], p=[0.5, 0.35, 0.15]))
    # one plate in four hangs by a single screw
    tilt = float(rng.choice([-1, 1])) * float(rng.uniform(0.06, 0.16)) * (rng.random() < 0.25)
    return Car(look, colour, Texture(plate(seed, name, dirt)), True, tilt, site.car_stretch)


def build_scene(road: Alignment) -> Scene:
    """Return what stands beside a road."""
    site, seed = road.site, road.site.seed
    items: list[Item] = []
    canopies: list[Canopy] = []
    _plant(seed, items, canopies)
    _hedges(seed, items)
    _woods(seed, items)
    _tufts(road, seed, items)
    _furniture(seed, items)
    _houses(site, items)
    for place in site.signs:
        _sign(site, place, items)
    for name, kind, s, d in site.heaps:
        picture, width, height = heap(seed, name, kind)
        items.append(Item("flat", s, d, width, height, Texture(picture), name, 160.0))
    parked = [(name, new_car(site, name, look), s, d, way) for name, look, s, d, way in site.parked]
    return Scene(items, parked, canopies, lambda name, look: new_car(site, name, look))


def _sign(site: Site, place: SignPlace, items: list[Item]) -> None:
    name = f"sign-{place.code}-{place.s_m:.0f}"
    picture = sign(place.code, place.value, site, name, place.wear)
    width, height = picture.shape[1] * PX_M, picture.shape[0] * PX_M
    items.append(
        Item(
            "sign",
            place.s_m,
            place.d_m,
            width,
            height,
            Texture(picture),
            name,
            180.0,
            np.radians(place.turn_deg) + (0.0 if place.reads > 0 else np.pi),
            place.base_m,
            Texture(back(place.code, site)),
            {"post": Texture(buildings.post())},
        )
    )


def _plant(seed: int, items: list[Item], canopies: list[Canopy]) -> None:
    rng = generator(seed, "trees")
    pictures = [Texture(plants.tree(seed, str(k))) for k in range(6)]
    slim = [Texture(plants.cypress(seed, str(k))) for k in range(2)]
    stretches = (
        (-20, 330, 21.0, 8.0, 16.0),
        (340, 750, 30.0, 13.0, 22.0),
        (760, 1010, 18.0, 7.5, 15.0),
        (1010, 1150, 26.0, 8.0, 16.0),
        (1160, 1262, 8.5, 5.2, 6.4),
        (1265, 2050, 19.0, 7.5, 16.0),
    )
    for low, high, pitch, near, far in stretches:
        for side in (-1, 1):
            s = low + float(rng.uniform(0, pitch))
            while s < high:
                d = side * float(rng.uniform(near, far))
                if not _clear(s, 3.0):
                    tall = float(rng.uniform(6.5, 11.0))
                    if rng.random() < 0.08:
                        items.append(
                            Item("facing", s, d, tall * 0.33, tall, slim[int(rng.integers(2))])
                        )
                    else:
                        picture = pictures[int(rng.integers(6))]
                        items.append(Item("facing", s, d, tall * 0.66, tall, picture))
                        canopies.append(Canopy(s, d, tall * 0.26, tall * 0.62))
                s += pitch * float(rng.uniform(0.55, 1.5))


def _hedges(seed: int, items: list[Item]) -> None:
    rng = generator(seed, "hedges")
    pictures = [Texture(plants.hedge(seed, str(k))) for k in range(4)]
    round_ones = [Texture(plants.bush(seed, str(k))) for k in range(4)]
    for low, high, side, d, tall in (
        (-40, 140, -1, 6.6, 2.0),
        (40, 160, 1, 7.4, 1.7),
        (205, 330, -1, 6.9, 1.8),
        (215, 275, 1, 7.2, 2.2),
        (765, 880, -1, 6.8, 1.9),
        (790, 1000, 1, 7.3, 2.0),
        (920, 1030, -1, 7.0, 1.8),
        (1075, 1155, 1, 6.8, 2.1),
        (1325, 1405, 1, 7.0, 2.1),
        (1330, 1700, -1, 7.4, 1.9),
        (1430, 1640, 1, 7.2, 1.8),
        (1700, 2040, 1, 7, 2.0),
    ):
        s = float(low)
        while s + 8 <= high:
            if not _clear(s + 4, 5.0):
                items.append(
                    Item(
                        "along",
                        s,
                        side * (d + float(rng.normal(0, 0.12))),
                        8.4,
                        tall * float(rng.uniform(0.9, 1.15)),
                        pictures[int(rng.integers(4))],
                        reach_m=200.0,
                    )
                )
                for k in range(2):
                    items.append(
                        Item(
                            "facing",
                            s + 3.8 * k + float(rng.uniform(0, 2)),
                            side * (d + float(rng.normal(0, 0.3))),
                            float(rng.uniform(1.6, 2.6)),
                            tall * float(rng.uniform(0.85, 1.15)),
                            round_ones[int(rng.integers(4))],
                            reach_m=70.0,
                        )
                    )
            s += 7.6


def _woods(seed: int, items: list[Item]) -> None:
    rng = generator(seed, "woods")
    pictures = [Texture(plants.wood(seed, str(k))) for k in range(4)]
    for side in (-1, 1):
        s = -100.0
        while s < 2200:
            d = side * float(rng.uniform(58, 105))
            items.append(
                Item(
                    "facing",
                    s,
                    d,
                    float(rng.uniform(65, 95)),
                    float(rng.uniform(8, 14)),
                    pictures[int(rng.integers(4))],
                    reach_m=420.0,
                )
            )
            s += float(rng.uniform(38, 62))


def _tufts(road: Alignment, seed: int, items: list[Item]) -> None:
    rng = generator(seed, "tufts")
    pictures = [Texture(plants.tuft(seed, str(k))) for k in range(8)]
    for side in (-1, 1):
        s = -10.0
        while s < 1660:
            inside = VILLAGE_M[0] - 2 < s < VILLAGE_M[1] + 2
            out = float(rng.uniform(0.7, 3.4)) if not inside else float(rng.uniform(2.0, 5.0))
            half = float(road.half_width_m(np.array([s]))[0])
            tall = float(rng.uniform(0.22, 0.6)) * min(1.0, 0.55 + 0.3 * out)
            items.append(
                Item(
                    "facing",
                    s,
                    side * (half + out),
                    tall * 1.6,
                    tall,
                    pictures[int(rng.integers(8))],
                    reach_m=26.0,
                )
            )
            s += float(rng.uniform(0.4, 1.5)) * (3.0 if inside else 1.0)


def _furniture(seed: int, items: list[Item]) -> None:
    marker = Texture(buildings.delineator())
    for s in np.arange(20.0, 1640.0, 50.0):
        if not VILLAGE_M[0] - 5 < s < VILLAGE_M[1] + 5 and not _clear(float(s)):
            for side in (-1, 1):
                items.append(Item("flat", float(s), side * 3.72, 0.18, 1.0, marker, reach_m=150.0))
    rail = Texture(buildings.guardrail())
    for s in np.arange(1414.0, 1490.0, 4.0):
        items.append(Item("along", float(s), -3.95, 4.02, 0.75, rail, reach_m=150.0))
    for s in np.arange(936.0, 990.0, 4.0):
        items.append(Item("along", float(s), 4.0, 4.02, 0.75, rail, reach_m=150.0))
    wood = Texture(buildings.pole(seed, "0"))
    for s in np.arange(0.0, 1700.0, 46.0):
        items.append(Item("pole", float(s), 8.2 if s > 330 else 7.8, 0.6, 8.0, wood, reach_m=230.0))


def _houses(site: Site, items: list[Item]) -> None:
    seed = site.seed
    for index, (s, side, long, d) in enumerate(site.houses):
        name = str(index)
        more = {
            "gable": Texture(buildings.facade(site, name, 7.0, 7.4, True)),
            "roof": Texture(buildings.roof(seed, name, long + 0.6, 4.3)),
        }
        front = Texture(buildings.facade(site, name, long, 5.3, False))
        items.append(
            Item("house", float(s), side * d, long, 5.3, front, f"house{index}", 230.0, more=more)
        )
    low = Texture(buildings.wall(seed, "0", 6.0, 1.0))
    for s, side in (
        (374, 1),
        (400, -1),
        (432, 1),
        (462, -1),
        (512, -1),
        (556, 1),
        (580, -1),
        (620, 1),
        (655, -1),
        (682, 1),
        (700, -1),
    ):
        for k in range(2):
            items.append(Item("along", s + 6.0 * k, side * 5.1, 6.02, 0.95, low, reach_m=150.0))
