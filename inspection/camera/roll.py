"""By how much the pictures of a pass lean: posts, walls and trees should stand upright in them.

A camera that leans in its holder finds people all the same, but puts what it sees beside its
place. Of the straight edges that stand nearly upright above the road, the angle on which most of
their length agrees is the lean of the camera; where they do not agree, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from voirie.arrays import Floats, Pixels

MEASURED_WIDTH_PX = 640
SHORTEST_PX = 20.0
LONGEST_PX = 80.0
"""A longer edge weighs no more than this, so that one mast does not decide alone."""
LOWEST_ROW = 0.6
"""Below this share of the height lie the markings of the road, which lean by themselves."""
WIDEST_DEG = 25.0
CELL_DEG = 0.5
SPREAD_DEG = 1.5
NEAR_DEG = 2.5
LEAST_LINES = 60
LEAST_AGREEING = 0.5
"""Real streets agree to this or more and are told within a degree; motorways without posts,
crowds and blurred films agree less (`python -m bench.lean`)."""
LARGEST_DEG = 18.0
"""Edges that lean more are those of roofs and roads, on pictures without posts or walls."""
TOLD_DEG = 8.0
"""A lean of more than this is told."""


def upright_lines(pixels: Pixels) -> Floats:
    """Edges of a picture that stand nearly upright, above the road.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` uint8 BGR.

    Returns
    -------
    lines
        ``(n, 2)``: degrees by which each leans with the clock, and its length in pixels of a
        picture 640 px wide.
    """
    height, width = pixels.shape[:2]
    size = (MEASURED_WIDTH_PX, max(1, round(height * MEASURED_WIDTH_PX / width)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if found is None:
        return np.empty((0, 2))
    x0, y0, x1, y1 = np.asarray(found, np.float64).reshape(-1, 4).T
    # From the lower end up: to the right is with the clock.
    up = np.where(y0 > y1, 1.0, -1.0)
    lean = np.degrees(np.arctan2(up * (x1 - x0), up * (y0 - y1)))
    length = np.hypot(x1 - x0, y1 - y0)
    kept = (np.abs(lean) < WIDEST_DEG) & (length >= SHORTEST_PX)
    kept &= (y0 + y1) / 2 < LOWEST_ROW * size[1]
    return np.stack([lean[kept], length[kept]], axis=1)


def lean_of(lines: Sequence[Floats]) -> float | None:
    """Degrees by which the pictures of a pass lean with the clock; None where that is unsure.

    Parameters
    ----------
    lines
        What `upright_lines` finds in some of its pictures.

    Examples
    --------
    >>> posts = np.array([[9.8, 60.0], [10.1, 60.0], [10.1, 60.0]])
    >>> round(lean_of([posts] * 20), 1)
    10.0
    >>> lean_of([posts]) is None
    True
    """
    every = np.concatenate([np.empty((0, 2)), *lines])
    if len(every) < LEAST_LINES:
        return None
    lean, weight = every[:, 0], np.minimum(every[:, 1], LONGEST_PX)
    edges = np.arange(-WIDEST_DEG, WIDEST_DEG + CELL_DEG, CELL_DEG)
    histogram, _ = np.histogram(lean, edges, weights=weight)
    reach = np.arange(-4 * SPREAD_DEG, 4 * SPREAD_DEG + CELL_DEG, CELL_DEG)
    smooth = np.convolve(histogram, np.exp(-0.5 * (reach / SPREAD_DEG) ** 2), mode="same")
    centre = edges[int(np.argmax(smooth))] + CELL_DEG / 2
    near = np.abs(lean - centre) < NEAR_DEG
    if weight[near].sum() < LEAST_AGREEING * weight.sum():
        return None
    found = float(np.average(lean[near], weights=weight[near]))
    return found if abs(found) < LARGEST_DEG else None
