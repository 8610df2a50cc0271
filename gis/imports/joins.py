"""Names of areas taken over by the roads in them: communes, districts, built-up areas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from gis.imports.mapping import own_name
from gis.imports.roads import layers_of, read_roads
from voirie.cells import text_of
from voirie.errors import ConfigurationError, NetworkUnusable
from voirie.spreadsheets import SPREADSHEETS
from voirie.tables import CRS

JOINABLE = ("commune", "pole", "agglo", "gestionnaire", "dep", "category")
TABLES = (".csv", ".txt", ".tsv", *SPREADSHEETS)
OF_TABLES = ("traffic", "width_m", "surface", "category", "pole", "commune", "agglo")
"""Files of rows rather than areas, and what stretches take from them."""

_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Join:
    """A layer of areas or a table, and what stretches take from it.

    Attributes
    ----------
    path
        File of the areas, or of the table.
    attribute
        Attribute of the network: one of `JOINABLE`, or of `OF_TABLES`.
    column
        Column of the areas or of the table that holds it; None where to be inside is what counts
        (``agglo``).
    """

    path: Path
    attribute: str
    column: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether rows of a table are joined by route and cumul or PR, not areas by place."""
        return self.path.suffix.lower() in TABLES

    @classmethod
    def parse(cls, text: str) -> Join:
        """Read ``communes.gpkg:commune=nom``, ``villes.shp:agglo`` or ``tmja.csv:traffic=tmja``.

        Raises
        ------
        ConfigurationError
            When it is written otherwise.

        Examples
        --------
        >>> Join.parse("communes.gpkg:commune=nom").column
        'nom'
        """
        file, _, words = text.rpartition(":")
        attribute, _, column = words.partition("=")
        table = Path(file).suffix.lower() in TABLES
        known = OF_TABLES if table else JOINABLE
        if not file or attribute not in known or (not column and attribute != "agglo"):
            raise ConfigurationError(
                f"{text!r} is no join of areas or of a table", None,
                f"write FILE:ATTRIBUTE=COLUMN with one of {', '.join(known)}",
            )  # fmt: skip
        return cls(Path(file), attribute, column or None)


def add_areas(roads: gpd.GeoDataFrame, joins: tuple[Join, ...]) -> gpd.GeoDataFrame:
    """Stretches with the names of the areas that they lie in, cut where they leave one.

    Parameters
    ----------
    roads
        Stretches as `gis.imports.cleaning.clean` gives them.
    joins
        Layers of areas.

    Raises
    ------
    NetworkUnusable
        When a layer holds no areas, or lacks the column.
    """
    for join in joins:
        roads = _with_areas(roads, join)
    return roads


def _with_areas(roads: gpd.GeoDataFrame, join: Join) -> gpd.GeoDataFrame:
    fitting = [name for name, shape in layers_of(join.path).items() if shape in _AREAS]
    if not fitting:
        raise NetworkUnusable("it holds no areas", join.path, "give a layer of polygons")
    areas = read_roads(join.path, fitting[0]).to_crs(CRS)
    column = None if join.column is None else own_name(areas.columns, join.column)
    if join.column is not None and column is None:
        names = ", ".join(str(name) for name in areas.columns if name != "geometry")
        raise NetworkUnusable(
            f"it lacks the column {join.column}", join.path, f"its columns are {names}"
        )
    roads = _cut(roads, areas)
    middle = shapely.line_interpolate_point(roads.geometry.to_numpy(), 0.5, normalized=True)
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(middle, predicate="within")
    first = np.r_[True, np.diff(point) > 0] if len(point) else np.zeros(0, dtype=bool)
    values = roads[join.attribute].astype("object").to_numpy(copy=True)
    if column is None:
        values = np.zeros(len(roads), dtype=bool)
        values[point] = True
    else:
        texts = areas[column].map(lambda v: None if pd.isna(v) else text_of(v))
        values[point[first]] = texts.to_numpy()[area[first]]
    return roads.assign(**{join.attribute: values})


def _cut(roads: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut stretches that cross the edge of an area; a cumul of their own is shared out."""
    lines, edges = roads.geometry.to_numpy(), shapely.boundary(areas.geometry.to_numpy())
    row, edge = shapely.STRtree(edges).query(lines, predicate="crosses")
    if not len(row):
        return roads
    out = []
    for index in np.unique(row):
        line = lines[index]
        cuts = shapely.intersection(line, edges[edge[row == index]])
        at = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(cuts)))
        length = float(shapely.length(line))
        inner = np.unique(at[(at > 1.0) & (at < length - 1.0)].round(3))
        bounds = np.r_[0.0, inner, length]
        record = roads.iloc[index].to_dict()
        low, high = record["cumul_from_m"], record["cumul_to_m"]
        for a, b in pairwise(bounds):
            piece = {**record, "geometry": substring(line, a, b)}
            if pd.notna(low) and pd.notna(high):
                share = np.array([a, b]) / length
                piece["cumul_from_m"], piece["cumul_to_m"] = low + share * (high - low)
            out.append(piece)
    whole = roads.drop(index=roads.index[np.unique(row)])
    pieces = gpd.GeoDataFrame(out, geometry="geometry", crs=CRS)
    joined = pd.concat([whole, pieces], ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS)
