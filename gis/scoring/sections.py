"""Cutting a network into sections, the units that are scored, planned and paid for.

Sections are 200 m long, counted from each break; none crosses a break: a PR, a gap or another
part of the axis, a change of category, pole, commune, agglomeration, width or surfacing. A
remainder under 100 m is joined to the section before it. A stretch that another route carries
gives no section, so that its area is counted once.
"""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.lane_geometry import known_width
from gis.network.network import Network
from gis.network.pr_text import ROUTE_START
from gis.network.referencing import PR_KINDS_READ, pr_of_places
from gis.network.routes import by_route
from gis.scoring.cells import SectionIndex, repeated
from gis.scoring.held import held_sections, mean_width, with_held, without_held
from voirie.arrays import Floats, Ints
from voirie.catalogue.scheme import SectionRule, load_scheme
from voirie.ids import content_id
from voirie.places import ROUTE_KEY
from voirie.tables import CRS

BREAKING = ("category", "pole", "commune", "agglo", "width_m", "surface")
"""Attributes whose change ends a section."""

CARRIED = (*BREAKING, "traffic")
"""Attributes that a section takes from the axis in its middle."""

PLACES_VERSION = "chainage"
"""Stands for the version of the network where places come without one."""

FROM_NETWORK, ASSUMED = "network", "assumed"

KEPT_M = 1.0
"""A section whose ends lie this near to those it had before is the same section."""

_TOUCH_M = 0.01


def cut(network: Network, rule: SectionRule | None = None) -> gpd.GeoDataFrame:
    """Cut a network into sections.

    Sections that the network itself was cut into (layer ``sections``, with the version of this
    very network) are taken as they are, across PR and changes of attributes; their width is the
    mean. Only what they leave is cut.

    An identifier is given once. It is made of the route, PR and abscisse of both ends, and the
    drawn line: a new count of traffic or the new name of a commune leaves it alone. Where one of
    these has changed, a section that stands in the layer ``sections`` of the network, on the same
    route and with both ends within a metre, keeps the one it has there.

    Parameters
    ----------
    network
        The network.
    rule
        Lengths and assumed widths, None for those of the shipped scheme.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of the table ``sections`` up to ``traffic``, and ``geometry``; sorted by
        route and cumul. ``width_source`` is ``assumed`` where the network gives no width.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> sections = cut(read_network(Path("samples/drive/network.gpkg")))
    >>> sections[["route", "plod", "absd", "plof", "absf"]].values.tolist()[:2]
    [['D741', 'DS', 0, '31PR1', 0], ['D741', '31PR1', 0, '31PR1', 65]]
    """
    rule = rule or load_scheme().sections
    axes = network.axes
    carrier = axes["carried_by"].isna().to_numpy()
    own = axes[carrier].sort_values([*ROUTE_KEY, "cumul_from_m"], kind="stable")
    run_from, run_to, run_row = _runs(own.reset_index(drop=True))
    own = own.reset_index(drop=True)
    run_from, run_to, run_row = _broken_at_pr(own, network.pr, run_from, run_to, run_row)
    held = held_sections(network)
    run_from, run_to, run_row = without_held(own, held, run_from, run_to, run_row)
    run, low, high = _steps(run_from, run_to, rule)
    row = _middle_rows(own, run_row[run], (low + high) / 2)
    row, low, high, name = with_held(own, held, row, low, high)
    out = pd.DataFrame(own)[[*ROUTE_KEY, *CARRIED]].iloc[row].reset_index(drop=True)
    out["cumul_from_m"], out["cumul_to_m"] = low, high
    if name.notna().any():
        across = mean_width(own, low, high, row)
        out["width_m"] = out["width_m"].where(name.isna() | across.isna(), across)
    start = pr_of_places(network, out, "cumul_from_m")
    end = pr_of_places(network, out, "cumul_to_m")
    out["plod"], out["absd"] = start["plo"], start["abs_m"]
    out["plof"], out["absf"] = end["plo"], end["abs_m"]
    lines = np.full(len(out), None, dtype=object)
    for route, rows in by_route(out):
        lines[rows] = network.lines(route, low[rows], high[rows])
    out["geometry"] = lines
    new = name.fillna(identifiers(out))
    # What still has its reference and its line is itself, wherever its cumul went.
    itself = network.sections["section_id"].isin(new)
    kept = _kept_ids(network.sections[~itself], out[~new.isin(network.sections["section_id"])])
    out["section_id"] = kept.reindex(out.index).fillna(new)
    return _finished(out, network.version, rule)


def cut_from_places(frames: pd.DataFrame, rule: SectionRule | None = None) -> gpd.GeoDataFrame:
    """Sections under pictures that have a route and a chainage, but no network.

    Each step of 200 m of the chainage in which a picture lies is a section. Nothing is known of
    the road: attributes and geometry are NULL, the width is assumed, and places are written
    as metres from the start of the route (``D108 +0640``).

    Parameters
    ----------
    frames
        Route key and ``cumul_m``; rows with NULL in them are left out.
    rule
        As in `cut`.

    Returns
    -------
    geopandas.GeoDataFrame
        As `cut`; the version of the network is ``chainage``.

    Examples
    --------
    >>> frames = pd.DataFrame(
    ...     {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U",
    ...      "cumul_m": [30.0, 150.0, 640.0, None]}
    ... )
    >>> cut_from_places(frames)[["cumul_from_m", "cumul_to_m", "plod", "absd"]].values.tolist()
    [[0.0, 200.0, '+', 0], [600.0, 800.0, '+', 600]]
    """
    rule = rule or load_scheme().sections
    placed = frames[[*ROUTE_KEY, "cumul_m"]].dropna()
    step = np.floor(placed["cumul_m"].to_numpy(dtype=np.float64) / rule.step_m)
    out = placed[list(ROUTE_KEY)].assign(step=step).drop_duplicates()
    out = out.sort_values([*ROUTE_KEY, "step"]).reset_index(drop=True)
    out["cumul_from_m"] = out["step"] * rule.step_m
    out["cumul_to_m"] = (out["step"] + 1) * rule.step_m
    out = out.drop(columns="step")
    for column, end in (("d", "from"), ("f", "to")):
        out[f"plo{column}"] = ROUTE_START
        out[f"abs{column}"] = np.floor(out[f"cumul_{end}_m"] + 0.5).astype("int64")
    for column in CARRIED:
        out[column] = None
    out["geometry"] = None
    keys = out[[*ROUTE_KEY, "cumul_from_m", "cumul_to_m"]].itertuples(index=False)
    out["section_id"] = [content_id("section", PLACES_VERSION, *key) for key in keys]
    return _finished(out, PLACES_VERSION, rule)


def identifiers(sections: pd.DataFrame) -> pd.Series:
    """Identifiers from the route, PR and abscisse of both ends, and the line to the decimetre.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> sections = cut(read_network(Path("samples/drive/network.gpkg")))
    >>> bool((identifiers(sections) == sections["section_id"]).all())
    True
    """
    xy, owner = shapely.get_coordinates(sections["geometry"].to_numpy(), return_index=True)
    drawn = np.round(xy * 10.0).astype("<i8")
    edges = np.searchsorted(owner, np.arange(len(sections) + 1))
    names = sections[[*ROUTE_KEY, "plod", "absd", "plof", "absf"]].itertuples(index=False)
    ids = [
        content_id("section", *name, hashlib.sha256(drawn[a:b].tobytes()).hexdigest())
        for name, a, b in zip(names, edges[:-1], edges[1:], strict=True)
    ]
    return pd.Series(ids, index=sections.index, dtype="string")


def _kept_ids(kept: pd.DataFrame, sections: pd.DataFrame) -> pd.Series:
    """Identifiers that sections have had before, NULL where there is none."""
    low = sections["cumul_from_m"].to_numpy(dtype=np.float64)
    high = sections["cumul_to_m"].to_numpy(dtype=np.float64)
    index = SectionIndex(kept)
    found = index.at(index.route_of(sections), (low + high) / 2)
    ids = pd.Series(pd.NA, index=sections.index, dtype="string")
    if not len(kept):
        return ids
    old = kept.iloc[np.maximum(found, 0)]
    away = np.maximum(np.abs(old["cumul_from_m"] - low), np.abs(old["cumul_to_m"] - high))
    same = (found >= 0) & (away.to_numpy() <= KEPT_M)
    return ids.mask(same, old["section_id"].set_axis(sections.index))


def _finished(out: pd.DataFrame, version: str, rule: SectionRule) -> gpd.GeoDataFrame:
    """Lengths, widths and areas, and the order of the table."""
    out["network_version"] = version
    out["length_m"] = out["cumul_to_m"] - out["cumul_from_m"]
    width = pd.to_numeric(out["width_m"]).to_numpy(dtype=np.float64, na_value=np.nan)
    known = known_width(width)
    category = pd.to_numeric(out["category"]).astype("Int64")
    # A category that the scheme does not know has the width of an unknown one.
    widths = category.astype("float64").map(rule.assumed_width_m)
    assumed = widths.fillna(rule.assumed_width_m[0]).to_numpy(dtype=np.float64)
    out["width_m"] = np.where(known, width, assumed)
    out["width_source"] = np.where(known, FROM_NETWORK, ASSUMED)
    out["area_m2"] = out["length_m"] * out["width_m"]
    columns = ["section_id", "network_version", *ROUTE_KEY, "plod", "absd", "plof", "absf"]
    columns += ["cumul_from_m", "cumul_to_m", "length_m", "width_m", "width_source", "area_m2"]
    columns += ["category", "pole", "commune", "agglo", "surface", "traffic"]
    geometry = gpd.GeoSeries(out["geometry"].to_numpy(), index=out.index, crs=CRS)
    return gpd.GeoDataFrame(out[columns], geometry=geometry, crs=CRS)


def _runs(axes: pd.DataFrame) -> tuple[Floats, Floats, Ints]:
    """Stretches without a break: from, to, and their first row."""
    if axes.empty:
        return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    changed = np.zeros(len(axes), dtype=bool)
    changed[0] = True
    for column in (*ROUTE_KEY, "part", *BREAKING):
        # NULL is a value of its own here: known against unknown is a change.
        codes = pd.factorize(axes[column])[0]
        changed[1:] |= codes[1:] != codes[:-1]
    low = axes["cumul_from_m"].to_numpy(dtype=np.float64)
    high = axes["cumul_to_m"].to_numpy(dtype=np.float64)
    changed[1:] |= low[1:] - high[:-1] > _TOUCH_M
    first = np.flatnonzero(changed)
    run_from, run_to = low[first].copy(), np.maximum.reduceat(high, first)
    route = axes.groupby(list(ROUTE_KEY), sort=False).ngroup().to_numpy()[first]
    # Ends that overlap by a rounding are cut where the first one ends: no metre is in two.
    same = np.r_[False, route[1:] == route[:-1]]
    run_from[same] = np.maximum(run_from[same], np.r_[0.0, run_to[:-1]][same])
    return run_from, run_to, first.astype(np.int64)


def _broken_at_pr(
    axes: pd.DataFrame,
    pr: pd.DataFrame,
    run_from: Floats,
    run_to: Floats,
    run_row: Ints,
) -> tuple[Floats, Floats, Ints]:
    """Break stretches at each PR that lies inside them."""
    runs = axes.loc[run_row, list(ROUTE_KEY)].reset_index(drop=True)
    runs = runs.assign(run=np.arange(len(runs)))
    used = pr[pr["kind"].isin(PR_KINDS_READ)][[*ROUTE_KEY, "cumul_m"]]
    pairs = runs.merge(used, on=list(ROUTE_KEY))
    run, at = pairs["run"].to_numpy(), pairs["cumul_m"].to_numpy(dtype=np.float64)
    inside = (at > run_from[run] + _TOUCH_M) & (at < run_to[run] - _TOUCH_M)
    owner = np.r_[np.arange(len(runs)), run[inside]]
    start = np.r_[run_from, at[inside]]
    order = np.lexsort((start, owner))
    owner, start = owner[order], start[order]
    keep = np.r_[True, (np.diff(owner) != 0) | (np.diff(start) > _TOUCH_M)][: len(owner)]
    owner, start = owner[keep], start[keep]
    last = np.r_[np.diff(owner) != 0, True][: len(owner)]
    end = np.where(last, run_to[owner], np.r_[start[1:], 0.0][: len(start)])
    return start, end, run_row[owner]


def _steps(run_from: Floats, run_to: Floats, rule: SectionRule) -> tuple[Ints, Floats, Floats]:
    """Cut stretches into steps: the stretch, the start and the end of each section."""
    length = run_to - run_from
    whole = np.floor(length / rule.step_m + 1e-9).astype(np.int64)
    rest = length - whole * rule.step_m
    count = np.maximum(whole + (rest >= rule.shortest_m), 1)
    run, inner = repeated(count)
    low = run_from[run] + inner * rule.step_m
    last = inner == count[run] - 1
    high = np.where(last, run_to[run], low + rule.step_m)
    return run, low, high


def _middle_rows(axes: pd.DataFrame, run_row: Ints, middle: Floats) -> Ints:
    """Row of the axis in the middle of each section, at or after the first row of its stretch."""
    high = axes["cumul_to_m"].to_numpy(dtype=np.float64)
    route = axes.groupby(list(ROUTE_KEY), sort=False).ngroup().to_numpy()
    shift = 1e7
    found = np.searchsorted(route * shift + high, route[run_row] * shift + middle, side="left")
    return np.maximum(found, run_row)
