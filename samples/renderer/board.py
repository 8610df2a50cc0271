"""A sign's board to draw on: shapes and words in units of -1..1, four times oversampled."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

PX_M = 0.0025  # metres a pixel
RED: Colour = (38, 30, 178)
WHITE: Colour = (226, 228, 226)
BLUE: Colour = (146, 78, 22)
BLACK: Colour = (26, 24, 24)
YELLOW: Colour = (22, 178, 236)
FINE = 4


class Board:
    """A drawing in units of -1..1, four times oversampled."""

    def __init__(self, width_m: float, height_m: float) -> None:
        self.cols = round(width_m / PX_M) * FINE // 2
        self.rows = round(height_m / PX_M) * FINE // 2
        self.image = np.zeros((self.rows, self.cols, 4), np.uint8)
        self.unit = min(self.rows, self.cols) / 2

    def _fix(self, points: list[tuple[float, float]]) -> NDArray[np.int32]:
        centre = np.array([self.cols / 2, self.rows / 2])
        return np.asarray(np.round(np.array(points) * self.unit + centre), dtype=np.int32)

    def poly(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self.image, [self._fix(points)], (*colour, 255), cv2.LINE_AA)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        cx, cy = self._fix([(x, y)])[0]
        cv2.circle(
            self.image, (int(cx), int(cy)), int(radius * self.unit), (*colour, 255), -1, cv2.LINE_AA
        )

    def line(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        """Draw a thick line."""
        cv2.polylines(
            self.image,
            [self._fix(points)],
            False,
            (*colour, 255),
            max(1, int(width * self.unit)),
            cv2.LINE_AA,
        )

    def round_poly(self, points: list[tuple[float, float]], radius: float, colour: Colour) -> None:
        """Fill a polygon with round corners."""
        self.poly(points, colour)
        ring = [*points, points[0]]
        self.line(ring, 2 * radius, colour)

    def text(
        self,
        words: str,
        size: float,
        colour: Colour,
        y: float = 0.0,
        weight: int = 600,
        fill: float = 1.0,
    ) -> None:
        """Write words in the middle; ``size`` is the letters' height, ``fill`` stretches them."""
        face = cv2.FontFace("sans")
        pixels = int(size * self.unit * 1.4)
        area = np.zeros((pixels * 2, pixels * (len(words) + 2), 3), np.uint8)
        cv2.putText(
            area, words, (pixels // 2, int(pixels * 1.3)), (255, 255, 255), face, pixels, weight
        )
        found = cv2.boundingRect(area[..., 0])
        glyphs = area[found[1] : found[1] + found[3], found[0] : found[0] + found[2], 0]
        wide, high = int(glyphs.shape[1] * fill), glyphs.shape[0]
        small = cv2.resize(glyphs, (wide, high), interpolation=cv2.INTER_AREA)
        glyphs = np.asarray(small, dtype=np.uint8)
        x0 = (self.cols - wide) // 2
        y0 = int(self.rows / 2 + y * self.unit - high / 2)
        part = self.image[y0 : y0 + high, x0 : x0 + wide]
        if part.shape[:2] != glyphs.shape:
            raise ValueError(f"{words!r} does not fit its sign")
        share = glyphs[..., None] / 255
        part[..., :3] = part[..., :3] * (1 - share) + np.array(colour) * share

    def done(self) -> Image:
        """Return the drawing at its final size."""
        size = (self.cols * 2 // FINE, self.rows * 2 // FINE)
        return np.asarray(
            cv2.resize(self.image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
