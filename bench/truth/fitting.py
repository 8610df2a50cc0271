"""What `weights/measures.toml` holds of a network, fitted on rendered drives.

Boxes that are too large, spreads of sizes, shares found and true, and how often what is said to
exist does. Each is fitted on all drives, and on those of all other roads to be held against one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.truth.drives import CLASSES, Drive
from bench.truth.notes import LANE
from bench.truth.objects import GROUPS, grouped, lines_of, matched, true_finds
from inspection.fusion.existence import terms
from inspection.fusion.size_bounds import COVER_Z
from voirie.arrays import Bools, Floats
from voirie.nets import Aspect, Excess, Existence, Found, Measured, Sizes

EXCESS = {
    ("pothole", "length"): "pixels",
    ("pothole", "width"): "metres",
    ("alligator_crack", "width"): "pixels",
    ("transverse_crack", "width"): "metres",
}
"""What of a box is corrected, and whether by metres of road or by pixels of the network's input:
that of the two which left less, when they were first measured (decision 0026)."""
ASPECT_SHARE = {"pothole": 0.6}
"""How much the width of a class tells of its length (decision 0026)."""
SIZE_OF = {"length": "length_m", "width": "width_m", "area": "area_m2"}
HELD = 0.9
LEAST_SPREAD, MOST_SPREAD = 0.10, 0.60
MOST_AREA_SPREAD = math.asinh(0.5) / COVER_Z
"""From this on the bounds of an area lie farther apart than the area is large."""
COMMON = 0.9
"""Extents that so many lanes stay under are common."""
STEADY = 1.0
"""How strongly what sets a class apart is held to nothing: some four finds of it are as strong."""


@dataclass(frozen=True)
class Seen:
    """A drive under some measures.

    Attributes
    ----------
    objects, findings
        Pavement of the truth and findings, by class (`group`).
    pairs
        Those that are one thing.
    views
        Views with a place, each with the `finding_id` of its finding.
    true
        Whether each finding lies on a thing of its class, (n,).
    """

    objects: pd.DataFrame
    findings: pd.DataFrame
    pairs: pd.DataFrame
    views: pd.DataFrame
    true: Bools


def seen(drive: Drive, measured: Measured | None) -> Seen:
    """A drive under what was measured of its network, None for nothing."""
    findings, views = drive.found({} if measured is None else {drive.sha256: measured})
    findings, objects = grouped(findings), drive.objects()
    return Seen(objects, findings, matched(objects, findings), views, true_finds(objects, findings))


def fitted(drives: Sequence[Drive], measured_on: str) -> Measured:
    """What was measured of one network on some drives."""
    sha256 = drives[0].sha256
    excess = _excess(drives)
    plain = {name: _sizes(*excess.get(name, (Excess(), Excess())), None) for name in CLASSES}
    first = Measured(sha256=sha256, measured_on=measured_on, sizes=plain)
    corrected = [seen(drive, first) for drive in drives]
    pairs = pd.concat([one.pairs for one in corrected], ignore_index=True)
    aspects = {name: _aspect(pairs, name) for name in CLASSES}
    shaped = {
        name: _sizes(sizes.length, sizes.width, aspects[name]) for name, sizes in plain.items()
    }
    final = [seen(drive, first.model_copy(update={"sizes": shaped})) for drive in drives]
    pairs = pd.concat([one.pairs for one in final], ignore_index=True)
    return Measured(
        sha256=sha256,
        measured_on=measured_on,
        sizes={name: _with_spreads(sizes, pairs, name) for name, sizes in shaped.items()},
        found=_found(drives, final),
        existence=_existences(final),
    )


def _sizes(length: Excess, width: Excess, aspect: Aspect | None) -> Sizes:
    return Sizes(
        length=length,
        width=width,
        aspect=aspect,
        length_spread=MOST_SPREAD,
        width_spread=MOST_SPREAD,
        area_spread=MOST_SPREAD,
    )


def _excess(drives: Sequence[Drive]) -> dict[str, tuple[Excess, Excess]]:
    """Median of what the boxes of each class are too large, by what `EXCESS` tells it in."""
    parts = [_boxes(drive) for drive in drives]
    boxes = pd.concat(parts, ignore_index=True)
    out: dict[str, dict[str, Excess]] = {}
    for (name, size), unit in EXCESS.items():
        own = boxes[boxes["model_class"] == name]
        if name == "transverse_crack":
            # Near pictures see a part of it: a finding has the width of its widest view.
            own = own.loc[own.groupby("finding")["width_m"].idxmax().dropna()]
        over = (own[f"{size}_m"] - own[f"true_{size}_m"]).to_numpy(float)
        each = own[f"{size}_px_m"].to_numpy(float) if unit == "pixels" else np.ones(len(own))
        known = np.isfinite(over) & np.isfinite(each) & (each > 1e-6)
        if known.any():
            value = _weighted_median(over[known] / each[known], each[known])
            out.setdefault(name, {})[size] = Excess.model_validate({unit: round(value, 3)})
    return {
        name: (sizes.get("length", Excess()), sizes.get("width", Excess()))
        for name, sizes in out.items()
    }


def _boxes(drive: Drive) -> pd.DataFrame:
    """Views of matched findings as they are drawn, with the true size and the worth of a pixel."""
    one_pixel = Excess(pixels=1.0)
    nothing = seen(drive, None)
    pixel = Measured(
        sha256=drive.sha256,
        measured_on="a pixel more",
        sizes={name: _sizes(one_pixel, one_pixel, None) for name in CLASSES},
    )
    views, less = nothing.views, drive.views({drive.sha256: pixel}).set_index("view_id")
    of_view = less.loc[views["view_id"]]
    true = nothing.pairs.set_index("finding_id_found")
    lies_across = true["code"] == "FTR"
    sizes = pd.DataFrame(
        {
            "true_length_m": true["length_m"].mask(lies_across),
            # The length of a transverse crack lies across the lane.
            "true_width_m": true["width_m"].where(~lies_across, true["length_m"]),
        }
    )
    sizes = sizes[~sizes.index.duplicated()]
    out = pd.DataFrame(views)[["finding_id", "model_class", "length_m", "width_m"]].assign(
        length_px_m=views["length_m"].to_numpy(float) - of_view["length_m"].to_numpy(float),
        width_px_m=views["width_m"].to_numpy(float) - of_view["width_m"].to_numpy(float),
    )
    return out.merge(sizes, left_on="finding_id", right_index=True, how="inner").assign(
        finding=lambda table: drive.name + table["finding_id"].astype(str)
    )


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _aspect(pairs: pd.DataFrame, name: str) -> Aspect | None:
    if name not in ASPECT_SHARE:
        return None
    own = pairs[pairs["group"] == CLASSES[name]]
    if own.empty:
        return None
    usual = float((own["length_m"] / own["width_m"]).median())
    return Aspect(usual=round(usual, 2), share=ASPECT_SHARE[name])


def _with_spreads(sizes: Sizes, pairs: pd.DataFrame, name: str) -> Sizes:
    """Spreads with which nine in ten of the bounds hold, as far as they still say something."""
    own = pairs[pairs["group"] == CLASSES[name]]
    spreads = {}
    for size, column in SIZE_OF.items():
        true = own["length_m" if (name, size) == ("transverse_crack", "width") else column]
        given = own[f"{column}_found"]
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.abs(np.log(given.to_numpy(float) / true.to_numpy(float)))
        off = off[np.isfinite(off)]
        most = MOST_AREA_SPREAD if size == "area" else MOST_SPREAD
        told = MOST_SPREAD if len(off) < 10 else float(np.quantile(off, HELD)) / COVER_Z
        spreads[f"{size}_spread"] = round(float(np.clip(told, LEAST_SPREAD, most)), 2)
    return sizes.model_copy(update=spreads)


def _found(drives: Sequence[Drive], those: Sequence[Seen]) -> dict[str, Found]:
    count = {name: np.zeros(4) for name in CLASSES.values()}
    for one in those:
        for line in lines_of(one.objects, one.findings):
            if line.name in count:
                count[line.name] += [line.there, line.matched, line.found, line.false]
    common = _common_pct(drives)
    out = {}
    for name, group in CLASSES.items():
        there, met, found, false = count[group]
        if there and found:
            out[name] = Found(
                found_share=round(met / there, 2),
                true_share=round(1.0 - false / found, 2),
                common_pct=round(common[group], 1),
            )
    return out


def _common_pct(drives: Sequence[Drive]) -> dict[str, float]:
    """Extent of each class that nine lanes in ten of the roads stay under."""
    parts = []
    for _, drive in sorted({drive.site: drive for drive in drives}.items()):
        extents = drive.scored_road().extents
        extents = extents[extents["extent_pct"].notna()]
        for name, codes in GROUPS.items():
            pct = extents["extent_pct"].where(extents["code"].isin(codes), 0.0)
            lanes = pct.groupby([extents[key] for key in LANE]).sum().to_numpy()
            parts.append(pd.DataFrame({"group": name, "pct": lanes}))
    every = pd.concat(parts, ignore_index=True)
    return {
        str(name): float(np.quantile(part["pct"], COMMON)) for name, part in every.groupby("group")
    }


def _existences(those: Sequence[Seen]) -> dict[str, Existence]:
    """How often the finds of each class exist, by what their views make of it.

    What scores and views are worth is one for all classes; each has an intercept of its own.
    With a slope for each class too little is left to tell it by: held against other roads, what
    was said and what was right differed by .11 where they differ by .05.
    """
    findings = pd.concat([one.findings for one in those], ignore_index=True)
    true = np.concatenate([one.true for one in those]).astype(float)
    names = [name for name, group in CLASSES.items() if (findings["group"] == group).any()]
    if not names:
        return {}
    own = np.stack([findings["group"] == CLASSES[name] for name in names], axis=1).astype(float)
    raw = findings["raw_existence"].to_numpy(float)
    shared = terms(raw, findings["n_views"].to_numpy(np.int64))
    weight = np.array([0.01, 0.1, 0.1, *(STEADY for _ in names)])
    found = logistic(np.hstack([shared, own]), true, weight, np.zeros(len(weight)))
    intercept, slope, views = found[:3]
    return {
        name: Existence(
            intercept=round(intercept + more, 2),
            slope=round(max(slope, 0.0), 2),
            views=round(max(views, 0.0), 2),
        )
        for name, more in zip(names, found[3:], strict=True)
    }


def logistic(columns: Floats, true: Floats, weight: Floats, start: Floats) -> list[float]:
    """Coefficients of the likeliest logistic curve, each held to a start by a weight.

    Examples
    --------
    >>> import numpy as np
    >>> ones, heads = np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0])
    >>> [round(value, 3) for value in logistic(ones, heads, np.zeros(1), np.zeros(1))]
    [1.099]
    """
    found = start.astype(float)
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-columns @ found))
        slope = columns.T @ (chance - true) + weight * (found - start)
        bend = (columns.T * (chance * (1.0 - chance))) @ columns + np.diag(weight)
        step = np.linalg.solve(bend, slope)
        found = found - step
        if np.abs(step).max() < 1e-10:
            break
    return [float(value) for value in found]
