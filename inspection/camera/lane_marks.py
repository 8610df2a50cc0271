"""Where in its lane the vehicle drives, read from the painted line on the left of the lane.

On a road with two directions that line is the axis, which nearly every road has. In each picture
every lateral place and every direction that the line could have gets a vote: how much of the road
is a light line there, from 5 to 16 m ahead. Dashes are seldom in one picture, so votes are added
up over some metres of drive; then the place is followed along the pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inspection.camera.model import CameraPose
from voirie.arrays import Bools, Floats, Floats32, Ints, Pixels

AHEAD_M = np.arange(5.0, 16.01, 0.25)
"""Nearer is the bonnet; farther a line is a pixel or two wide."""
ASIDE_M = np.arange(-20, 21) * 0.05
"""How far right of the middle of its lane a vehicle may drive."""
TURNED_DEG = np.arange(-15, 16) * 0.2
"""How far right of the lane a camera may look."""

_CELL_M = 0.025
_WIDEST_M = 4.5
_BESIDE_M = 0.175
"""A painted line, 10 to 15 cm wide, is lighter than the road that far on both sides of it."""
_LEAST_GREY, _FULL_GREY = 12.0, 42.0
"""Lighter by less is stone and dust, lighter by more is no surer a line."""

_ADDED_M = 15.0
"""Deviation of the weights by which the votes of pictures near one another are added up: a cycle
of dashes is 13 m long."""
_DRIFT_M, _DRIFT_SHARE = 0.05, 0.03
"""A vehicle changes its place in the lane by no more than this, and that much of its way."""
_MIDDLE_COUNTS = 0.02
"""What a metre aside costs: where two places have the same votes, the nearer one is taken."""
_AS_GOOD = 0.97
"""Of places and directions that a broad line covers as well as the best, the middle is taken."""
LEAST_SHARE = 0.05
"""Share of the metres ahead that must be a line. Where none is painted, it is 0.01 at most."""


@dataclass(frozen=True, slots=True, eq=False)
class InLane:
    """Where a vehicle drives and its camera looks, NaN where no line was seen.

    Attributes
    ----------
    aside_m
        Metres right of the middle of the lane, (n,).
    turned_deg
        Angle of the optical axis to the right of the lane, one for the pass, (n,).
    """

    aside_m: Floats
    turned_deg: Floats


def line_votes(pixels: Pixels, hidden: Bools | None, pose: CameraPose, line_m: Floats) -> Floats32:
    """How much of a line is seen for each direction and each place in the lane.

    Parameters
    ----------
    pixels
        Sealed picture, shape (height, width, 3), BGR.
    hidden
        What was destroyed or lies on a vehicle, (height, width); None for nothing.
    pose
        Its camera; its yaw does not matter.
    line_m
        How far right of the camera the line would lie at `AHEAD_M` if the vehicle drove in the
        middle of the lane and the camera looked along it, (k,).

    Returns
    -------
    numpy.ndarray
        Share of the metres ahead that are a line, (directions, places).
    """
    across = np.arange(-_WIDEST_M, _WIDEST_M + _CELL_M / 2, _CELL_M)
    forward = np.broadcast_to(AHEAD_M[:, None], (len(AHEAD_M), len(across)))
    straight = CameraPose(
        pose.height_m, pose.focal_px, pose.cx_px, pose.cy_px, pose.pitch_deg, 0.0, pose.k1, pose.k2
    )
    u, v = (np.asarray(x, np.float32) for x in straight.pixels(forward, across[None, :]))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    road = cv2.remap(grey, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    line = _lines(np.asarray(road, np.float32))
    if hidden is not None and hidden.any():
        gone = np.asarray(hidden, np.uint8)
        line[cv2.remap(gone, u, v, cv2.INTER_NEAREST, borderValue=1) > 0] = 0.0
    slope = np.tan(np.radians(TURNED_DEG))
    # A camera that looks to the right sees the road turn to the left.
    at_m = line_m[None, :, None] - slope[:, None, None] * AHEAD_M[None, :, None]
    column = np.rint((at_m - ASIDE_M[None, None, :] + _WIDEST_M) / _CELL_M)
    inside = (column >= 0) & (column < line.shape[1])
    column = np.where(inside, column, 0).astype(np.int64)
    seen = line[np.arange(len(AHEAD_M))[None, :, None], column]
    return np.asarray((seen * inside).mean(axis=1), dtype=np.float32)


def _lines(road: Floats32) -> Floats32:
    """How surely each spot of the road is a light line that runs ahead, 0 to 1."""
    step = round(_BESIDE_M / _CELL_M)
    lighter = np.full_like(road, 0.0)
    middle = road[:, step:-step]
    least = np.minimum(middle - road[:, : -2 * step], middle - road[:, 2 * step :])
    lighter[:, step:-step] = np.clip((least - _LEAST_GREY) / (_FULL_GREY - _LEAST_GREY), 0.0, 1.0)
    return lighter


def in_lane(votes: Floats32, way_m: Floats) -> InLane:
    """Follow the line along a pass.

    Parameters
    ----------
    votes
        Of its pictures in their order, (n, directions, places); 0 where there is no picture.
    way_m
        Metres driven at each, rising, (n,).

    Examples
    --------
    A line that every third picture shows, 0.3 m to the right of the middle:

    >>> votes = np.zeros((30, len(TURNED_DEG), len(ASIDE_M)), np.float32)
    >>> votes[::3, 18, 26] = 0.5
    >>> found = in_lane(votes, np.arange(30) * 5.0)
    >>> found.aside_m[[0, 14, 29]].round(2).tolist(), found.turned_deg[7].round(2).tolist()
    ([0.3, 0.3, 0.3], 0.6)
    >>> bool(np.isnan(in_lane(votes * 0, np.arange(30) * 5.0).aside_m).all())
    True
    """
    if not len(votes):
        return InLane(np.zeros(0), np.zeros(0))
    # The camera is fixed for a pass: all its pictures say where it looks.
    of_angle = votes.max(axis=2).sum(axis=0, dtype=np.float64)
    best = of_angle >= _AS_GOOD * of_angle.max()
    looks = int(np.rint(np.average(np.flatnonzero(best), weights=of_angle[best] + 1e-9)))
    added = _added(votes[:, looks], way_m)
    place = _followed(added - _MIDDLE_COUNTS * ASIDE_M**2, way_m)
    seen = added[np.arange(len(votes)), place] >= LEAST_SHARE
    aside = ASIDE_M[place] + _beyond_m(added, place)
    return InLane(np.where(seen, aside, np.nan), np.where(seen, TURNED_DEG[looks], np.nan))


def _added(votes: Floats32, way_m: Floats) -> Floats32:
    """Votes of each picture and of those near it, by weight."""
    out = np.empty_like(votes)
    first = np.searchsorted(way_m, way_m - 3 * _ADDED_M)
    last = np.searchsorted(way_m, way_m + 3 * _ADDED_M, side="right")
    for row, (start, end) in enumerate(zip(first, last, strict=True)):
        weight = np.exp(-0.5 * ((way_m[start:end] - way_m[row]) / _ADDED_M) ** 2)
        out[row] = np.tensordot((weight / weight.sum()).astype(np.float32), votes[start:end], 1)
    return out


def _followed(worth: Floats, way_m: Floats) -> Ints:
    """The places, one a picture, of most worth among those that a vehicle can drive, (n,)."""
    n, places = worth.shape
    step_m = ASIDE_M[1] - ASIDE_M[0]
    reach = np.floor((_DRIFT_M + _DRIFT_SHARE * np.diff(way_m)) / step_m + 1e-9).astype(int)
    reach = np.clip(reach, 1, places - 1)
    total, came_from = worth[0].astype(np.float64), np.zeros((n, places), np.int64)
    for row in range(1, n):
        shifts = np.arange(-reach[row - 1], reach[row - 1] + 1)
        before = np.arange(places)[:, None] + shifts[None, :]
        value = np.where((before >= 0) & (before < places), total[before % places], -np.inf)
        chosen = value.argmax(axis=1)
        came_from[row] = before[np.arange(places), chosen]
        total = worth[row] + value[np.arange(places), chosen]
    out = np.zeros(n, np.int64)
    out[-1] = int(total.argmax())
    for row in range(n - 1, 0, -1):
        out[row - 1] = came_from[row, out[row]]
    return out


def _beyond_m(worth: Floats32, place: Ints) -> Floats:
    """How far beyond the best place the middle of those beside it lies that are as good, (n,)."""
    near = place[:, None] + np.arange(-2, 3)[None, :]
    inside = (near >= 0) & (near < worth.shape[1])
    value = np.take_along_axis(worth, np.clip(near, 0, worth.shape[1] - 1), axis=1)
    top = worth[np.arange(len(place)), place][:, None]
    # Only what stands out from the feet of the line has a say.
    weight = np.where(inside, np.maximum(value - 0.5 * top, 0.0), 0.0)
    total = weight.sum(axis=1)
    step_m = (np.arange(-2, 3) * (ASIDE_M[1] - ASIDE_M[0]))[None, :]
    return np.asarray((weight * step_m).sum(axis=1) / np.where(total > 0, total, 1.0))
