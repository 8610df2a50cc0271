"""A network from stretches of road: joined along each route, measured, with its PR.

Where the file has a cumul it is kept, and its faults are told; where it has none the route is
measured from its beginning, and PR that come later calibrate it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.imports.faults import Fault
from gis.imports.given_cumul import keep_cumul
from gis.imports.laying import Laid, joined, lay_out
from gis.imports.markers import Markers, calibrated, markers_from_ends, markers_of
from gis.imports.rings import at_its_beginning, backwards, cut_at, is_ring, lowest, runs_back
from gis.network.axes import AXES_OPTIONAL, JOINT_M
from gis.network.network import Network
from voirie.arrays import Bools
from voirie.messages import message
from voirie.places import ROUTE_KEY
from voirie.tables import CRS

ROAD = ("gestionnaire", "dep", "route")
"""What tells one road from another; its carriageways are found, or given."""

MERGED_BY = (*ROUTE_KEY, "part", *AXES_OPTIONAL)
"""Neighbours that agree in all of these are one stretch of the network."""

_COVER_M = 0.5


@dataclass(frozen=True, slots=True)
class Made:
    """A network that was made of a file of roads.

    Attributes
    ----------
    network
        The network.
    faults
        What was left out, mended or is told, in the order in which it was met.
    """

    network: Network
    faults: list[Fault]


def make_network(
    roads: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Made:
    """Make a network.

    Parameters
    ----------
    roads
        Stretches as `gis.imports.cleaning.clean` gives them, every one with ``gestionnaire`` and
        ``dep``.
    points
        Points of reference as `gis.imports.markers.clean_points` gives them, None where the
        file has none.
    progress
        Told how many routes are done, of how many.

    Raises
    ------
    NetworkUnusable
        When no stretch is left.

    Examples
    --------
    >>> from gis.imports.cleaning import clean
    >>> from gis.imports.mapping import LayerMapping
    >>> table = gpd.GeoDataFrame(
    ...     {"axe": ["D67", "D67"]},
    ...     geometry=[shapely.LineString([(6e5, 6e6), (6e5 + 300, 6e6)]),
    ...               shapely.LineString([(6e5 + 900, 6e6), (6e5 + 300, 6e6)])], crs=2154,
    ... )
    >>> roads = clean(table, LayerMapping(columns={"route": "axe"})).roads
    >>> made = make_network(roads.assign(gestionnaire="CD12", dep="012"))
    >>> [(str(route), made.network.length_m(route)) for route in made.network.routes()]
    [('D67 (CD12, 012)', 900.0)]
    """
    faults: list[Fault] = []
    axes, pr = [], []
    groups = list(roads.groupby(list(ROAD), sort=True))
    near = {} if points is None else dict(iter(points.groupby(list(ROAD), sort=True)))
    for done, (key, road) in enumerate(groups, start=1):
        road = gpd.GeoDataFrame(road.reset_index(drop=True))
        own = near.pop(key, None)
        rows, markers = _one_road(
            _without_doubles(road, faults), None if own is None else gpd.GeoDataFrame(own), faults
        )
        axes.append(pd.DataFrame(rows))
        if len(markers.points):
            pr.append(markers.table(rows))
        if progress is not None:
            progress(done, len(groups))
    for key, strays in near.items():
        told = message("{route}: no stretch of this route is in the file", route=str(key[2]))
        faults += [Fault("pr_route", str(key[2]), told, at) for at in strays["geometry"]]
    layer = _merged(gpd.GeoDataFrame(pd.concat(axes, ignore_index=True), crs=CRS))
    table = pd.concat(pr, ignore_index=True) if pr else Markers.none().table(layer.iloc[:1])
    return Made(Network.of(layer, gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)), faults)


def _one_road(
    road: gpd.GeoDataFrame, points: gpd.GeoDataFrame | None, faults: list[Fault]
) -> tuple[gpd.GeoDataFrame, Markers]:
    """Stretches of one road with carriageway, part and cumul, and its markers."""
    span = (road["cumul_to_m"] - road["cumul_from_m"]).abs()
    measured = (span > 0.0).to_numpy()
    if not measured.all() and span.notna().any():
        _tell_holes(road, measured, faults)
    if measured.all():
        rows = keep_cumul(road, faults)
        markers = markers_from_ends(rows, faults)
        return rows, markers if points is None else markers.joined_by(points, rows, faults)
    lines, way = road.geometry.to_numpy(), road["way"].to_numpy()
    ramp = road["ramp"].to_numpy()
    laid = lay_out(lines, way, ramp)
    if points is not None:
        found = markers_of(points, _drawn(road, laid), [])
        first, begin = found.beginning(), lowest(found)
        if begin is not None and is_ring(laid, lines):
            road, laid = _from_lowest(road, points, begin)
            points = at_its_beginning(points, _drawn(road, laid).geometry.to_numpy()[0])
        elif first is not None:
            laid = lay_out(lines, way, ramp, first)
    rows = _drawn(road, laid)
    markers = Markers.none() if points is None else markers_of(points, rows, faults)
    _tell_layout(road, laid, rows, faults)
    return calibrated(rows, markers), markers


def _from_lowest(
    road: gpd.GeoDataFrame, points: gpd.GeoDataFrame, begin: shapely.Point
) -> tuple[gpd.GeoDataFrame, Laid]:
    """A road that closes on itself, laid out from its lowest PR the way its numbers grow."""
    road = cut_at(road, begin)
    lines, way = road.geometry.to_numpy(), road["way"].to_numpy()
    laid = lay_out(lines, way, road["ramp"].to_numpy(), (begin.x, begin.y))
    if not way.any():
        rows = _drawn(road, laid)
        found = markers_of(at_its_beginning(points, rows.geometry.to_numpy()[0]), rows, [])
        if runs_back(found, float(rows["cumul_to_m"].max())):
            laid = backwards(laid)
    return road, laid


def _tell_holes(road: gpd.GeoDataFrame, measured: Bools, faults: list[Fault]) -> None:
    route = str(road["route"].iloc[0])
    told = message(
        "{route}: {n} of {all} stretches have no cumul, or one of no length; the route is measured"
        " anew along its line",
        route=route,
        n=int((~measured).sum()),
        all=len(road),
    )
    where = shapely.union_all(road.geometry.to_numpy()[~measured])
    faults.append(Fault("holes", route, told, where))


def _drawn(road: gpd.GeoDataFrame, laid: Laid) -> gpd.GeoDataFrame:
    """Rows of a layout with their attributes, their lines running with the cumul."""
    rows = road.iloc[laid.rows["row"]].reset_index(drop=True)
    for name in ("cote", "part", "cumul_from_m", "cumul_to_m"):
        rows[name] = laid.rows[name].to_numpy()
    lines = rows.geometry.to_numpy()
    rows.geometry = np.where(laid.rows["turned"], shapely.reverse(lines), lines)
    return rows


def _tell_layout(
    road: gpd.GeoDataFrame, laid: Laid, rows: gpd.GeoDataFrame, faults: list[Fault]
) -> None:
    route, lines = str(road["route"].iloc[0]), road.geometry.to_numpy()
    for row, reason in laid.beside.itertuples(index=False):
        line = lines[row]
        told = message(
            "{route}: {n} m beside the road are left out",
            route=route,
            n=round(float(line.length)),
        )
        faults.append(Fault(str(reason), route, told, line))
    for part in laid.branches:
        branch = rows[(rows["part"] == part) & (rows["cote"] == "U")]
        told = message(
            "{route}: a branch of {n} m is counted from {cumul} m on, after the end",
            route=route,
            n=round(float(branch.length.sum())),
            cumul=round(float(branch["cumul_from_m"].min())),
        )
        faults.append(Fault("branch", route, told, shapely.union_all(branch.geometry.to_numpy())))
    spine = rows if not laid.branches else rows[~rows["part"].isin(laid.branches)]
    tell_gaps(spine, faults)


def tell_gaps(rows: gpd.GeoDataFrame, faults: list[Fault]) -> None:
    """Tell where a route is broken: one fault for each step from a part to the next.

    Parameters
    ----------
    rows
        Stretches of one road, lines running with the cumul.
    faults
        Takes what is found.
    """
    own = np.flatnonzero(rows["cote"].to_numpy() != "G")
    own = own[np.argsort(rows["cumul_from_m"].to_numpy(float)[own], kind="stable")]
    lines, part = rows.geometry.to_numpy()[own], rows["part"].to_numpy()[own]
    for step in np.flatnonzero(np.diff(part) != 0):
        a, b = shapely.get_point(lines[step], -1), shapely.get_point(lines[step + 1], 0)
        wide = float(shapely.distance(a, b))
        if wide <= JOINT_M:
            continue
        route = str(rows["route"].iloc[0])
        told = message(
            "{route}: a gap of {n} m at {cumul} m",
            route=route,
            n=round(wide),
            cumul=round(float(rows["cumul_to_m"].iloc[own[step]])),
        )
        faults.append(Fault("gap", route, told, shapely.LineString([a, b])))


def _without_doubles(road: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Stretches without those that lie on another one: the newest is kept, then the longest."""
    lines = road.geometry.to_numpy()
    tree = shapely.STRtree(lines)
    inner, outer = tree.query(lines, predicate="dwithin", distance=0.0)
    pair = inner != outer
    inner, outer = inner[pair], outer[pair]
    length = shapely.length(lines)
    fits = length[inner] <= length[outer] + _COVER_M
    inner, outer = inner[fits], outer[fits]
    on = shapely.covered_by(lines[inner], shapely.buffer(lines[outer], _COVER_M))
    gone = np.zeros(len(road), dtype=bool)
    newer = road["made_on"].fillna("").to_numpy()
    for a, b in zip(inner[on].tolist(), outer[on].tolist(), strict=True):
        if gone[a] or gone[b]:
            continue
        alike = abs(length[a] - length[b]) <= _COVER_M
        gone[b if alike and newer[a] > newer[b] else a] = True
    for line, route in zip(lines[gone], road["route"][gone], strict=True):
        told = message(
            "{route}: {n} m are drawn twice: one is left out",
            route=str(route),
            n=round(float(shapely.length(line))),
        )
        faults.append(Fault("duplicate", str(route), told, line))
    return road[~gone].reset_index(drop=True) if gone.any() else road


def _merged(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Neighbours that agree in everything, and whose lines meet, as one stretch."""
    rows = rows.sort_values([*ROUTE_KEY, "cumul_from_m"], kind="stable").reset_index(drop=True)
    lines = rows.geometry.to_numpy()
    keys = rows[list(MERGED_BY)].astype("string").fillna("")
    same = (keys == keys.shift()).all(axis=1).to_numpy()
    gap = np.r_[
        np.inf, shapely.distance(shapely.get_point(lines[:-1], -1), shapely.get_point(lines[1:], 0))
    ]
    step = np.r_[np.inf, rows["cumul_from_m"].to_numpy()[1:] - rows["cumul_to_m"].to_numpy()[:-1]]
    # A stretch whose measure is stretched otherwise than its neighbour's keeps its own.
    scale = (rows["cumul_to_m"] - rows["cumul_from_m"]).to_numpy() / shapely.length(lines)
    even = np.abs(np.diff(scale, prepend=np.inf)) < 1e-3
    begins = ~(same & (gap <= JOINT_M) & (np.abs(step) < 0.01) & even)
    group = np.cumsum(begins) - 1
    first = rows[begins].reset_index(drop=True)
    first["cumul_to_m"] = rows.groupby(group)["cumul_to_m"].last().to_numpy()
    first.geometry = [
        joined(lines[part], np.zeros(len(part), dtype=bool))
        for part in np.split(np.arange(len(rows)), np.flatnonzero(begins)[1:])
    ]
    return gpd.GeoDataFrame(first)
