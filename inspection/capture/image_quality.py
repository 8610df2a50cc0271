"""Figures on the quality of a sealed picture, and of the lane that it shows.

They were chosen on real clips by day and by night: each tells pictures that show the road from
those that do not, whatever the light is (decision 0024).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from anonymize import SafeFrame
from inspection.camera.model import CameraPose
from voirie.arrays import Bools, Floats32, Pixels

NEAR_BAND = (0.60, 0.95)
"""Rows of the near road, as shares of the height, where no camera says better."""
HORIZON_ROW = 0.48
"""Where the horizon of a windscreen camera usually is, as a share of the height."""
HALF_LANE_M, CAMERA_HEIGHT_M = 1.5, 1.3
"""What a lane and the height of a camera in it are at least taken to be."""

MEASURED_WIDTH_PX = 640
"""Sharpness is that of the picture at this width: pictures of any size then compare."""
EDGE_REACH_PX = 9
STEEPEST_PCT = 98.0
BLOCK_PX = 8
BLANK_SD = 0.2
"""A block of the road that varies less shows nothing: a fill, a cover, pure black or white."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a sealed picture shows the road.

    Attributes
    ----------
    luma
        Mean brightness, 0 to 255.
    near_luma
        Median brightness of the near lane where it shows something; None where it shows nothing.
    darkest_luma
        Brightness under which lies one hundredth of the picture: fog, sun and a dirty lens
        raise it.
    sharpness
        Steepness of the clearest edges, as a share of their contrast for each pixel of a picture
        640 px wide; the lesser of both directions, since motion blurs one of them.
    masked_pct
        Share of the picture that was destroyed or hides the road.
    near_masked_pct
        Share of the lane's own width, in the near band, that was destroyed or is hidden by
        another vehicle or by our own.
    own_masked_pct
        Share of it that our own vehicle hides.
    blank_pct
        Share of it that is not hidden and shows nothing at all.
    """

    luma: float
    near_luma: float | None
    darkest_luma: float
    sharpness: float
    masked_pct: float
    near_masked_pct: float
    own_masked_pct: float
    blank_pct: float


def quality_of(safe: SafeFrame, pose: CameraPose | None = None) -> Quality:
    """Light, sharpness, and how much of the near lane is free.

    Parameters
    ----------
    safe
        A sealed picture.
    pose
        Its camera; without one a windscreen camera is assumed.
    """
    height, width = safe.pixels.shape[:2]
    grey = cv2.cvtColor(safe.pixels, cv2.COLOR_BGR2GRAY)
    small_size = (MEASURED_WIDTH_PX, max(1, round(height * MEASURED_WIDTH_PX / width)))
    small = np.asarray(cv2.resize(grey, small_size, interpolation=cv2.INTER_AREA), np.uint8)
    lane = lane_pixels(height, width, pose)
    mask = safe.mask.pixels()
    own = np.zeros_like(mask)
    bonnet_rows_pct = 0.0 if pose is None else pose.bonnet_rows_pct
    own[round(height * (1 - bonnet_rows_pct / 100)) :] = True
    hidden = mask | own
    blank = _blank(small, grey.shape) & ~hidden
    shown = grey[lane & ~hidden & ~blank]
    return Quality(
        luma=round(float(grey.mean()), 1),
        near_luma=round(float(np.median(shown)), 1) if len(shown) else None,
        darkest_luma=round(float(np.percentile(small, 1)), 1),
        sharpness=round(sharpness_of(small), 3),
        masked_pct=round(100.0 * float(mask.mean()), 2),
        near_masked_pct=_of_width(hidden, lane),
        own_masked_pct=_of_width(own, lane),
        blank_pct=_of_width(blank, lane),
    )


def lane_pixels(height_px: int, width_px: int, pose: CameraPose | None) -> Bools:
    """The near band of the lane that is driven, as ``(height, width)`` booleans.

    Straight ahead and on flat ground, a row that lies n pixels under the horizon shows
    ``n x half a lane / height of the camera`` pixels of the lane on either side.
    """
    rows = np.arange(*(round(share * height_px) for share in NEAR_BAND))
    horizon = HORIZON_ROW * height_px if pose is None else min(pose.horizon_px, rows[0] - 1.0)
    middle = (width_px - 1) / 2
    camera_m = CAMERA_HEIGHT_M if pose is None else pose.height_m
    half = HALF_LANE_M / camera_m * (rows - horizon)
    lane = np.zeros((height_px, width_px), dtype=np.bool_)
    lane[rows] = np.abs(np.arange(width_px)[None, :] - middle) <= half[:, None]
    return lane


def sharpness_of(grey: Pixels) -> float:
    """How steep the clearest edges are for their height, 0 where there is none.

    Light and contrast cancel out: a dark or veiled picture in focus is as sharp as a bright one.

    Examples
    --------
    >>> step = np.zeros((64, 64), np.uint8)
    >>> step[:, 32:], step[32:, :32] = 200, 90
    >>> round(sharpness_of(step), 2), sharpness_of(np.zeros((64, 64), np.uint8))
    (0.5, 0.0)
    """
    values = np.asarray(grey, np.float32)
    return min(_edges(values, along_x=True), _edges(values, along_x=False))


def _edges(values: Floats32, *, along_x: bool) -> float:
    kernel = np.ones((1, EDGE_REACH_PX) if along_x else (EDGE_REACH_PX, 1), np.uint8)
    steepness = np.abs(cv2.Sobel(values, cv2.CV_32F, int(along_x), int(not along_x))) / 8
    contrast = cv2.dilate(values, kernel) - cv2.erode(values, kernel)
    clearest = (contrast >= np.percentile(contrast, STEEPEST_PCT)) & (contrast > 0)
    if not clearest.any():
        return 0.0
    return float(np.median(cv2.dilate(steepness, kernel)[clearest] / contrast[clearest]))


def _blank(small: Pixels, shape: tuple[int, ...]) -> Bools:
    """Where a picture of a shape, here made small, has no texture at all."""
    high, wide = -(-small.shape[0] // BLOCK_PX), -(-small.shape[1] // BLOCK_PX)
    edges = ((0, high * BLOCK_PX - small.shape[0]), (0, wide * BLOCK_PX - small.shape[1]))
    blocks = np.pad(small, edges, mode="edge").reshape(high, BLOCK_PX, wide, BLOCK_PX)
    flat = blocks.astype(np.float32).std(axis=(1, 3)) < BLANK_SD
    row = np.arange(shape[0]) * small.shape[0] // shape[0] // BLOCK_PX
    column = np.arange(shape[1]) * small.shape[1] // shape[1] // BLOCK_PX
    return np.asarray(flat[np.ix_(row, column)], np.bool_)


def _of_width(which: Bools, lane: Bools) -> float:
    """Mean over the rows of the near band of the share of the lane's width, in percent."""
    width = lane.sum(axis=1)
    rows = width > 0
    share = (which & lane).sum(axis=1)[rows] / width[rows]
    return round(100.0 * float(share.mean()), 2) if len(share) else 100.0
