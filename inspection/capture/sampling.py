"""Which pictures of a film are kept: one every N metres of the provisional track, none at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspection.options import Step
from voirie.arrays import Floats, Ints

AT_REST_MPS = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class ChosenFrames:
    """The pictures to keep of one film, in time order.

    Attributes
    ----------
    index
        Ranks in the film, shape (n,).
    pts_s
        Their times in the film.
    distance_m
        Metres driven since the start of the pass.
    """

    index: Ints
    pts_s: Floats
    distance_m: Floats


def choose(
    pts_s: Floats,
    distance_m: Floats,
    speed_mps: Floats,
    step: Step,
) -> ChosenFrames:
    """Choose the first moving picture of every step.

    Parameters
    ----------
    pts_s
        Time of every picture of the film, increasing, shape (n,).
    distance_m, speed_mps
        Distance and speed at those times; NaN where the track does not reach.
    step
        Spacing.

    Returns
    -------
    ChosenFrames
        Never two pictures of one step, never one at rest or without a place.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(0, 4, 0.5)
    >>> choose(t, 4 * t, np.full(8, 4.0), Step(5.0, "m")).index.tolist()
    [0, 3, 5]
    """
    moving = np.isfinite(distance_m) & (np.nan_to_num(speed_mps) >= AT_REST_MPS)
    index = np.flatnonzero(moving)
    along = distance_m[index] if step.unit == "m" else pts_s[index]
    # A small slack keeps a picture that lies a rounding error before its step.
    cell = np.floor((np.maximum.accumulate(along) if len(along) else along) / step.value + 1e-9)
    first = np.r_[True, np.diff(cell) > 0] if len(cell) else np.zeros(0, dtype=bool)
    chosen = index[first]
    return ChosenFrames(chosen, pts_s[chosen], distance_m[chosen])
