"""How dark the cracks of a net are: what a camera sees of how wide they gape.

A crack is narrower than a pixel, and takes as much of its light as it is wide: the wider a net
gapes and the more pieces it has lost, the darker are its darkest pixels beside their row.
"""

from __future__ import annotations

import cv2
import numpy as np

from voirie.arrays import Floats, Floats32, Pixels

LEAST_PX = 6
"""Boxes with a shorter side hold too few pixels."""
DARKEST_PCT = 5.0


def darkness_pct(pixels: Pixels, xyxy: Floats32) -> Floats:
    """By how much the darkest twentieth of each box is darker than the middle of its row.

    Parameters
    ----------
    pixels
        A picture, BGR, (height, width, 3).
    xyxy
        Boxes in it, (n, 4).

    Returns
    -------
    numpy.ndarray
        Percent, 0 on an even surface, NaN for a box of a few pixels, (n,).

    Examples
    --------
    >>> road = np.full((40, 60, 3), 100, np.uint8)
    >>> road[:, ::10] = 60
    >>> darkness_pct(road, np.array([[0, 0, 60, 40], [0, 0, 3, 40]], np.float32)).tolist()
    [40.0, nan]
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    low = np.clip(np.round(xyxy[:, :2]), 0, (width, height)).astype(int)
    high = np.clip(np.round(xyxy[:, 2:]), 0, (width, height)).astype(int)
    out = np.full(len(xyxy), np.nan)
    for k, ((x1, y1), (x2, y2)) in enumerate(zip(low, high, strict=True)):
        if min(x2 - x1, y2 - y1) < LEAST_PX:
            continue
        part = grey[y1:y2, x1:x2].astype(np.float32)
        # The light of the road changes from row to row, and a row is one distance.
        middle = cv2.blur(np.median(part, axis=1, keepdims=True).astype(np.float32), (1, 5))
        darkest = np.percentile(part / np.maximum(middle, 1.0), DARKEST_PCT)
        out[k] = np.clip(round(100.0 * (1.0 - float(darkest)), 1), 0.0, 100.0)
    return out
