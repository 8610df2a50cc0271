"""How many metres of road each picture of a drive stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inspection.options import Step
from voirie.arrays import Floats
from voirie.places import LANE_KEY

MOST_SEEN_M = 14.0
"""No picture shows more of the road well: beyond it a row is metres deep."""


def most_seen_m(step: Step) -> float:
    """What a picture stands for at most: the step, where it is stated in metres.

    Examples
    --------
    >>> most_seen_m(Step(5.0, "m")), most_seen_m(Step(2.0, "s"))
    (5.0, 14.0)
    """
    return min(step.value, MOST_SEEN_M) if step.unit == "m" else MOST_SEEN_M


def spacing_of(frames: pd.DataFrame, otherwise_m: float, most_m: float = MOST_SEEN_M) -> Floats:
    """Metres from each frame to the next one of its pass in the same lane.

    Parameters
    ----------
    frames
        Table `frames`, kept and refused; a refused picture was to be looked at too.
    otherwise_m
        For a picture that is alone in its lane.
    most_m
        What a picture stands for at most: the step, where it is stated in metres.

    Returns
    -------
    numpy.ndarray
        Never more than `most_m`; the last frame of a lane has what the one before has, (n,).

    Examples
    --------
    >>> lane = {"gestionnaire": "CD", "dep": "031", "route": "D1", "cote": "U", "sens": "+"}
    >>> frames = pd.DataFrame(
    ...     {**lane, "voie": 1, "pass_id": "a", "distance_m": [0.0, 8.0, 18.0, 90.0]}
    ... )
    >>> spacing_of(frames, 5.0).tolist()
    [8.0, 10.0, 14.0, 14.0]
    """
    along = frames["distance_m"]
    if "cumul_m" in frames:  # stills have a chainage and no distance driven
        along = along.fillna(frames["cumul_m"])
    keys = [frames[name] for name in ("pass_id", *LANE_KEY)]
    ahead = along.groupby(keys, dropna=False).diff(-1).abs()
    ahead = ahead.where(ahead > 0).groupby(keys, dropna=False).ffill()
    return np.asarray(np.minimum(ahead.fillna(otherwise_m).to_numpy(float), most_m))
