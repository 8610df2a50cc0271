"""Axes and points de repère as they must be before anything is measured on them.

Columns are checked and typed, rows are sorted along each route, and every line is turned so
that it runs with increasing cumul, whichever way it was digitised.
"""

from __future__ import annotations

from os import PathLike

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pandas.api.types import pandas_dtype
from pyproj.exceptions import ProjError

from gis.network.cheapest_path import cheapest_path
from voirie.arrays import Bools, Floats, Ints, Objects
from voirie.errors import NetworkUnusable
from voirie.places import ROUTE_KEY
from voirie.tables import CRS

AXES_REQUIRED = (*ROUTE_KEY, "part", "cumul_from_m", "cumul_to_m")
AXES_OPTIONAL: dict[str, str] = {
    "category": "Int64",
    "pole": "string",
    "commune": "string",
    "agglo": "boolean",
    "width_m": "float64",
    "surface": "string",
    "traffic": "Int64",
    "carried_by": "string",
}
AXES_BOUNDS = {"width_m": (1.0, 100.0), "traffic": (0, 1_000_000), "category": (0, 1000)}
MOST_BEFORE_A_POINT = 1e15
"""A department that a tool has kept as 31.0 is 31; what is larger is no such number."""
MOST_PARTS = 100_000
MOST_PR = 100_000
PR_REQUIRED = (*ROUTE_KEY, "kind", "plo", "cumul_m")
SECTIONS_REQUIRED = ("section_id", *ROUTE_KEY, "cumul_from_m", "cumul_to_m")
PR_KINDS = ("PR0", "PR", "PRF", "DS", "FS", "C", "CS")

JOINT_M = 1.0
"""Two rows whose ends lie nearer than this are one continuous axis."""

_ACROSS_PARTS = 0.1
"""Weight of the distance between two parts: a baïonnette says little, but not nothing."""

Source = str | PathLike[str] | None
"""The file a table was read from, named in errors."""

FARTHEST_M = 1e9
"""No coordinate of a road on earth is larger."""


def normalise_axes(axes: gpd.GeoDataFrame, path: Source = None) -> gpd.GeoDataFrame:
    """Check, type and sort the layer ``axes``; lines are not turned yet.

    Parameters
    ----------
    axes
        The layer as read, in any projected or geographic coordinate reference system.
    path
        File named in errors.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:2154, sorted by route and cumul, every column of the contract present and typed.

    Raises
    ------
    NetworkUnusable
        Without rows or CRS, without a required column, with NULL in one, with a geometry that
        is no single line, or where a route counts the same metres twice.
    """
    axes = _in_crs(axes, "axes", path)
    _require(axes, "axes", AXES_REQUIRED, path)
    out = gpd.GeoDataFrame(
        {column: _text(axes[column]) for column in ROUTE_KEY},
        geometry=_single_lines(axes.geometry.to_numpy(), path),
        crs=CRS,
    )
    # Single carriageways are I in the national files and U in BD TOPO.
    out["cote"] = out["cote"].replace("I", "U")
    part = _number(axes["part"], "axes.part", path)
    if not (part.abs() <= MOST_PARTS).all():
        raise NetworkUnusable("axes.part holds a number that counts no part", path, "correct it")
    out["part"] = part.astype("int64")
    start = _number(axes["cumul_from_m"], "axes.cumul_from_m", path).to_numpy()
    end = _number(axes["cumul_to_m"], "axes.cumul_to_m", path).to_numpy()
    if (start == end).any():
        where = out.iloc[int(np.flatnonzero(start == end)[0])]
        raise NetworkUnusable(
            f"a stretch of {where['route']} has no length (cumul_from_m = cumul_to_m)",
            path,
            "remove it or correct its cumul",
        )
    # A row written from its far end has its cumul swapped; the turning below sees to the line.
    out["cumul_from_m"], out["cumul_to_m"] = np.minimum(start, end), np.maximum(start, end)
    for column, kind in AXES_OPTIONAL.items():
        values = axes[column] if column in axes.columns else None
        out[column] = _optional(values, column, kind, axes.index, path)
    # No road is 0 m wide: it is how many tools write "unknown".
    out["width_m"] = out["width_m"].replace(0.0, np.nan)
    for column in AXES_BOUNDS:
        _refuse_beyond(out[column], column, path)
    out["agglo"] = out["agglo"].fillna(False).astype("bool")
    # An empty text is how many tools write "nobody carries it".
    out["carried_by"] = out["carried_by"].replace("", None)
    order = [*ROUTE_KEY, "cumul_from_m", "part"]
    columns = [*AXES_REQUIRED, *AXES_OPTIONAL, "geometry"]
    out = out.sort_values(order, kind="stable").reset_index(drop=True)[columns]
    _refuse_double_count(out, path)
    return out


def normalise_pr(pr: gpd.GeoDataFrame, path: Source = None) -> gpd.GeoDataFrame:
    """Check, type and sort the layer ``pr``; a network without any PR has an empty one.

    Raises
    ------
    NetworkUnusable
        Without a required column, with NULL in one, or with a PR that has no number.
    """
    _require(pr, "pr", PR_REQUIRED, path)
    if len(pr) and pr.crs is None:
        raise NetworkUnusable(
            "the layer pr has no coordinate reference system", path, "declare it (EPSG:2154)"
        )
    pr = _on_earth(pr.to_crs(CRS) if pr.crs is not None else pr.set_crs(CRS), "pr", path)
    out = gpd.GeoDataFrame(
        {column: _text(pr[column]) for column in (*ROUTE_KEY, "kind", "plo")},
        geometry=pr.geometry.to_numpy(),
        crs=CRS,
    )
    out["cote"] = out["cote"].replace("I", "U")
    out["kind"] = out["kind"].str.upper()
    out["cumul_m"] = _number(pr["cumul_m"], "pr.cumul_m", path).to_numpy()
    numbers = pr["num"] if "num" in pr.columns else pd.Series([None] * len(pr), index=pr.index)
    counted = pd.to_numeric(numbers, errors="coerce").astype("float64").reset_index(drop=True)
    odd = ~(counted.between(-MOST_PR, MOST_PR) & (counted % 1 == 0)) & counted.notna()
    if odd.any():
        raise NetworkUnusable(
            f"pr.num holds {counted[odd].iloc[0]:g}, which is no number of a PR", path, "correct it"
        )
    out["num"] = counted.astype("Int64")
    unknown = sorted(set(out["kind"]) - set(PR_KINDS))
    if unknown:
        raise NetworkUnusable(
            f"the layer pr holds the kind {unknown[0]!r}", path, f"use {', '.join(PR_KINDS)}"
        )
    nameless = out["kind"].isin(["PR0", "PR", "PRF"]) & out["num"].isna()
    if nameless.any():
        where = out[nameless].iloc[0]
        raise NetworkUnusable(
            f"a PR of {where['route']} at {where['cumul_m']:.0f} m has no number (pr.num)",
            path,
            "give it its number",
        )
    spread = out[out["kind"].isin(["PR0", "PR"])].groupby(list(ROUTE_KEY))["cumul_m"]
    told = spread.agg(["nunique", "size"])
    flat = told.index[(told["nunique"] == 1) & (told["size"] > 1)]
    if len(flat):
        raise NetworkUnusable(
            f"all PR of {flat[0][2]} stand at one cumul", path, "give each pr its own cumul_m"
        )
    order = [*ROUTE_KEY, "cumul_m", "kind"]
    columns = [*ROUTE_KEY, "num", "kind", "plo", "cumul_m", "geometry"]
    return out.sort_values(order, kind="stable").reset_index(drop=True)[columns]


def normalise_sections(sections: pd.DataFrame | None, path: Source = None) -> pd.DataFrame:
    """Check and type the layer ``sections``: the identifiers that a network has given before.

    Parameters
    ----------
    sections
        The layer, such as that of a ``survey.gpkg``; None for a network without one. Its
        geometry and its other columns are not read.
    path
        File named in errors.

    Returns
    -------
    pandas.DataFrame
        `SECTIONS_REQUIRED` and ``network_version``, which may be NULL; sorted by route and cumul.

    Raises
    ------
    NetworkUnusable
        Without one of these columns, with NULL in one, or where two rows have one identifier.
    """
    if sections is None:
        sections = pd.DataFrame({column: [] for column in SECTIONS_REQUIRED})
    _require(sections, "sections", SECTIONS_REQUIRED, path)
    out = pd.DataFrame({name: _text(sections[name]) for name in ("section_id", *ROUTE_KEY)})
    out["cote"] = out["cote"].replace("I", "U")
    for column in ("cumul_from_m", "cumul_to_m"):
        out[column] = _number(sections[column], f"sections.{column}", path).to_numpy()
    version = sections.get("network_version", pd.Series(pd.NA, index=sections.index))
    out["network_version"] = version.astype("string").array
    if out["section_id"].duplicated().any():
        twice = out.loc[out["section_id"].duplicated(), "section_id"].iloc[0]
        raise NetworkUnusable(
            f"two rows of the layer sections have the identifier {twice}",
            path,
            "give each section its own, or take the layer out",
        )
    return out.sort_values([*ROUTE_KEY, "cumul_from_m"], kind="stable").reset_index(drop=True)


def orient(axes: gpd.GeoDataFrame, pr: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn each line so that it runs with increasing cumul.

    A line may be digitised either way. Along each route the cheapest set of directions is
    chosen, where a direction costs the distances between the end of a row and the start of the
    next, and between each PR and the place where its cumul falls. Without PR or neighbour, a
    line stays as digitised.

    Parameters
    ----------
    axes, pr
        As `normalise_axes` and `normalise_pr` give them.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows with lines turned.
    """
    lines = axes.geometry.to_numpy()
    ends = np.stack(
        [
            shapely.get_coordinates(shapely.get_point(lines, 0)),
            shapely.get_coordinates(shapely.get_point(lines, -1)),
        ],
        axis=1,
    )
    own = _misfit(axes, pr)
    turned = np.zeros(len(axes), dtype=bool)
    for rows in axes.groupby(list(ROUTE_KEY), sort=False).indices.values():
        turned[rows] = _cheapest_directions(own[rows], ends[rows], axes["part"].to_numpy()[rows])
    out = axes.copy()
    out.geometry = np.where(turned, shapely.reverse(lines), lines)
    return out


def _misfit(axes: gpd.GeoDataFrame, pr: gpd.GeoDataFrame) -> Floats:
    """Metres between PR and where their cumul falls, per row as digitised and reversed: (n, 2)."""
    cost = np.zeros((len(axes), 2))
    cost[:, 1] = 1e-6  # as digitised where nothing speaks for the other way
    rows = axes[[*ROUTE_KEY, "cumul_from_m", "cumul_to_m"]].assign(row=np.arange(len(axes)))
    points = pd.DataFrame(pr[[*ROUTE_KEY, "cumul_m"]]).assign(point=pr.geometry.to_numpy())
    points = points[~shapely.is_missing(points["point"].to_numpy())]
    pairs = points.merge(pd.DataFrame(rows), on=list(ROUTE_KEY))
    span = pairs["cumul_to_m"] - pairs["cumul_from_m"]
    share = (pairs["cumul_m"] - pairs["cumul_from_m"]) / span
    inside = share.between(0.0, 1.0).to_numpy()
    if not inside.any():
        return cost
    pairs, part = pairs[inside], share[inside].to_numpy()
    row = pairs["row"].to_numpy()
    lines, at = axes.geometry.to_numpy()[row], pairs["point"].to_numpy()
    for column, along in ((0, part), (1, 1.0 - part)):
        there = shapely.line_interpolate_point(lines, along, normalized=True)
        np.add.at(cost[:, column], row, shapely.distance(there, at))
    return cost


def _cheapest_directions(own: Floats, ends: Floats, part: Ints) -> Bools:
    """Directions with the lowest cost; two states a row: as digitised (0) or reversed (1)."""

    def between(row: int) -> Floats:
        leaving = ends[row - 1][[1, 0]]  # last point of the row before, per its state
        entering = ends[row]  # first point of this row, per its state
        gap = np.linalg.norm(leaving[:, None] - entering[None, :], axis=-1)
        weight = 1.0 if part[row] == part[row - 1] else _ACROSS_PARTS
        return np.asarray(weight * gap)

    return cheapest_path(list(own), between).astype(bool)


def _refuse_double_count(axes: gpd.GeoDataFrame, path: Source) -> None:
    same = (axes[list(ROUTE_KEY)] == axes[list(ROUTE_KEY)].shift()).all(axis=1)
    overlap = axes["cumul_to_m"].shift() - axes["cumul_from_m"]
    wrong = same & (overlap > JOINT_M)
    if wrong.any():
        where = axes[wrong].iloc[0]
        raise NetworkUnusable(
            f"{where['route']} counts the metres from {where['cumul_from_m']:.0f} twice",
            path,
            "give each stretch its own cumul_from_m and cumul_to_m",
        )


def _in_crs(layer: gpd.GeoDataFrame, name: str, path: Source) -> gpd.GeoDataFrame:
    if layer.empty:
        raise NetworkUnusable(
            f"the layer {name} is empty", path, "export the network again with its axes"
        )
    if layer.crs is None:
        raise NetworkUnusable(
            f"the layer {name} has no coordinate reference system",
            path,
            "declare it (EPSG:2154 for Lambert-93)",
        )
    try:
        placed = layer.to_crs(CRS)
    except ProjError as error:
        raise NetworkUnusable(
            f"the layer {name} is in a reference system that is no place on earth"
            f" ({layer.crs.name})",
            path,
            "declare its true reference system (EPSG:2154 for Lambert-93)",
        ) from error
    return _on_earth(placed, name, path)


def _on_earth(layer: gpd.GeoDataFrame, name: str, path: Source) -> gpd.GeoDataFrame:
    xy = shapely.get_coordinates(layer.geometry.to_numpy())
    if not (np.abs(xy) < FARTHEST_M).all():
        raise NetworkUnusable(
            f"the layer {name} has a coordinate that is no place on earth",
            path,
            "mend its geometry, or declare its true reference system",
        )
    return layer


def _require(layer: pd.DataFrame, name: str, columns: tuple[str, ...], path: Source) -> None:
    for column in columns:
        if column not in layer.columns:
            raise NetworkUnusable(
                f"the layer {name} lacks the column {column}", path, "add it to the layer"
            )
        if layer[column].isna().any():
            raise NetworkUnusable(
                f"the layer {name} holds NULL in {column}", path, "fill the column"
            )


def _text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values) and (values.abs() < MOST_BEFORE_A_POINT).all():
        values = values.astype("int64")
    return pd.Series(values.astype("string").str.strip().to_numpy(), dtype="string")


def _number(values: pd.Series, name: str, path: Source) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").reset_index(drop=True)
    if not np.isfinite(numbers.to_numpy(dtype=float)).all():
        raise NetworkUnusable(f"{name} holds something that is no number", path, "correct it")
    return numbers.astype("float64")


def _optional(
    values: pd.Series | None, name: str, kind: str, index: pd.Index, path: Source
) -> pd.Series:
    if values is None:
        values = pd.Series([None] * len(index), index=index, dtype="object")
    try:
        if kind in ("Int64", "float64"):
            values = pd.to_numeric(values)
        if kind == "Int64" and (values.abs() > MOST_BEFORE_A_POINT).any():
            raise ValueError("a number is too large")
        return values.reset_index(drop=True).astype(pandas_dtype(kind))
    except (TypeError, ValueError, OverflowError) as error:
        raise NetworkUnusable(
            f"axes.{name} holds a value of the wrong type ({error})", path, "correct it"
        ) from error


def _refuse_beyond(values: pd.Series, column: str, path: Source) -> None:
    """Refuse what no road has; NULL, and NaN for it, stands for unknown."""
    low, high = AXES_BOUNDS[column]
    wrong = (~values.between(low, high) & values.notna()).to_numpy(bool)
    if wrong.any():
        raise NetworkUnusable(
            f"axes.{column} holds {values[wrong].iloc[0]}, which is not between {low:g} and "
            f"{high:g}",
            path,
            "correct it, or leave it empty",
        )


def _single_lines(geometry: Objects, path: Source) -> Objects:
    """Two-dimensional lines; a multi-part geometry that merges into one line is accepted."""
    lines = shapely.force_2d(geometry)
    multi = shapely.get_type_id(lines) == shapely.GeometryType.MULTILINESTRING
    lines[multi] = shapely.line_merge(lines[multi])
    kinds = shapely.get_type_id(lines)
    good = (kinds == shapely.GeometryType.LINESTRING) & (shapely.length(lines) > 0)
    if not good.all():
        row = int(np.flatnonzero(~good)[0])
        raise NetworkUnusable(
            f"the geometry of row {row + 1} of the layer axes is not one line",
            path,
            "split it: one line a row",
        )
    return np.asarray(lines, dtype=object)
