"""A page of features."""

from __future__ import annotations

from typing import Literal

from geojson_pydantic import Feature, FeatureCollection
from geojson_pydantic.geometries import Geometry
from pydantic import BaseModel

GEOJSON = "application/geo+json"


class Link(BaseModel):
    """A page beside this one, or this one."""

    rel: Literal["self", "next", "prev"]
    type: str = GEOJSON
    href: str


class FeaturePage(FeatureCollection[Feature[Geometry, dict[str, object]]]):
    """A FeatureCollection with the number of rows that match and links to its neighbours."""

    numberMatched: int
    numberReturned: int
    links: list[Link]
