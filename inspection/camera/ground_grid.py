"""A picture with the horizon and a grid of one metre on the road, to judge a camera by eye."""

from __future__ import annotations

import cv2
import numpy as np

from inspection.camera.model import CameraPose
from voirie.arrays import Floats, Pixels

AHEAD_M = (*range(4, 13), 15, 20, 30)
SIDE_M = tuple(range(-4, 5))
NAMED_M = (5, 10, 15, 20, 30)
GRID, AXIS, HORIZON = (0, 220, 255), (60, 60, 255), (255, 160, 0)
"""Colours, blue first: the grid, the line straight ahead, the horizon."""


def grid_lines(pose: CameraPose) -> list[tuple[Floats, bool]]:
    """Lines of the grid in pixels, each with whether it is the one straight ahead.

    Parameters
    ----------
    pose
        The camera.

    Returns
    -------
    list
        ``(n, 2)`` columns and rows: lines across at `AHEAD_M`, then lines along at `SIDE_M`.
    """
    across = np.linspace(SIDE_M[0], SIDE_M[-1], 60)
    along = np.geomspace(AHEAD_M[0], AHEAD_M[-1], 60)
    lines = [(np.stack(pose.pixels(ahead, across), axis=1), False) for ahead in AHEAD_M]
    lines += [(np.stack(pose.pixels(along, side), axis=1), side == 0) for side in SIDE_M]
    return lines


def with_grid(pixels: Pixels, pose: CameraPose) -> Pixels:
    """A copy of a sealed picture with the horizon and the grid drawn on it.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` uint8 BGR of a sealed picture.
    pose
        The camera.
    """
    drawn = np.array(pixels, dtype=np.uint8, copy=True)
    height, width = drawn.shape[:2]
    thick = max(1, round(width / 900))
    for line, is_axis in grid_lines(pose):
        points = np.clip(np.round(line), -4 * width, 5 * width).astype(np.int32)
        cv2.polylines(drawn, [points], False, AXIS if is_axis else GRID, thick, cv2.LINE_AA)
    row = round(pose.horizon_px)
    cv2.line(drawn, (0, row), (width - 1, row), HORIZON, thick, cv2.LINE_AA)
    for ahead in NAMED_M:
        u, v = (float(one) for one in pose.pixels(ahead, SIDE_M[-1] - 0.9))
        at = (round(min(max(u, 4), width - 90)), round(min(max(v, 16), height - 4)))
        size = width / 1600
        cv2.putText(drawn, f"{ahead} m", at, cv2.FONT_HERSHEY_SIMPLEX, size, GRID, thick)
    return drawn
