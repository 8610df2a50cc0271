"""From metres ahead of a camera to a place on a route, and to a place in the lane."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gis.network.lane_geometry import direction_of, lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from voirie.arrays import Bools, Floats

LANE_SLACK_M = 0.35
"""How far beyond the edge of a lane a thing may seem to lie and still be in it."""


def on_route(views: pd.DataFrame, network: Network | None) -> pd.DataFrame:
    """Views with their place on the route and in the plane.

    Parameters
    ----------
    views
        What the frame knows (route key, ``sens``, ``frame_cumul_m``, ``frame_offset_m``,
        ``frame_sd_m``, ``heading_deg``, ``x``, ``y``) and where the camera sees the thing
        (``forward_m``, ``lateral_m``, ``near_m``, ``far_m``, ``sd_m``).
    network
        The axes; without them the road is taken to be straight ahead.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``cumul_m``, ``offset_m``, ``cumul_from_m``, ``cumul_to_m``,
        ``accuracy_m``, ``geometry``, and ``from_lane_m``: metres right of the middle of the lane
        in the direction of travel.
    """
    heading = np.radians(views["heading_deg"].to_numpy(float))
    ahead = np.stack([np.sin(heading), np.cos(heading)], axis=1)
    right = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
    forward, lateral = views["forward_m"].to_numpy(float), views["lateral_m"].to_numpy(float)
    origin = views[["x", "y"]].to_numpy(float)
    point = origin + forward[:, None] * ahead + lateral[:, None] * right
    direction = direction_of(views["sens"])
    cumul = views["frame_cumul_m"].to_numpy(float) + direction * forward
    frame_offset = views["frame_offset_m"].to_numpy(float)
    offset = frame_offset + direction * lateral
    if network is not None:
        cumul, offset = _projected(views, network, point, cumul, offset)
    half = (views["far_m"] - views["near_m"]).to_numpy(float) / 2
    return views.assign(
        cumul_m=cumul,
        offset_m=offset,
        cumul_from_m=cumul - half,
        cumul_to_m=cumul + half,
        accuracy_m=np.hypot(views["sd_m"], views["frame_sd_m"].fillna(0)),
        geometry=np.asarray(shapely.points(point), dtype=object),
        from_lane_m=(offset - frame_offset) * direction,
    )


def _projected(
    views: pd.DataFrame, network: Network, point: Floats, cumul_m: Floats, offset_m: Floats
) -> tuple[Floats, Floats]:
    """Chainage and offset on the axis of the route, and the given ones where there is none."""
    cumul, offset = cumul_m.copy(), offset_m.copy()
    for route, rows in by_route(views):
        found, across = network.project(route, point[rows], cumul_m[rows])
        ok = np.isfinite(found)
        cumul[rows[ok]], offset[rows[ok]] = found[ok], across[ok]
    return cumul, offset


def in_another_lane(views: pd.DataFrame, network: Network | None) -> Bools:
    """Whether views of `on_route` lie beside the lane that was driven, (n,)."""
    width = lanes_at(network, views).width_m
    return np.asarray(np.abs(views["from_lane_m"].to_numpy(float)) > width / 2 + LANE_SLACK_M)


def at_frame(views: pd.DataFrame, spacing_m: Floats) -> pd.DataFrame:
    """Views without a camera: along the route from their frame on, as `on_route` otherwise.

    Parameters
    ----------
    views
        What the frame knows, and ``near_m``, ``far_m``.
    spacing_m
        Metres for which each frame stands; half of it is the deviation of the place, (n,).
    """
    direction = direction_of(views["sens"])
    at = views["frame_cumul_m"].to_numpy(float)
    start = at + direction * views["near_m"].to_numpy(float)
    end = at + direction * views["far_m"].to_numpy(float)
    xy = views[["x", "y"]].to_numpy(float)
    known = np.isfinite(xy).all(axis=1)
    points = np.full(len(views), None, dtype=object)
    points[known] = shapely.points(xy[known])
    half = spacing_m / 2
    return views.assign(
        cumul_m=(start + end) / 2,
        offset_m=np.nan,
        cumul_from_m=np.minimum(start, end),
        cumul_to_m=np.maximum(start, end),
        accuracy_m=np.hypot(views["frame_sd_m"].fillna(pd.Series(half, views.index)), half),
        geometry=points,
        from_lane_m=np.nan,
    )
