"""Stage `place`: clock, smoothing and matching; every frame gets a route, a lane and a cumul."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.lane_geometry import direction_of, lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from inspection.capture.chainage import read_chainage
from inspection.capture.pass_track import track_of
from inspection.context import PassSetup, RunContext
from inspection.resources import Resources
from voirie.arrays import Floats, Objects
from voirie.errors import NetworkUnusable, NoOverlap
from voirie.folder import SurveyFolder
from voirie.places import LANE_KEY
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import CRS, empty

PLACE = [*LANE_KEY, "cumul_m", "offset_m"]
CLOCK = ("offset_s", "offset_low_s", "offset_high_s", "offset_source")


def depends(ctx: RunContext) -> list[object]:
    """The network and the names of the survey; tracks and clocks are part of a pass's identity."""
    names = [ctx.survey_id, [plan.name for plan in ctx.passes]]
    return [ctx.resources.sha256(ctx.resources.files.network), names]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Place the frames of every pass; writes `passes`, `track`, and `frames` from `captures`.

    Raises
    ------
    NetworkUnusable
        When a film needs a network and none was given.
    NoOverlap
        When no frame lies on the network.
    """
    report = StageReport(Stage.PLACE)
    captures, clocks = folder.read("captures"), folder.read("clocks").set_index("pass_id")
    network = ctx.resources.network
    tracks, parts = [], []
    for plan in ctx.passes:
        own = captures[captures["pass_id"] == plan.pass_id]
        if plan.kind == "stills":
            parts.append(_by_chainage(plan, own, network))
            continue
        if network is None:
            raise NetworkUnusable(
                f"pass {plan.name} is a film and there is no network to place it on",
                plan.given.inputs[0],
                "name one: --network network.gpkg, or network in survey.toml",
            )
        track, placed = _by_track(
            plan, own, network, ctx.resources, clocks.loc[[plan.pass_id]].iloc[0]
        )
        tracks.append(track)
        parts.append(placed)
        ctx.listener(StageEvent(Stage.PLACE, len(parts), len(ctx.passes), plan.name))
    out = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=CRS)
    found = out["route"].notna()
    report.items_in, report.items_out = len(out), int(found.sum())
    if not found.any():
        raise NoOverlap(
            "the drive and the network have no metre in common",
            ctx.resources.files.network or ctx.passes[0].given.track,
            "give the network of that area",
        )
    if not found.all():
        report.dropped["not on the network"] = int((~found).sum())
    folder.write("passes", pd.DataFrame([_pass_row(ctx, plan, out, clocks) for plan in ctx.passes]))
    folder.write("frames", out)
    folder.write("track", pd.concat(tracks, ignore_index=True) if tracks else empty("track"))
    report.facts = {"median_accuracy_m": _median(out["accuracy_m"]), **_belief(ctx)}
    ctx.listener(StageEvent(Stage.PLACE, len(ctx.passes), len(ctx.passes)))
    return report


def _pass_row(
    ctx: RunContext, plan: PassSetup, frames: pd.DataFrame, clocks: pd.DataFrame
) -> dict[str, object]:
    own = frames[frames["pass_id"] == plan.pass_id]
    times, metres = own["captured_at"].dropna(), own["distance_m"]
    return {
        "pass_id": plan.pass_id,
        "survey_id": ctx.survey_id,
        "name": plan.name,
        "vehicle": plan.vehicle.name if plan.vehicle else None,
        "camera": plan.vehicle.camera.name if plan.vehicle else None,
        "started_at": times.min() if len(times) else plan.given.started_at,
        "ended_at": times.max() if len(times) else None,
        "length_m": round(float(metres.max() - metres.min()), 1) if len(own) else 0.0,
        **{name: clocks[name].get(plan.pass_id) for name in CLOCK},
        "source_name": ",".join(path.name for path in plan.given.inputs),
        "source_sha256": plan.source_sha256,
    }


def _median(values: pd.Series[float]) -> float | None:
    known = values.dropna()
    return round(float(known.median()), 2) if len(known) else None


def _belief(ctx: RunContext) -> dict[str, float | int | str | bool | None]:
    """How many fixes the tracks of the films hold, and how many lie too far off the drive."""
    tracks = {plan.track for plan in ctx.passes if plan.kind != "stills"} - {None}
    outliers = [ctx.resources.placed(path).smoothed.outlier for path in tracks if path is not None]
    return {
        "fixes": sum(len(outlier) for outlier in outliers),
        "fixes_not_believed": sum(int(outlier.sum()) for outlier in outliers),
    }


def _by_chainage(plan: PassSetup, frames: pd.DataFrame, network: Network | None) -> pd.DataFrame:
    """Stills: the CSV says where each was taken; a network only adds coordinates."""
    assert plan.given.track is not None
    table = read_chainage(plan.given.track)
    at = table.reindex(frames["source_name"])
    if not at["route"].notna().any():
        raise NoOverlap(
            "no picture of the folder is named in it", plan.given.track, "check the image names"
        )
    out = frames.assign(
        **{name: at[name].to_numpy() for name in (*LANE_KEY, "cumul_m")},
        offset_m=np.nan,
        heading_deg=np.nan,
        speed_mps=np.nan,
        accuracy_m=np.nan,
        geometry=None,
    )
    out["distance_m"] = (out["cumul_m"] - out["cumul_m"].min()).abs().fillna(0.0)
    if network is not None:
        known = set(network.routes())
        for route, rows in by_route(out):
            if route in known:
                xy = network.locate(route, out["cumul_m"].to_numpy(float)[rows])
                out.loc[out.index[rows], "geometry"] = _points(xy)
    return out


def _by_track(
    plan: PassSetup,
    frames: pd.DataFrame,
    network: Network,
    resources: Resources,
    clock: pd.Series[float],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Films: smoothed, matched and drawn to their lane by `gis`, asked at fixes and frames."""
    film_s = frames["pts_s"].to_numpy(float)
    found_s = float(clock["offset_s"]) - plan.offset_s
    found = track_of(plan, float(film_s.max(initial=0.0)), resources, found_s)
    fixes = found.track.fixes["t_s"].to_numpy(float)
    times = np.union1d(fixes, found.times(film_s))
    placed = _on_its_clock(
        resources.placed(found.track.source).at(times),
        found.smoothed.latency_sd_s,
        clock["offset_sd_s"],
    )
    lane = _in_lane(placed, network)
    state = placed.drop(columns=[*PLACE]).join(lane)
    on_fix = state.iloc[np.searchsorted(times, fixes)].reset_index(drop=True)
    track = on_fix[["t_s", *PLACE, "speed_mps", "heading_deg", "accuracy_m", "bridged"]].assign(
        pass_id=plan.pass_id, geometry=_points(on_fix[["x", "y"]].to_numpy(float))
    )
    at = state.iloc[np.searchsorted(times, found.times(film_s))].reset_index(drop=True)
    columns = {name: at[name].to_numpy() for name in (*PLACE, "speed_mps", "accuracy_m")}
    xy = np.where(np.isfinite(at[["lane_x", "lane_y"]]), at[["lane_x", "lane_y"]], at[["x", "y"]])
    heading = at["lane_heading_deg"].fillna(at["heading_deg"]).to_numpy(float)
    return track, frames.assign(**columns, heading_deg=heading, geometry=_points(xy))


def _on_its_clock(placed: pd.DataFrame, counted_s: float, sd_s: float | None) -> pd.DataFrame:
    """Accuracy with the doubt of the clock that was found, not with what was counted for any."""
    if pd.isna(sd_s):
        return placed
    speed = placed["speed_mps"].to_numpy(float)
    square = placed["accuracy_m"].to_numpy(float) ** 2 + (sd_s**2 - counted_s**2) * speed**2
    return placed.assign(accuracy_m=np.sqrt(np.maximum(square, 0.0)))


def _points(xy: Floats) -> Objects:
    known = np.isfinite(xy).all(axis=1)
    points = np.full(len(xy), None, dtype=object)
    points[known] = shapely.points(np.round(xy[known], 3))
    return points


def _in_lane(placed: pd.DataFrame, network: Network) -> pd.DataFrame:
    """The middle of the driven lane: the receiver cannot tell where in it the car was."""
    out = placed[[*LANE_KEY, "cumul_m"]].copy()
    unknown = placed["sens"].isna().to_numpy()
    out.loc[unknown, [*LANE_KEY, "cumul_m"]] = pd.NA
    n = len(out)
    offset = np.round(lanes_at(network, out).centre_m, 3)
    against = direction_of(out["sens"]) < 0
    heading, xy = np.full(n, np.nan), np.full((n, 2), np.nan)
    for route, at in by_route(out):
        cumul = out["cumul_m"].to_numpy(float)[at]
        xy[at] = network.locate(route, cumul, offset[at])
        heading[at] = (network.heading_deg(route, cumul) + np.where(against[at], 180, 0)) % 360
    return out.assign(offset_m=offset, lane_x=xy[:, 0], lane_y=xy[:, 1], lane_heading_deg=heading)
