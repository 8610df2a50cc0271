"""The site of the training set: another road, drawn from the seed alone.

Junctions, the village and the routes keep their chainage, since the network is built on them;
bends, slopes, widths, signs, houses, heaps, cars, colours and light are all new.
"""

from __future__ import annotations

import numpy as np

from .heaps import KINDS
from .noise import generator
from .plan import VILLAGE_M
from .signs import DRAWN
from .site import Colour, Knots, Light, SignPlace, Site

ENDS_M = (-460.0, 2260.0)
DRIVEN_TO_M = 1600.0
SPEEDS = (30, 50, 70, 80, 90, 110)
LOW_SIGNS = {"AK5": 1.0, "B21a1": 1.0}
LEAST_RADIUS_M, LARGEST_RADIUS_M = 170.0, 450.0
TOWNS = (("SAINT-VERAN", "BELCASTEL 7"), ("PEYRELAU", "MONTJAUX 3"), ("VALSONNE", "ARDOIX 11"))


def _bends(rng: np.random.Generator) -> Knots:
    """Return straights and arcs; the axis keeps turning back, so that it never meets itself."""
    knots = [(ENDS_M[0], 0.0)]
    s, turned = ENDS_M[0] + float(rng.uniform(60, 160)), 0.0
    while s < ENDS_M[1] - 320:
        radius = float(rng.uniform(LEAST_RADIUS_M, LARGEST_RADIUS_M))
        ramp, arc = float(rng.uniform(30, 60)), float(rng.uniform(60, 140))
        back = -np.sign(turned) if abs(turned) > 0.3 else rng.choice([-1.0, 1.0])
        bend = float(back) / radius
        knots += [(s, 0.0), (s + ramp, bend), (s + ramp + arc, bend), (s + 2 * ramp + arc, 0.0)]
        turned += bend * (ramp + arc)
        s += 2 * ramp + arc + float(rng.uniform(20, 150))
    return (*knots, (ENDS_M[1], 0.0))


def _steps(
    rng: np.random.Generator, low: float, high: float, hold_m: float, ramp_m: float
) -> Knots:
    """Return values that are held for a while and joined by ramps."""
    s, value = ENDS_M[0], float(rng.uniform(low, high))
    knots = [(s, value)]
    while s < ENDS_M[1] - hold_m - ramp_m:
        s += hold_m * float(rng.uniform(0.6, 1.4))
        knots.append((s, value))
        s, value = s + ramp_m, float(rng.uniform(low, high))
        knots.append((s, value))
    return (*knots, (max(ENDS_M[1], s + 1.0), value))


def _signs(rng: np.random.Generator) -> tuple[SignPlace, ...]:
    """Return town signs where the village is, and any other sign every 25 to 60 m."""
    low, high = VILLAGE_M
    out = [
        SignPlace(code, None, s, reads * 4.6, reads, 0.25, 0.0, 1.3)
        for code, s, reads in (
            ("EB10", low - 2, 1),
            ("EB20", high + 2, 1),
            ("EB10", high + 3, -1),
            ("EB20", low - 3, -1),
        )
    ]
    codes = [*DRAWN, "B14", "B14", "B14", "D21a"]
    for reads in (1, -1):
        s = float(rng.uniform(40, 70))
        while s < DRIVEN_TO_M:
            code = str(rng.choice(codes))
            turn = float(rng.uniform(25, 55)) if rng.random() < 0.12 else 0.0
            out.append(
                SignPlace(
                    code,
                    int(rng.choice(SPEEDS)) if code == "B14" else None,
                    round(s, 1),
                    reads * float(rng.uniform(3.8, 4.8)),
                    reads,
                    float(np.clip(rng.normal(0.35, 0.2), 0.05, 0.9)),
                    turn,
                    LOW_SIGNS.get(code, 1.5 if code == "D21a" else 2.0),
                )
            )
            s += float(rng.uniform(25, 60))
    return tuple(out)


def _houses(rng: np.random.Generator) -> tuple[tuple[float, int, float, float], ...]:
    out = []
    for side in (1, -1):
        s = VILLAGE_M[0] + float(rng.uniform(8, 30))
        while s < VILLAGE_M[1] - 20:
            long = float(rng.uniform(9, 14))
            out.append((round(s, 1), side, long, float(rng.uniform(7.6, 11.5))))
            s += long + float(rng.uniform(14, 42))
    return tuple(sorted(out))


def _parked(rng: np.random.Generator) -> tuple[tuple[str, str, float, float, int], ...]:
    out = []
    for index in range(7):
        side = int(rng.choice([-1, 1]))
        s = VILLAGE_M[0] + 20 + 55 * index + float(rng.uniform(0, 25))
        look = str(rng.choice(["hatch", "suv", "sedan", "van"]))
        out.append((f"parked{index}", look, s, side * 4.15, side))
    return tuple(out)


def _palette(
    rng: np.random.Generator, count: int, dark: float, light: float, vivid: float
) -> tuple[Colour, ...]:
    """Return colours between two greys, each leaning to a hue of its own."""
    out = []
    for _ in range(count):
        grey = float(rng.uniform(dark, light))
        blue, green, red = np.clip(grey + rng.normal(0, vivid, 3), 8, 240)
        out.append((float(blue), float(green), float(red)))
    return tuple(out)


def train_site(seed: int) -> Site:
    """Return a site that shares nothing that can be seen with the demo's."""
    rng = generator(seed, "site")
    heaps = tuple(
        (
            f"heap{index + 1}",
            str(rng.choice(KINDS)),
            float(rng.uniform(60, 320) if index % 2 else rng.uniform(790, 1560)),
            float(rng.choice([-1, 1])) * float(rng.uniform(4.9, 5.8)),
        )
        for index in range(10)
    )
    length, tall = float(rng.uniform(0.94, 1.07)), float(rng.uniform(0.96, 1.05))
    wide = float(rng.uniform(0.97, 1.03))
    noon, late = float(rng.uniform(120, 180)), float(rng.uniform(195, 280))
    again = generator(seed, "another day")
    return Site(
        seed,
        _bends(rng),
        _steps(rng, -0.028, 0.028, 180.0, 120.0),
        _steps(rng, 5.3, 6.2, 320.0, 15.0),
        float(rng.uniform(0, 360)),
        (float(rng.uniform(4.2e5, 4.8e5)), float(rng.uniform(6.3e6, 6.4e6))),
        _signs(rng),
        heaps,
        _houses(rng),
        _parked(rng),
        TOWNS[int(rng.integers(len(TOWNS)))],
        _palette(rng, 9, 40, 225, 30),
        _palette(rng, 6, 150, 205, 14),
        _palette(rng, 6, 60, 150, 26),
        {
            "a": Light(noon, float(rng.uniform(38, 60)), 0.42, (1.0, 1.0, 1.0), 1.06),
            "b": Light(late, float(rng.uniform(18, 34)), 0.44, (0.94, 1.0, 1.04), 1.0, -1),
            "c": Light(
                float(again.uniform(90, 270)),
                float(again.uniform(20, 55)),
                0.44,
                (0.97, 1.0, 1.02),
                float(again.uniform(0.85, 1.1)),
            ),
        },
        {
            "a": float(rng.uniform(0.2, 0.8)),
            "b": float(rng.uniform(0.2, 0.9)),
            "c": float(again.uniform(0.2, 0.9)),
        },
        car_stretch=(length, wide, tall),
        stroll_m=float(rng.uniform(-25, 25)),
    )
