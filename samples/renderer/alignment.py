"""The road axis in space: plan, profile, cross-section, and both ways between road and world.

``s`` is the distance along the axis in metres, ``d`` the offset from it, positive to the right
of increasing ``s``. World coordinates are Lambert-93 metres (EPSG:2154) and height in metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from .site import Knots, Site

Array = NDArray[np.float64]

S_MIN_M = -460.0
S_MAX_M = 2260.0
STEP_M = 0.25
GRID_M = 2.0

CROSSFALL = 0.02


def _table(pairs: Knots, at: Array) -> Array:
    knots = np.array(pairs, dtype=np.float64)
    return np.asarray(np.interp(at, knots[:, 0], knots[:, 1]))


@dataclass
class Alignment:
    """Tables of the axis every 25 cm, and a map of the ground around it."""

    site: Site
    s: Array = field(init=False)
    x: Array = field(init=False)
    y: Array = field(init=False)
    heading: Array = field(init=False)
    curvature: Array = field(init=False)
    z: Array = field(init=False)

    def __post_init__(self) -> None:
        self.s = np.arange(S_MIN_M, S_MAX_M + STEP_M / 2, STEP_M)
        self.curvature = _table(self.site.curvature, self.s)
        turn = np.concatenate([[0.0], np.cumsum(self.curvature[:-1] + np.diff(self.curvature) / 2)])
        zero = int(np.argmin(np.abs(self.s)))
        self.heading = np.radians(self.site.heading_deg) + (turn - turn[zero]) * STEP_M
        middle = (self.heading[:-1] + self.heading[1:]) / 2
        x0, y0 = self.site.origin
        self.x = x0 + np.concatenate([[0.0], np.cumsum(np.sin(middle))]) * STEP_M
        self.y = y0 + np.concatenate([[0.0], np.cumsum(np.cos(middle))]) * STEP_M
        self.x += x0 - self.x[zero]
        self.y += y0 - self.y[zero]
        grade = _table(self.site.grade, self.s)
        self.z = 240.0 + np.concatenate([[0.0], np.cumsum(grade[:-1])]) * STEP_M
        self._build_grid()

    def _at(self, table: Array, s: Array) -> Array:
        where = np.clip((np.asarray(s) - S_MIN_M) / STEP_M, 0, len(self.s) - 1.001)
        index = where.astype(np.int64)
        part = where - index
        return np.asarray(table[index] * (1 - part) + table[index + 1] * part)

    def half_width_m(self, s: Array) -> Array:
        """Return half the carriageway's width."""
        return _table(self.site.width, np.asarray(s, dtype=np.float64)) / 2

    def heading_rad(self, s: Array) -> Array:
        """Return the bearing of increasing ``s``, clockwise from north."""
        return self._at(self.heading, s)

    def grade(self, s: Array) -> Array:
        """Return the slope along the axis."""
        return _table(self.site.grade, np.asarray(s, dtype=np.float64))

    def world(self, s: Array, d: Array) -> tuple[Array, Array]:
        """Return x and y of points given on the road."""
        heading = self._at(self.heading, s)
        x = self._at(self.x, s) + np.cos(heading) * d
        y = self._at(self.y, s) - np.sin(heading) * d
        return x, y

    def road(self, x: Array, y: Array, guess_s: Array | None = None) -> tuple[Array, Array]:
        """Return ``s`` and ``d`` of points given in the world."""
        if guess_s is None:
            col = np.clip(((x - self.grid_x0_m) / GRID_M).round().astype(int), 0, self.cols - 1)
            row = np.clip(((y - self.grid_y0_m) / GRID_M).round().astype(int), 0, self.rows - 1)
            guess_s = self.grid_s[row, col]
        s = np.asarray(guess_s, dtype=np.float64)
        for _ in range(3):
            heading = self._at(self.heading, s)
            dx, dy = x - self._at(self.x, s), y - self._at(self.y, s)
            along = dx * np.sin(heading) + dy * np.cos(heading)
            across = dx * np.cos(heading) - dy * np.sin(heading)
            shrink = np.maximum(1 - across * self._at(self.curvature, s), 0.3)
            s = s + along / shrink
        heading = self._at(self.heading, s)
        dx, dy = x - self._at(self.x, s), y - self._at(self.y, s)
        return s, np.asarray(dx * np.cos(heading) - dy * np.sin(heading))

    def height_m(self, s: Array, d: Array) -> Array:
        """Return the height of the ground: crown, shoulder, shallow ditch, rolling fields."""
        away = np.abs(d)
        half = self.half_width_m(s)
        z = self._at(self.z, s) - CROSSFALL * np.minimum(away, half + 0.4)
        out = np.maximum(away - half - 0.4, 0.0)
        z = z - 0.06 * np.minimum(out, 1.2) + 0.05 * np.clip(out - 2.0, 0.0, 3.0)
        far = np.clip((away - 9.0) / 40.0, 0.0, 1.6)
        side = np.where(d > 0, 1.3, -0.4)
        roll = np.sin(s / 83.0 + side) + 0.6 * np.sin(s / 37.0 + 2.1 * side)
        return np.asarray(z + far * (1.1 * roll + 0.8))

    def _build_grid(self) -> None:
        pad = 160.0
        self.grid_x0_m = float(np.floor(self.x.min() - pad))
        self.grid_y0_m = float(np.floor(self.y.min() - pad))
        self.cols = int((self.x.max() + pad - self.grid_x0_m) / GRID_M) + 1
        self.rows = int((self.y.max() + pad - self.grid_y0_m) / GRID_M) + 1
        seeds = np.ones((self.rows, self.cols), np.uint8)
        col = ((self.x - self.grid_x0_m) / GRID_M).round().astype(int)
        row = ((self.y - self.grid_y0_m) / GRID_M).round().astype(int)
        seeds[row, col] = 0
        _, labels = cv2.distanceTransformWithLabels(
            seeds, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        of_label = np.zeros(int(labels.max()) + 1)
        of_label[labels[row, col]] = self.s
        self.grid_s: Array = of_label[labels]
        gx = self.grid_x0_m + GRID_M * np.arange(self.cols)
        gy = self.grid_y0_m + GRID_M * np.arange(self.rows)
        xx, yy = np.meshgrid(gx, gy)
        s, d = self.road(xx, yy, self.grid_s)
        self.grid_s = s
        self.grid_z = self.height_m(s, np.clip(d, -70.0, 70.0)).astype(np.float32)
