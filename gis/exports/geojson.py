"""Tables as GeoJSON features (RFC 7946): CRS84, seven decimals, NULL stays null."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from voirie.arrays import Ints, Objects

DECIMALS = 7


class FeatureObject(TypedDict):
    """A row as GeoJSON writes it."""

    type: str
    id: str
    geometry: dict[str, object] | None
    properties: dict[str, object]


@dataclass(frozen=True, slots=True)
class DegreeBox:
    """A rectangle in degrees; a west greater than the east crosses the 180th meridian.

    Raises
    ------
    ValueError
        When a bound is no longitude or no latitude, or the south lies north of the north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        longitudes_fit = -180 <= self.west <= 180 and -180 <= self.east <= 180
        if not longitudes_fit or not -90 <= self.south <= self.north <= 90:
            raise ValueError("west and east lie in -180..180, south <= north in -90..90")

    def polygon(self) -> shapely.Polygon | shapely.MultiPolygon:
        """The rectangle as a shape, in two parts where it crosses the 180th meridian.

        Examples
        --------
        >>> DegreeBox(170, -10, -170, 10).polygon().area
        400.0
        """
        if self.west <= self.east:
            return shapely.box(self.west, self.south, self.east, self.north)
        return shapely.MultiPolygon(
            [
                shapely.box(self.west, self.south, 180, self.north),
                shapely.box(-180, self.south, self.east, self.north),
            ]
        )


@dataclass(frozen=True)
class FeatureTable:
    """A table ready to be written as features, in the order of its key.

    Attributes
    ----------
    key
        Column that identifies a row.
    rows
        Its rows without geometry.
    shapes
        Geometries in CRS84, shape (n,), None where there is none.

    Examples
    --------
    >>> place = gpd.GeoSeries([shapely.Point(574_357, 6_279_642)], crs="EPSG:2154")
    >>> table = FeatureTable.of(gpd.GeoDataFrame({"id": ["a"]}, geometry=place), "id")
    >>> table.features(table.touching(DegreeBox(1, 43, 2, 44)))[0]["geometry"]["type"]
    'Point'
    """

    key: str
    rows: pd.DataFrame
    shapes: Objects

    @classmethod
    def of(cls, table: gpd.GeoDataFrame, key: str) -> FeatureTable:
        """Make one of a table with geometry, in whatever CRS."""
        ordered = table.sort_values(key, kind="stable")
        degrees = ordered.geometry.to_crs("OGC:CRS84")
        rounded = shapely.transform(degrees.to_numpy(), lambda xy: np.round(xy, DECIMALS))
        # RFC 7946: the outer ring of a polygon goes counter-clockwise.
        shapes: Objects = shapely.orient_polygons(rounded)
        rows = pd.DataFrame(ordered.drop(columns="geometry")).reset_index(drop=True)
        return cls(key, rows, shapes)

    def __len__(self) -> int:
        return len(self.rows)

    def touching(self, box: DegreeBox | None) -> Ints:
        """Numbers of the rows that touch a box; a row without coordinates touches none.

        Parameters
        ----------
        box
            The box, None for every row.
        """
        if box is None:
            return np.arange(len(self))
        return np.flatnonzero(shapely.intersects(self.shapes, box.polygon()))

    def features(self, numbers: Ints) -> list[FeatureObject]:
        """Rows as features, in the order asked for."""
        # pandas writes NULL as null and a moment in ISO 8601, which json alone does not.
        records: list[dict[str, object]] = json.loads(
            self.rows.iloc[numbers].to_json(
                orient="records", date_format="iso", date_unit="s", double_precision=10
            )
        )
        return [
            {
                "type": "Feature",
                "id": str(record[self.key]),
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                "properties": record,
            }
            for record, shape in zip(records, self.shapes[numbers], strict=True)
        ]
