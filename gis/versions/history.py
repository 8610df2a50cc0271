"""What became of each section between two versions: kept, split, merged, realigned and so on.

The rows of a history hold every metre of the old sections once, and every metre of the new ones
once: a history is a map of places too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
import pandas as pd

from gis.scoring.cells import SectionIndex
from voirie.arrays import Floats, Ints
from voirie.ids import content_id
from voirie.places import ROUTE_KEY, RouteKey

Kind = Literal["kept", "transferred", "split", "merged", "realigned", "removed", "new"]
KINDS: tuple[Kind, ...] = get_args(Kind)

SAME = 0.8
"""A section goes on in another if each has this share of its length in common with the other."""

HAIR_M = 0.05

OLD = ("section_id", *ROUTE_KEY, "cumul_from_m", "cumul_to_m")
NEW = tuple(f"to_{name}" for name in OLD)
COLUMNS = ("from_version", "to_version", "kind", *OLD, "length_m", *NEW, "to_length_m")


def overlaid(
    old: pd.DataFrame, new: pd.DataFrame, pieces: pd.DataFrame, keys: list[RouteKey]
) -> pd.DataFrame:
    """Cut pieces of old sections where new sections end.

    Parameters
    ----------
    old, new
        Sections of both versions.
    pieces
        As `gis.versions.ground.common_ground` gives them.
    keys
        Routes of the new network, sorted.

    Returns
    -------
    pandas.DataFrame
        ``old`` and ``new`` (positions of the sections), ``old_from_m``, ``old_to_m``,
        ``new_from_m``, ``new_to_m``, ``laid``.
    """
    index = SectionIndex(new)
    names = pd.DataFrame([[k.gestionnaire, k.dep, k.route, k.cote] for k in keys])
    route_of_key = index.route_of(names.set_axis(list(ROUTE_KEY), axis=1))
    start, end = (pieces[name].to_numpy(float) for name in ("new_from_m", "new_to_m"))
    low, high = np.minimum(start, end), np.maximum(start, end)
    item, section = index.spans(route_of_key[pieces["route"].to_numpy(int)], low, high)
    shared = np.minimum(high[item], index.end_m[section]) - np.maximum(
        low[item], index.start_m[section]
    )
    # A hair beyond the end of a section is rounding, unless the piece is no more than that.
    most = np.zeros(len(pieces))
    np.maximum.at(most, item, shared)
    keep = (shared > HAIR_M) | (shared == most[item])
    item, section = item[keep], section[keep]
    way = np.where(end >= start, 1, -1)
    order = np.lexsort((way[item] * index.start_m[section], item))
    item, section = item[order], section[order]
    first = np.r_[True, np.diff(item) != 0]
    last = np.r_[first[1:], True]
    old_from, old_to = (pieces[name].to_numpy(float)[item] for name in ("old_from_m", "old_to_m"))
    edge = np.where(way[item] > 0, index.end_m[section], index.start_m[section])
    share = (edge - start[item]) / (end[item] - start[item])
    cut_new = np.where(last, end[item], edge)
    cut_old = np.where(last, old_to, old_from + share * (old_to - old_from))
    return pd.DataFrame(
        {
            "old": pieces["section"].to_numpy(int)[item],
            "new": section,
            "old_from_m": np.where(first, old_from, np.r_[0.0, cut_old[:-1]]),
            "old_to_m": cut_old,
            "new_from_m": np.where(first, start[item], np.r_[0.0, cut_new[:-1]]),
            "new_to_m": cut_new,
            "laid": pieces["laid"].to_numpy(bool)[item],
        }
    )


def carried_ids(
    old: pd.DataFrame, new: pd.DataFrame, parts: pd.DataFrame, fresh: pd.Series, version: str
) -> pd.Series:
    """Identifiers of the new sections: that of the old one which goes on, else one of their own.

    Parameters
    ----------
    old, new
        Sections of both versions.
    parts
        As `overlaid` gives them.
    fresh
        Identifiers that the new sections would have if nothing had been before them.
    version
        Of the new network: it tells apart what would else have an identifier twice.
    """
    shares = _shares(old, new, parts)
    same = shares[(shares["of_old"] >= SAME) & (shares["of_new"] >= SAME)]
    ids = fresh.astype("string").reset_index(drop=True).copy()
    ids[same["new"].to_numpy(int)] = old["section_id"].to_numpy()[same["old"].to_numpy(int)]
    going_on = np.zeros(len(ids), dtype=bool)
    going_on[same["new"].to_numpy(int)] = True
    taken = set(ids[going_on])
    for row in np.flatnonzero(~going_on).tolist():
        if ids[row] in taken:
            ids[row] = content_id("section", str(ids[row]), version, int(row))
        taken.add(ids[row])
    return ids


def history_of(
    old: pd.DataFrame, new: pd.DataFrame, parts: pd.DataFrame, versions: tuple[str, str]
) -> pd.DataFrame:
    """The rows of a history, with what is no longer there and what is new.

    Parameters
    ----------
    old, new
        Sections of both versions, the new ones with their final identifiers.
    parts
        As `overlaid` gives them.
    versions
        Of the old network and of the new one.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; sorted by the old place, then by the new one.
    """
    shares = _shares(old, new, parts).set_index(["old", "new"])
    rows = [_told(old, new, parts, shares)]
    rows += [_left(old, parts, "old", "removed"), _left(new, parts, "new", "new")]
    table = pd.concat(rows, ignore_index=True)
    out = pd.DataFrame(
        {"from_version": versions[0], "to_version": versions[1], "kind": table["kind"]}
    )
    for side, sections, names in (("old", old, OLD), ("new", new, NEW)):
        at = table[side].to_numpy(dtype=float)
        known = ~np.isnan(at)
        row = np.where(known, at, 0).astype(int)
        for name, to in zip(("section_id", *ROUTE_KEY), names[:5], strict=True):
            values = np.asarray(sections[name].astype("string"), dtype=object)
            said = np.where(known, values[row], None) if len(values) else None
            out[to] = pd.Series(said, index=out.index, dtype="string")
        for name, to in (("from", names[5]), ("to", names[6])):
            out[to] = table[f"{side}_{name}_m"].astype("float64")
        length = (table[f"{side}_to_m"] - table[f"{side}_from_m"]).abs()
        out["length_m" if side == "old" else "to_length_m"] = length.fillna(0.0)
    order = [*ROUTE_KEY, "cumul_from_m", *NEW[1:5], "to_cumul_from_m"]
    return out[list(COLUMNS)].sort_values(order, kind="stable").reset_index(drop=True)


def summary(history: pd.DataFrame) -> Iterator[tuple[Kind, int, float]]:
    """Kind, number of sections and kilometres of what a history tells, in the order of `KINDS`.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"kind": ["kept", "new"], "section_id": ["a", None], "to_section_id": ["a", "b"],
    ...      "length_m": [200.0, 0.0], "to_length_m": [200.0, 90.0]}
    ... )
    >>> list(summary(rows))
    [('kept', 1, 0.2), ('new', 1, 0.09)]
    """
    for kind in KINDS:
        own = history[history["kind"] == kind]
        if len(own):
            ids = own["to_section_id" if kind == "new" else "section_id"]
            metres = own["to_length_m" if kind == "new" else "length_m"].sum()
            yield kind, int(ids.nunique()), float(metres) / 1000


def _shares(old: pd.DataFrame, new: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Share of the old and of the new section that each pair has in common on the ground."""
    laid = parts[parts["laid"]]
    metres = pd.DataFrame(
        {
            "old": laid["old"],
            "new": laid["new"],
            "of_old": laid["old_to_m"] - laid["old_from_m"],
            "of_new": (laid["new_to_m"] - laid["new_from_m"]).abs(),
        }
    )
    sums = metres.groupby(["old", "new"], as_index=False).sum()
    for side, sections in (("old", old), ("new", new)):
        length = (sections["cumul_to_m"] - sections["cumul_from_m"]).to_numpy(float)
        sums[f"of_{side}"] /= length[sums[side].to_numpy(int)]
    return sums


def _told(
    old: pd.DataFrame, new: pd.DataFrame, parts: pd.DataFrame, shares: pd.DataFrame
) -> pd.DataFrame:
    a, b = parts["old"].to_numpy(int), parts["new"].to_numpy(int)
    same = old["section_id"].to_numpy()[a] == new["section_id"].to_numpy()[b]
    road = list(ROUTE_KEY[:3])
    moved = (
        old[road].astype(str).to_numpy()[a] != new[road].astype(str).to_numpy()[b]
    ).any(axis=1)  # fmt: skip
    both = shares.reindex(pd.MultiIndex.from_arrays([a, b])).fillna(0.0)
    whole_new = (both["of_new"] >= both["of_old"]).to_numpy()
    kind = np.where(
        same, np.where(moved, "transferred", "kept"), np.where(whole_new, "split", "merged")
    )
    return parts.assign(kind=np.where(parts["laid"], kind, "realigned")).drop(columns="laid")


def _left(sections: pd.DataFrame, parts: pd.DataFrame, side: str, kind: Kind) -> pd.DataFrame:
    """Metres of sections that no part holds."""
    start, end = (parts[f"{side}_{name}_m"].to_numpy(float) for name in ("from", "to"))
    table = pd.DataFrame(
        {"at": parts[side], "low": np.minimum(start, end), "high": np.maximum(start, end)}
    ).sort_values(["at", "low"])
    parted = table[["low", "high"]].to_numpy(float)
    low, high = sections["cumul_from_m"].to_numpy(float), sections["cumul_to_m"].to_numpy(float)
    at = table["at"].to_numpy(int)
    first = np.flatnonzero(np.r_[True, np.diff(at) != 0][: len(at)])
    rows = (
        [
            (row, a, b)
            for row, own in zip(at[first].tolist(), np.split(parted, first[1:]), strict=True)
            for a, b in _holes(low[row], high[row], own[:, 0], own[:, 1])
        ]
        if len(at)
        else []
    )
    whole = np.setdiff1d(np.arange(len(sections)), at)
    rows += zip(whole.tolist(), low[whole].tolist(), high[whole].tolist(), strict=True)
    return pd.DataFrame(rows, columns=[side, f"{side}_from_m", f"{side}_to_m"]).assign(kind=kind)


def _holes(low: float, high: float, start: Floats, end: Floats) -> list[tuple[float, float]]:
    bounds = np.r_[low, np.stack([start, end], axis=1).ravel(), high]
    pairs = bounds.reshape(-1, 2).tolist()
    return [(a, b) for a, b in pairs if b - a > HAIR_M]


def contiguous(pieces: pd.DataFrame) -> Ints:
    """Number of the group of each piece: one goes on where the one before it ends, in both."""
    change = np.zeros(len(pieces), dtype=bool)
    change[:1] = True
    for name in ("section", "route", "stretch"):
        values = pieces[name].to_numpy()
        change[1:] |= values[1:] != values[:-1]
    old_end, new_end = pieces["old_to_m"].to_numpy(float), pieces["new_to_m"].to_numpy(float)
    old_start, new_start = (pieces[name].to_numpy(float) for name in ("old_from_m", "new_from_m"))
    way = np.sign(new_end - new_start)
    change[1:] |= way[1:] != way[:-1]
    change[1:] |= np.abs(old_start[1:] - old_end[:-1]) > HAIR_M
    change[1:] |= np.abs(new_start[1:] - new_end[:-1]) > HAIR_M
    return np.cumsum(change) - 1
