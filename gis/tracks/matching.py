"""Which road the car is on: a hidden Markov model over places of the network.

A state is a place where an axis passes near a fix, or "off the network". A place is likely when
it is near and its axis points as the car does; two places follow each other when the way along
the network is as long as the way driven. So a crossing road is no temptation, a parallel road
25 m away is not jumped to, and one route may end where another starts.

Source of the model: Newson and Krumm 2009, with weights for errors that are correlated in time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gis.network.junctions import junctions_of
from gis.network.network import Network
from gis.tracks.hmm import MatchCandidates, cheapest_places, place_costs, turn_deg
from gis.tracks.road_hints import receiver_noise_seen, road_hints
from gis.tracks.smoothing import ReceiverNoise, SmoothedTrack, smooth
from voirie.arrays import Floats, Ints
from voirie.errors import NoOverlap
from voirie.places import ROUTE_KEY

RADIUS_M = 30.0
"""Beyond this distance an axis is no candidate."""

WORST_MEDIAN_M = 15.0
"""A run of fixes that lies farther from its axis than this is not on it."""


def match(
    t_s: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    heading_deg: ArrayLike,
    speed_mps: ArrayLike,
    network: Network,
    radius_m: float = RADIUS_M,
) -> pd.DataFrame:
    """Lay smoothed positions on the network.

    Parameters
    ----------
    t_s, x, y, heading_deg, speed_mps
        The drive in order of time, (N,) each, EPSG:2154; positions may be NaN.
    network
        The network.
    radius_m
        Farthest axis to consider.

    Returns
    -------
    pandas.DataFrame
        N rows: the route key, ``sens`` (``+`` when the car heads within 60 degrees of increasing
        PR, ``-`` when beyond 120, else NULL), ``voie`` (1), ``cumul_m``, ``offset_m``,
        ``dist_axis_m``, ``matched``. On a stretch shared by two routes it is the carrying one.
        Unmatched rows hold NULL.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> from voirie.places import RouteKey
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> route, cumul_m = RouteKey("CD31", "031", "D752"), np.arange(200.0, 260.0, 15.0)
    >>> x, y = network.locate(route, cumul_m, offset_m=1.5).T
    >>> heading_deg = network.heading_deg(route, cumul_m)
    >>> on = match(np.arange(4.0), x, y, heading_deg, np.full(4, 15.0), network)
    >>> on[["route", "sens", "cumul_m", "offset_m"]].round(1).values.tolist()[0]
    ['D752', '+', 200.0, 1.5]
    """
    t, xs, ys, heading, speed = (
        np.atleast_1d(np.asarray(values, dtype=float))
        for values in (t_s, x, y, heading_deg, speed_mps)
    )
    xy = np.stack([xs, ys], axis=1)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    chosen = np.full(len(t), -1, dtype=np.intp)
    places = network.nearest(xy[known], radius_m)
    if len(places):
        costs = place_costs(places, network, t[known], heading[known], speed[known])
        drive = MatchCandidates(places, *costs, t[known], xy[known])
        chosen[known] = cheapest_places(drive, junctions_of(network))
        chosen = _refuse_far_runs(chosen, places)
    return _table(chosen, places, heading, network)


def _refuse_far_runs(chosen: Ints, places: pd.DataFrame) -> Ints:
    """Unmatch runs on one axis whose median distance exceeds `WORST_MEDIAN_M`."""
    on = chosen >= 0
    safe = np.maximum(chosen, 0)
    chain = np.where(on, places["chain"].to_numpy()[safe], -1)
    run = np.cumsum(np.r_[0, np.diff(chain) != 0])
    distance = pd.Series(places["dist_m"].to_numpy()[safe])
    far = distance.groupby(run).transform("median").to_numpy() > WORST_MEDIAN_M
    return np.where(far, -1, chosen)


def _table(chosen: Ints, places: pd.DataFrame, heading: Floats, network: Network) -> pd.DataFrame:
    on = chosen >= 0
    out = pd.DataFrame(index=range(len(chosen)))
    picked = places.iloc[chosen[on]]
    axes = network.axes.iloc[picked["row"].to_numpy()]
    rows = np.flatnonzero(on)
    for column in ROUTE_KEY:
        out[column] = axes[column].set_axis(rows).reindex(out.index).astype("string")
    angle = turn_deg(heading[on], picked["heading_deg"].to_numpy())
    sens = np.select([angle < 60.0, angle > 120.0], ["+", "-"], default="")
    out["sens"] = pd.Series(sens, index=rows).reindex(out.index).replace("", None).astype("string")
    out["voie"] = pd.Series(1, index=rows).reindex(out.index).astype("Int64")
    for column, source in (
        ("cumul_m", "cumul_m"),
        ("offset_m", "offset_m"),
        ("dist_axis_m", "dist_m"),
    ):
        out[column] = picked[source].set_axis(rows).reindex(out.index).astype("float64")
    out["matched"] = on
    return out


@dataclass(frozen=True, slots=True)
class Placed:
    """A drive laid on the network: ask it where the car was, and on which road.

    Attributes
    ----------
    smoothed
        The drive, drawn to its lane.
    fixes
        One row a fix: the columns of `SmoothedTrack.at` and those of `match`.
    network
        The network.
    """

    smoothed: SmoothedTrack
    fixes: pd.DataFrame
    network: Network

    def at(self, t_s: ArrayLike) -> pd.DataFrame:
        """Where the car was at any moments: the columns of `SmoothedTrack.at` and of `match`.

        Parameters
        ----------
        t_s
            Moments in track time, in any order, (N,).
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=float))
        order = np.argsort(t, kind="stable")
        poses = self.smoothed.at(t[order])
        both = pd.concat([poses, _match_poses(poses, self.network)], axis=1)
        return both.iloc[np.argsort(order)].reset_index(drop=True)


def place_track(
    track: pd.DataFrame, network: Network, noise: ReceiverNoise | None = None
) -> Placed:
    """Smooth a track, match it, and draw it to the lane it must have driven in.

    The road says where the car is across it. That takes away the error across, measures how
    large the receiver's slow error is, and in bends bounds the error along too. Gaps are filled
    along the road instead of straight on.

    Parameters
    ----------
    track
        Fixes as `gis.tracks.read_track` gives them: ``t_s``, ``x``, ``y``.
    network
        The network.
    noise
        What the receiver is believed to do; a phone, scaled by what the road shows, by default.

    Raises
    ------
    NoOverlap
        When no fix lies on the network.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> from voirie.places import RouteKey
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> t_s = np.arange(20.0)
    >>> x, y = network.locate(RouteKey("CD31", "031", "D752"), 500.0 - 15.0 * t_s, offset_m=-1.5).T
    >>> placed = place_track(pd.DataFrame({"t_s": t_s, "x": x, "y": y}), network)
    >>> at = placed.at(10.0).iloc[0]
    >>> at["route"], at["sens"], round(at["cumul_m"])
    ('D752', '-', 350)
    """
    smoothed = smooth(track, noise)
    fixes = _fixes(smoothed, track, network)
    if not fixes["matched"].any():
        raise NoOverlap(
            "the track touches no axis of the network",
            None,
            "check that both are of the same area, and the coordinate system of the network",
        )
    if noise is None:
        noise = receiver_noise_seen(fixes, network)
    for _ in range(2):
        smoothed = smooth(track, noise, road_hints(smoothed, fixes, network))
        fixes = _fixes(smoothed, track, network)
    return Placed(smoothed, fixes, network)


def _match_poses(poses: pd.DataFrame, network: Network) -> pd.DataFrame:
    return match(
        poses["t_s"], poses["x"], poses["y"], poses["heading_deg"], poses["speed_mps"], network
    )


def _fixes(smoothed: SmoothedTrack, track: pd.DataFrame, network: Network) -> pd.DataFrame:
    poses = smoothed.at(track["t_s"].to_numpy())
    return pd.concat([poses, _match_poses(poses, network)], axis=1)
