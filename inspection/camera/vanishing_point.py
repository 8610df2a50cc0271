"""The vanishing point of the road's markings and edges, from which pitch and yaw follow.

Simple on purpose: straight edges of the lower picture are found, each pair of a left and a
right one votes for the point where they meet, and the densest spot wins. A pass takes the
median of its pictures, so that curves, crests and crossing traffic do not weigh.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from voirie.arrays import Pixels

_MAX_LINES = 60
_CELL_PX = 12.0
LEAST_PICTURES = 5
HORIZON_SPREAD = 0.03
"""Pictures of one windscreen camera agree within 0.4 % of the size, those of a survey camera that
looks down spread over 7 to 18 %."""


@dataclass(frozen=True, slots=True)
class Vanishing:
    """A vanishing point in pixels and how many pairs of edges agree on it."""

    u_px: float
    v_px: float
    votes: int


def vanishing_point(pixels: Pixels) -> Vanishing | None:
    """Find where the edges of the road meet.

    Parameters
    ----------
    pixels
        Sealed picture, shape (height, width, 3), BGR.

    Returns
    -------
    Vanishing or None
        None where fewer than six pairs of edges agree.
    """
    height, width = pixels.shape[:2]
    top = int(height * 0.45)
    grey = cv2.cvtColor(pixels[top:], cv2.COLOR_BGR2GRAY)
    grey = cv2.GaussianBlur(grey, (5, 5), 0)
    high = float(np.clip(np.percentile(grey, 90) - np.percentile(grey, 10), 40, 140))
    edges = cv2.Canny(grey, high * 0.5, high)
    found = cv2.HoughLinesP(
        edges, 1, np.pi / 360, threshold=40, minLineLength=width * 0.06, maxLineGap=12
    )
    if found is None:
        return None
    lines = np.asarray(found, dtype=np.float64).reshape(-1, 4)
    lines[:, [1, 3]] += top
    dx, dy = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    length = np.hypot(dx, dy)
    slope = np.divide(dy, dx, out=np.full_like(dx, 1e6), where=np.abs(dx) > 1e-6)
    steep = (np.abs(slope) > 0.18) & (np.abs(slope) < 6)
    lines, slope, length = lines[steep], slope[steep], length[steep]
    order = np.argsort(-length, kind="stable")[:_MAX_LINES]
    lines, slope, length = lines[order], slope[order], length[order]
    left, right = slope < 0, slope > 0
    if left.sum() < 2 or right.sum() < 2:
        return None
    intercept = lines[:, 1] - slope * lines[:, 0]
    al, bl, wl = slope[left][:, None], intercept[left][:, None], length[left][:, None]
    ar, br, wr = slope[right][None], intercept[right][None], length[right][None]
    u = (br - bl) / (al - ar)
    v = al * u + bl
    weight = np.minimum(wl, wr) * np.minimum(np.abs(al - ar), 2.0)
    ok = (np.abs(u - width / 2) < width * 0.25) & (v > height * 0.15) & (v < height * 0.62)
    u, v, weight = u[ok], v[ok], weight[ok]
    if len(u) < 6:
        return None
    near = (np.abs(u[:, None] - u[None]) < 2 * _CELL_PX) & (np.abs(v[:, None] - v[None]) < _CELL_PX)
    best = int(np.argmax((near * weight).sum(axis=1)))
    inside = near[best]
    if inside.sum() < 6:
        return None
    return Vanishing(
        float(np.average(u[inside], weights=weight[inside])),
        float(np.average(v[inside], weights=weight[inside])),
        int(inside.sum()),
    )


def horizon_of(
    points: Iterable[Vanishing], width_px: int, height_px: int
) -> tuple[float, float] | None:
    """Column and row of the vanishing point of a pass, None where its pictures disagree.

    A camera that looks down at the road shows no horizon: what its pictures vote for is anywhere.

    Parameters
    ----------
    points
        What the pictures of one mounting found.
    width_px, height_px
        Size of the pictures.

    Examples
    --------
    >>> found = [Vanishing(480.0 + k % 3, 305.0, 50) for k in range(9)]
    >>> horizon_of(found, 960, 540)
    (481.0, 305.0)
    >>> horizon_of(found[:2], 960, 540) is None
    True
    """
    found = np.asarray([(p.u_px, p.v_px) for p in points], dtype=np.float64)
    if len(found) < LEAST_PICTURES:
        return None
    middle = np.median(found, axis=0)
    spread = 1.4826 * np.median(np.abs(found - middle), axis=0)
    if (spread > HORIZON_SPREAD * np.array([width_px, height_px])).any():
        return None
    return float(middle[0]), float(middle[1])


@dataclass(frozen=True, slots=True)
class Mounting:
    """How a camera looks at the road during a pass.

    Attributes
    ----------
    pitch_deg, yaw_deg
        Median angles.
    pitch_sd_deg
        Spread of single pictures (1.48 x median absolute deviation).
    pictures
        How many pictures voted.
    """

    pitch_deg: float
    yaw_deg: float
    pitch_sd_deg: float
    pictures: int


def mounting_of(
    points: Iterable[Vanishing], focal_px: float, cx_px: float, cy_px: float
) -> Mounting | None:
    """Pitch and yaw of a pass from the vanishing points of its pictures.

    Returns
    -------
    Mounting or None
        None when fewer than five pictures voted.
    """
    found = np.asarray([(p.u_px, p.v_px) for p in points], dtype=np.float64)
    if len(found) < LEAST_PICTURES:
        return None
    pitch = np.degrees(np.arctan((cy_px - found[:, 1]) / focal_px))
    yaw = -np.degrees(np.arctan((found[:, 0] - cx_px) / focal_px))
    middle = float(np.median(pitch))
    spread = 1.4826 * float(np.median(np.abs(pitch - middle)))
    return Mounting(middle, float(np.median(yaw)), spread, len(found))
