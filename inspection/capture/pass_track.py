"""The smoothed track of a pass on the clock of its film."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from gis.tracks.readers import Track
from gis.tracks.smoothing import SmoothedTrack
from inspection.context import PassSetup
from inspection.resources import Resources
from voirie.arrays import Floats
from voirie.errors import ConfigurationError, NoOverlap


@dataclass(frozen=True, slots=True, eq=False)
class PassTrack:
    """A track and how film time becomes track time.

    Attributes
    ----------
    track
        The track as read: its fixes, its dates, and what was left out of it.
    smoothed
        The track, smoothed.
    shift_s
        Added to film time to get track time.
    """

    track: Track
    smoothed: SmoothedTrack
    shift_s: float

    def times(self, film_s: Floats) -> Floats:
        """Track times of film times."""
        return np.asarray(film_s, dtype=np.float64) + self.shift_s

    def at(self, film_s: Floats) -> pd.DataFrame:
        """State of the vehicle at film times; NaN where the track does not reach."""
        return self.smoothed.at(self.times(film_s))

    def moment(self, film_s: float) -> datetime | None:
        """When a picture was taken, UTC."""
        if self.track.started_at is None:
            return None
        return self.track.started_at + timedelta(seconds=film_s + self.shift_s)


def track_of(
    plan: PassSetup, duration_s: float, resources: Resources, found_s: float = 0.0
) -> PassTrack:
    """The track of a pass on the clock of its film.

    Parameters
    ----------
    plan
        The pass; it has a track.
    duration_s
        Length of its films.
    resources
        Inputs of the run.
    found_s
        What `clock_offset` found beside the stated offset.

    Raises
    ------
    ConfigurationError
        When the pass names no track.
    NoOverlap
        When the track and the film have no moment in common.
    """
    path = plan.track
    if path is None:
        raise ConfigurationError(
            f"pass {plan.name} has no track",
            plan.given.inputs[0],
            "name its GPX or CSV: --track, or track in survey.toml",
        )
    track = resources.track(path)
    shift = plan.offset_s + found_s
    own = path in plan.given.inputs
    if not own and plan.given.started_at is not None and track.started_at is not None:
        shift += (plan.given.started_at - track.started_at).total_seconds()
    low, high = float(track.fixes["t_s"].iloc[0]), float(track.fixes["t_s"].iloc[-1])
    if duration_s + shift < low or shift > high:
        hours = _hours_apart(duration_s, shift, low, high)
        if hours is not None and not own:
            raise NoOverlap(
                f"the track and the film lie {hours:+d} h apart: one of them is in local time",
                path,
                f"say offset_s = {hours * 3600:+d}, or started_at with its zone",
            )
        raise NoOverlap(
            "the track and the film have no moment in common",
            path,
            "check started_at and offset_s, or give the track of that drive",
        )
    return PassTrack(track, resources.smoothed(path), shift)


def _hours_apart(duration_s: float, shift_s: float, low_s: float, high_s: float) -> int | None:
    """Whole hours by which a film must be moved to lie inside its track; None where none do."""
    middle_s = shift_s + duration_s / 2.0
    inside = [h for h in range(-14, 15) if low_s <= middle_s + 3600.0 * h <= high_s]
    return min(inside, key=abs) if inside else None
