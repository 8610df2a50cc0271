"""Stage `locate`: from boxes in pictures to places and sizes on the road.

With a camera, a box is brought down on the ground plane and projected on the route. Without
one, the rows of the near band stand for one step of the survey: the extent is then assumed, is
marked as such, and sizes stay NULL.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.lane_geometry import direction_of, lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from inspection.camera.model import CameraPose
from inspection.camera.poses import Poses
from inspection.capture.image_quality import NEAR_BAND
from inspection.context import RunContext
from voirie.arrays import Floats, Ints
from voirie.folder import SurveyFolder
from voirie.places import ROUTE_KEY
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import CRS, empty
from voirie.taxonomy import Taxonomy

LANE_SLACK_M = 0.35
USUAL_HEIGHT_SD = 0.22
"""Relative deviation of heights of things that stand about the usual one."""

_PLACE = (*ROUTE_KEY, "sens", "voie")


def depends(ctx: RunContext) -> list[object]:
    """The network, the cameras and the families of things."""
    return [
        ctx.resources.sha256(ctx.resources.files.network),
        [None if p.vehicle is None else p.vehicle.model_dump_json() for p in ctx.passes],
        str(ctx.options.step),
        ctx.resources.taxonomy.sha256,
    ]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Give every view a place; what cannot have one, or lies in another lane, is dropped."""
    report = StageReport(Stage.LOCATE)
    frames = folder.read("frames")
    views = folder.read("views")
    report.items_in = len(views)
    poses = Poses.of(ctx, frames)
    network = ctx.resources.network
    joined = _with_frames(views, frames)
    camera = joined["frame_row"].map(lambda row: poses.at(int(row)) is not None).to_numpy(bool)
    step = ctx.options.step.value if ctx.options.step.unit == "m" else 5.0
    taxonomy, out = ctx.resources.taxonomy, PlacedViews()
    if camera.any():
        _by_camera(joined[camera], poses, network, taxonomy, out)
    if not camera.all():
        _by_rows(joined[~camera], step, taxonomy, out)
    table = out.table(list(views.columns))
    folder.write("views", table)
    left_out = table["reason"].dropna()
    report.dropped = {str(k): int(n) for k, n in left_out.value_counts().sort_index().items()}
    report.items_out = len(table) - len(left_out)
    ctx.listener(StageEvent(Stage.LOCATE, len(views), len(views), f"{report.items_out} placed"))
    return report


class PlacedViews:
    """Views that have a place, and views left out with the reason; none is thrown away."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def keep(self, views: pd.DataFrame) -> None:
        """Views with a place."""
        self._parts.append(views.assign(reason=None))

    def without(self, views: pd.DataFrame, mask: Any, reason: str) -> pd.DataFrame:
        """Set aside the views of a mask and return the others."""
        mask = np.asarray(mask, dtype=bool)
        self._parts.append(views[mask].assign(reason=reason))
        rest: pd.DataFrame = views[~mask]
        return rest

    def table(self, columns: list[str]) -> gpd.GeoDataFrame:
        """All views in the order of detection, with the columns of the table."""
        parts = [pd.DataFrame(part) for part in self._parts if len(part)]
        if not parts:
            return gpd.GeoDataFrame(empty("views"))
        every = pd.concat(parts).sort_values("order")
        for column in columns:
            if column not in every.columns:
                every[column] = None
        return gpd.GeoDataFrame(every[columns], geometry="geometry", crs=CRS)


def _with_frames(views: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """Views with the row, place and heading of their frame; earlier places are forgotten."""
    placed = ["cumul_m", "offset_m", "cumul_from_m", "cumul_to_m", "forward_m", "lateral_m"]
    sizes = ["length_m", "width_m", "area_m2", "accuracy_m", "scale_assumed", "geometry", "reason"]
    bare: pd.DataFrame = pd.DataFrame(views).drop(columns=[*_PLACE, *placed, *sizes, "finding_id"])
    bare["order"] = np.arange(len(bare))
    at = pd.DataFrame(frames)[[*_PLACE, "cumul_m", "offset_m", "heading_deg", "accuracy_m"]]
    at = at.rename(
        columns={
            "cumul_m": "frame_cumul_m",
            "offset_m": "frame_offset_m",
            "accuracy_m": "frame_sd_m",
        }
    )
    at["x"] = shapely.get_x(frames.geometry.to_numpy())
    at["y"] = shapely.get_y(frames.geometry.to_numpy())
    at["width_px"], at["height_px"] = frames["width_px"], frames["height_px"]
    at["frame_row"] = np.arange(len(frames))
    at["frame_id"] = frames["frame_id"]
    joined: pd.DataFrame = bare.merge(at, on="frame_id", how="left", sort=False)
    return joined


def _by_camera(
    views: pd.DataFrame,
    poses: Poses,
    network: Network | None,
    taxonomy: Taxonomy,
    out_of: PlacedViews,
) -> None:
    """With a camera: down on the ground plane, and on the route."""
    n = len(views)
    out: dict[str, Any] = {
        name: np.full(n, np.nan)
        for name in (
            "forward_m", "lateral_m", "near_m", "far_m", "length_m", "width_m", "area_m2", "sd_m",
        )
    }  # fmt: skip
    standing = views["family"].isin(taxonomy.of_form("standing")).to_numpy(bool)
    reach = {name: family.reach_m for name, family in taxonomy.families.items()}
    reach_m = np.array([reach[name] for name in views["family"]], dtype=np.float64)
    rows = views["frame_row"].to_numpy(int)
    for row in np.unique(rows):
        pose = poses.at(int(row))
        assert pose is not None
        here = rows == row
        ground = np.flatnonzero(here & ~standing)
        _measure_ground(out, ground, views, pose, taxonomy, reach_m[ground])
        _measure_standing(out, np.flatnonzero(here & standing), views, pose, taxonomy)
    views = views.assign(**out, scale_assumed=False)
    far = ~(views["forward_m"].to_numpy() <= reach_m)
    views = out_of.without(views, far, "too far ahead, or above the horizon")
    lost = views["route"].isna() | views["x"].isna()
    views = out_of.without(views, lost, "the frame has no place on the network")
    _on_route(views, network, taxonomy, out_of)


def _measure_ground(
    out: dict[str, Any],
    at: Ints,
    views: pd.DataFrame,
    pose: CameraPose,
    taxonomy: Taxonomy,
    reach_m: Floats,
) -> None:
    """Extent of boxes on the road: their four corners brought down on the ground plane."""
    if not len(at):
        return
    box = views.iloc[at]
    x1, x2 = box["x1_px"].to_numpy(), box["x2_px"].to_numpy()
    y1, y2 = box["y1_px"].to_numpy(), box["y2_px"].to_numpy()
    middle = (x1 + x2) / 2
    near, _ = pose.ground(middle, y2)
    far, _ = pose.ground(middle, y1)
    # Above the reach a row is metres deep: what is seen of the box there does not count.
    far = np.where(np.isnan(far) | (far > reach_m), reach_m, far)
    centre_row = np.array(pose.pixels((near + far) / 2, 0.0)[1])
    _, left = pose.ground(x1, centre_row)
    _, right = pose.ground(x2, centre_row)
    heap = box["family"].isin(taxonomy.of_form("heap")).to_numpy(bool)
    # A heap stands up: its foot is its place, its height is not its length.
    forward = np.where(heap, near, (near + far) / 2)
    length, width = far - near, right - left
    out["near_m"][at], out["far_m"][at] = near, np.where(heap, near + width, far)
    out["forward_m"][at], out["lateral_m"][at] = forward, (left + right) / 2
    out["length_m"][at], out["width_m"][at] = np.where(heap, width, length), width
    out["area_m2"][at] = np.where(heap, np.nan, length * width)
    out["sd_m"][at] = pose.forward_sd_m(forward)


def _measure_standing(
    out: dict[str, Any], at: Ints, views: pd.DataFrame, pose: CameraPose, taxonomy: Taxonomy
) -> None:
    """Distance from the usual height: rough, and refined by `fuse` from many bearings."""
    if not len(at):
        return
    box = views.iloc[at]
    usual = {name: known.usual_height_m for name, known in taxonomy.classes.items()}
    size = box["model_class"].map(usual).to_numpy(float)
    height = np.maximum((box["y2_px"] - box["y1_px"]).to_numpy(), 1.0)
    distance = pose.focal_px * size / height
    middle = (box["x1_px"] + box["x2_px"]).to_numpy() / 2
    bearing = np.radians(pose.bearing_deg(middle, (box["y1_px"] + box["y2_px"]).to_numpy() / 2))
    out["forward_m"][at], out["lateral_m"][at] = distance, distance * np.tan(bearing)
    out["near_m"][at] = out["far_m"][at] = distance
    out["sd_m"][at] = np.hypot(USUAL_HEIGHT_SD * distance, 0.3)


def _on_route(
    views: pd.DataFrame, network: Network | None, taxonomy: Taxonomy, out_of: PlacedViews
) -> None:
    """Project on the route; of what is bound to a lane keep what lies in the one driven."""
    heading = np.radians(views["heading_deg"].to_numpy(float))
    ahead = np.stack([np.sin(heading), np.cos(heading)], axis=1)
    right = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
    origin = views[["x", "y"]].to_numpy(float)
    lateral = views["lateral_m"].to_numpy()[:, None] * right
    point = origin + views["forward_m"].to_numpy()[:, None] * ahead + lateral
    direction = direction_of(views["sens"])
    views = views.assign(
        cumul_m=views["frame_cumul_m"] + direction * views["forward_m"],
        offset_m=views["frame_offset_m"] + direction * views["lateral_m"],
        px=point[:, 0],
        py=point[:, 1],
    )
    if network is not None:
        views = _project(views, network)
    half = (views["far_m"] - views["near_m"]).to_numpy() / 2
    views = views.assign(
        cumul_from_m=views["cumul_m"] - half,
        cumul_to_m=views["cumul_m"] + half,
        accuracy_m=np.hypot(views["sd_m"], views["frame_sd_m"].fillna(0)),
        geometry=np.asarray(shapely.points(views[["px", "py"]].to_numpy(float)), dtype=object),
    )
    from_lane = (views["offset_m"] - views["frame_offset_m"]).to_numpy(float) * direction
    lane = lanes_at(network, views).width_m
    bound = [name for name, family in taxonomy.families.items() if family.lane_bound]
    beyond = np.abs(from_lane) > lane / 2 + LANE_SLACK_M
    other = views["family"].isin(bound).to_numpy(bool) & beyond
    views["code"], _ = taxonomy.codes_at(views["model_class"].tolist(), from_lane)
    out_of.keep(out_of.without(views, other, "outside the lane that was driven"))


def _project(views: pd.DataFrame, network: Network) -> pd.DataFrame:
    cumul, offset = views["cumul_m"].to_numpy(copy=True), views["offset_m"].to_numpy(copy=True)
    for route, rows in by_route(views):
        xy = views[["px", "py"]].to_numpy(float)[rows]
        found, across = network.project(route, xy, cumul[rows])
        ok = np.isfinite(found)
        cumul[rows[ok]], offset[rows[ok]] = found[ok], across[ok]
    return views.assign(cumul_m=cumul, offset_m=offset)


def _by_rows(views: pd.DataFrame, step_m: float, taxonomy: Taxonomy, out_of: PlacedViews) -> None:
    """Without a camera: the near band's rows stand for one step, linearly."""
    lost = views["route"].isna()
    views = out_of.without(views, lost, "the frame has no place on the network")
    height = views["height_px"].to_numpy(float)
    low, high = NEAR_BAND
    near = 1 - (views["y2_px"].to_numpy() / height - low) / (high - low)
    far = 1 - (views["y1_px"].to_numpy() / height - low) / (high - low)
    standing = views["family"].isin(taxonomy.of_form("standing")).to_numpy(bool)
    outside = ~standing & ((far <= 0) | (near >= 1))
    near, far = np.clip(near, 0, 1) * step_m, np.clip(far, 0, 1) * step_m
    near, far = np.where(standing, 0.0, near), np.where(standing, 0.0, far)
    direction = direction_of(views["sens"])
    at = views["frame_cumul_m"].to_numpy(float)
    start, end = at + direction * near, at + direction * far
    xy = views[["x", "y"]].to_numpy(float)
    known = np.isfinite(xy).all(axis=1)
    points = np.full(len(views), None, dtype=object)
    points[known] = shapely.points(xy[known])
    codes, _ = taxonomy.codes_at(views["model_class"].tolist(), np.full(len(views), np.nan))
    views = views.assign(
        cumul_m=(start + end) / 2,
        cumul_from_m=np.minimum(start, end),
        cumul_to_m=np.maximum(start, end),
        offset_m=np.nan,
        accuracy_m=np.hypot(views["frame_sd_m"].fillna(step_m / 2), step_m / 2),
        scale_assumed=True,
        geometry=points,
        code=codes,
    )
    for name in ("forward_m", "lateral_m", "length_m", "width_m", "area_m2"):
        views[name] = np.nan
    out_of.keep(out_of.without(views, outside, "outside the near band"))
