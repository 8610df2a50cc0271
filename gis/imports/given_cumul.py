"""Roads whose file gives the cumul: kept as it is, with its faults mended or told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.imports.faults import Fault
from gis.network.axes import JOINT_M
from voirie.messages import message

KILOMETRE = 0.0015
"""A road whose cumul is less than this share of its drawn length is counted in kilometres."""


def keep_cumul(road: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Stretches of one road with their own cumul, every metre once, and parts.

    Parameters
    ----------
    road
        Stretches of one road, all with ``cumul_from_m`` and ``cumul_to_m``, which differ.
    faults
        Takes what was mended.

    Returns
    -------
    geopandas.GeoDataFrame
        Sorted by carriageway and cumul; ``cote`` and ``part`` filled. Lines are turned by
        `gis.network.axes.orient`, not here.
    """
    rows = road.copy()
    rows["cote"] = rows["cote"].fillna("U")
    low = rows[["cumul_from_m", "cumul_to_m"]].min(axis=1)
    high = rows[["cumul_from_m", "cumul_to_m"]].max(axis=1)
    # A stretch that is written from its far end has its PR there as well.
    back = (rows["cumul_from_m"] > rows["cumul_to_m"]).to_numpy()
    for first, last in (("plod", "plof"), ("absd", "absf")):
        rows[first], rows[last] = (
            rows[first].where(~back, rows[last]),
            rows[last].where(~back, rows[first]),
        )
    rows["cumul_from_m"], rows["cumul_to_m"] = low, high
    route = str(rows["route"].iloc[0])
    span, drawn = float((high - low).sum()), float(rows.length.sum())
    if 0.0 < span < KILOMETRE * drawn:
        told = message("{route}: its cumul is in kilometres and is made metres", route=route)
        whole = shapely.union_all(rows.geometry.to_numpy())
        faults.append(Fault("kilometres", route, told, whole))
        rows[["cumul_from_m", "cumul_to_m"]] *= 1000.0
    sides = [rows[rows["cote"] == side] for side in sorted(set(rows["cote"]))]
    kept = [_each_metre_once(side, faults) for side in sides]
    out = [_parts(side) for side in kept]
    return gpd.GeoDataFrame(pd.concat(out, ignore_index=True), geometry="geometry", crs=road.crs)


def _each_metre_once(side: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Where two stretches count the same metres, the newest keeps them."""
    newest = side["made_on"].fillna("")
    order = side.assign(_new=newest).sort_values(
        ["_new", "cumul_from_m"], ascending=[False, True], kind="stable"
    )
    taken: list[tuple[float, float]] = []
    keep, low, high = [], [], []
    for index, a, b, line, route in zip(
        order.index,
        order["cumul_from_m"],
        order["cumul_to_m"],
        order.geometry,
        order["route"],
        strict=True,
    ):
        start, end = a, b
        for c, d in taken:
            if c <= start < d:
                start = d
            if c < end <= d:
                end = c
            if start < c and d < end:
                end = c
        if (a, b) != (start, end) and (start - a > JOINT_M or b - end > JOINT_M):
            told = message(
                "{route}: the metres from {low} to {high} are counted twice; the newest keeps them",
                route=str(route),
                low=round(a if start > a else end),
                high=round(start if start > a else b),
            )
            faults.append(Fault("overlap", str(route), told, line))
        if end - start > JOINT_M or (end > start and (a, b) == (start, end)):
            taken.append((start, end))
            keep.append(index)
            low.append(start)
            high.append(end)
    out = side.loc[keep].assign(cumul_from_m=low, cumul_to_m=high)
    return out.sort_values("cumul_from_m", kind="stable").reset_index(drop=True)


def _parts(side: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Number the parts: another one begins where no end of a line meets the one before."""
    if side["part"].notna().all():
        return side
    lines = side.geometry.to_numpy()
    ends = [shapely.get_point(lines, 0), shapely.get_point(lines, -1)]
    gap = np.min([shapely.distance(a[:-1], b[1:]) for a in ends for b in ends], axis=0)
    hole = side["cumul_from_m"].to_numpy()[1:] - side["cumul_to_m"].to_numpy()[:-1]
    begins = (gap > JOINT_M) | (hole > JOINT_M)
    return side.assign(part=np.r_[1, 1 + np.cumsum(begins)])
