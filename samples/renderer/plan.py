"""What lies on the road: every defect and every harmless look-alike, placed from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .alignment import Alignment
from .noise import generator

VILLAGE_M = (336.0, 755.0)
CROSSWALK_M = 574.0
CLEAN_M = (1005.0, 1312.0)
WET_M = (1180.0, 1232.0)
DRIVEN_M = {"a": (0.0, 1600.0), "b": (400.0, 1600.0), "c": (0.0, 1600.0)}
SURFACES = ((-460.0, 182.0, "ES"), (182.0, 1240.0, "BB"), (1240.0, 2260.0, "ECF"))


@dataclass
class Defect:
    """One thing on the surface, before and after it is painted."""

    id: str
    code: str
    severity: int
    s_from_m: float
    s_to_m: float
    d_m: float
    half_m: float
    lane: int
    family: str = "pavement"
    depth_m: float = 0.0
    length_m: float = 0.0
    width_m: float = 0.0
    area_m2: float = 0.0
    outline: list[tuple[float, float]] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)


# lane (+1 right of the axis, -1 left), from, to, and how many of each code
ZONES: tuple[tuple[int, float, float, dict[str, int]], ...] = (
    (1, 14, 172, {"NDP": 5, "FAI": 2, "FLB": 3, "FLH": 2, "FTR": 4, "REP": 1}),
    (1, 345, 560, {"NDP": 1, "FAI": 1, "FLH": 1, "FTR": 2, "REP": 3, "MANHOLE": 4, "PON": 1}),
    (1, 600, 750, {"REP": 1, "FLH": 1, "PON": 1, "MANHOLE": 1}),
    (1, 772, 985, {"NDP": 10, "FAI": 4, "FAH": 1, "FLB": 3, "FLH": 2, "FTR": 4, "REP": 2}),
    (1, 1020, 1305, {"PON": 6, "MANHOLE": 2, "JOINT": 3}),
    (1, 1322, 1482, {"NDP": 5, "FAI": 4, "FAH": 1, "FLB": 4, "FLH": 2, "FTR": 4, "REP": 1}),
    (1, 1500, 1590, {"PON": 1, "JOINT": 1}),
    (-1, 1385, 1575, {"NDP": 5, "FAI": 2, "FAH": 1, "FLB": 3, "FLH": 2, "FTR": 3, "REP": 1}),
    (-1, 1020, 1305, {"PON": 3, "JOINT": 2}),
    (-1, 640, 890, {"NDP": 5, "FAI": 3, "FLB": 3, "FLH": 2, "FTR": 3, "REP": 2, "MANHOLE": 1}),
    (-1, 410, 620, {"FTR": 2, "FLH": 1, "REP": 1, "MANHOLE": 2, "PON": 1}),
)
ORDER = ("FAI", "FAH", "REP", "JOINT", "MANHOLE", "FLB", "FLH", "PON", "FTR", "NDP")
CODES_DISTRACTOR = {"MANHOLE", "JOINT", "PON"}


def _draw(code: str, rng: np.random.Generator, half_road: float) -> dict[str, float]:
    """Return length along, half extent across and offset from the lane axis of one defect."""
    side = float(rng.choice([-1.0, 1.0]))
    path = side * float(rng.uniform(0.72, 0.98))
    lane_half = half_road / 2
    if code == "NDP":
        size = float(np.clip(rng.lognormal(np.log(0.60), 0.30), 0.30, 1.15))
        where = path if rng.random() < 0.75 else float(rng.uniform(-0.9, 0.9))
        return {"length": size * float(rng.uniform(0.95, 1.35)), "half": size / 2, "off": where}
    if code == "FAI":
        return {
            "length": float(rng.uniform(2.5, 11.0)),
            "half": float(rng.uniform(0.42, 0.72)),
            "off": path,
        }
    if code == "FAH":
        edge = lane_half - 0.42
        return {"length": float(rng.uniform(2.0, 5.0)), "half": 0.36, "off": edge}
    if code == "FLB":
        return {"length": float(rng.uniform(8.0, 24.0)), "half": 0.16, "off": path}
    if code == "FLH":
        off = float(rng.choice([lane_half - 0.24, -lane_half + 0.2, 0.05]))
        return {"length": float(rng.uniform(8.0, 30.0)), "half": 0.14, "off": off}
    if code == "FTR":
        return {"length": 0.5, "half": lane_half * float(rng.uniform(0.72, 0.97)), "off": 0.0}
    if code == "REP":
        return {
            "length": float(rng.uniform(1.2, 5.5)),
            "half": float(rng.uniform(0.4, 1.0)),
            "off": float(rng.uniform(-0.35, 0.35)),
        }
    if code == "PON":
        if rng.random() < 0.6:
            return {"length": 0.4, "half": lane_half * 0.95, "off": 0.0, "across": 1.0}
        return {"length": float(rng.uniform(6.0, 16.0)), "half": 0.14, "off": path, "across": 0.0}
    if code == "JOINT":
        return {"length": 0.12, "half": lane_half, "off": 0.0}
    return {"length": 0.68, "half": 0.34, "off": float(rng.uniform(-0.5, 0.5))}  # manhole


def _clash(new: Defect, old: Defect) -> bool:
    gap = 0.35
    if new.code == "FTR" and old.code in {"FLB", "FLH", "PON"}:
        return False
    if new.code in {"FLB", "FLH"} and old.code in {"FTR", "JOINT"}:
        return False
    return (
        new.s_from_m - gap < old.s_to_m
        and old.s_from_m - gap < new.s_to_m
        and abs(new.d_m - old.d_m) < new.half_m + old.half_m + 0.12
    )


def place_defects(road: Alignment, seed: int) -> list[Defect]:
    """Return all defects and look-alikes, ordered as they are painted."""
    found: list[Defect] = []
    number = 0
    for code in ORDER:
        for zone_index, (lane, low, high, counts) in enumerate(ZONES):
            for index in range(counts.get(code, 0)):
                rng = generator(seed, "defect", zone_index, code, index)
                number += 1
                item = None
                for _ in range(400):
                    s_from = float(rng.uniform(low, high))
                    half_road = float(road.half_width_m(np.array([s_from]))[0])
                    size = _draw(code, rng, half_road)
                    if s_from + size["length"] > high or (
                        CROSSWALK_M - 4 < s_from + size["length"] and s_from < CROSSWALK_M + 6
                    ):
                        continue
                    item = Defect(
                        id=f"{'d' if code in CODES_DISTRACTOR else 'p'}{number:03d}",
                        code=code,
                        severity=int(rng.choice([1, 2, 3], p=[0.2, 0.45, 0.35])),
                        s_from_m=s_from,
                        s_to_m=s_from + size["length"],
                        d_m=lane * half_road / 2 + lane * size["off"],
                        half_m=size["half"],
                        lane=lane,
                        family="distractor" if code in CODES_DISTRACTOR else "pavement",
                        extra={"across": size["across"]} if "across" in size else {},
                    )
                    if not any(_clash(item, other) for other in found):
                        break
                if item is not None:
                    found.append(item)
    _twin_potholes(found)
    return found


def _twin_potholes(found: list[Defect]) -> None:
    """Give one pothole a neighbour 1.2 m further on, so that two must stay two."""
    first = next(
        item for item in found if item.code == "NDP" and item.lane == 1 and item.s_from_m > 780
    )
    twin = Defect(
        id="p999",
        code="NDP",
        severity=2,
        s_from_m=first.s_from_m + 1.2,
        s_to_m=first.s_from_m + 1.2 + 0.45,
        d_m=first.d_m + 0.05,
        half_m=0.22,
        lane=first.lane,
    )
    found.append(twin)
