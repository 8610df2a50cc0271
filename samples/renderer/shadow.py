"""What things that stand do to the ground under them: soft dark patches."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, WIDTH_PX
from .sprite import Canvas

Array = NDArray[np.float64]


def blot(canvas: Canvas, foot: Array, wide: float, dark: float) -> None:
    """Darken the ground under something: a blurred disc."""
    turn = np.linspace(0, 2 * np.pi, 20)
    ring = np.stack(
        [
            foot[0] + wide * np.cos(turn),
            foot[1] + wide * np.sin(turn),
            np.full(20, foot[2] + 0.03),
        ],
        -1,
    )
    darken(canvas, ring, dark)


def darken(canvas: Canvas, ring: Array, dark: float) -> None:
    """Darken the ground inside a ring of points, softer the nearer it is."""
    pixels, depth = canvas.view.project(ring)
    if depth.min() < 1.0 or depth.max() > 150:
        return
    hull = cv2.convexHull(pixels.astype(np.float32)).reshape(-1, 2)
    soft = float(np.clip(60 / depth.mean(), 0.8, 9.0))
    pad = int(3 * soft)
    x0, y0 = np.floor(hull.min(axis=0)).astype(int) - pad
    x1, y1 = np.ceil(hull.max(axis=0)).astype(int) + pad
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, WIDTH_PX), min(y1, HEIGHT_PX)
    if x1 <= x0 or y1 <= y0:
        return
    mask = np.zeros((y1 - y0, x1 - x0), np.float32)
    cv2.fillConvexPoly(mask, np.round((hull - (x0, y0)) * 8).astype(np.int32), dark, cv2.LINE_AA, 3)
    mask = 1 - cv2.GaussianBlur(mask, (0, 0), soft)
    part = canvas.image[y0:y1, x0:x1]
    part[:] = np.clip(part * mask[..., None], 0, 255)
