"""The road network of the sample: routes, markers, side roads, as `network.gpkg`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

from .alignment import Alignment

Array = NDArray[np.float64]

CRS = "EPSG:2154"
MANAGER = "CD31"
DEP = "031"
D763_JOINS_M = 389.67  # calibrated cumul where D763 meets D741


@dataclass(frozen=True)
class Stretch:
    """A homogeneous stretch of a route that follows the axis."""

    route: str
    s_from_m: float
    s_to_m: float
    category: int
    pole: str
    commune: str
    agglo: bool
    width_m: float
    surface: str
    traffic: int
    carried_by: str | None = None


@dataclass(frozen=True)
class Route:
    """How cumuls of a route follow the axis: ``cumul = cumul0 + sign * factor * (s - s0)``."""

    name: str
    s0_m: float
    cumul0_m: float
    sign: int
    factor: float

    def cumul(self, s: Array | float) -> Any:
        """Return the calibrated cumul at ``s``."""
        return self.cumul0_m + self.sign * self.factor * (np.asarray(s) - self.s0_m)


ROUTES = {
    "D752": Route("D752", 180.0, 0.0, -1, 1.0),
    "D741": Route("D741", 180.0, 0.0, 1, 1.003),
    "D763": Route("D763", 900.0, D763_JOINS_M, 1, 0.998),
}
NORTH, SOUTH = "Pôle des Coteaux", "Pôle de la Vallée"
STRETCHES = (
    Stretch("D752", 60.0, 180.0, 3, NORTH, "Montarel", False, 5.5, "ES", 640),
    Stretch("D752", -460.0, 60.0, 3, NORTH, "Saint-Aubrac-l’Évêque", False, 5.5, "ES", 640),
    Stretch("D741", 180.0, 330.0, 2, NORTH, "Montarel", False, 5.8, "BB", 2350),
    Stretch("D741", 330.0, 760.0, 2, NORTH, "Montarel", True, 6.0, "BB", 2900),
    Stretch("D741", 760.0, 1240.0, 2, NORTH, "Montarel", False, 5.7, "BB", 2350),
    Stretch("D741", 1240.0, 2260.0, 2, SOUTH, "La Vergnée", False, 5.7, "ECF", 1900),
    Stretch("D763", 900.0, 1050.0, 3, NORTH, "Montarel", False, 5.7, "BB", 2350, "D741"),
)
# route, kind, number, cumul; distances between markers are uneven, one is 1,140 m
MARKERS: tuple[tuple[str, str, int | None, float], ...] = (
    ("D752", "DS", None, 0.0),
    ("D752", "PR0", 0, 0.0),
    ("D752", "PR", 1, 415.0),
    ("D752", "FS", None, 640.0),
    ("D741", "DS", None, 0.0),
    ("D741", "PR", 1, 85.0),
    ("D741", "PR", 2, 1225.0),
    ("D741", "PR", 3, 1930.0),
    ("D741", "PRF", 4, 2086.24),
    ("D741", "FS", None, 2086.24),
    ("D763", "DS", None, 0.0),
    ("D763", "PR0", 0, 0.0),
    ("D763", "PR", 1, 702.0),
)


@dataclass(frozen=True)
class Line:
    """A side road in the world."""

    x: Array
    y: Array
    width_m: float
    tone: float


def _bezier(points: list[tuple[float, float]], count: int = 60) -> Array:
    """Return a smooth curve through control points (de Casteljau)."""
    t = np.linspace(0, 1, count)[:, None]
    layers = [np.repeat(np.array([point], float), count, axis=0) for point in points]
    while len(layers) > 1:
        layers = [a * (1 - t) + b * t for a, b in pairwise(layers)]
    return np.asarray(layers[0])


def _world(road: Alignment, path: Array) -> tuple[Array, Array]:
    return road.world(path[:, 0], path[:, 1])


def _legs(road: Alignment) -> dict[str, tuple[Array, Array]]:
    """Return the undriven lines: both legs of D763, the crossing road, the end of D752."""
    beside = np.stack([np.linspace(560, 830, 80), np.full(80, -27.0)], -1)
    turn = _bezier([(830, -27.0), (880, -27.0), (893, -16.0), (900, 0.0)], 40)
    far = np.stack([np.linspace(540, 560, 4), np.full(4, -27.0)], -1)
    first = np.concatenate([far[:-1], beside, turn[1:]])
    second = _bezier([(1050, 0.0), (1056, 14.0), (1075, 55.0), (1105, 130.0), (1150, 260.0)], 60)
    x0, y0 = road.world(np.array([1302.0]), np.array([0.0]))
    heading = float(road.heading_rad(np.array([1302.0]))[0]) + np.radians(78)
    way = np.linspace(-210, 240, 60)
    cross = (x0[0] + np.sin(heading) * way, y0[0] + np.cos(heading) * way)
    x1, y1 = road.world(np.array([180.0]), np.array([0.0]))
    heading = float(road.heading_rad(np.array([180.0]))[0]) - np.radians(66)
    way = np.linspace(0, 230, 40)
    lane = (x1[0] + np.sin(heading) * way, y1[0] + np.cos(heading) * way)
    return {
        "first": _world(road, first),
        "second": _world(road, second),
        "cross": cross,
        "lane": lane,
    }


def side_roads(road: Alignment) -> list[Line]:
    """Return the side roads that are painted on the ground."""
    legs = _legs(road)
    wide = {"first": 5.0, "second": 5.0, "cross": 4.8, "lane": 4.0}
    lines = [Line(*legs[name], wide[name], 1.0 if name != "lane" else 1.08) for name in legs]
    for s, side, length in ((288.0, 1, 40.0), (1168.0, -1, 60.0), (1418.0, 1, 45.0)):
        path = np.stack(
            [s + 0.12 * np.linspace(0, length, 20), side * np.linspace(0, length, 20)], -1
        )
        lines.append(Line(*_world(road, path), 3.2, 1.25))
    return lines


def _row(
    route: str, part: int, low: float, high: float, geometry: LineString, **more: Any
) -> dict[str, Any]:
    return {
        "gestionnaire": MANAGER,
        "dep": DEP,
        "route": route,
        "cote": "U",
        "part": part,
        "cumul_from_m": round(low, 3),
        "cumul_to_m": round(high, 3),
        **more,
        "geometry": geometry,
    }


def axes_table(road: Alignment) -> gpd.GeoDataFrame:
    """Return the layer `axes`: one row for each homogeneous stretch."""
    rows = []
    for item in STRETCHES:
        route = ROUTES[item.route]
        s = np.arange(item.s_from_m, item.s_to_m + 0.01, 2.0)
        x, y = road.world(s, np.zeros_like(s))
        points = np.stack([x, y], -1)
        low, high = float(route.cumul(item.s_from_m)), float(route.cumul(item.s_to_m))
        if low > high:
            low, high, points = high, low, points[::-1]
        rows.append(
            _row(
                item.route,
                1,
                low,
                high,
                LineString(points.round(3)),
                category=item.category,
                pole=item.pole,
                commune=item.commune,
                agglo=item.agglo,
                width_m=item.width_m,
                surface=item.surface,
                traffic=item.traffic,
                carried_by=item.carried_by,
            )
        )
    legs = _legs(road)
    plain = {"category": 3, "pole": NORTH, "agglo": False, "surface": "ES", "carried_by": None}
    first = LineString(np.stack(legs["first"], -1).round(3))
    second = LineString(np.stack(legs["second"], -1).round(3))
    end = float(ROUTES["D763"].cumul(1050.0))
    rows.append(
        _row(
            "D763",
            1,
            0.0,
            D763_JOINS_M,
            first,
            commune="Montarel",
            width_m=5.0,
            traffic=410,
            **plain,
        )
    )
    rows.append(
        _row(
            "D763",
            1,
            end,
            end + 0.998 * second.length,
            second,
            commune="Montarel",
            width_m=5.0,
            traffic=380,
            **plain,
        )
    )
    cross = LineString(np.stack(legs["cross"], -1).round(3))
    rows.append(
        _row(
            "D770",
            1,
            1500.0,
            1500.0 + cross.length,
            cross,
            commune="La Vergnée",
            width_m=4.8,
            traffic=220,
            **(plain | {"pole": SOUTH}),
        )
    )
    lane = LineString(np.stack(legs["lane"], -1).round(3))
    rows.append(
        _row(
            "D771", 1, 0.0, lane.length, lane, commune="Montarel", width_m=4.0, traffic=90, **plain
        )
    )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def markers_table(road: Alignment, axes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer `pr`: markers with their cumul and place."""
    rows = []
    last = float(axes[axes.route == "D763"].cumul_to_m.max())
    markers = (*MARKERS, ("D763", "PRF", 2, last), ("D763", "FS", None, last))
    for name, kind, number, cumul in markers:
        held = axes[
            (axes.route == name)
            & (axes.cumul_from_m <= cumul + 0.02)
            & (axes.cumul_to_m >= cumul - 0.02)
        ].iloc[0]
        share = (cumul - held.cumul_from_m) / (held.cumul_to_m - held.cumul_from_m)
        point = held.geometry.interpolate(min(max(share, 0), 1), normalized=True)
        text = kind if number is None else f"{DEP[1:]}PR{number}"
        rows.append(
            {
                "gestionnaire": MANAGER,
                "dep": DEP,
                "route": name,
                "cote": "U",
                "num": number,
                "kind": kind,
                "plo": text,
                "cumul_m": round(cumul, 3),
                "geometry": Point(round(point.x, 3), round(point.y, 3)),
            }
        )
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table["num"] = table["num"].astype("Int64")
    return table


def place(s_m: float, d_m: float) -> tuple[str, float, float, int]:
    """Return carrying route, cumul, offset in its direction, and its sign along the axis."""
    route = ROUTES["D752"] if s_m < 180.0 else ROUTES["D741"]
    return route.name, float(route.cumul(s_m)), route.sign * d_m, route.sign


def write_network(road: Alignment, path: Path) -> None:
    """Write `network.gpkg`, GeoPackage 1.3."""
    axes = axes_table(road)
    path.unlink(missing_ok=True)
    axes.to_file(path, layer="axes", driver="GPKG", VERSION="1.3")
    markers_table(road, axes).to_file(path, layer="pr", driver="GPKG", VERSION="1.3")
