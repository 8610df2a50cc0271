"""Tables as GeoJSON (RFC 7946): CRS84, seven decimals, NULL stays null, one page at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
import shapely
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from voirie.arrays import Bools, Ints, Objects

MEDIA_TYPE = "application/geo+json"
MOST = 10_000
DECIMALS = 7

Bounds = tuple[float, float, float, float]


def read_bbox(text: str) -> str:
    """Check the text of a box: four numbers, west, south, east, north, in degrees.

    Raises
    ------
    ValueError
        Which becomes a 422 that names the parameter.

    Examples
    --------
    >>> parse_bbox(read_bbox("1.2,43.1,1.9,43.8"))
    (1.2, 43.1, 1.9, 43.8)
    """
    parse_bbox(text)
    return text


def parse_bbox(text: str) -> Bounds:
    """Numbers of a box. A west greater than the east crosses the 180th meridian (RFC 7946)."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ValueError("give numbers: west,south,east,north") from error
    if len(numbers) != 4 or not np.isfinite(numbers).all():
        raise ValueError("give four numbers: west,south,east,north")
    west, south, east, north = numbers
    if not (-90 <= south <= north <= 90) or not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("west and east lie in -180..180, south <= north in -90..90")
    return west, south, east, north


class PageQuery(BaseModel):
    """Which rows of a table are asked for; an unknown parameter is an error, never ignored."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST, description="Most features of the page")] = 1000
    offset: Annotated[int, Field(ge=0, description="Features left out before it")] = 0
    bbox: Annotated[
        str | None,
        Field(description="west,south,east,north in degrees: features that touch the box"),
        AfterValidator(lambda text: None if text is None else read_bbox(text)),
    ] = None


@dataclass(frozen=True)
class Layer:
    """A table ready to be served.

    Attributes
    ----------
    name
        Its name, which is also its address.
    key
        Column that identifies a row.
    frame
        Its rows without geometry.
    shapes
        Geometries in CRS84, shape (n,), None where there is none.
    """

    name: str
    key: str
    frame: pd.DataFrame
    shapes: Objects

    @classmethod
    def of(cls, name: str, key: str, table: Any) -> Layer:
        """Make a layer of a table with geometry in EPSG:2154."""
        ordered = table.sort_values(key, kind="stable")
        degrees = ordered.geometry.to_crs("OGC:CRS84")
        rounded = shapely.transform(degrees.to_numpy(), lambda xy: np.round(xy, DECIMALS))
        # RFC 7946: the outer ring of a polygon goes counter-clockwise.
        shapes = shapely.orient_polygons(rounded)
        frame = pd.DataFrame(ordered.drop(columns="geometry")).reset_index(drop=True)
        return cls(name, key, frame, shapes)

    def page(self, query: PageQuery, address: str) -> dict[str, Any]:
        """One page as a FeatureCollection with the number of rows that match and its links.

        Parameters
        ----------
        query
            Limit, offset and box. Features without coordinates touch no box.
        address
            Address of the layer, for the links.
        """
        rows = np.arange(len(self.frame))
        if query.bbox is not None:
            rows = rows[self._touching(parse_bbox(query.bbox))]
        chosen = rows[query.offset : query.offset + query.limit]
        links = [_link("self", address, query, query.offset)]
        if query.offset + query.limit < len(rows):
            links.append(_link("next", address, query, query.offset + query.limit))
        if query.offset > 0:
            links.append(_link("prev", address, query, max(0, query.offset - query.limit)))
        return {
            "type": "FeatureCollection",
            "numberMatched": len(rows),
            "numberReturned": len(chosen),
            "links": links,
            "features": self._features(chosen),
        }

    def _touching(self, bounds: Bounds) -> Bools:
        west, south, east, north = bounds
        if west <= east:
            return np.asarray(shapely.intersects(self.shapes, shapely.box(*bounds)))
        left = shapely.intersects(self.shapes, shapely.box(west, south, 180, north))
        right = shapely.intersects(self.shapes, shapely.box(-180, south, east, north))
        return np.asarray(left | right)

    def _features(self, rows: Ints) -> list[dict[str, Any]]:
        records = json.loads(
            self.frame.iloc[rows].to_json(
                orient="records", date_format="iso", date_unit="s", double_precision=10
            )
        )
        return [
            {
                "type": "Feature",
                "id": record[self.key],
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                "properties": record,
            }
            for record, shape in zip(records, self.shapes[rows], strict=True)
        ]


def _link(rel: str, address: str, query: PageQuery, offset: int) -> dict[str, str]:
    box = "" if query.bbox is None else f"&bbox={query.bbox}"
    href = f"{address}?limit={query.limit}&offset={offset}{box}"
    return {"rel": rel, "type": MEDIA_TYPE, "href": href}
