"""One row a thing: place, size, class and chances, measured from all its views at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.network.lane_geometry import lanes_at
from gis.network.network import Network
from gis.network.routes import by_route
from inspection.fusion.bearings import Bearings
from inspection.fusion.size_bounds import Form, sizes_of, told_of
from voirie.arrays import Bools, Floats, Ints
from voirie.ids import content_id
from voirie.nets import Measures
from voirie.places import LANE_KEY
from voirie.taxonomy import Taxonomy

Columns = dict[str, Floats]


def measured(
    seen: pd.DataFrame,
    group: Ints,
    survey_id: str,
    network: Network | None,
    taxonomy: Taxonomy,
    measures: Measures,
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
    measures
        What was measured of the networks that looked.

    Returns
    -------
    pandas.DataFrame
        Row k is group k: columns of `findings` but severity and geometry, and beside them
        ``model_class``, ``model_sha256``, ``kind``, ``pass_id``, ``by_camera`` (whether a camera's
        pose placed it) and ``x``, ``y``, where the thing stands in EPSG:2154, NaN if unknown.
    """
    score = seen["score"].to_numpy(float)
    best = seen.iloc[first_rows(group, -score)].reset_index(drop=True)
    own = seen.groupby(group)
    assumed = own["scale_assumed"].all().to_numpy(bool)
    flat = best["family"].isin(taxonomy.of_form("ground")).to_numpy(bool)
    kind = best["kind"]
    stretch = kind.isin(list(taxonomy.stretch_kinds.values())).to_numpy(bool)
    by_camera = own["sd_m"].count().to_numpy() > 0
    weight = 1.0 / np.maximum(seen["sd_m"].fillna(1.0).to_numpy(float), 0.1) ** 2
    place = _placed(seen, group, weight, stretch)
    if network is not None:
        _moved_to_bearings(place, seen, group, ~flat & by_camera, network)
    names = _voted(seen, group, taxonomy)
    codes, flags = _coded(names, seen, group, place["offset_m"], taxonomy, network)
    form = Form.of(codes, kind, flat & ~assumed, taxonomy)
    told = told_of(names, best["model_sha256"].to_numpy(object), measures)
    return pd.DataFrame(
        {
            "finding_id": [content_id("finding", survey_id, view) for view in _first(seen, group)],
            "survey_id": survey_id,
            "family": best["family"],
            "code": codes,
            "model_class": names,
            "model_sha256": best["model_sha256"],
            "confidence": own["score"].mean().round(4),
            "existence": _existence(score, group).round(4),
            **{name: best[name] for name in LANE_KEY},
            **place,
            **sizes_of(
                seen,
                weighted_means(seen[["length_m", "width_m"]], weight, group),
                covered_m(seen["cumul_from_m"].to_numpy(), seen["cumul_to_m"].to_numpy(), group),
                group,
                form,
                told,
            ),
            "dark_pct": own["dark_pct"].median().round(1).where(~assumed),
            "scale_assumed": assumed,
            "by_camera": by_camera,
            "picture_id": best["picture_id"],
            "n_views": own.size(),
            "n_passes": own["pass_id"].nunique(),
            "pass_id": best["pass_id"],
            "kind": kind,
            "first_seen_at": own["captured_at"].min(),
            "last_seen_at": own["captured_at"].max(),
            "origin": "machine",
            "review_state": "proposed",
            "experimental": own["experimental"].all().to_numpy(bool),
            "flags": flags,
        }
    )


def first_rows(group: Ints, *keys: NDArray[np.generic]) -> Ints:
    """Row of each group that comes first by some keys, the first key first, (g,).

    Examples
    --------
    >>> import numpy as np
    >>> first_rows(np.array([1, 0, 1]), np.array([5.0, 9.0, 3.0])).tolist()
    [1, 2]
    """
    order = np.lexsort((*keys[::-1], group))
    return order[np.flatnonzero(np.diff(group[order], prepend=-1))].astype(np.int64)


def weighted_means(values: pd.DataFrame, weight: Floats, group: Ints) -> pd.DataFrame:
    """Weighted mean of each column over the rows of each group that have a value, NaN if none do.

    Examples
    --------
    >>> import numpy as np
    >>> values = pd.DataFrame({"width_m": [1.0, 4.0, np.nan, np.nan]})
    >>> weight, group = np.array([2.0, 1.0, 9.0, 1.0]), np.array([0, 0, 0, 1])
    >>> weighted_means(values, weight, group)["width_m"].tolist()
    [2.0, nan]
    """
    total = values.mul(weight, axis=0).groupby(group).sum()
    return total / values.notna().mul(weight, axis=0).groupby(group).sum()


def covered_m(from_m: Floats, to_m: Floats, group: Ints) -> Floats:
    """Length of the union of the intervals of each group, (g,).

    Examples
    --------
    >>> import numpy as np
    >>> start, end = np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0, 6.0])
    >>> covered_m(start, end, np.zeros(3, dtype=np.int64)).tolist()
    [4.0]
    """
    order = np.lexsort((from_m, group))
    of, end = group[order], pd.Series(to_m[order])
    reached = end.groupby(of).cummax().groupby(of).shift().fillna(-np.inf)
    beyond = (end - np.maximum(from_m[order], reached)).clip(lower=0)
    return np.asarray(beyond.groupby(of).sum(), dtype=np.float64)


def _first(seen: pd.DataFrame, group: Ints) -> list[str]:
    """Identifier of the view that gives each group its own: the first by frame, then by view."""
    frame = seen["frame"].to_numpy()
    within = np.zeros(len(seen), dtype=np.int64)
    # Only where one frame has several views of a thing do their identifiers matter.
    alike = pd.DataFrame({"group": group, "frame": frame}).duplicated(keep=False).to_numpy(bool)
    within[alike] = pd.factorize(seen.loc[alike, "view_id"], sort=True)[0]
    return seen["view_id"].iloc[first_rows(group, frame, within)].tolist()


def _existence(score: Floats, group: Ints) -> Floats:
    """Chance that each thing exists, from the scores of its views."""
    # Views of one thing are far from independent: each but the surest counts for half.
    best = first_rows(group, -score)
    share = np.full(len(score), 0.5)
    share[best] = 1.0
    return 1.0 - pd.Series(1.0 - score * share).groupby(group).prod().to_numpy(float)


def _placed(seen: pd.DataFrame, group: Ints, weight: Floats, stretch: Bools) -> Columns:
    """Place of each group on its route, and of the middle of its views in the plane."""
    own = seen.groupby(group)
    low, high = own["cumul_from_m"].min().to_numpy(), own["cumul_to_m"].max().to_numpy()
    spans = seen[["cumul_m", "offset_m"]].assign(
        half_m=(seen["cumul_to_m"] - seen["cumul_from_m"]) / 2
    )
    mean = weighted_means(spans, weight, group)
    middle, half = mean["cumul_m"].to_numpy(), mean["half_m"].to_numpy()
    median = own[["accuracy_m", "x", "y"]].median()
    return {
        "cumul_m": np.where(stretch, (low + high) / 2, middle).round(2),
        "offset_m": mean["offset_m"].to_numpy().round(2),
        "cumul_from_m": np.where(stretch, low, middle - half).round(2),
        "cumul_to_m": np.where(stretch, high, middle + half).round(2),
        "accuracy_m": median["accuracy_m"].to_numpy().round(2),
        "x": median["x"].to_numpy(copy=True),
        "y": median["y"].to_numpy(copy=True),
    }


def _moved_to_bearings(
    place: Columns, seen: pd.DataFrame, group: Ints, standing: Bools, network: Network
) -> None:
    """Put signs and heaps where their bearings meet."""
    if not standing.any():
        return
    rows = standing[group]
    seen = seen[rows]
    things, first, own = np.unique(group[rows], return_index=True, return_inverse=True)
    points, sd = Bearings.of(seen).met(own)
    median = seen.groupby(own)[["cumul_m", "frame_accuracy_m"]].median()
    near = median["cumul_m"].to_numpy()
    cumul, offset = np.full(len(things), np.nan), np.full(len(things), np.nan)
    for route, here in by_route(seen.iloc[first]):
        cumul[here], offset[here] = network.project(route, points[here], near[here])
    place["x"][things], place["y"][things] = points.T
    track = median["frame_accuracy_m"].fillna(0.0)
    place["accuracy_m"][things] = np.hypot(sd, track).round(2)
    found = np.isfinite(cumul)
    for name in ("cumul_m", "cumul_from_m", "cumul_to_m"):
        place[name][things[found]] = cumul[found].round(2)
    place["offset_m"][things[found]] = offset[found].round(2)


def _voted(seen: pd.DataFrame, group: Ints, taxonomy: Taxonomy) -> list[str]:
    """Class with the highest sum of scores; of signs a type stands over a mere family."""
    number, names = pd.factorize(seen["model_class"], sort=True)
    mere = np.array([taxonomy.model_class(name).is_mere_group for name in names])
    votes = seen["score"].groupby(group * len(names) + number).sum()
    voter, candidate = np.divmod(votes.index.to_numpy(), len(names))
    first = first_rows(voter, mere[candidate], -votes.to_numpy(float))
    return [str(name) for name in names[candidate[first]]]


def _coded(
    names: list[str],
    seen: pd.DataFrame,
    group: Ints,
    offset_m: Floats,
    taxonomy: Taxonomy,
    network: Network | None,
) -> tuple[list[str], list[str | None]]:
    """Code and flag of each class; the wheel path by the mean place in the lane."""
    lane = seen["frame_offset_m"].groupby(group).mean().to_numpy(float)
    first = np.unique(group, return_index=True)[1]
    half_lane_m = lanes_at(network, seen.iloc[first]).width_m / 2
    return taxonomy.codes_at(names, offset_m - lane, half_lane_m)
