"""The sheet of the map: from metres on the ground to the drawing, and where labels may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voirie.arrays import Floats

WIDTH = 1040.0
MARGIN = 46.0
MIN_HEIGHT, MAX_HEIGHT = 300.0, 780.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """From metres on the ground (EPSG:2154) to units of the drawing."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    height: float

    @classmethod
    def around(cls, bounds: Box) -> Sheet:
        """Sheet that holds bounds (minx, miny, maxx, maxy), whatever their shape."""
        wide, tall = max(bounds[2] - bounds[0], 60.0), max(bounds[3] - bounds[1], 60.0)
        room = WIDTH - 2 * MARGIN
        scale = min(room / wide, (MAX_HEIGHT - 2 * MARGIN) / tall)
        height = min(MAX_HEIGHT, max(MIN_HEIGHT, tall * scale + 2 * MARGIN))
        middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        return cls(middle[0], middle[1], scale, WIDTH / 2, height / 2, height)

    def xy(self, points: Floats) -> Floats:
        """Drawing units, shape (n, 2), of ground coordinates of that shape."""
        shifted = (points[:, :2] - (self.west, self.north)) * (self.scale, -self.scale)
        return np.asarray(shifted + np.array([self.left, self.top]), dtype=float)


@dataclass
class Labels:
    """Where labels may stand: never over another, over as little as possible of the roads.

    Attributes
    ----------
    height
        Height of the sheet.
    drawn
        Points of everything drawn, shape (n, 2), drawing units.
    taken
        Boxes of the labels that already stand.
    """

    height: float
    drawn: Floats
    taken: list[Box]

    def place(self, boxes: Sequence[Box]) -> int | None:
        """Take the best of several boxes and return its rank; None when none is free."""
        free = [k for k, box in enumerate(boxes) if self._is_free(box)]
        if not free:
            return None
        best = min(free, key=lambda k: self._covered(boxes[k]))
        self.taken.append(boxes[best])
        return best

    def _is_free(self, box: Box) -> bool:
        if box[0] < 2 or box[1] < 2 or box[2] > WIDTH - 2 or box[3] > self.height - 2:
            return False
        return all(
            box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1]
            for other in self.taken
        )

    def _covered(self, box: Box) -> int:
        inside = (self.drawn > box[:2]) & (self.drawn < box[2:])
        return int(inside.all(axis=1).sum())
