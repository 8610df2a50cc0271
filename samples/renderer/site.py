"""What is settled before anything is drawn: the axis, what stands where, colours, light.

Two sites exist. The demo's is written here; the training set's is drawn from its seed
(:mod:`renderer.elsewhere`), so that no weight ever sees the demo's road, signs or colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Knots = tuple[tuple[float, float], ...]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Sun:
    """Direction to the sun on the road: along s, along d, up."""

    along: float
    across: float
    up: float


@dataclass(frozen=True)
class Light:
    """Light of a pass: where the sun stands, how hard it is, and which way the eye drives."""

    bearing_deg: float
    elevation_deg: float
    shade: float = 0.44
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gain: float = 1.0
    way: int = 1

    def on_road(self, heading_rad: float) -> Sun:
        """Return the direction to the sun in road coordinates."""
        turn = np.radians(self.bearing_deg) - heading_rad
        flat = np.cos(np.radians(self.elevation_deg))
        return Sun(
            float(np.cos(turn) * flat),
            float(np.sin(turn) * flat),
            float(np.sin(np.radians(self.elevation_deg))),
        )


@dataclass(frozen=True)
class SignPlace:
    """A sign: code, speed, place, who reads it (+1 increasing s, -1 decreasing), wear, turn."""

    code: str
    value: int | None
    s_m: float
    d_m: float
    reads: int
    wear: float = 0.25
    turn_deg: float = 0.0
    base_m: float = 2.0


@dataclass(frozen=True)
class Site:
    """A world to be drawn.

    Attributes
    ----------
    seed
        Every texture, wear and sprite follows from it.
    curvature, grade, width
        (s in metres, value) joined by straight lines: 1/m with right positive, slope, metres.
    heading_deg, origin
        Bearing of the axis and its place, EPSG:2154 metres, where s is 0.
    signs, heaps, houses, parked
        What stands where. A heap is (name, kind, s, d); a house (s, side, length, distance from
        the axis); a parked car (name, look, s, d, way it points).
    towns
        Name on the town sign, and text of the direction panel.
    car_colours, plasters, shutters
        Palettes, BGR.
    car_stretch
        Length, width and height of cars as a share of the drawn shapes.
    stroll_m
        How far everybody on foot is shifted along the road.
    lights, clouds
        The sun of each pass, and how much of the sky is covered.
    """

    seed: int
    curvature: Knots
    grade: Knots
    width: Knots
    heading_deg: float
    origin: tuple[float, float]
    signs: tuple[SignPlace, ...]
    heaps: tuple[tuple[str, str, float, float], ...]
    houses: tuple[tuple[float, int, float, float], ...]
    parked: tuple[tuple[str, str, float, float, int], ...]
    towns: tuple[str, str]
    car_colours: tuple[Colour, ...]
    plasters: tuple[Colour, ...]
    shutters: tuple[Colour, ...]
    lights: Mapping[str, Light]
    clouds: Mapping[str, float]
    car_stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    stroll_m: float = 0.0


# (s in metres, curvature in 1/m, positive = to the right), joined by straight lines
CURVATURE: Knots = (
    (-460, 0.0),
    (-300, 0.0),
    (-240, 1 / 320),
    (-120, 1 / 320),
    (-60, 0.0),
    (60, 0.0),
    (100, -1 / 260),
    (190, -1 / 260),
    (240, 0.0),
    (400, 0.0),
    (430, 1 / 420),
    (520, 1 / 420),
    (560, 0.0),
    (700, 0.0),
    (745, 1 / 190),
    (845, 1 / 190),
    (890, 0.0),
    (915, 0.0),
    (960, -1 / 210),
    (1065, -1 / 210),
    (1110, 0.0),
    (1190, 0.0),
    (1230, -1 / 300),
    (1330, -1 / 300),
    (1370, 0.0),
    (1410, 1 / 170),
    (1495, 1 / 170),
    (1540, 0.0),
    (1660, 0.0),
    (1720, -1 / 350),
    (1900, -1 / 350),
    (1960, 0.0),
    (2260, 0.0),
)
# (s in metres, grade), joined by straight lines: a crest about 870 m, a dip about 1230 m
GRADE: Knots = (
    (-460, 0.004),
    (520, 0.004),
    (620, 0.024),
    (800, 0.024),
    (930, -0.026),
    (1165, -0.026),
    (1290, 0.021),
    (1500, 0.021),
    (1620, -0.004),
    (2260, -0.004),
)
# (s in metres, width of the carriageway in metres)
WIDTH: Knots = (
    (-460, 5.5),
    (172, 5.5),
    (188, 5.8),
    (324, 5.8),
    (336, 6.0),
    (755, 6.0),
    (765, 5.7),
    (2260, 5.7),
)
CAR_COLOURS: tuple[Colour, ...] = (
    (220, 220, 220),
    (84, 80, 76),
    (166, 164, 162),
    (132, 74, 40),
    (40, 36, 168),
    (184, 176, 166),
    (112, 108, 92),
    (230, 232, 232),
)
PLASTERS = ((176, 196, 208), (164, 190, 212), (150, 178, 204), (190, 200, 206), (142, 168, 196))
SHUTTERS = ((120, 96, 60), (96, 110, 74), (70, 66, 112), (140, 132, 112), (70, 84, 98))
SIGNS = (
    SignPlace("AB3a", None, 166.0, 3.75, 1, 0.2),
    SignPlace("A1a", None, 52.0, 3.7, 1, 0.5),
    SignPlace("A2a", None, 120.0, 3.8, 1, 0.35),
    SignPlace("B14", 70, 214.0, 3.9, 1, 0.15),
    SignPlace("EB10", None, 334.0, 4.6, 1, 0.2, 0, 1.3),
    SignPlace("B14", 30, 352.0, 4.3, 1, 0.15),
    SignPlace("A13b", None, 512.0, 4.35, 1, 0.3),
    SignPlace("C20a", None, 572.5, 4.2, 1, 0.15),
    SignPlace("C1a", None, 436.0, 4.9, 1, 0.3),
    SignPlace("AB4", None, 897.0, -5.4, 1, 0.3, 48),
    SignPlace("EB20", None, 757.0, 4.5, 1, 0.3, 0, 1.3),
    SignPlace("B14", 70, 784.0, 4.1, 1, 0.4),
    SignPlace("A15b", None, 868.0, 4.2, 1, 0.75),
    SignPlace("D21a", None, 1044.0, 5.2, 1, 0.3, 0, 1.5),
    SignPlace("AB2", None, 1222.0, 4.1, 1, 0.4),
    SignPlace("B21a1", None, 1298.0, 4.6, 1, 0.3, 40, 1.0),
    SignPlace("AK5", None, 1336.0, 4.0, 1, 0.5, 0, 1.0),
    SignPlace("A1b", None, 1372.0, 4.1, 1, 0.2),
    SignPlace("B14", 50, 1446.0, 4.0, 1, 0.35),
    SignPlace("B3", None, 836.0, 4.0, 1, 0.3),
    SignPlace("B14", 70, 1560.0, -4.0, -1, 0.3),
    SignPlace("A1b", None, 1522.0, -4.0, -1, 0.45),
    SignPlace("AB2", None, 1402.0, -4.1, -1, 0.2),
    SignPlace("AB4", None, 1296.0, -6.2, -1, 0.3, 60),
    SignPlace("A14", None, 1130.0, -4.0, -1, 0.6),
    SignPlace("B14", 50, 806.0, -4.1, -1, 0.2),
    SignPlace("EB10", None, 758.0, -4.6, -1, 0.25, 0, 1.3),
    SignPlace("A13b", None, 640.0, -4.4, -1, 0.3),
    SignPlace("C20a", None, 578.5, -4.2, -1, 0.2),
    SignPlace("A15b", None, 1086.0, -4.2, -1, 0.3, 40),
)
HEAPS = (
    ("heap1", "sacks", 1012.0 - 96, 5.2),
    ("heap2", "mattress", 118.0, 5.0),
    ("heap3", "rubble", 1376.0, 5.6),
    ("heap4", "tyres", 1490.0, -5.4),
    ("heap5", "appliance", 862.0, -5.5),
)
HOUSES = (
    (362, 1, 11.0, 9.5),
    (388, -1, 10.0, 8.5),
    (418, 1, 12.0, 10.5),
    (446, -1, 13.0, 8.0),
    (478, 1, 9.5, 8.0),
    (498, -1, 11.0, 10.0),
    (540, 1, 12.0, 7.8),
    (566, -1, 10.0, 8.2),
    (606, 1, 11.0, 9.0),
    (640, -1, 12.0, 8.0),
    (668, 1, 10.0, 9.5),
    (712, -1, 11.0, 9.5),
    (724, 1, 12.0, 11.0),
)
PARKED = (
    ("parked0", "hatch", 408.0, 4.1, 1),
    ("parked1", "suv", 452.0, -4.1, -1),
    ("parked2", "sedan", 590.0, 4.15, 1),
    ("parked3", "van", 652.0, 4.2, 1),
    ("parked4", "hatch", 690.0, -4.15, -1),
    ("parked5", "hatch", 1176.0, -7.6, 1),
)
LIGHTS = {
    "a": Light(164.0, 45.0, 0.43, (1.0, 1.0, 1.0), 1.08),
    "b": Light(203.0, 27.0, 0.42, (0.96, 1.0, 1.03), 1.02, -1),
    "c": Light(118.0, 31.0, 0.46, (0.95, 1.0, 1.02), 0.96),
}
CLOUDS = {"a": 0.5, "b": 0.62, "c": 0.8}


def demo_site(seed: int) -> Site:
    """Return the site of the sample that is shipped."""
    return Site(
        seed,
        CURVATURE,
        GRADE,
        WIDTH,
        62.0,
        (541_320.0, 6_243_860.0),
        SIGNS,
        HEAPS,
        HOUSES,
        PARKED,
        ("MONTAREL", "LAVERGNETTE 4"),
        CAR_COLOURS,
        PLASTERS,
        SHUTTERS,
        LIGHTS,
        CLOUDS,
    )
