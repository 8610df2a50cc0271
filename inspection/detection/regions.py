"""Where a detector looks: rectangles of a picture at a scale, derived from the camera."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inspection.camera.model import CameraPose
from inspection.detection.base import Region

NEAR_M = 3.2
FAR_M = 22.0
HALF_ROAD_M = 3.2


def whole(name: str, longest_px: int) -> Callable[[int, int, CameraPose | None], Region]:
    """The whole frame at one size, whatever the camera."""

    def region(width_px: int, height_px: int, pose: CameraPose | None) -> Region:
        return Region(name, 0, 0, width_px, height_px, longest_px)

    return region


def road(width_px: int, height_px: int, pose: CameraPose | None) -> Region:
    """The lane ahead, from a few metres to where a crack is no longer a pixel wide.

    Without a camera's pose the whole frame is seen, as survey vehicles film it.
    """
    if pose is None:
        return Region("road", 0, 0, width_px, height_px, 640)
    _, top = pose.pixels(FAR_M, 0.0)
    _, bottom = pose.pixels(NEAR_M, 0.0)
    left, _ = pose.pixels(NEAR_M + 2.0, -HALF_ROAD_M)
    right, _ = pose.pixels(NEAR_M + 2.0, HALF_ROAD_M)
    y1 = int(np.clip(top, 0, height_px - 64))
    lowest = height_px * (1 - pose.bonnet_rows_pct / 100)
    y2 = int(np.clip(bottom, y1 + 64, max(lowest, y1 + 64)))
    x1 = int(np.clip(left, 0, width_px - 64))
    x2 = int(np.clip(right, x1 + 64, width_px))
    return Region("road", x1, y1, x2, y2, 960)
