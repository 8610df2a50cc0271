"""Drives whose truth is known, on small made networks."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from gis.network.network import Network
from voirie.arrays import Floats
from voirie.places import RouteKey

ORIGIN = np.array([600_000.0, 6_250_000.0])
KEY = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
D108 = RouteKey(**KEY)


def net(*rows: tuple[Any, ...]) -> Network:
    """Axes given as (points, cumul from, cumul to, more columns)."""
    axes = [
        KEY
        | {"part": 1, "cumul_from_m": start, "cumul_to_m": end, "width_m": 5.5}
        | {"geometry": LineString(np.asarray(points, dtype=float) + ORIGIN)}
        | (more[0] if more else {})
        for points, start, end, *more in rows
    ]
    pr = [
        KEY | {"num": n, "kind": "PR", "plo": f"31PR{n}", "cumul_m": m, "geometry": Point(ORIGIN)}
        for n, m in ((1, 300.0), (2, 1440.0))
    ]
    return Network.of(
        gpd.GeoDataFrame(axes, crs="EPSG:2154"),
        gpd.GeoDataFrame(pr, crs="EPSG:2154").assign(geometry=None),
    )


def path_of(points: Any, speed: float = 14.0, hz: float = 1.0) -> tuple[Floats, Floats]:
    """Times and positions of a drive along points at constant speed."""
    xy = np.asarray(points, dtype=float)
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    t = np.arange(0, along[-1] / speed, 1 / hz)
    return t, np.stack([np.interp(t * speed, along, xy[:, i]) for i in (0, 1)], axis=1) + ORIGIN


def noisy(
    t: Floats, xy: Floats, seed: int, sd: float = 4.0, latency_s: float = 0.0
) -> pd.DataFrame:
    """Phone-grade fixes: correlated error, a bias, white noise, one outlier in a hundred."""
    rng = np.random.default_rng(seed)
    stay = np.exp(-np.diff(t, prepend=t[0] - 1) / 30.0)
    error = rng.normal(0, sd, 2)
    out = np.stack([np.interp(t - latency_s, t, xy[:, i]) for i in (0, 1)], axis=1)
    bias = rng.normal(0, 1.5, 2)
    for i in range(len(t)):
        error = stay[i] * error + rng.normal(0, sd * np.sqrt(1 - stay[i] ** 2), 2)
        out[i] += error + bias + rng.normal(0, 0.5, 2)
    far = rng.random(len(t)) < 0.01
    out[far] += rng.normal(0, 40, (far.sum(), 2))
    return pd.DataFrame({"t_s": t, "x": out[:, 0], "y": out[:, 1]})
