"""What the road says about a drive: where across it the car must be, and which way it went.

The car is in its lane. That takes away the error across, shows how large the receiver's slow
error is, and fills gaps along the road instead of straight on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from gis.network.lane_geometry import lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from gis.tracks.smoothing import ReceiverNoise, RoadHints, SmoothedTrack
from voirie.arrays import Floats
from voirie.places import ROUTE_KEY, RouteKey

_AXIS_SD_M = 0.5  # how well an axis is drawn
_BEND_M = 7.5  # half the length over which an axis is taken for a bend
_LONGEST_GAP_S = 120.0  # a longer gap may hold anything: a pause, a turn, a shortcut
_LANE_TAU_S = 10.0  # moments nearer than this share their place in the lane


def road_hints(smoothed: SmoothedTrack, fixes: pd.DataFrame, network: Network) -> RoadHints:
    """What the road says about the position across it, at matched fixes and inside gaps.

    The car is taken in the middle of its lane, give or take a quarter of the lane, and the
    drawing of the axis half a metre. Moments nearer than ten seconds share their error.

    Parameters
    ----------
    smoothed
        The drive so far.
    fixes
        Its fixes with the columns of `match`.
    network
        The network.
    """
    on = fixes[fixes["matched"] & fixes["sens"].notna() & fixes["moving"]]
    points = pd.concat([on, _in_gaps(on, smoothed)]).sort_values("t_s").reset_index(drop=True)
    lanes = lanes_at(network, points)
    place = np.full((len(points), 2), np.nan)
    heading, curvature = np.full(len(points), np.nan), np.zeros(len(points))
    at = points["cumul_m"].to_numpy(dtype=float)
    for route, rows in by_route(points):
        cumul = at[rows]
        place[rows] = network.locate(route, cumul, lanes.centre_m[rows])
        heading[rows], curvature[rows] = _bend(network, route, cumul)
    angle = np.radians(heading)
    normal = np.stack([np.cos(angle), -np.sin(angle)], axis=1)
    t_s = points["t_s"].to_numpy()
    shared = np.maximum(_LANE_TAU_S / np.maximum(np.diff(t_s, prepend=-np.inf), 1e-3), 1.0)
    sd = np.hypot(lanes.width_m / 4.0, _AXIS_SD_M) * np.sqrt(shared)
    good = np.isfinite(place).all(axis=1)
    return RoadHints(t_s[good], normal[good], place[good], curvature[good], sd[good])


def _bend(network: Network, route: RouteKey, cumul: Floats) -> tuple[Floats, Floats]:
    """Heading and curvature of an axis over some metres, so that its corners are bends."""
    ahead, here, behind = (network.locate(route, cumul + step) for step in (_BEND_M, 0.0, -_BEND_M))

    def course(step: Floats) -> Floats:
        return np.asarray(np.degrees(np.arctan2(step[:, 0], step[:, 1])))

    heading = course(ahead - behind)
    turn = (course(ahead - here) - course(here - behind) + 180.0) % 360.0 - 180.0
    curvature = np.radians(turn) / _BEND_M
    end = np.isnan(heading)
    heading = np.where(end, network.heading_deg(route, cumul), heading)
    return heading, np.where(end, 0.0, curvature)


def _in_gaps(on: pd.DataFrame, smoothed: SmoothedTrack) -> pd.DataFrame:
    """Moments each second inside gaps whose two ends lie on one axis, with their cumul."""
    first, second = on.iloc[:-1].reset_index(drop=True), on.iloc[1:].reset_index(drop=True)
    step = (second["t_s"] - first["t_s"]).to_numpy()
    way = (second["cumul_m"] - first["cumul_m"]).abs().to_numpy()
    driven = (second["distance_m"] - first["distance_m"]).to_numpy()
    keys = [*ROUTE_KEY, "sens"]
    same = np.asarray((first[keys] == second[keys]).all(axis=1))
    gap = same & (step > smoothed.longest_step_s) & (step < _LONGEST_GAP_S)
    gap &= np.abs(way - driven) < 0.3 * driven + 20.0
    parts = []
    for k in np.flatnonzero(gap):
        a, b = first.iloc[k], second.iloc[k]
        t = np.arange(a["t_s"] + 1.0, b["t_s"] - 0.5, 1.0)
        share = (smoothed.at(t)["distance_m"].to_numpy() - a["distance_m"]) / max(driven[k], 1.0)
        part = pd.DataFrame([a] * len(t)).assign(
            t_s=t, cumul_m=a["cumul_m"] + share * (b["cumul_m"] - a["cumul_m"])
        )
        parts.append(part)
    return pd.concat(parts) if parts else on.iloc[:0]


def receiver_noise_seen(fixes: pd.DataFrame, network: Network) -> ReceiverNoise:
    """Slow error of the receiver from how far the fixes lie across the road from their lane."""
    on = fixes[fixes["matched"] & fixes["sens"].notna() & fixes["moving"]].reset_index(drop=True)
    usual = ReceiverNoise()
    if len(on) < 2 or on["t_s"].iloc[-1] - on["t_s"].iloc[0] < 2.0 * usual.drift_tau_s:
        return usual
    across = np.abs(on["offset_m"].to_numpy(dtype=float) - lanes_at(network, on).centre_m)
    return replace(usual, drift_sd_m=float(np.clip(1.4826 * np.median(across), 1.0, 8.0)))
