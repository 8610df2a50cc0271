"""Stage `locate`: from boxes in pictures to places and sizes on the road.

With a camera, a box is brought down on the ground plane and projected on the route, from where in
its lane the vehicle drove: the line on the left of the lane tells. Without a camera, the rows of
the near band stand for the metres to the next picture: the extent is then assumed, is marked as
such, and sizes stay NULL.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.lane_geometry import lanes_at
from gis.network.network import Network
from inspection.camera.ground_size import sizes_by_camera, sizes_by_rows
from inspection.camera.model import assumptions_of
from inspection.camera.poses import Poses
from inspection.capture.image_quality import HALF_LANE_M, NEAR_BAND
from inspection.capture.place_in_lane import COLUMNS as IN_LANE
from inspection.capture.place_in_lane import moved, places_in_lane
from inspection.capture.spacing import most_seen_m, spacing_of
from inspection.context import RunContext
from inspection.detection.box_excess import excess_of
from inspection.fusion.route_places import at_frame, in_another_lane, on_route
from inspection.options import Step
from voirie.folder import SurveyFolder
from voirie.messages import Message, message
from voirie.nets import Measures
from voirie.places import LANE_KEY
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import CRS, TABLES, empty
from voirie.taxonomy import Taxonomy

OF_DETECTION = (
    "view_id", "frame_id", "family", "model_class", "x1_px", "y1_px", "x2_px", "y2_px",
    "masked_pct", "role", "model_sha256",
)  # fmt: skip
ON_VEHICLE = "on a vehicle, or on what was destroyed"
ABOVE = "above the horizon"
BESIDE = "outside the lane that was driven"
ON_VEHICLE_PCT = 25.0
"""A defect of the road that lies more than this on a vehicle is a part of the vehicle."""
LOWEST_CAMERA_M = 1.2
"""A higher camera sees more of the road within the same columns."""
NO_PLACE = "the frame has no place on the network"


def depends(ctx: RunContext) -> list[object]:
    """The network, the cameras and the families of things."""
    return [
        ctx.resources.sha256(ctx.resources.files.network),
        [None if p.vehicle is None else p.vehicle.model_dump_json() for p in ctx.passes],
        str(ctx.options.step),
        ctx.resources.taxonomy.sha256,
        [one.model_dump_json() for one in ctx.resources.models.measures.values()],
    ]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Give every detection a place; what cannot have one, or lies in another lane, says why.

    Writes `placements`, in the order of `detections`.
    """
    report = StageReport(Stage.LOCATE)
    frames, detections = folder.read("frames"), folder.read("detections")
    in_lane = places_in_lane(folder, frames, Poses.of(ctx, frames), ctx.resources.network)
    frames = moved(frames, in_lane)
    poses = Poses.of(ctx, frames)
    seen = with_frames(detections, frames, step=ctx.options.step)
    camera = poses.known[seen["frame_row"].to_numpy(int)]
    taxonomy = ctx.resources.taxonomy
    parts = (
        by_camera(
            seen[camera], poses, ctx.resources.network, taxonomy, ctx.resources.models.measures
        ),
        by_rows(seen[~camera], taxonomy),
    )
    table = coded([part for part in parts if len(part)], taxonomy, ctx.resources.network)
    folder.write("placements", table)
    left_out = table["reason"].dropna()
    report.warnings = assumed_in(frames, ctx)
    report.facts = {"frames_placed_in_lane": int(in_lane["aside_m"].notna().sum())}
    report.items_in, report.items_out = len(table), len(table) - len(left_out)
    report.dropped = {str(k): int(n) for k, n in left_out.value_counts().sort_index().items()}
    ctx.listener(StageEvent(Stage.LOCATE, len(table), len(table), f"{report.items_out} placed"))
    return report


def assumed_in(frames: pd.DataFrame, ctx: RunContext) -> list[Message]:
    """What of the cameras is assumed, a sentence for each pass."""
    said = []
    for plan in ctx.passes:
        own = frames[frames["pass_id"] == plan.pass_id]
        sources = own["camera_source"].dropna().unique()
        camera = None if plan.vehicle is None else plan.vehicle.camera
        assumed: list[Message] = []
        for source in sources:
            found = assumptions_of(camera, source, bool(own["focal_px"].notna().any()))
            assumed += [what for what in found if what not in assumed]
        if assumed:
            said.append(
                message(
                    "the camera of pass {name} is taken to have {assumed}: places are rough, sizes "
                    "and severities are not given",
                    name=plan.name,
                    assumed=tuple(assumed),
                )
            )
    return said


def with_frames(detections: pd.DataFrame, frames: gpd.GeoDataFrame, *, step: Step) -> pd.DataFrame:
    """What `detect` found, each with the row, place, heading and spacing of its frame."""
    at = pd.DataFrame(frames)[["frame_id", *LANE_KEY, "heading_deg", "width_px", "height_px"]]
    at = at.assign(
        vanish_x_px=frames["vanish_x_px"],
        horizon_px=frames["horizon_px"],
        frame_row=np.arange(len(frames)),
        frame_cumul_m=frames["cumul_m"],
        frame_offset_m=frames["offset_m"],
        frame_sd_m=frames["accuracy_m"],
        spacing_m=spacing_of(frames, step.value, most_seen_m(step)),
        x=shapely.get_x(frames.geometry.to_numpy()),
        y=shapely.get_y(frames.geometry.to_numpy()),
        **frames.reindex(columns=IN_LANE),
    )
    found = detections[list(OF_DETECTION)]
    return found.merge(at, on="frame_id", how="left", sort=False, validate="many_to_one")


def by_camera(
    views: pd.DataFrame,
    poses: Poses,
    network: Network | None,
    taxonomy: Taxonomy,
    measures: Measures,
) -> pd.DataFrame:
    """With a camera: down on the ground plane, on the route, and in the lane or beside it."""
    row = views["frame_row"].to_numpy(np.int64)
    excess = excess_of(views, row, poses, measures)
    extents = sizes_by_camera(views, row, poses, taxonomy, excess)
    assumed = poses.assumed[views["frame_row"].to_numpy(int)]
    views = pd.concat([views, extents], axis=1).assign(scale_assumed=assumed)
    reach_m = taxonomy.reach_m(views["family"].tolist())
    off = no_defect_on(views, taxonomy)
    none = off.isna().to_numpy(bool)
    far = none & ~(views["forward_m"].to_numpy(float) <= reach_m)
    lost = none & (views["route"].isna() | views["x"].isna()).to_numpy(bool)
    placed = on_route(views[none & ~far & ~lost], network)
    bound = [name for name, family in taxonomy.families.items() if family.lane_bound]
    beside = placed["family"].isin(bound) & in_another_lane(placed, network)
    return pd.concat(
        [
            views[~none].assign(reason=off[~none]),
            views[far].assign(reason="too far ahead, or above the horizon"),
            views[lost & ~far].assign(reason=NO_PLACE),
            placed.assign(reason=beside.map({True: BESIDE, False: None})),
        ]
    )


def no_defect_on(views: pd.DataFrame, taxonomy: Taxonomy) -> pd.Series:
    """Why a view of what lies in the road cannot be one, whatever the model says; None else.

    Parameters
    ----------
    views
        As `with_frames` gives them. Where no camera is described, the horizon that the pictures
        of the pass agree on confines the search to the lane ahead; where they agree on none,
        nothing does.
    taxonomy
        Families of things: what stands or lies in heaps may be before a vehicle.
    """
    flat = views["family"].isin(taxonomy.of_form("ground")).to_numpy(bool)
    bound = [name for name, family in taxonomy.families.items() if family.lane_bound]
    masked = flat & (views["masked_pct"].to_numpy(float, na_value=np.nan) > ON_VEHICLE_PCT)
    horizon = views["horizon_px"].to_numpy(float, na_value=np.nan)
    above = flat & (views["y1_px"].to_numpy(float) < horizon)
    beside_px = ((views["x1_px"] + views["x2_px"]) / 2 - views["vanish_x_px"]).abs()
    rows = views["y2_px"].to_numpy(float) - horizon
    # Straight ahead on a flat road a thing at d metres to the side is seen d / height of the
    # camera times as far to the side as it lies below the horizon; the lowest camera decides.
    widest = (HALF_LANE_M / LOWEST_CAMERA_M) * rows
    beside = views["family"].isin(bound) & (beside_px.to_numpy(float, na_value=np.nan) > widest)
    why = np.select([masked, above, beside], [ON_VEHICLE, ABOVE, BESIDE], "")
    return pd.Series(why, views.index, dtype=object).replace({"": None})


def by_rows(views: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """Without a camera: the rows of the near band stand for the metres to the next picture."""
    spacing = views["spacing_m"].to_numpy(float)
    height = views["height_px"].to_numpy(float)
    extents = sizes_by_rows(views, height, spacing, NEAR_BAND, taxonomy)
    views = pd.concat([views, extents], axis=1).assign(scale_assumed=True)
    off = no_defect_on(views, taxonomy)
    none = off.isna().to_numpy(bool)
    lost = none & views["route"].isna().to_numpy(bool)
    kept = none & ~lost
    placed = at_frame(views[kept], spacing[kept])
    outside = placed["near_m"].isna()
    return pd.concat(
        [
            views[~none].assign(reason=off[~none]),
            views[lost].assign(reason=NO_PLACE),
            placed.assign(reason=outside.map({True: "outside the near band", False: None})),
        ]
    )


def coded(
    parts: list[pd.DataFrame], taxonomy: Taxonomy, network: Network | None
) -> gpd.GeoDataFrame:
    """Rows of `placements` in the order of detection, each with the code that its place gives."""
    if not parts:
        return gpd.GeoDataFrame(empty("placements"))
    every = pd.concat(parts).sort_index()
    codes, _ = taxonomy.codes_at(
        every["model_class"].tolist(),
        every["from_lane_m"].to_numpy(np.float64),
        lanes_at(network, every).width_m / 2,
    )
    columns = TABLES["placements"].names
    table = every.assign(code=codes).reindex(columns=columns)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
