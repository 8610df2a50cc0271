"""Destroying: a solid fill that keeps nothing of what it covers.

A mosaic or a blur is an average of what was there, and averages can be matched against
candidates; a fill with the mean colour of a ring outside has no memory of the inside.
"""

from __future__ import annotations

import numpy as np

from anonymize.mask import Mask
from voirie.arrays import Bools, Ints32, Pixels

RING_SHARE = 0.15
"""Width of the ring as a share of the shorter side of the box."""
RING_PX = (2, 12)
NEUTRAL = 114
"""Grey for a box that has no pixel round it."""


def filled(pixels: Pixels, mask: Mask) -> Pixels:
    """A copy of a picture with every rectangle of a mask overwritten.

    Rectangles that touch take one colour together: the mean of a ring round each, of which
    every pixel under any rectangle of the mask is left out. The result does not depend on any
    pixel under the mask.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` uint8; not changed.
    mask
        Of the same size.

    Returns
    -------
    pixels
        ``(H, W, 3)`` uint8.
    """
    out = pixels.copy()
    kept = ~mask.pixels()
    for group in _touching(mask.boxes):
        around = np.concatenate([_ring(pixels, kept, box) for box in group])
        colour = around.mean(axis=0, dtype=np.float64) if len(around) else NEUTRAL
        for left, top, right, bottom in group:
            out[top:bottom, left:right] = np.round(colour)
    return out


def _ring(pixels: Pixels, kept: Bools, box: Ints32) -> Pixels:
    """Pixels round a box that are under no box, ``(N, 3)``."""
    left, top, right, bottom = (int(v) for v in box)
    ring = int(np.clip(RING_SHARE * min(right - left, bottom - top), *RING_PX))
    rows = slice(max(0, top - ring), bottom + ring)
    columns = slice(max(0, left - ring), right + ring)
    return np.asarray(pixels[rows, columns][kept[rows, columns]], np.uint8)


def _touching(boxes: Ints32) -> list[Ints32]:
    """Groups of boxes that touch, directly or through others."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    touch = np.all(high >= low, axis=2)
    groups = []
    free = np.ones(len(boxes), np.bool_)
    while free.any():
        group = np.zeros(len(boxes), np.bool_)
        group[np.argmax(free)] = True
        size = 0
        while group.sum() > size:
            size = int(group.sum())
            group = touch[group].any(axis=0)
        groups.append(boxes[group])
        free &= ~group
    return groups
