"""One row a thing: place, size, class and chances, measured from all its views at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.network.network import Network
from gis.network.routes import by_route
from inspection.fusion.bearings import Bearings
from inspection.fusion.groups import Groups, rounded
from voirie.arrays import Bools, Floats, Ints
from voirie.ids import content_id
from voirie.places import LANE_KEY
from voirie.taxonomy import Taxonomy

Columns = dict[str, Floats]

SIZE_SD = 0.06
"""Relative deviation of a size that height and focal length leave, beside its spread."""
ALONE_SD = 0.15
"""The same where one view gives the size."""


def measured(
    seen: pd.DataFrame,
    group: Ints,
    survey_id: str,
    network: Network | None,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """Findings of grouped views.

    Parameters
    ----------
    seen
        As `inspection.fusion.placed_views` gives them.
    group
        Group of each, from 0 without holes, as `inspection.fusion.grouping.grouped` gives it, (n,).
    survey_id
        The survey.
    network
        For the places of signs and heaps; None where there is none.
    taxonomy
        The families of things.

    Returns
    -------
    pandas.DataFrame
        Row k is group k: columns of `findings` but severity and geometry, and beside them
        ``model_class``, ``by_camera`` (whether a camera's pose placed it) and ``x``, ``y``, where
        the thing stands in EPSG:2154, NaN if unknown.
    """
    order = np.argsort(group, kind="stable")
    seen, groups = seen.iloc[order].reset_index(drop=True), Groups.of(group[order])
    score = seen["score"].to_numpy(float)
    falling = groups.sorted_by(-score)
    best = seen.iloc[falling[groups.first]].reset_index(drop=True)
    assumed = groups.every(seen["scale_assumed"].to_numpy(bool))
    flat = best["family"].isin(taxonomy.of_form("ground")).to_numpy(bool)
    kind = best["kind"]
    stretch = kind.isin(list(taxonomy.stretch_kinds.values())).to_numpy(bool)
    narrow = kind.isin(taxonomy.narrow_kinds).to_numpy(bool)
    by_camera = ~groups.every(seen["sd_m"].isna().to_numpy(bool))
    sd = seen["sd_m"].fillna(1.0).to_numpy(float)
    weight = 1.0 / np.maximum(sd, 0.1) ** 2
    place = _placed(seen, groups, weight, stretch)
    if network is not None:
        _moved_to_bearings(place, seen, groups, ~flat & by_camera, network)
    when = seen["captured_at"].groupby(groups.of_row)
    names = _voted(seen, groups, taxonomy)
    codes, flags = _coded(names, seen, groups, place["offset_m"], taxonomy)
    return pd.DataFrame(
        {
            "finding_id": [content_id("finding", survey_id, view) for view in _first(seen, groups)],
            "survey_id": survey_id,
            "family": best["family"],
            "code": codes,
            "model_class": names,
            "confidence": rounded(groups.mean(score), 4),
            "existence": rounded(_existence(score[falling], groups), 4),
            **{name: best[name] for name in LANE_KEY},
            **place,
            **_sizes(seen, groups, weight, flat & ~assumed, stretch, narrow),
            "scale_assumed": assumed,
            "by_camera": by_camera,
            "picture_id": best["picture_id"],
            "n_views": groups.count,
            "n_passes": seen["pass_id"].groupby(groups.of_row).nunique(),
            "first_seen_at": when.min(),
            "last_seen_at": when.max(),
            "origin": "machine",
            "review_state": "proposed",
            "experimental": groups.every(seen["experimental"].to_numpy(bool)),
            "flags": flags,
        }
    )


def _first(seen: pd.DataFrame, groups: Groups) -> list[str]:
    """Identifier of the view that gives each group its own: the first by frame, then by view."""
    frame = seen["frame"].to_numpy()
    within = np.zeros(len(seen), dtype=np.int64)
    # Only where one frame has several views of a thing do their identifiers matter.
    alike = pd.DataFrame({"group": groups.of_row, "frame": frame}).duplicated(keep=False)
    within[alike] = pd.factorize(seen.loc[alike, "view_id"], sort=True)[0]
    rows = groups.sorted_by(frame, within)[groups.first]
    return seen["view_id"].iloc[rows].tolist()


def _existence(falling_score: Floats, groups: Groups) -> Floats:
    """Chance that a thing exists, from the scores of its views, the highest first."""
    # Views of one thing are far from independent: each further one counts for half.
    share = np.full(len(falling_score), 0.5)
    share[groups.first] = 1.0
    return np.asarray(1.0 - np.multiply.reduceat(1.0 - falling_score * share, groups.first))


def _placed(seen: pd.DataFrame, groups: Groups, weight: Floats, stretch: Bools) -> Columns:
    """Place of each group on its route, and of the middle of its views in the plane."""
    start, end = seen["cumul_from_m"].to_numpy(float), seen["cumul_to_m"].to_numpy(float)
    low, high = groups.smallest(start), groups.largest(end)
    middle = groups.mean(seen["cumul_m"].to_numpy(float), weight)
    half = groups.mean((end - start) / 2, weight)
    offset = seen["offset_m"].to_numpy(float)
    return {
        "cumul_m": rounded(np.where(stretch, (low + high) / 2, middle), 2),
        "offset_m": rounded(groups.mean(offset, weight, np.isfinite(offset)), 2),
        "cumul_from_m": rounded(np.where(stretch, low, middle - half), 2),
        "cumul_to_m": rounded(np.where(stretch, high, middle + half), 2),
        "accuracy_m": rounded(groups.median(seen["accuracy_m"].to_numpy(float)), 2),
        "x": groups.median(seen["x"].to_numpy(float)),
        "y": groups.median(seen["y"].to_numpy(float)),
    }


def _moved_to_bearings(
    place: Columns, seen: pd.DataFrame, groups: Groups, standing: Bools, network: Network
) -> None:
    """Put signs and heaps where their bearings meet."""
    if not standing.any():
        return
    seen = seen[standing[groups.of_row]]
    own = Groups.of(groups.of_row[standing[groups.of_row]])
    points, sd = Bearings.of(seen).met(own)
    near = own.median(seen["cumul_m"].to_numpy(float))
    cumul, offset = np.full(len(own), np.nan), np.full(len(own), np.nan)
    for route, rows in by_route(seen.iloc[own.first]):
        cumul[rows], offset[rows] = network.project(route, points[rows], near[rows])
    track = np.nan_to_num(own.median(seen["frame_accuracy_m"].to_numpy(float)))
    things = np.flatnonzero(standing)
    place["x"][things], place["y"][things] = points.T
    place["accuracy_m"][things] = rounded(np.hypot(sd, track), 2)
    found = np.isfinite(cumul)
    for name in ("cumul_m", "cumul_from_m", "cumul_to_m"):
        place[name][things[found]] = rounded(cumul[found], 2)
    place["offset_m"][things[found]] = rounded(offset[found], 2)


def _sizes(
    seen: pd.DataFrame,
    groups: Groups,
    weight: Floats,
    measurable: Bools,
    stretch: Bools,
    narrow: Bools,
) -> Columns:
    """Sizes with two deviations each way: the camera's own, and the spread of the views."""
    view = {name: seen[name].to_numpy(float) for name in ("length_m", "width_m", "area_m2")}
    union = groups.union(seen["cumul_from_m"].to_numpy(float), seen["cumul_to_m"].to_numpy(float))
    length = np.where(stretch, union, groups.mean(view["length_m"], weight))
    width = groups.mean(view["width_m"], weight)
    size = {
        "length_m": length,
        "width_m": width,
        # A longitudinal crack has a length and no area.
        "area_m2": np.where(narrow, np.nan, length * width),
    }
    alone = np.where(groups.count == 1, ALONE_SD, 0.0)
    out: Columns = {}
    for name, all_values in size.items():
        stem, unit = name.rsplit("_", 1)
        value = np.where(measurable, all_values, np.nan)
        spread = np.zeros(len(groups))
        # The views of a stretch each see a part of it: their lengths are not to agree.
        if name != "length_m":
            spread = groups.deviation(view[name]) / np.maximum(value, 1e-6) / groups.count**0.5
        relative = np.minimum(2 * np.hypot(np.hypot(SIZE_SD, spread), alone), 0.95)
        out[name] = rounded(value, 3)
        out[f"{stem}_low_{unit}"] = rounded(value * (1 - relative), 3)
        out[f"{stem}_high_{unit}"] = rounded(value * (1 + relative), 3)
    return out


def _voted(seen: pd.DataFrame, groups: Groups, taxonomy: Taxonomy) -> list[str]:
    """Class with the highest sum of scores; of signs a type stands over a mere family."""
    number, names = pd.factorize(seen["model_class"], sort=True)
    mere = np.array([taxonomy.model_class(name).is_mere_group for name in names])
    votes = seen["score"].groupby(groups.of_row * len(names) + number).sum()
    group, candidate = np.divmod(votes.index.to_numpy(), len(names))
    ballots = Groups.of(group)
    first = ballots.sorted_by(mere[candidate], -votes.to_numpy(float))[ballots.first]
    return [str(name) for name in names[candidate[first]]]


def _coded(
    names: list[str], seen: pd.DataFrame, groups: Groups, offset_m: Floats, taxonomy: Taxonomy
) -> tuple[list[str], list[str | None]]:
    """Code and flag of each class; the wheel path by the mean place in the lane."""
    axis = seen["frame_offset_m"].to_numpy(float)
    lane = groups.mean(axis, counted=np.isfinite(axis))
    return taxonomy.codes_at(names, offset_m - lane)
