"""Small made networks: axes and points de repère near one origin."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point

from gis.network.network import Network
from voirie.places import RouteKey

D108 = RouteKey("CD31", "031", "D108", "U")
ORIGIN = np.array([600_000.0, 6_250_000.0])


def axis(
    points: list[tuple[float, float]], start: float, end: float, **more: Any
) -> dict[str, Any]:
    line = LineString(np.asarray(points) + ORIGIN)
    row = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U", "part": 1}
    return row | {"cumul_from_m": start, "cumul_to_m": end, "geometry": line} | more


def mark(kind: str, num: int | None, cumul: float, at: tuple[float, float], **more: Any) -> Any:
    row = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
    plo = f"31PR{num}" if num is not None else kind
    return row | {
        "num": num,
        "kind": kind,
        "plo": plo,
        "cumul_m": cumul,
        "geometry": Point(ORIGIN + at),
        **more,
    }


def frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    columns = ["gestionnaire", "dep", "route", "cote", "num", "kind", "plo", "cumul_m", "geometry"]
    if not rows:
        return gpd.GeoDataFrame({c: [] for c in columns}, geometry="geometry", crs="EPSG:2154")
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:2154")


def build(axes: list[dict[str, Any]], pr: list[dict[str, Any]] | None = None) -> Network:
    return Network.of(frame(axes), frame(pr or []))
