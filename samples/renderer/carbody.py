"""The shape of a car: a lofted body, and the flat details that are laid on its ends."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .site import Colour
from .sprite import Texture

Array = NDArray[np.float64]

# share of the length from the rear: height of belt, height of top (metres)
SHAPES: dict[str, tuple[float, float, tuple[tuple[float, float, float], ...]]] = {
    "hatch": (
        4.02,
        1.74,
        (
            (0.0, 0.92, 0.94),
            (0.02, 0.95, 1.02),
            (0.10, 0.96, 1.40),
            (0.16, 0.96, 1.45),
            (0.40, 0.94, 1.48),
            (0.58, 0.92, 1.44),
            (0.765, 0.90, 0.93),
            (0.90, 0.82, 0.83),
            (0.97, 0.74, 0.745),
            (1.0, 0.66, 0.665),
        ),
    ),
    "suv": (
        4.40,
        1.84,
        (
            (0.0, 1.0, 1.02),
            (0.015, 1.04, 1.12),
            (0.08, 1.06, 1.56),
            (0.14, 1.06, 1.62),
            (0.45, 1.04, 1.64),
            (0.60, 1.02, 1.58),
            (0.755, 1.01, 1.05),
            (0.90, 0.95, 0.96),
            (0.97, 0.88, 0.885),
            (1.0, 0.78, 0.785),
        ),
    ),
    "sedan": (
        4.55,
        1.80,
        (
            (0.0, 0.94, 0.95),
            (0.03, 0.98, 1.0),
            (0.14, 0.98, 1.02),
            (0.26, 0.96, 1.36),
            (0.36, 0.95, 1.43),
            (0.52, 0.93, 1.44),
            (0.60, 0.92, 1.40),
            (0.755, 0.90, 0.93),
            (0.92, 0.80, 0.81),
            (1.0, 0.66, 0.665),
        ),
    ),
    "van": (
        4.95,
        1.92,
        (
            (0.0, 1.10, 1.84),
            (0.01, 1.12, 1.90),
            (0.05, 1.12, 1.94),
            (0.50, 1.10, 1.95),
            (0.72, 1.08, 1.88),
            (0.87, 1.04, 1.12),
            (0.95, 0.94, 0.96),
            (1.0, 0.76, 0.77),
        ),
    ),
}
STATIONS = 34
RING = 7


@dataclass
class Car:
    """A vehicle's shape in its own axes: x forward, y right, z up, from the ground's middle."""

    kind: str
    colour: Colour
    plate: Texture
    front_plate: bool = True
    plate_tilt_rad: float = 0.0
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vertices: Array = field(init=False)
    faces: list[tuple[tuple[int, ...], str]] = field(init=False)

    def __post_init__(self) -> None:
        length_m, width_m, profile = SHAPES[self.kind]
        self.length_m, self.width_m = length_m * self.stretch[0], width_m * self.stretch[1]
        self._loft(np.array(profile) * (1.0, self.stretch[2], self.stretch[2]))
        self.low = 0.26 if self.kind != "suv" else 0.32
        self.wheel_r = 0.31 if self.kind not in {"suv", "van"} else 0.345

    def _loft(self, profile: Array) -> None:
        t = np.unique(np.concatenate([np.linspace(0, 1, STATIONS), profile[:, 0]]))
        belt = np.interp(t, profile[:, 0], profile[:, 1])
        top = np.interp(t, profile[:, 0], profile[:, 2])
        x = (t - 0.5) * self.length_m
        half = self.width_m / 2 * (1 - 0.07 * np.exp(-t / 0.03) - 0.12 * np.exp(-(1 - t) / 0.05))
        low = 0.20 + 0.06 * np.exp(-t / 0.03)
        rise = top - belt
        roof = half * 0.96 - 0.34 * rise
        ring = np.stack(
            [
                np.stack([x, half * 0.90, low], -1),
                np.stack([x, half * 0.99, low + 0.16], -1),
                np.stack([x, half, low + 0.62 * (belt - low)], -1),
                np.stack([x, half * 0.965, belt], -1),
                np.stack([x, roof, top - 0.045 * np.clip(rise / 0.3, 0.15, 1)], -1),
                np.stack([x, roof * 0.84, top], -1),
                np.stack([x, roof * 0.0, top + 0.018], -1),
            ],
            axis=1,
        )
        count = len(t)
        mirror = ring.copy()
        mirror[..., 1] *= -1
        self.vertices = np.concatenate([ring.reshape(-1, 3), mirror.reshape(-1, 3)])
        self.faces = []
        slope = np.gradient(top, x)
        for i in range(count - 1):
            mid = (t[i] + t[i + 1]) / 2
            cabin = min(rise[i], rise[i + 1]) > 0.12
            for k in range(RING - 1):
                kind = "paint"
                if k == 0:
                    kind = "sill"
                if cabin and k == 3:
                    kind = "glass"
                    pillars = (0.30, 0.50) if self.kind != "van" else (0.60,)
                    if any(abs(mid - p) < 0.014 for p in pillars):
                        kind = "trim"
                    if self.kind == "van" and mid < 0.60:
                        kind = "paint"
                steep = abs(slope[i] + slope[i + 1]) / 2 > 0.55 and max(rise[i], rise[i + 1]) > 0.10
                if steep and k >= 4:
                    kind = "glass"
                if self.kind == "van" and mid < 0.06:
                    kind = "paint" if k > 0 else "sill"
                a, b = i * RING + k, (i + 1) * RING + k
                off = count * RING
                self.faces.append(((a, b, b + 1, a + 1), kind))
                self.faces.append(((a + off + 1, b + off + 1, b + off, a + off), kind))
        last = (count - 1) * RING
        off = count * RING
        for start in (0, last):
            loop = [start + k for k in range(RING)]
            other = [start + off + k for k in range(RING - 1)][::-1]
            self.faces.append(
                (tuple(loop + other) if start == 0 else tuple((loop + other)[::-1]), "cap")
            )


def decals(car: Car) -> list[tuple[str, Array, Colour, float]]:
    """Return flat details: side, corners in car axes, colour, shine."""
    h, w = car.length_m / 2, car.width_m / 2
    top = float(SHAPES[car.kind][2][-1][1])
    rear = float(SHAPES[car.kind][2][0][1])
    out: list[tuple[str, Array, Colour, float]] = []

    def front(y0: float, y1: float, z0: float, z1: float, colour: Colour, shine: float) -> None:
        out.append(
            (
                "front",
                np.array(
                    [[h + 0.01, y0, z1], [h + 0.01, y1, z1], [h + 0.01, y1, z0], [h + 0.01, y0, z0]]
                ),
                colour,
                shine,
            )
        )

    def behind(y0: float, y1: float, z0: float, z1: float, colour: Colour, shine: float) -> None:
        out.append(
            (
                "rear",
                np.array(
                    [
                        [-h - 0.01, y0, z1],
                        [-h - 0.01, y1, z1],
                        [-h - 0.01, y1, z0],
                        [-h - 0.01, y0, z0],
                    ]
                ),
                colour,
                shine,
            )
        )

    e = 0.84 * w
    front(-e, e, 0.21, 0.30, (46, 46, 46), 0.0)
    front(-0.56 * w, 0.56 * w, top - 0.17, top - 0.07, (34, 34, 34), 0.1)
    front(-0.60 * w, 0.60 * w, top - 0.135, top - 0.12, (150, 150, 150), 0.5)
    for s in (-1, 1):
        front(
            min(s * 0.60 * w, s * e),
            max(s * 0.60 * w, s * e),
            top - 0.16,
            top - 0.02,
            (206, 204, 200),
            0.6,
        )
        front(
            min(s * 0.66 * w, s * 0.78 * w),
            max(s * 0.66 * w, s * 0.78 * w),
            top - 0.12,
            top - 0.05,
            (250, 250, 248),
            0.6,
        )
        low = rear - (0.27 if car.kind != "van" else 0.34)
        behind(
            min(s * 0.64 * w, s * 0.92 * w),
            max(s * 0.64 * w, s * 0.92 * w),
            low,
            rear - 0.03,
            (34, 28, 158),
            0.35,
        )
        behind(
            min(s * 0.66 * w, s * 0.88 * w),
            max(s * 0.66 * w, s * 0.88 * w),
            low + 0.03,
            low + 0.08,
            (120, 150, 230),
            0.4,
        )
    behind(-0.9 * w, 0.9 * w, 0.27, 0.40, (48, 48, 48), 0.0)
    behind(-0.9 * w, 0.9 * w, 0.575, 0.585, (50, 50, 50), 0.0)
    behind(-0.42 * w, 0.42 * w, 0.60, 0.78, tuple(0.8 * c for c in car.colour), 0.1)  # type: ignore[arg-type]
    if car.kind == "van":
        behind(-0.66 * w, -0.04 * w, 1.2, 1.62, (44, 40, 36), 0.4)
        behind(0.04 * w, 0.66 * w, 1.2, 1.62, (44, 40, 36), 0.4)
        behind(-0.012, 0.012, 0.5, 1.85, (40, 40, 40), 0.0)
    return out
