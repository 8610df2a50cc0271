"""Objects of findings: polygons along the axis for pavement, points for what stands beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gis.network.network import Network
from gis.network.routes import by_route
from voirie.arrays import Floats, Objects
from voirie.taxonomy import Taxonomy

ACROSS_SD_M = 0.15
"""Standard deviation across the lane of where a narrow thing lies."""


def shapes_of(findings: pd.DataFrame, network: Network | None, taxonomy: Taxonomy) -> Objects:
    """Shape of each finding to the centimetre, None where its place is unknown.

    Parameters
    ----------
    findings
        As `inspection.fusion.measure.measured` gives them.
    network
        The axes; without them, and without a distance from the axis, a finding is a point.
    taxonomy
        The families of things.

    Returns
    -------
    numpy.ndarray
        Polygons and points in EPSG:2154, (n,).
    """
    out = _points(findings[["x", "y"]].to_numpy(float))
    if network is not None:
        ground = findings["family"].isin(taxonomy.of_form("ground"))
        flat = ground & np.isfinite(findings["offset_m"])
        out[flat] = _along_the_axis(findings[flat], network, taxonomy)
    return out


def _along_the_axis(findings: pd.DataFrame, network: Network, taxonomy: Taxonomy) -> Objects:
    """Polygons between two lines beside the axis; points where the axis is broken or absent."""
    width = findings["width_m"].to_numpy(float)
    width = np.where(np.isfinite(width), width, 2 * ACROSS_SD_M)
    kind = findings["code"].map(taxonomy.stretch_kinds)
    narrow = kind.isin(taxonomy.narrow_kinds).to_numpy(bool)
    width = np.where(narrow, np.minimum(width, 2 * ACROSS_SD_M), width)
    start, end = findings["cumul_from_m"].to_numpy(float), findings["cumul_to_m"].to_numpy(float)
    cumul, offset = findings["cumul_m"].to_numpy(float), findings["offset_m"].to_numpy(float)
    sides = np.empty((len(findings), 2), dtype=object)
    middle = np.full((len(findings), 2), np.nan)
    for route, rows in by_route(findings):
        for column, side in enumerate((-1, 1)):
            beside = offset[rows] + side * width[rows] / 2
            sides[rows, column] = network.lines(route, start[rows], end[rows], beside)
        middle[rows] = network.locate(route, cumul[rows], offset[rows])
    line = shapely.get_type_id(sides) == shapely.GeometryType.LINESTRING
    whole = np.asarray((line & ~shapely.is_empty(sides)).all(axis=1))
    out = _points(middle)
    out[whole] = _rings(sides[whole])
    return out


def _rings(sides: Objects) -> Objects:
    """Polygons down one line and back along the other, from pairs of lines, (n, 2)."""
    there_and_back = np.stack([sides[:, 0], shapely.reverse(sides[:, 1])], axis=1)
    xy, index = shapely.get_coordinates(there_and_back.ravel(), return_index=True)
    return np.asarray(shapely.polygons(shapely.linearrings(np.round(xy, 2), indices=index // 2)))


def _points(xy: Floats) -> Objects:
    known = np.isfinite(xy).all(axis=1)
    out = np.full(len(xy), None, dtype=object)
    out[known] = shapely.points(np.round(xy[known], 2))
    return out
