"""Destroying: a solid fill that keeps nothing of what it covers.

A mosaic or a blur is an average of what was there, and averages can be matched against
candidates; a fill with the mean colour of a ring outside has no memory of the inside.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from anonymize.mask import Mask

RING_SHARE = 0.15
"""Width of the ring as a share of the shorter side of the box."""
RING_PX = (2, 12)
NEUTRAL = 114
"""Grey for a box that has no pixel round it."""


def filled(pixels: npt.NDArray[np.uint8], mask: Mask) -> npt.NDArray[np.uint8]:
    """A copy of a picture with every rectangle of a mask overwritten.

    Each takes the mean colour of a ring round it, of which every pixel under any rectangle of
    the mask is left out: the result does not depend on any pixel under the mask.

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
    if len(mask.boxes) == 0:
        return out
    kept = ~mask.pixels()
    # Large first, so that a small fill on a large one keeps its own tone.
    areas = np.prod(mask.boxes[:, 2:] - mask.boxes[:, :2], axis=1)
    for left, top, right, bottom in mask.boxes[np.argsort(-areas, kind="stable")]:
        out[top:bottom, left:right] = _ring_colour(pixels, kept, left, top, right, bottom)
    return out


def _ring_colour(
    pixels: npt.NDArray[np.uint8],
    kept: npt.NDArray[np.bool_],
    left: int,
    top: int,
    right: int,
    bottom: int,
) -> npt.NDArray[np.uint8]:
    ring = int(np.clip(RING_SHARE * min(right - left, bottom - top), *RING_PX))
    rows = slice(max(0, top - ring), bottom + ring)
    columns = slice(max(0, left - ring), right + ring)
    around = pixels[rows, columns][kept[rows, columns]]
    if len(around) == 0:
        return np.full(3, NEUTRAL, np.uint8)
    return np.asarray(np.round(around.mean(axis=0, dtype=np.float64)), np.uint8)
