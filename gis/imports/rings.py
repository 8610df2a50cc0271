"""Roads that close on themselves: they begin at their lowest PR, and run as their PR do."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from gis.imports.laying import Laid
from gis.imports.markers import Markers
from gis.network.axes import JOINT_M
from voirie.arrays import Objects
from voirie.tables import CRS

_AFTER_M = 0.004
"""So far behind its beginning a ring has the PR that stands there: else it might be its end."""


def is_ring(laid: Laid, lines: Objects) -> bool:
    """Whether a road is one chain that ends where it begins.

    Examples
    --------
    >>> from gis.imports.laying import lay_out
    >>> lines = np.array([shapely.LineString([(0, 0), (90, 0), (90, 90)]),
    ...                   shapely.LineString([(90, 90), (0, 90), (0, 0)])])
    >>> is_ring(lay_out(lines, [0, 0]), lines), is_ring(lay_out(lines[:1], [0]), lines[:1])
    (True, False)
    """
    rows = laid.rows
    if laid.branches or set(rows["cote"]) != {"U"} or rows["part"].nunique() != 1:
        return False
    own, turned = lines[rows["row"]], rows["turned"].to_numpy(bool)
    begin = shapely.get_point(own[0], -1 if turned[0] else 0)
    end = shapely.get_point(own[-1], 0 if turned[-1] else -1)
    return bool(shapely.distance(begin, end) <= JOINT_M)


def cut_at(road: gpd.GeoDataFrame, at: shapely.Point) -> gpd.GeoDataFrame:
    """Stretches of a road, the one nearest to a point cut there.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.LineString([(0, 0), (9, 0)])])
    >>> cut_at(road, shapely.Point(4, 1)).geometry.length.tolist()
    [4.0, 5.0]
    """
    lines = road.geometry.to_numpy()
    row = int(np.argmin(shapely.distance(lines, at)))
    along = float(shapely.line_locate_point(lines[row], at))
    if not JOINT_M < along < float(shapely.length(lines[row])) - JOINT_M:
        return road
    both = road.iloc[[row, row]].copy()
    both.geometry = [
        substring(lines[row], 0, along),
        substring(lines[row], along, lines[row].length),
    ]
    left = pd.concat([road.drop(index=road.index[row]), both], ignore_index=True)
    return gpd.GeoDataFrame(left, geometry="geometry", crs=road.crs)


def lowest(markers: Markers) -> shapely.Point | None:
    """Where the PR with the lowest number stands; None without numbers."""
    numbered = markers.points[markers.points["num"].notna()]
    if numbered.empty:
        return None
    first = int(np.argmin(numbered["num"].to_numpy(float)))
    return shapely.Point(shapely.get_coordinates(numbered.geometry.iloc[first])[0])


def backwards(laid: Laid) -> Laid:
    """The same ring in the other direction, from the same place."""
    rows = laid.rows.iloc[::-1].reset_index(drop=True)
    whole = float(rows["cumul_to_m"].max())
    low, high = whole - rows["cumul_to_m"], whole - rows["cumul_from_m"]
    return Laid(
        rows.assign(turned=~rows["turned"].astype(bool), cumul_from_m=low, cumul_to_m=high),
        laid.beside,
        laid.branches,
    )


def at_its_beginning(points: gpd.GeoDataFrame, line: shapely.LineString) -> gpd.GeoDataFrame:
    """Points of a ring, those that stand at its beginning a hair behind it."""
    places = points.geometry.to_numpy().copy()
    here = shapely.distance(places, shapely.get_point(line, 0)) <= JOINT_M
    places[here] = shapely.line_interpolate_point(line, _AFTER_M)
    return points.set_geometry(gpd.GeoSeries(places, index=points.index, crs=CRS))


def runs_back(markers: Markers, length_m: float) -> bool:
    """Whether the numbers of a ring fall along it, but for the lowest at its beginning."""
    numbered = markers.points[markers.points["num"].notna()]
    order = np.argsort(numbered["num"].to_numpy(float), kind="stable")[1:]
    at = numbered["at_m"].to_numpy(float)[order]
    if not len(at):
        return False
    falls = int(np.sign(np.diff(at)).sum())
    return falls < 0 or (falls == 0 and bool(at[0] > length_m / 2))
