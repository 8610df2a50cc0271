"""How much larger than what it shows a box is, as measured of the network that drew it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inspection.camera.poses import Poses
from inspection.detection.tasks import TASKS
from voirie.arrays import Floats, Ints
from voirie.nets import Measures

COLUMNS = ("length_m", "length_px", "width_m", "width_px")


def excess_of(views: pd.DataFrame, frame_row: Ints, poses: Poses, measures: Measures) -> Floats:
    """What is to be taken off the size of each box.

    Parameters
    ----------
    views
        ``role``, ``model_sha256``, ``model_class``, ``width_px``, ``height_px``, (n,).
    frame_row
        Row of its frame in the table that `poses` is of, (n,).
    poses
        Poses of the frames.
    measures
        What was measured of the networks; nothing is taken off the boxes of any other.

    Returns
    -------
    numpy.ndarray
        `COLUMNS`, pixels being those of the stored picture, (n, 4).
    """
    out = np.zeros((len(views), len(COLUMNS)))
    sha256 = views["model_sha256"].to_numpy(object)
    name = views["model_class"].to_numpy(object)
    for model, told in measures.items():
        for word, sizes in told.sizes.items():
            along, across = sizes.length, sizes.width
            rows = (sha256 == model) & (name == word)
            out[rows] = along.metres, along.pixels, across.metres, across.pixels
    out[:, [1, 3]] *= _pixels_per_input(views, frame_row, poses)[:, None]
    return out


def _pixels_per_input(views: pd.DataFrame, frame_row: Ints, poses: Poses) -> Floats:
    """Pixels of the stored picture for one of the network's input, (n,)."""
    out = np.ones(len(views))
    regions = {role: task.region for task in TASKS for role in task.roles}
    role = views["role"].to_numpy(object)
    size = views[["width_px", "height_px"]].to_numpy(np.int64)
    for pose, at in poses.shared(frame_row):
        for name in sorted(set(role[at]) & set(regions)):
            own = at[role[at] == name]
            for width, height in np.unique(size[own], axis=0):
                seen = regions[name](int(width), int(height), pose)
                longest = max(seen.x2_px - seen.x1_px, seen.y2_px - seen.y1_px)
                same = own[(size[own] == (width, height)).all(axis=1)]
                out[same] = longest / seen.longest_px
    return out
