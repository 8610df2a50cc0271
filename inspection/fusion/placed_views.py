"""Views with what their frames know of them: all that fusing needs, one row a view."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from voirie.places import LANE_KEY
from voirie.taxonomy import Taxonomy

BEARING_SD = 0.015
"""How well the direction of a thing is known, in radians: heading and the camera's yaw."""

DARK_AT_M = 5.0
FADES_PCT_A_M = 1.7
"""What a net of cracks loses of its darkness with each metre, as pixels grow (decision 0026)."""

OF_VIEW = (
    "view_id", "family", "code", "model_class", "model_sha256", "score", "experimental", *LANE_KEY,
    "cumul_m", "offset_m", "cumul_from_m", "cumul_to_m", "length_m", "width_m", "area_m2",
    "accuracy_m", "scale_assumed", "dark_pct", "aside_m",
)  # fmt: skip
OF_FRAME = {
    "pass_id": "pass_id",
    "distance_m": "distance_m",
    "captured_at": "captured_at",
    "picture_id": "picture_id",
    "offset_m": "frame_offset_m",
    "accuracy_m": "frame_accuracy_m",
    "heading_deg": "frame_heading_deg",
}


def placed_views(
    views: gpd.GeoDataFrame, frames: gpd.GeoDataFrame, taxonomy: Taxonomy
) -> pd.DataFrame:
    """Views that have a place, each with its frame.

    Parameters
    ----------
    views, frames
        Tables of a survey folder; views that were left out (`reason`) are not among them.
    taxonomy
        The families of things.

    Returns
    -------
    pandas.DataFrame
        Columns `OF_VIEW` and `OF_FRAME`, in the order of the views, and: ``frame``, rank of the
        frame's identifier; ``kind``, what is never fused with another kind; ``x``, ``y`` of the
        thing and ``from_x``, ``from_y`` of the camera, EPSG:2154; ``sd_m``, deviation along the
        line of sight between views of one pass, NaN without a camera; ``across_sd_m``, deviation
        across it. ``dark_pct`` is as it would be seen from 5 m, NaN without a camera.
    """
    frame = pd.DataFrame(frames)[["frame_id", *OF_FRAME]].rename(columns=OF_FRAME)
    frame["from_x"] = shapely.get_x(frames["geometry"].to_numpy())
    frame["from_y"] = shapely.get_y(frames["geometry"].to_numpy())
    frame["frame"] = pd.factorize(frame["frame_id"], sort=True)[0]
    seen = frame.set_index("frame_id").loc[views["frame_id"]].reset_index(drop=True)
    own = pd.DataFrame(views)[list(OF_VIEW)].reset_index(drop=True)
    out: pd.DataFrame = pd.concat([own, seen], axis=1)
    apart = [name for name, own in taxonomy.families.items() if own.told_apart_by == "code"]
    by_code = out["family"].isin(apart)
    # The type of a sign is a vote of its views, so that it must not keep them apart.
    out["kind"] = out["code"].replace(taxonomy.stretch_kinds).where(by_code, out["family"])
    out["x"] = shapely.get_x(views["geometry"].to_numpy())
    out["y"] = shapely.get_y(views["geometry"].to_numpy())
    aside = out["aside_m"].to_numpy(float, na_value=np.nan)
    heading = out["frame_heading_deg"].to_numpy(float, na_value=np.nan)
    known = np.isfinite(aside) & np.isfinite(heading)
    turn, aside = np.radians(np.where(known, heading, 0.0)), np.where(known, aside, 0.0)
    # The camera was where the vehicle drove, not in the middle of the lane.
    out["from_x"] += aside * np.cos(turn)
    out["from_y"] -= aside * np.sin(turn)
    forward = views["forward_m"].to_numpy(float)
    near = forward - out["length_m"].to_numpy(float) / 2
    faded = out["dark_pct"].to_numpy(float, na_value=np.nan) + FADES_PCT_A_M * (near - DARK_AT_M)
    out["dark_pct"] = np.clip(faded, 0.0, 100.0)
    standing = out["family"].isin(taxonomy.of_form("standing")).to_numpy(bool)
    # The camera's share of the deviation only: the track's is the same for all views of a pass.
    out["sd_m"] = np.where(standing, 0.2 * forward, 0.05 + 0.006 * forward**2)
    away = np.linalg.norm(out[["x", "y"]].to_numpy() - out[["from_x", "from_y"]].to_numpy(), axis=1)
    out["across_sd_m"] = 0.15 + BEARING_SD * away
    return out
