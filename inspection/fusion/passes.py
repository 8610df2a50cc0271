"""Passes over one lane: what several of them saw is one thing, and what others missed is less sure.

Each pass is fused alone first. Two receivers put the same pothole metres apart, and nearly the
same metres for everything along a stretch of road: so a pass is slid along the road, a little
differently every fifty metres, until most of what it saw lies on what the earlier ones saw.
Then spots are paired one to one, the nearest first, and stretches that overlap are one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from inspection.fusion.slide import slide_m
from voirie.arrays import Bools, Floats, Ints
from voirie.families import Family
from voirie.places import LANE_KEY, ROUTE_KEY
from voirie.taxonomy import Taxonomy

GATE_TIMES = 3.0
"""Gates between passes are so many times those between the views of one."""
LARGEST_GATE_M = 12.0
LOOKED_M = 15.0
"""A pass has looked at a place when it kept a picture this near on the lane."""
MISSED_ODDS = 0.4
"""What one pass that looked and saw nothing leaves of the odds: (1 - recall) / (1 - false calls).

A pass finds about two thirds of what there is, and what is not there it mostly does not see.
"""
SURE = 0.99
UNLIKELY = 0.35
"""What several passes looked at, and is less likely than this, is doubtful."""

OF_PASSES = ["confidence", "existence", "cumul_m", "offset_m", "x", "y", "dark_pct"]
SIZES = [
    f"{stem}{side}_{unit}"
    for stem, unit in (("length", "m"), ("width", "m"), ("area", "m2"))
    for side in ("", "_low", "_high")
]


def joined(
    findings: pd.DataFrame, frames: pd.DataFrame, taxonomy: Taxonomy
) -> tuple[pd.DataFrame, Ints]:
    """One row a thing, however many passes saw it.

    Parameters
    ----------
    findings
        As `inspection.fusion.measure.measured` gives them, each of one pass.
    frames
        Table `frames`: which pass looked where.
    taxonomy
        The families of things.

    Returns
    -------
    findings : pandas.DataFrame
        The same columns. What one pass saw is as it was but for its existence, which falls with
        every other pass that looked there and saw nothing; `n_looked` counts them all.
    of_finding : numpy.ndarray
        Row of each of the findings that were given, (n,).
    """
    looked = passes_that_looked(findings, frames)
    thing = same_things(findings, taxonomy)
    if not (looked > 1).any() and len(np.unique(thing)) == len(findings):
        return findings.assign(n_looked=looked), np.arange(len(findings))
    out = merged(findings, thing)
    number = np.maximum(
        pd.Series(looked).groupby(thing).max().to_numpy(), out["n_passes"].to_numpy(int)
    )
    missed = number - out["n_passes"].to_numpy(int)
    existence = out["existence"].to_numpy(float)
    odds = existence / np.maximum(1.0 - existence, 1e-9) * MISSED_ODDS**missed
    known = np.where(missed > 0, odds / (1.0 + odds), existence)
    return out.assign(existence=known.round(4), n_looked=number), thing


def unlikely(findings: pd.DataFrame) -> Bools:
    """What several passes looked at and too few of them saw, (n,)."""
    again = findings["n_looked"].to_numpy(int) > findings["n_passes"].to_numpy(int)
    return np.asarray(again & (findings["existence"].to_numpy(float) < UNLIKELY))


def passes_that_looked(findings: pd.DataFrame, frames: pd.DataFrame) -> Ints:
    """How many passes kept a picture near each finding, on its lane, at least the one it is of."""
    number = np.ones(len(findings), dtype=np.int64)
    kept = frames[frames["picture_id"].notna() & frames["cumul_m"].notna()]
    lane = _lanes(findings, kept)
    of_finding, of_picture = lane[: len(findings)], lane[len(findings) :]
    place = findings["cumul_m"].to_numpy(float)
    at, name = kept["cumul_m"].to_numpy(float), pd.factorize(kept["pass_id"], sort=True)[0]
    passes = pd.Series(name).groupby(of_picture).nunique()
    for which in np.intersect1d(passes.index[passes > 1], of_finding).tolist():
        rows, pictures = np.flatnonzero(of_finding == which), np.flatnonzero(of_picture == which)
        seen = np.zeros(len(rows), dtype=np.int64)
        for own in np.unique(name[pictures]):
            there = np.sort(at[pictures[name[pictures] == own]])
            after = np.minimum(np.searchsorted(there, place[rows]), len(there) - 1)
            before = np.maximum(after - 1, 0)
            seen += (
                np.minimum(np.abs(place[rows] - there[after]), np.abs(place[rows] - there[before]))
                <= LOOKED_M
            )
        number[rows] = np.maximum(seen, 1)
    return number


def _lanes(*tables: pd.DataFrame) -> Ints:
    """Number of the lane of each row of some tables, one after the other."""
    every = pd.concat([pd.DataFrame(table)[list(LANE_KEY)].astype("string") for table in tables])
    return np.asarray(every.groupby(list(LANE_KEY), dropna=False).ngroup(), dtype=np.int64)


def same_things(findings: pd.DataFrame, taxonomy: Taxonomy) -> Ints:
    """Thing that each finding is of, from 0 in the order of their first findings, (n,)."""
    thing = np.arange(len(findings), dtype=np.int64)
    lane = _lanes(findings)
    passes = findings["pass_id"].groupby(lane).nunique()
    for which in passes.index[passes > 1].tolist():
        rows = np.flatnonzero(lane == which)
        thing[rows] = rows[_things_of_lane(findings.iloc[rows], taxonomy)]
    for rows in _heaps_of_several_lanes(findings, lane, taxonomy):
        for row, first in zip(
            rows, rows[_things_of_lane(findings.iloc[rows], taxonomy)], strict=True
        ):
            _union(thing, int(row), int(first))
    return np.unique(thing, return_inverse=True)[1].astype(np.int64)


def _heaps_of_several_lanes(findings: pd.DataFrame, lane: Ints, taxonomy: Taxonomy) -> list[Ints]:
    """Heaps of each route that were seen from several lanes.

    What lies in a lane is seen by who drives there, and what stands faces one way. A heap beside
    the road is seen both ways, and is one. What too few frames saw from one lane is not made sure
    by a like doubt from another: it joins nothing.
    """
    least = {name: taxonomy.families[name].frames.least for name in taxonomy.of_form("heap")}
    wanted = findings["family"].map(least).to_numpy(float)
    heaps = np.flatnonzero(findings["n_views"].to_numpy(float) >= wanted)
    own = findings.iloc[heaps]
    routes = own.groupby([own[key].astype("string") for key in ROUTE_KEY]).indices
    found = [heaps[rows] for _, rows in sorted(routes.items())]
    return [rows for rows in found if len(np.unique(lane[rows])) > 1]


def _things_of_lane(lane: pd.DataFrame, taxonomy: Taxonomy) -> Ints:
    """First finding of the thing that each of a lane is of; the pass with the best places leads."""
    thing = np.arange(len(lane), dtype=np.int64)
    order = (
        lane.groupby("pass_id")["accuracy_m"].median().rename("sd").reset_index()
        .sort_values(["sd", "pass_id"])["pass_id"].tolist()
    )  # fmt: skip
    along = lane["cumul_m"].to_numpy(float).copy()
    low, high = (lane[f"cumul_{end}_m"].to_numpy(float).copy() for end in ("from", "to"))
    across = lane["offset_m"].to_numpy(float)
    family, kind = lane["family"].to_numpy(object), lane["kind"].to_numpy(object)
    names = lane["pass_id"].to_numpy(object)
    before = np.flatnonzero(names == order[0])
    for name in order[1:]:
        new = np.flatnonzero(names == name)
        gate = np.array([_gate(taxonomy.families[own]) for own in family[new]])
        kinds = pd.factorize(np.r_[kind[before], kind[new]])[0]
        shift = slide_m(
            along[before], across[before], kinds[: len(before)],
            along[new], across[new], kinds[len(before) :], gate[:, 1],
        )  # fmt: skip
        for ends in (along, low, high):
            ends[new] += shift
        for what in pd.unique(kind[new]):
            one, other = before[kind[before] == what], new[kind[new] == what]
            own = taxonomy.families[str(family[other[0]])]
            if own.stretches is not None and what in own.stretches.kinds:
                pairs = _overlapping(low, high, across, one, other, own)
            else:
                pairs = _nearest(along, across, one, other, own)
            for first, second in pairs:
                _union(thing, first, second)
        before = np.r_[before, new]
    return thing


def _gate(family: Family) -> tuple[float, float]:
    """Largest distance along and across between two passes' places of one thing."""
    gate = family.gate_m
    return min(GATE_TIMES * gate.along, LARGEST_GATE_M), 1.5 * gate.across


def _nearest(
    along: Floats, across: Floats, one: Ints, other: Ints, family: Family
) -> list[tuple[int, int]]:
    """Pairs of spots, one to one, the nearest first."""
    gate_along, gate_across = _gate(family)
    ahead = np.abs(along[one][:, None] - along[other][None])
    aside = np.nan_to_num(np.abs(across[one][:, None] - across[other][None]))
    fits = np.argwhere((ahead <= gate_along) & (aside <= gate_across))
    far = np.hypot(ahead / gate_along, aside / gate_across)[tuple(fits.T)]
    taken: set[int] = set()
    given: set[int] = set()
    pairs = []
    for first, second in fits[np.argsort(far, kind="stable")].tolist():
        if first not in taken and second not in given:
            taken.add(first)
            given.add(second)
            pairs.append((int(one[first]), int(other[second])))
    return pairs


def _overlapping(
    low: Floats, high: Floats, across: Floats, one: Ints, other: Ints, family: Family
) -> list[tuple[int, int]]:
    """Pairs of stretches that overlap or nearly touch, at one distance from the axis."""
    assert family.stretches is not None
    gap = np.maximum(low[one][:, None] - high[other][None], low[other][None] - high[one][:, None])
    aside = np.nan_to_num(np.abs(across[one][:, None] - across[other][None]))
    fits = (gap <= family.stretches.gap_m) & (aside <= family.stretches.across_m)
    return [(int(one[a]), int(other[b])) for a, b in np.argwhere(fits).tolist()]


def _union(thing: Ints, one: int, other: int) -> None:
    """Give two things one number, the lower."""
    first, second = sorted((int(thing[one]), int(thing[other])))
    if first != second:
        thing[thing == second] = first


def merged(findings: pd.DataFrame, thing: Ints) -> pd.DataFrame:
    """One row a thing: places and sizes are means over its passes, the surer ones weigh more.

    Parameters
    ----------
    findings
        Each of one pass.
    thing
        Thing of each, from 0 without holes, (n,).
    """
    count = np.bincount(thing)
    alone = count[thing] == 1
    if alone.all():
        return findings.iloc[np.argsort(thing)].reset_index(drop=True)
    several = findings[~alone].reset_index(drop=True)
    of, inner = np.unique(thing[~alone], return_inverse=True)
    both = pd.concat(
        [
            findings[alone].assign(_thing=thing[alone]),
            _means(_by_pass(several, inner)).assign(_thing=of),
        ]
    )
    joint: pd.DataFrame = both.sort_values("_thing").drop(columns="_thing").reset_index(drop=True)
    return joint


def _by_pass(several: pd.DataFrame, thing: Ints) -> pd.DataFrame:
    """What one pass saw of a stretch in pieces, as one: from the first to the last of them."""
    several = several.assign(_thing=thing)
    key = ["_thing", "pass_id"]
    pieces = several[several.duplicated(key, keep=False)]
    if pieces.empty:
        return several
    whole = pieces.sort_values([*key, "cumul_from_m"]).groupby(key, sort=True)
    one = several.loc[whole["confidence"].idxmax().to_numpy()].reset_index(drop=True)
    low, high = whole["cumul_from_m"].min().to_numpy(), whole["cumul_to_m"].max().to_numpy()
    lengths = {
        name: whole[name].sum(min_count=1).to_numpy() for name in SIZES if "width" not in name
    }
    one = one.assign(
        cumul_from_m=low,
        cumul_to_m=high,
        cumul_m=(low + high) / 2,
        existence=whole["existence"].max().to_numpy(),
        n_views=whole["n_views"].sum().to_numpy(),
        first_seen_at=whole["first_seen_at"].min().to_numpy(),
        last_seen_at=whole["last_seen_at"].max().to_numpy(),
        **lengths,
    )
    rest = several[~several.duplicated(key, keep=False)]
    return pd.concat([rest, one], ignore_index=True)


def _means(by_pass: pd.DataFrame) -> pd.DataFrame:
    """One row a thing, from one row a thing and pass."""
    thing = by_pass["_thing"].to_numpy(np.int64)
    weight = 1.0 / np.maximum(by_pass["accuracy_m"].fillna(5.0).to_numpy(float), 0.5) ** 2
    own = by_pass.groupby(thing)
    order = by_pass.assign(
        _rank=by_pass["first_seen_at"].fillna(pd.Timestamp.max.tz_localize("UTC"))
    )
    first = order.sort_values(["_thing", "_rank", "pass_id", "finding_id"]).drop_duplicates(
        "_thing"
    )
    best = by_pass.sort_values(
        ["_thing", "confidence", "finding_id"], ascending=[True, False, True]
    ).drop_duplicates("_thing")
    out = best.drop(columns="_thing").reset_index(drop=True)
    ends = by_pass[["cumul_from_m", "cumul_to_m", *OF_PASSES, *SIZES]].astype(float)
    shared = (
        ends.mul(weight, axis=0).groupby(thing).sum()
        / ends.notna().mul(weight, axis=0).groupby(thing).sum()
    )
    odds = by_pass["existence"].clip(upper=SURE).astype(float)
    both = (odds / (1 - odds)).clip(lower=1e-6).groupby(thing).prod()
    for name in ("cumul_from_m", "cumul_to_m", "cumul_m", "offset_m"):
        out[name] = shared[name].round(2).to_numpy()
    out["x"], out["y"] = shared["x"].to_numpy(), shared["y"].to_numpy()
    for name in SIZES:
        out[name] = shared[name].round(3).to_numpy()
    out["dark_pct"] = shared["dark_pct"].round(1).to_numpy()
    votes = by_pass.groupby([by_pass["_thing"], "code", "model_class"], sort=True)["n_views"].sum()
    voted = votes.reset_index().sort_values(
        ["_thing", "n_views", "code"], ascending=[True, False, True]
    )
    chosen = voted.drop_duplicates("_thing")
    return out.assign(
        finding_id=first["finding_id"].to_numpy(),
        code=chosen["code"].to_numpy(),
        model_class=chosen["model_class"].to_numpy(),
        confidence=(
            by_pass["confidence"].mul(by_pass["n_views"]).groupby(thing).sum()
            / by_pass["n_views"].groupby(thing).sum()
        ).round(4).to_numpy(),
        existence=(both / (1 + both)).clip(upper=0.9999).round(4).to_numpy(),
        accuracy_m=np.sqrt(1.0 / pd.Series(weight).groupby(thing).sum()).round(2).to_numpy(),
        scale_assumed=own["scale_assumed"].all().to_numpy(bool),
        by_camera=own["by_camera"].any().to_numpy(bool),
        n_views=own["n_views"].sum().to_numpy(),
        n_passes=own["pass_id"].nunique().to_numpy(),
        first_seen_at=own["first_seen_at"].min().to_numpy(),
        last_seen_at=own["last_seen_at"].max().to_numpy(),
        experimental=own["experimental"].all().to_numpy(bool),
    )  # fmt: skip
