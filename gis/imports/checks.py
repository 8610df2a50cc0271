"""What a finished network says of itself that no network should say."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gis.imports.faults import Fault
from gis.network.axes import JOINT_M
from gis.network.junctions import END_GAP_M
from gis.network.network import Network
from gis.network.routes import by_route
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.messages import message
from voirie.places import ROUTE_KEY, RouteKey

OFF_LINE = 0.3
"""A cumul may differ by this share from the drawn length: the ground is not the map."""

WIDE_M = 30.0

FAR_M = 150.0
"""Two carriageways of one road lie nearer than this where they count the same metres."""

_INSEE = r"(?:\d{2}|2[AB])\d{3}"


def check_network(network: Network, prices: Treatments | None = None) -> list[Fault]:
    """Look for what is allowed and yet most likely wrong.

    PR out of order or twice at one place, cumul far from the drawn length, carriageways wider
    than 30 m, left carriageways far from the metres they count, stretches carried by a route that
    is not there, routes that touch no other, categories that no price list knows, communes that
    are codes. What only a finished network has to be asked, `check_layout` tells.

    Parameters
    ----------
    network
        The network.
    prices
        Price list, None for the one that ships.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> check_network(read_network(Path("samples/drive/network.gpkg")))
    []
    """
    axes = network.axes
    return [
        *_pr_order(network),
        *_off_line(axes),
        *_carriers(axes),
        *_wide(axes),
        *_contrary(network),
        *_islands(axes),
        *_categories(axes, (prices or load_treatments()).categories),
        *_communes(axes),
    ]


def check_layout(network: Network) -> list[Fault]:
    """Look for gaps and branches: where a part of a road does not begin where one before it ends.

    A part one of whose ends lies on the road before it is a branch; else there is a gap.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> check_layout(read_network(Path("samples/drive/network.gpkg")))
    []
    """
    faults: list[Fault] = []
    axes = network.axes[network.axes["cote"] != "G"]
    route = [str(name) for name in axes["route"]]
    lines, part = axes.geometry.to_numpy(), axes["part"].to_numpy()
    low = axes["cumul_from_m"].to_numpy(float)
    road = axes.groupby(list(ROUTE_KEY[:3]), sort=True).ngroup().to_numpy()
    order = np.lexsort((low, road))
    for own in np.split(order, np.flatnonzero(np.diff(road[order])) + 1):
        for step in np.flatnonzero(np.diff(part[own]) != 0).tolist():
            one, two = own[step], own[step + 1]
            a, b = shapely.get_point(lines[one], -1), shapely.get_point(lines[two], 0)
            wide = float(shapely.distance(a, b))
            if wide <= JOINT_M:
                continue
            branch = own[part[own] == part[two]]
            before = own[: step + 1]
            ends = shapely.get_point(lines[branch][[0, -1]], [0, -1])
            on_the_road = shapely.distance(ends[:, None], lines[before][None, :]).min() <= JOINT_M
            if on_the_road:
                metres = round(float(shapely.length(lines[branch]).sum()))
                told = message(
                    "{route}: a branch of {n} m is counted from {cumul} m on, after the end",
                    route=route[two], n=metres, cumul=round(float(low[two])),
                )  # fmt: skip
                whole = shapely.union_all(lines[branch])
                faults.append(Fault("branch", route[two], told, whole))
            else:
                told = message(
                    "{route}: a gap of {n} m at {cumul} m",
                    route=route[one], n=round(wide), cumul=round(float(low[two])),
                )  # fmt: skip
                faults.append(Fault("gap", route[one], told, shapely.LineString([a, b])))
    return faults


def _pr_order(network: Network) -> list[Fault]:
    faults = []
    numbered = network.pr[network.pr["num"].notna() & network.pr["kind"].isin(["PR0", "PR"])]
    for _, group in numbered.groupby(list(ROUTE_KEY), sort=True):
        cumul, num = group["cumul_m"].to_numpy(float), group["num"].to_numpy(float)
        for index in np.flatnonzero((np.diff(num) <= 0) | (np.diff(cumul) < JOINT_M)):
            route, plo = str(group["route"].iloc[0]), str(group["plo"].iloc[index + 1])
            together = cumul[index + 1] - cumul[index] < JOINT_M
            told = (
                message("{route}: {plo} and {other} stand at one place", route=route, plo=plo,
                        other=str(group["plo"].iloc[index]))
                if together
                else message("{route}: {plo} stands after {other}", route=route, plo=plo,
                             other=str(group["plo"].iloc[index]))
            )  # fmt: skip
            at = network.axes[Network.of_route(network.axes, _key(group))]
            faults.append(
                Fault("pr_twice" if together else "pr_order", route, told, at.geometry.iloc[0])
            )
    return faults


def _off_line(axes: gpd.GeoDataFrame) -> list[Fault]:
    faults = []
    for _, road in axes.groupby(list(ROUTE_KEY), sort=True):
        told_m = float((road["cumul_to_m"] - road["cumul_from_m"]).sum())
        drawn = float(road.length.sum())
        if abs(told_m - drawn) > OFF_LINE * drawn:
            route = str(road["route"].iloc[0])
            told = message(
                "{route}: its cumul counts {n} m, its line is {drawn} m",
                route=route,
                n=round(told_m),
                drawn=round(drawn),
            )
            whole = shapely.union_all(road.geometry.to_numpy())
            faults.append(Fault("off_line", route, told, whole))
    return faults


def _carriers(axes: gpd.GeoDataFrame) -> list[Fault]:
    lost = axes[axes["carried_by"].notna() & ~axes["carried_by"].isin(axes["route"])]
    faults = []
    for route, metres, line, other in zip(*_places(lost), lost["carried_by"], strict=True):
        told = message(
            "{route}: {n} m are said to be carried by {other}, which is not in the network;"
            " nobody counts them",
            route=route,
            n=round(metres),
            other=str(other),
        )
        faults.append(Fault("carrier", route, told, line))
    return faults


def _wide(axes: gpd.GeoDataFrame) -> list[Fault]:
    wide = axes[axes["width_m"] > WIDE_M]
    faults = []
    for route, metres, line, width_m in zip(*_places(wide), wide["width_m"], strict=True):
        told = message(
            "{route}: {n} m of road are {width} m wide",
            route=route,
            n=round(metres),
            width=float(width_m),
        )
        faults.append(Fault("wide", route, told, line))
    return faults


def _contrary(network: Network) -> list[Fault]:
    """Stretches of a left carriageway that the other one has elsewhere under the same cumul."""
    faults = []
    axes = network.axes
    keys = dict(by_route(axes))
    for key in sorted(key for key in keys if key.cote == "G"):
        rows = axes.iloc[keys[key]]
        low, high = rows["cumul_from_m"].to_numpy(float), rows["cumul_to_m"].to_numpy(float)
        middle = (low + high) / 2
        own, near = network.locate(key, middle), np.full(len(rows), np.inf)
        for other in (replace(key, cote="D"), replace(key, cote="U")):
            if other in keys:
                apart = np.linalg.norm(network.locate(other, middle) - own, axis=1)
                near = np.fmin(near, np.where(np.isnan(apart), np.inf, apart))
        wrong = np.isfinite(near) & (near > FAR_M)
        for a, b, metres, line in zip(
            low[wrong], high[wrong], near[wrong], rows.geometry.to_numpy()[wrong], strict=True
        ):
            told = message(
                "{route} G: its metres from {low} to {high} lie {n} m from those of the other"
                " carriageway",
                route=key.route, low=round(float(a)), high=round(float(b)), n=round(float(metres)),
            )  # fmt: skip
            faults.append(Fault("contrary", key.route, told, line))
    return faults


def _categories(axes: gpd.GeoDataFrame, known: tuple[int, ...]) -> list[Fault]:
    """Routes of a category without prices or ageing."""
    lost = axes[axes["category"].notna() & ~axes["category"].isin(known)]
    faults = []
    for (route, category), rows in lost.groupby(["route", "category"], sort=True):
        told = message(
            "{route}: {n} m are of category {category}; the price list knows {known}",
            route=str(route),
            n=round(float((rows["cumul_to_m"] - rows["cumul_from_m"]).sum())),
            category=str(category),
            known=", ".join(map(str, known)),
        )
        where = shapely.union_all(rows.geometry.to_numpy())
        faults.append(Fault("category", str(route), told, where))
    return faults


def _communes(axes: gpd.GeoDataFrame) -> list[Fault]:
    """Communes that are told by their code, as BD TOPO 2 and 3 do: one fault for all."""
    named = axes["commune"].dropna()
    codes = named[named.str.fullmatch(_INSEE)]
    if codes.empty:
        return []
    told = message(
        "{n} of {all} stretches have the code of their commune ({code}) for its name;"
        " --join communes.gpkg:commune=nom gives names",
        n=len(codes),
        all=len(named),
        code=str(codes.iloc[0]),
    )
    return [Fault("commune", None, told)]


def _places(axes: gpd.GeoDataFrame) -> tuple[list[str], list[float], list[BaseGeometry]]:
    """Route, metres and line of stretches."""
    metres = axes["cumul_to_m"] - axes["cumul_from_m"]
    return axes["route"].astype(str).tolist(), metres.tolist(), axes.geometry.tolist()


def _islands(axes: gpd.GeoDataFrame) -> list[Fault]:
    """Routes none of whose stretches comes near another route: often a name misspelt."""
    route = axes["route"].to_numpy()
    if len(set(route)) < 2:
        return []
    lines = axes.geometry.to_numpy()
    a, b = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=END_GAP_M)
    met = set(route[a[route[a] != route[b]]])
    return [
        Fault(
            "island",
            str(name),
            message("{route} touches no other route", route=str(name)),
            shapely.union_all(lines[route == name]),
        )
        for name in sorted(set(route) - met)
    ]


def _key(group: pd.DataFrame) -> RouteKey:
    return RouteKey(*(str(group[name].iloc[0]) for name in ROUTE_KEY))
