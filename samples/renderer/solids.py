"""Figures made of rounded limbs, shaded from their true surface: people, bicycles, sacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import Float, fractal, smooth

Image = NDArray[np.uint8]
Vector = NDArray[np.float64]
Colour = tuple[float, float, float]

PX_M = 0.003
LIGHT = np.array([-0.42, 0.74, 0.52])


@dataclass
class Limb:
    """A rounded rod from one point to another; x right, y up, z toward the viewer, metres."""

    start: Vector
    end: Vector
    r_start: float
    r_end: float
    colour: Colour
    cloth: float = 0.10
    shine: float = 0.0
    flat: float = 1.0


@dataclass
class Figure:
    """Limbs, and named marks on their surface."""

    limbs: list[Limb] = field(default_factory=list)
    dots: list[tuple[Vector, float, float, Colour]] = field(default_factory=list)

    def rod(
        self,
        start: tuple[float, float, float],
        end: tuple[float, float, float],
        r0: float,
        r1: float,
        colour: Colour,
        cloth: float = 0.10,
        shine: float = 0.0,
    ) -> None:
        """Add a limb."""
        self.limbs.append(
            Limb(np.array(start, float), np.array(end, float), r0, r1, colour, cloth, shine)
        )

    def dot(self, at: tuple[float, float, float], wide: float, high: float, colour: Colour) -> None:
        """Add a small mark that is seen only from its own side."""
        self.dots.append((np.array(at, float), wide, high, colour))

    def wheel(
        self, centre: tuple[float, float, float], radius: float, thick: float, colour: Colour
    ) -> None:
        """Add a wheel that rolls along z."""
        turns = np.linspace(0, 2 * np.pi, 25)
        ring = [
            (centre[0], centre[1] + radius * np.cos(t), centre[2] + radius * np.sin(t))
            for t in turns
        ]
        for a, b in pairwise(ring):
            self.rod(a, b, thick, thick, colour, 0.0, 0.1)


def turned(figure: Figure, angle_rad: float) -> Figure:
    """Return the figure turned about the vertical; 0 faces the viewer."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    out = Figure()
    for limb in figure.limbs:
        out.limbs.append(
            Limb(
                turn @ limb.start,
                turn @ limb.end,
                limb.r_start,
                limb.r_end,
                limb.colour,
                limb.cloth,
                limb.shine,
                limb.flat,
            )
        )
    out.dots = [(turn @ at, wide, high, colour) for at, wide, high, colour in figure.dots]
    return out


def render(
    figure: Figure,
    width_m: float,
    height_m: float,
    rng: np.random.Generator,
    px_m: float = PX_M,
    rough: float = 0.0,
) -> Image:
    """Return the figure as BGRA; its foot stands at the bottom middle."""
    cols, rows = round(width_m / px_m), round(height_m / px_m)
    depth = np.full((rows, cols), -9.0, np.float32)
    image = np.zeros((rows, cols, 3), np.float32)
    alpha = np.zeros((rows, cols), np.float32)
    weave = 0.6 * fractal(rng, rows, cols, 20.0, 4, 0.7)
    folds = smooth(rng, rows // 3, cols, 9.0)
    folds = np.asarray(
        cv2.resize(folds, (cols, rows), interpolation=cv2.INTER_CUBIC), dtype=np.float32
    )
    bend_x = cv2.Sobel(weave, cv2.CV_32F, 1, 0) * rough
    bend_y = cv2.Sobel(weave, cv2.CV_32F, 0, 1) * rough
    for limb in figure.limbs:
        _limb(limb, image, alpha, depth, weave, folds, (bend_x, bend_y), px_m)
    for at, wide, high, colour in figure.dots:
        col, row = int(at[0] / px_m + cols / 2), int(rows - at[1] / px_m)
        if 0 <= row < rows and 0 <= col < cols and at[2] > depth[row, col] - 0.03:
            tint = tuple(float(v) for v in colour)
            cv2.ellipse(
                image,
                (col, row),
                (max(1, round(wide / px_m)), max(1, round(high / px_m))),
                0,
                0,
                360,
                tint,
                -1,
                cv2.LINE_AA,
            )
    edge = cv2.GaussianBlur(alpha, (0, 0), 0.7)
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.6), dtype=np.float32)
    return np.dstack([np.clip(image, 0, 255), 255 * np.clip(edge, 0, 1)]).astype(np.uint8)


def _limb(
    limb: Limb,
    image: Float,
    alpha: Float,
    depth: Float,
    weave: Float,
    folds: Float,
    bend: tuple[Float, Float],
    px_m: float,
) -> None:
    rows, cols = depth.shape
    ax, ay = limb.start[0] / px_m + cols / 2, rows - limb.start[1] / px_m
    bx, by = limb.end[0] / px_m + cols / 2, rows - limb.end[1] / px_m
    reach = max(limb.r_start, limb.r_end) / px_m + 2
    c0, c1 = int(max(min(ax, bx) - reach, 0)), int(min(max(ax, bx) + reach, cols))
    r0, r1 = int(max(min(ay, by) - reach, 0)), int(min(max(ay, by) + reach, rows))
    if c0 >= c1 or r0 >= r1:
        return
    yy, xx = np.mgrid[r0:r1, c0:c1].astype(np.float32)
    dx, dy = bx - ax, by - ay
    along = dx * dx + dy * dy
    share = np.clip(((xx - ax) * dx + (yy - ay) * dy) / max(along, 1e-6), 0, 1)
    radius = (limb.r_start + (limb.r_end - limb.r_start) * share) / px_m
    off_x, off_y = xx - (ax + share * dx), yy - (ay + share * dy)
    away = np.hypot(off_x, off_y) / np.maximum(radius, 0.3)
    inside = away < 1
    bulge = np.sqrt(np.clip(1 - away**2, 0, 1))
    z = limb.start[2] + (limb.end[2] - limb.start[2]) * share + bulge * radius * px_m
    part = (slice(r0, r1), slice(c0, c1))
    shown = inside & (z > depth[part])
    coarse = 1.0 if limb.cloth > 0.05 else 0.1
    nx = off_x / np.maximum(radius, 0.3) + coarse * bend[0][part]
    ny = -off_y / np.maximum(radius, 0.3) - coarse * bend[1][part]
    norm = np.sqrt(nx * nx + ny * ny + bulge * bulge + 1e-6)
    lambert = np.clip((nx * LIGHT[0] + ny * LIGHT[1] + bulge * LIGHT[2]) / norm, 0, 1)
    light = 0.40 + 0.16 * ny / norm + 0.62 * lambert
    light = light * (1 + limb.cloth * (0.6 * weave[part] + 0.6 * folds[part]))
    half = np.clip((nx * -0.25 + ny * 0.45 + bulge * 0.86) / norm, 0, 1) ** 24
    for channel in range(3):
        tone = limb.colour[channel] * light + 200 * limb.shine * half
        view = image[part][..., channel]
        view[shown] = tone[shown]
    alpha[part][shown] = 1.0
    depth[part][shown] = z[shown]
