"""Stage `fuse`: a thing seen in several frames becomes one finding."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.network import Network, read_network
from inspection.context import RunContext, file_hash
from inspection.locate import ACROSS_SD_M
from inspection.severity import severity_of
from inspection.tracks_of_views import group_spots, group_stretches, union_length_m
from inspection.triangulate import meeting_point
from voirie.folder import SurveyFolder
from voirie.ids import content_id
from voirie.places import ROUTE_KEY, RouteKey
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty
from voirie.taxonomy import load_taxonomy

LANE = [*ROUTE_KEY, "sens", "voie"]
STRETCHES = {"FLB": "FL", "FLH": "FL", "FLx": "FL", "FAI": "FA", "FAH": "FA"}
"""Codes whose views are stretches; the wheel path decides between two of them afterwards."""

STRETCH_GAP_M = 2.5
STRETCH_ACROSS_M = 0.9
SPOT_GATES: dict[str, tuple[float, float]] = {
    "pavement": (0.9, 0.7),
    "dumping": (4.0, 3.0),
    "sign": (9.0, 4.0),
}
"""Largest distance along and across between a view and a thing, in metres, by family."""
MEMORY_M = 60.0
BEARING_SD = 0.015
"""How well the direction of a thing is known, in radians: heading and the camera's yaw."""
LOOKS = {"pavement": 2, "sign": 3, "dumping": 3}
"""Frames that look at a thing, at least: one every 5 m, a reach of some 10 m on the road, and of
tens of metres for what stands beside it."""
SURE_WITH_FEWER = {"pavement": 0.30, "sign": 0.60, "dumping": 0.60}
"""A thing that fewer frames saw is kept from this mean score on."""
SAME_POST_M = 4.0
"""Two groups of views whose bearings meet this near are one sign, unless one frame saw both."""
SEEN_ONCE = frozenset({"FTR"})
"""A transverse crack is a row or two high; beyond some 8 m it is none: one frame sees it."""
SIZE_SD = 0.06
"""Relative deviation of a size that height and focal length leave, beside its spread."""


def depends(ctx: RunContext) -> list[object]:
    """The network, for the shapes of findings."""
    return [file_hash(ctx.network)]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Group views, measure each group once, write `findings`, `signs`, `dumping` and `views`."""
    report = StageReport(Stage.FUSE)
    every = folder.read("views")
    views = every[every["reason"].isna()].reset_index(drop=True)
    frames = pd.DataFrame(folder.read("frames")).set_index("frame_id")
    report.items_in = len(views)
    network = None if ctx.network is None else read_network(ctx.network)
    group = _grouped(views, frames)
    views = views.assign(group=group)
    findings = _measured(views, frames, ctx.survey_id, network)
    doubtful = _seen_too_little(findings)
    findings = findings[~doubtful]
    if doubtful.any():
        report.dropped["seen in one frame of several, and unsure"] = int(doubtful.sum())
    ids = findings.set_index("group")["finding_id"] if len(findings) else pd.Series(dtype=object)
    fused = pd.Series(views["group"].map(ids).to_numpy(), index=views["view_id"])
    every["finding_id"] = every["view_id"].map(fused)
    folder.write("views", every)
    folder.write("signs", _signs(findings))
    folder.write("dumping", _dumping(findings))
    own = [c for c in empty("findings").columns if c in findings.columns]
    folder.write("findings", findings[own] if len(findings) else empty("findings"))
    report.items_out = len(findings)
    report.facts = {str(k): int(v) for k, v in findings["code"].value_counts().sort_index().items()}
    ctx.listener(StageEvent(Stage.FUSE, len(views), len(views), f"{len(findings)} findings"))
    return report


def _grouped(views: gpd.GeoDataFrame, frames: pd.DataFrame) -> Any:
    """Group of every view; lanes, families and kinds of thing never mix."""
    group = np.full(len(views), -1, dtype=np.int64)
    if not len(views):
        return group
    # The type of a sign is a vote of its views, so that it must not keep them apart.
    kind = [
        STRETCHES.get(code, code) if family == "pavement" else family
        for code, family in zip(views["code"], views["family"], strict=True)
    ]
    pass_of = frames["pass_id"].loc[views["frame_id"]].to_numpy()
    order = frames["distance_m"].loc[views["frame_id"]].to_numpy(float)
    table = pd.DataFrame(views[[*LANE, "family"]]).assign(kind=kind, pass_id=pass_of)
    along = views["cumul_m"].to_numpy(float)
    across = np.nan_to_num(views["offset_m"].to_numpy(float))
    sd = np.nan_to_num(_relative_sd(views), nan=1.0)
    following = 0
    for _, rows in sorted(table.groupby([*LANE, "kind", "pass_id"], dropna=False).indices.items()):
        first = rows[0]
        family = table["family"].iloc[first]
        if table["kind"].iloc[first] in STRETCHES.values():
            found = group_stretches(
                views["cumul_from_m"].to_numpy(float)[rows],
                views["cumul_to_m"].to_numpy(float)[rows],
                across[rows],
                gap_m=STRETCH_GAP_M,
                gate_across_m=STRETCH_ACROSS_M,
            )
        else:
            gate = SPOT_GATES[family]
            rank = np.unique(order[rows], return_inverse=True)[1].astype(np.int64)
            found = group_spots(
                rank,
                along[rows],
                across[rows],
                sd[rows],
                views["score"].to_numpy(float)[rows],
                gate_along_m=gate[0],
                gate_across_m=gate[1],
                memory_m=MEMORY_M,
            )
        if family != "pavement" and not views["scale_assumed"].iloc[first]:
            found = _joined(views.iloc[rows], frames, found)
        group[rows] = found + following
        following = int(group.max()) + 1
    return group


def _joined(
    views: gpd.GeoDataFrame, frames: pd.DataFrame, group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Join groups that turn out to stand in one place once their bearings are added up.

    From afar the distance of a sign is a guess, so that its first views may start a group of
    their own; the place where the bearings meet tells that it is the same sign.
    """
    out = group.copy()
    place = {g: _bearings_met(views[out == g], frames)[0] for g in np.unique(out).tolist()}
    seen = {g: set(views["frame_id"][out == g]) for g in place}
    merged = True
    while merged:
        merged = False
        for a, b in combinations(sorted(place), 2):
            near = float(np.hypot(*(place[a] - place[b]))) <= SAME_POST_M
            if near and not seen[a] & seen[b]:
                out[out == b] = a
                seen[a] |= seen.pop(b)
                place.pop(b)
                place[a] = _bearings_met(views[out == a], frames)[0]
                merged = True
                break
    return out


def _bearings_met(part: gpd.GeoDataFrame, frames: pd.DataFrame) -> tuple[Any, float]:
    """Where the bearings of views meet, and its standard deviation."""
    seen = frames.loc[part["frame_id"]]
    origin = shapely.get_coordinates(gpd.GeoSeries(seen["geometry"]).to_numpy())
    point = shapely.get_coordinates(part.geometry.to_numpy())
    away = np.linalg.norm(point - origin, axis=1)
    # All views share the error of the assumed size, so that many of them are no surer than one.
    along = np.maximum(_relative_sd(part), 0.3) * np.sqrt(len(part))
    return meeting_point(origin, point, along, 0.15 + BEARING_SD * away)


def _relative_sd(views: gpd.GeoDataFrame) -> Any:
    """Deviation between views of one pass: the camera's share, without the track's."""
    forward = views["forward_m"].to_numpy(float)
    sign = (views["family"] == "sign").to_numpy()
    return np.where(sign, 0.2 * forward, 0.05 + 0.006 * forward**2)


def _measured(
    views: gpd.GeoDataFrame, frames: pd.DataFrame, survey_id: str, network: Network | None
) -> pd.DataFrame:
    rows = [
        _finding(part, frames, survey_id, int(group), network)
        for group, part in views.groupby("group", sort=True)
    ]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["group", "code", "finding_id"])


def _seen_too_little(findings: pd.DataFrame) -> NDArray[np.bool_]:
    """What a camera should have seen in several frames and saw once, without being sure."""
    if not len(findings):
        return np.zeros(0, dtype=bool)
    measured = ~findings["scale_assumed"].to_numpy(bool)
    again = ~findings["code"].isin(SEEN_ONCE).to_numpy(bool)
    family = findings["family"]
    alone = findings["n_views"].to_numpy(int) < family.map(LOOKS).to_numpy(int)
    unsure = findings["confidence"].to_numpy(float) < family.map(SURE_WITH_FEWER).to_numpy(float)
    return np.asarray(measured & again & alone & unsure)


def _finding(
    part: gpd.GeoDataFrame,
    frames: pd.DataFrame,
    survey_id: str,
    group: int,
    network: Network | None,
) -> dict[str, Any]:
    score = part["score"].to_numpy(float)
    best = part.iloc[int(np.argmax(score))]
    seen = frames.loc[part["frame_id"]]
    assumed = bool(part["scale_assumed"].all())
    family = str(best["family"])
    row: dict[str, Any] = {
        "group": group,
        "survey_id": survey_id,
        "family": family,
        "confidence": round(float(score.mean()), 4),
        # Views of one thing are far from independent: each further one counts for half.
        "existence": round(
            1.0 - float(np.prod(1.0 - np.sort(score)[::-1] * _fading(len(score)))), 4
        ),
        "scale_assumed": assumed,
        "picture_id": seen["picture_id"].iloc[int(np.argmax(score))],
        "n_views": len(part),
        "n_passes": int(seen["pass_id"].nunique()),
        "first_seen_at": seen["captured_at"].min(),
        "last_seen_at": seen["captured_at"].max(),
        "origin": "machine",
        "review_state": "proposed",
        "experimental": bool(part["experimental"].all()),
        "model_class": _voted(part),
        **{name: best[name] for name in LANE},
    }
    first = part.sort_values(["frame_id", "view_id"]).iloc[0]
    row["finding_id"] = content_id("finding", survey_id, first["view_id"])
    weight = 1.0 / np.maximum(_relative_sd(part), 0.1) ** 2 if not assumed else np.ones(len(part))
    row |= _place_of(part, weight)
    if family != "pavement" and network is not None and not assumed:
        row |= _met(part, frames, network)
    row |= _sizes(part, weight, row, assumed)
    row["code"], flags = _code_of(part, row, frames)
    row["severity"] = severity_of(row["code"], row["length_m"], row["width_m"], row["area_m2"])
    row["flags"] = ",".join(flags) or None
    row["geometry"] = _shape(row, part, network)
    return row


def _fading(n: int) -> Any:
    return np.where(np.arange(n) == 0, 1.0, 0.5)


def _place_of(part: gpd.GeoDataFrame, weight: Any) -> dict[str, Any]:
    offset = part["offset_m"].to_numpy(float)
    stretch = part["code"].iloc[0] in STRETCHES
    start, end = float(part["cumul_from_m"].min()), float(part["cumul_to_m"].max())
    cumul = (start + end) / 2 if stretch else float(np.average(part["cumul_m"], weights=weight))
    half = float(np.average((part["cumul_to_m"] - part["cumul_from_m"]) / 2, weights=weight))
    known = np.isfinite(offset)
    return {
        "cumul_m": round(cumul, 2),
        "offset_m": round(float(np.average(offset[known], weights=weight[known])), 2)
        if known.any()
        else np.nan,
        "cumul_from_m": round(start if stretch else cumul - half, 2),
        "cumul_to_m": round(end if stretch else cumul + half, 2),
        "accuracy_m": round(float(part["accuracy_m"].median()), 2),
    }


def _met(part: gpd.GeoDataFrame, frames: pd.DataFrame, network: Network) -> dict[str, Any]:
    """Where the bearings of a sign or a heap meet, and its place on the route."""
    at, sd = _bearings_met(part, frames)
    route = RouteKey(*(str(part[name].iloc[0]) for name in ROUTE_KEY))
    cumul, offset = network.project(route, at[None], float(part["cumul_m"].median()))
    found: dict[str, Any] = {"xy": at}
    if np.isfinite(cumul[0]):
        found |= {
            name: round(float(cumul[0]), 2) for name in ("cumul_m", "cumul_from_m", "cumul_to_m")
        }
        found["offset_m"] = round(float(offset[0]), 2)
    track = frames["accuracy_m"].loc[part["frame_id"]].dropna()
    return found | {
        "accuracy_m": round(float(np.hypot(sd, track.median() if len(track) else 0.0)), 2)
    }


def _sizes(
    part: gpd.GeoDataFrame, weight: Any, row: dict[str, Any], assumed: bool
) -> dict[str, Any]:
    names = ("length_m", "width_m", "area_m2")
    out: dict[str, Any] = dict.fromkeys(names, np.nan)
    if assumed or row["family"] != "pavement":
        return _with_bounds(out, part)
    width = float(np.average(part["width_m"], weights=weight))
    if part["code"].iloc[0] in STRETCHES:
        length = union_length_m(
            part["cumul_from_m"].to_numpy(float), part["cumul_to_m"].to_numpy(float)
        )
    else:
        length = float(np.average(part["length_m"], weights=weight))
    out |= {"length_m": length, "width_m": width}
    if STRETCHES.get(str(part["code"].iloc[0])) != "FL":
        out["area_m2"] = length * width
    return _with_bounds(out, part)


def _with_bounds(sizes: dict[str, Any], part: gpd.GeoDataFrame) -> dict[str, Any]:
    """Two deviations each way: the camera's own, and the spread of the views."""
    out: dict[str, Any] = {}
    for name, value in sizes.items():
        stem, unit = name.rsplit("_", 1)
        spread = 0.0
        if len(part) > 1 and np.isfinite(value) and name != "length_m":
            spread = float(np.nanstd(part[name])) / max(value, 1e-6) / len(part) ** 0.5
        alone = 0.15 if len(part) == 1 else 0.0
        relative = min(2 * float(np.hypot(np.hypot(SIZE_SD, spread), alone)), 0.95)
        out[name] = round(value, 3) if np.isfinite(value) else np.nan
        out[f"{stem}_low_{unit}"] = round(value * (1 - relative), 3)
        out[f"{stem}_high_{unit}"] = round(value * (1 + relative), 3)
    return out


def _voted(part: gpd.GeoDataFrame) -> str:
    """Class with the highest sum of scores; of signs a type stands over a mere family."""
    votes = part.groupby("model_class")["score"].sum().sort_index()
    classes = load_taxonomy().classes
    typed = votes[[classes[str(name)].official_code is not None for name in votes.index]]
    return str((typed if len(typed) else votes).idxmax())


def _code_of(
    part: gpd.GeoDataFrame, row: dict[str, Any], frames: pd.DataFrame
) -> tuple[str, list[str]]:
    """Code by the votes of the views, weighted by score; the wheel path by the mean place."""
    name = _voted(part)
    if row["family"] != "pavement":
        return load_taxonomy().model_class(name).code, []
    axis = frames["offset_m"].loc[part["frame_id"]].to_numpy(float)
    lane = float(np.nanmean(axis)) if np.isfinite(axis).any() else np.nan
    codes, flags = load_taxonomy().codes_at([name], np.array([row["offset_m"] - lane]))
    return codes[0], [flag for flag in flags if flag]


def _shape(row: dict[str, Any], part: gpd.GeoDataFrame, network: Network | None) -> Any:
    """A polygon along the axis for pavement; elsewhere the point where all bearings agree."""
    if row["family"] != "pavement" or network is None or not np.isfinite(row["offset_m"]):
        points = part.geometry.dropna()
        if points.empty:
            return None
        xy = np.median(shapely.get_coordinates(points.to_numpy()), axis=0)
        return shapely.Point(*np.round(row.get("xy", xy), 2))
    route = RouteKey(*(str(row[name]) for name in ROUTE_KEY))
    width = row["width_m"] if np.isfinite(row["width_m"]) else 2 * ACROSS_SD_M
    if STRETCHES.get(row["code"]) == "FL":
        width = min(width, 2 * ACROSS_SD_M)
    sides = [
        network.line(
            route, row["cumul_from_m"], row["cumul_to_m"], row["offset_m"] + side * width / 2
        )
        for side in (-1, 1)
    ]
    if any(line.is_empty or line.geom_type != "LineString" for line in sides):
        at = network.locate(route, row["cumul_m"], row["offset_m"])[0]
        return shapely.Point(*np.round(at, 2)) if np.isfinite(at).all() else None
    ring = [*sides[0].coords, *reversed(sides[1].coords)]
    return shapely.Polygon(np.round(np.asarray(ring)[:, :2], 2))


def _signs(findings: pd.DataFrame) -> pd.DataFrame:
    signs = findings[findings.get("family") == "sign"] if len(findings) else findings
    if not len(signs):
        return pd.DataFrame(empty("signs"))
    classes = [load_taxonomy().classes[name] for name in signs["model_class"]]
    return pd.DataFrame(
        {
            "finding_id": signs["finding_id"].to_numpy(),
            "official_code": [known.official_code for known in classes],
            "sign_family": [known.sign_family or "other" for known in classes],
            "value": [known.value for known in classes],
        }
    )


def _dumping(findings: pd.DataFrame) -> pd.DataFrame:
    heaps = findings[findings.get("family") == "dumping"] if len(findings) else findings
    if not len(heaps):
        return pd.DataFrame(empty("dumping"))
    classes = [load_taxonomy().classes[name] for name in heaps["model_class"]]
    return pd.DataFrame(
        {
            "finding_id": heaps["finding_id"].to_numpy(),
            "kind": [known.kind or "other" for known in classes],
            "volume_class": None,
            "status": "proposed",
        }
    )
