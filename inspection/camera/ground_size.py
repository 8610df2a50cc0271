"""From boxes in pictures to metres on the road, by the form of what is seen.

What lies flat in the road is outlined by its box. A heap stands on the foot of its box. What
stands on a post is as far as its usual height looks small.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from inspection.camera.model import CameraPose
from inspection.camera.poses import Poses
from voirie.arrays import Bools, Floats, Ints
from voirie.taxonomy import Taxonomy

USUAL_HEIGHT_SD = 0.22
"""Relative deviation of heights of things that stand about the usual one."""

LEAST_LEFT = 0.3
"""Share of the size of a box that is always left to the thing in it."""

COLUMNS = (
    "forward_m", "lateral_m", "near_m", "far_m", "length_m", "width_m", "area_m2", "sd_m",
)  # fmt: skip

Columns = dict[str, Floats]


def sizes_by_camera(
    views: pd.DataFrame,
    frame_row: Ints,
    poses: Poses,
    taxonomy: Taxonomy,
    excess: Floats | None = None,
) -> pd.DataFrame:
    """Place and size of boxes, relative to the camera.

    Parameters
    ----------
    views
        ``family``, ``model_class`` and the box of each view, (n,).
    frame_row
        Row of its frame in the table that `poses` is of, (n,).
    poses
        Poses of the frames.
    taxonomy
        The families of things.
    excess
        How much larger than what lies in the road its boxes are: length in metres and in pixels,
        then width, (n, 4). None where nothing is known.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, with the index of the views: middle of the thing ahead of the camera and right
        of it, nearest and farthest metre, size where it can be measured, and the deviation of
        the distance. NaN above the horizon.

    Examples
    --------
    >>> import numpy as np
    >>> from voirie.taxonomy import load_taxonomy
    >>> poses = Poses([CameraPose(1.3, 1000.0, 640.0, 360.0, 0.0)], np.zeros(1, dtype=int))
    >>> box = {"x1_px": [540.0], "y1_px": [489.0], "x2_px": [740.0], "y2_px": [491.0]}
    >>> view = pd.DataFrame({"family": ["pavement"], "model_class": ["pothole"], **box})
    >>> sizes_by_camera(view, np.array([0]), poses, load_taxonomy())["width_m"].round(2).tolist()
    [2.0]
    """
    family = views["family"]
    usual = {name: own.usual_height_m for name, own in taxonomy.classes.items()}
    usual_m = views["model_class"].map(usual).to_numpy(dtype=np.float64, na_value=np.nan)
    standing = family.isin(taxonomy.of_form("standing")).to_numpy(bool)
    heap = family.isin(taxonomy.of_form("heap")).to_numpy(bool)
    is_round = views["model_class"].isin(taxonomy.round_classes).to_numpy(bool)
    boxes = views[["x1_px", "y1_px", "x2_px", "y2_px"]].to_numpy(np.float64)
    reach_m = taxonomy.reach_m(family.tolist())
    more = np.zeros((len(views), 4)) if excess is None else excess
    values = np.full((len(views), len(COLUMNS)), np.nan)
    for pose, rows in poses.shared(frame_row):
        low, high = rows[~standing[rows]], rows[standing[rows]]
        values[low] = _on_the_ground(
            boxes[low], pose, reach_m[low], heap[low], is_round[low], more[low]
        )
        values[high] = _on_a_post(boxes[high], pose, usual_m[high])
    return pd.DataFrame(values, index=views.index, columns=[*COLUMNS])


def _on_the_ground(
    boxes: Floats,
    pose: CameraPose,
    reach_m: Floats,
    heap: Bools,
    is_round: Bools,
    excess: Floats,
) -> Floats:
    """Extent of boxes on the road."""
    x1, y1, x2, y2 = boxes.T
    middle = (x1 + x2) / 2
    near, _ = pose.ground(middle, y2)
    far, _ = pose.ground(middle, y1)
    # Above the reach a row is metres deep: what is seen of the box there does not count.
    far = np.where(np.isnan(far) | (far > reach_m), reach_m, far)
    # A heap stands on its foot: what is above it leans nowhere.
    left, right = _sides(x1, x2, near, np.where(heap, near, far), pose, is_round)
    near, far, left, right = _without(excess, near, far, left, right, pose)
    length, width = far - near, right - left
    # A heap stands up: its foot is its place, its height is not its length.
    forward = np.where(heap, near, (near + far) / 2)
    filled = np.where(is_round, math.pi / 4, 1.0)
    return np.stack(
        [
            forward,
            (left + right) / 2,
            near,
            np.where(heap, near + width, far),
            np.where(heap, width, length),
            width,
            np.where(heap, np.nan, length * width * filled),
            pose.forward_sd_m(forward),
        ],
        axis=1,
    )


def _without(
    excess: Floats, near: Floats, far: Floats, left: Floats, right: Floats, pose: CameraPose
) -> tuple[Floats, Floats, Floats, Floats]:
    """Ends and sides without what the boxes are too large, which is shared by both ends."""
    ahead = (near + far) / 2
    # A pixel at the middle of the thing, in metres of road along and across.
    deep = (ahead**2 + pose.height_m**2) / (pose.focal_px * pose.height_m)
    wide = np.hypot(ahead, pose.height_m) / pose.focal_px
    long_m = excess[:, 0] + excess[:, 1] * deep
    wide_m = excess[:, 2] + excess[:, 3] * wide
    # Never more than a part of it: a box of a few rows says that something is there.
    long_m = np.minimum(long_m, (1 - LEAST_LEFT) * (far - near)) / 2
    wide_m = np.minimum(wide_m, (1 - LEAST_LEFT) * (right - left)) / 2
    return near + long_m, far - long_m, left + wide_m, right - wide_m


def _sides(
    x1: Floats, x2: Floats, near: Floats, far: Floats, pose: CameraPose, is_round: Bools
) -> tuple[Floats, Floats]:
    """Left and right metre of what touches the sides of boxes.

    The sides of a rectangle on the road lean towards the vanishing point, so that a box round it
    touches, on each side, the corner that sticks out: the one whose metre lies more inwards.
    """
    at = {
        name: (pose.ground(x1, row)[1], pose.ground(x2, row)[1])
        for name, (_, row) in {
            "near": pose.pixels(near, 0.0),
            "middle": pose.pixels((near + far) / 2, 0.0),
            "far": pose.pixels(far, 0.0),
        }.items()
    }
    left = np.maximum(at["near"][0], at["far"][0])
    right = np.minimum(at["near"][1], at["far"][1])
    # A box higher than its rectangle would be wide is not of one: its middle row stands for it.
    crossed = left >= right
    centre_left, centre_right = at["middle"]
    left = np.where(crossed | is_round, centre_left, left)
    right = np.where(crossed | is_round, centre_right, right)
    # An ellipse touches near its middle row, a little outside of it where it is seen aslant.
    aslant = (left + right) / (near + far) * (far - near)
    half = np.sqrt(np.maximum((right - left) ** 2 - aslant**2, ((right - left) / 2) ** 2)) / 2
    centre = (left + right) / 2
    return np.where(is_round, centre - half, left), np.where(is_round, centre + half, right)


def _on_a_post(boxes: Floats, pose: CameraPose, usual_height_m: Floats) -> Floats:
    """Distance from the usual height: rough, and refined by `fuse` from many bearings."""
    x1, y1, x2, y2 = boxes.T
    distance = pose.focal_px * usual_height_m / np.maximum(y2 - y1, 1.0)
    bearing = np.radians(pose.bearing_deg((x1 + x2) / 2, (y1 + y2) / 2))
    unknown = np.full(len(boxes), np.nan)
    return np.stack(
        [
            distance,
            distance * np.tan(bearing),
            distance,
            distance,
            unknown,
            unknown,
            unknown,
            np.hypot(USUAL_HEIGHT_SD * distance, 0.3),
        ],
        axis=1,
    )


def sizes_by_rows(
    views: pd.DataFrame,
    height_px: Floats,
    spacing_m: Floats,
    band: tuple[float, float],
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """Nearest and farthest metre of boxes without a camera: the near band stands for one step.

    Parameters
    ----------
    views
        ``family`` and the box of each view, (n,).
    height_px
        Height of its picture, (n,).
    spacing_m
        Metres from its frame to the next one, (n,).
    band
        First and last row of the near band, as shares of the height.
    taxonomy
        The families of things.

    Returns
    -------
    pandas.DataFrame
        ``near_m`` and ``far_m``, with the index of the views; what stands is put at the frame,
        and both are NaN for what else lies outside the band.
    """
    low, high = band
    near = 1 - (views["y2_px"].to_numpy(float) / height_px - low) / (high - low)
    far = 1 - (views["y1_px"].to_numpy(float) / height_px - low) / (high - low)
    standing = views["family"].isin(taxonomy.of_form("standing")).to_numpy(bool)
    outside = ~standing & ((far <= 0) | (near >= 1))
    ends = {"near_m": near, "far_m": far}
    return pd.DataFrame(
        {
            name: np.where(
                outside, np.nan, np.where(standing, 0.0, np.clip(share, 0, 1) * spacing_m)
            )
            for name, share in ends.items()
        },
        index=views.index,
    )
