"""What a finished network says of itself that no network should say."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gis.imports.faults import Fault
from gis.network.axes import JOINT_M
from gis.network.junctions import END_GAP_M
from gis.network.network import Network
from voirie.messages import message
from voirie.places import ROUTE_KEY, RouteKey

OFF_LINE = 0.3
"""A cumul may differ by this share from the drawn length: the ground is not the map."""

WIDE_M = 30.0


def check_network(network: Network) -> list[Fault]:
    """Look for what is allowed and yet most likely wrong.

    PR out of order or twice at one place, cumul far from the drawn length, carriageways wider
    than 30 m, stretches carried by a route that is not there, routes that touch no other.

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
        *_islands(axes),
    ]


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
