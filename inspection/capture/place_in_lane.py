"""Where in its lane each frame was taken: the network's lane, the line that its picture shows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from anonymize.certificate import Certificate, reopen
from gis.network.lane_geometry import direction_of, lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from inspection.camera.lane_marks import AHEAD_M, ASIDE_M, TURNED_DEG, in_lane, line_votes
from inspection.camera.poses import Poses
from voirie.arrays import Floats
from voirie.folder import SurveyFolder

COLUMNS = ("aside_m", "turned_deg")
"""As `placements` has them."""


def places_in_lane(
    folder: SurveyFolder, frames: gpd.GeoDataFrame, poses: Poses, network: Network | None
) -> pd.DataFrame:
    """What the sealed pictures say of the place in the lane: `COLUMNS`, a row a frame.

    Parameters
    ----------
    folder
        Holds the pictures; one that was deleted since says nothing.
    frames, poses
        Frames in the middle of their lanes, and their cameras.
    network
        The axes; without them nothing is known.
    """
    out = pd.DataFrame(np.nan, index=frames.index, columns=[*COLUMNS])
    if network is None:
        return out
    files = [
        folder.picture(str(pass_id), str(frame_id))
        for pass_id, frame_id in zip(frames["pass_id"], frames["frame_id"], strict=True)
    ]
    line_m = left_line_m(frames, network)
    usable = poses.known & np.isfinite(line_m).all(axis=1) & [file.is_file() for file in files]
    if not usable.any():
        return out
    certificate = Certificate.read(folder.root)
    way_m = frames["distance_m"].to_numpy(float)
    for _, rows in frames.reset_index(drop=True).groupby("pass_id").groups.items():
        own = np.asarray(rows)[np.argsort(way_m[rows], kind="stable")]
        votes = np.zeros((len(own), len(TURNED_DEG), len(ASIDE_M)), np.float32)
        for at in np.flatnonzero(usable[own]):
            pose = poses.at(int(own[at]))
            assert pose is not None
            safe = reopen(files[own[at]], certificate)
            votes[at] = line_votes(safe.pixels, safe.mask.pixels(), pose, line_m[own[at]])
        found = in_lane(votes, way_m[own])
        out.iloc[own] = np.stack([found.aside_m.round(3), found.turned_deg.round(1)], axis=1)
    return out


def left_line_m(frames: gpd.GeoDataFrame, network: Network) -> Floats:
    """How far right of a frame the left edge of its lane lies at each of `AHEAD_M`, (n, k).

    NaN where the frame has no lane.
    """
    lanes = lanes_at(network, frames)
    direction = direction_of(frames["sens"])
    left_m = lanes.centre_m - direction * lanes.width_m / 2
    out = np.full((len(frames), len(AHEAD_M)), np.nan)
    at_m = frames["cumul_m"].to_numpy(float)
    origin = _xy(frames)
    right = _right_of(frames["heading_deg"].to_numpy(float))
    for route, rows in by_route(frames):
        cumul = at_m[rows, None] + direction[rows, None] * AHEAD_M[None, :]
        offset = np.repeat(left_m[rows], len(AHEAD_M))
        points = network.locate(route, cumul.ravel(), offset).reshape(*cumul.shape, 2)
        out[rows] = ((points - origin[rows, None]) * right[rows, None]).sum(axis=2)
    return out


def moved(frames: gpd.GeoDataFrame, places: pd.DataFrame) -> gpd.GeoDataFrame:
    """Frames where they were taken and with the camera's own yaw; others stay as they are.

    Parameters
    ----------
    frames
        In the middle of their lanes.
    places
        `COLUMNS`, with the index of the frames.
    """
    known = places["aside_m"].notna().to_numpy(bool) & frames["yaw_deg"].notna().to_numpy(bool)
    points = frames.geometry.to_numpy().copy()
    aside = places["aside_m"].to_numpy(float)[known]
    heading = frames["heading_deg"].to_numpy(float)[known]
    points[known] = shapely.points(beside(_xy(frames)[known], heading, aside))
    yaw = np.where(known, places["turned_deg"].to_numpy(float), frames["yaw_deg"].to_numpy(float))
    out = frames.assign(**{name: places[name] for name in COLUMNS}, yaw_deg=yaw)
    return out.set_geometry(gpd.GeoSeries(points, index=frames.index, crs=frames.crs))


def beside(xy: Floats, heading_deg: Floats, right_m: Floats) -> Floats:
    """Points so many metres to the right of others, (n, 2).

    Examples
    --------
    >>> beside(np.array([[10.0, 20.0]]), np.array([180.0]), np.array([2.0])).round(6).tolist()
    [[8.0, 20.0]]
    """
    return np.asarray(xy + right_m[:, None] * _right_of(heading_deg))


def _right_of(heading_deg: Floats) -> Floats:
    turn = np.radians(heading_deg)
    return np.stack([np.cos(turn), -np.sin(turn)], axis=1)


def _xy(frames: gpd.GeoDataFrame) -> Floats:
    points = frames.geometry.to_numpy()
    return np.stack([shapely.get_x(points), shapely.get_y(points)], axis=1)
