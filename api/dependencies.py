"""What routes ask for: the survey that is served, and the parameters of a page, parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from anonymize import Certificate
from gis.exports.geojson import DegreeBox, FeatureTable
from voirie.folder import SurveyFolder, open_survey
from voirie.tables.declared import GeoTableName

MOST_FEATURES = 10_000
LAYER_KEYS: dict[GeoTableName, str] = {"sections": "section_id", "findings": "finding_id"}


@dataclass(frozen=True)
class ServedSurvey:
    """A survey folder, its layers and the paths of its pictures.

    Attributes
    ----------
    folder
        The folder, which is only read.
    layers
        Tables with geometry, by name.
    pictures
        Path of each sealed picture, by ``picture_id``.
    """

    folder: SurveyFolder
    layers: dict[str, FeatureTable]
    pictures: dict[str, Path] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> ServedSurvey:
        """Open a whole survey folder.

        Raises
        ------
        voirie.errors.NotASurvey
            When the folder is absent, unfinished or lacks a table.
        """
        folder = open_survey(path)
        layers: dict[str, FeatureTable] = {
            name: FeatureTable.of(folder.read(name), key) for name, key in LAYER_KEYS.items()
        }
        kept = folder.read("frames").dropna(subset=["picture_id"])
        columns = (kept[name].astype(str) for name in ("picture_id", "pass_id", "frame_id"))
        pictures = {
            picture_id: folder.picture(pass_id, frame_id)
            for picture_id, pass_id, frame_id in zip(*columns, strict=True)
        }
        return cls(folder, layers, pictures)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.root.name

    @cached_property
    def certificate(self) -> Certificate:
        """Certificate of the pictures, read when the first one is asked for.

        Raises
        ------
        voirie.errors.NotCertified
            When there is none, or it cannot be read.
        """
        return Certificate.read(self.folder.root)


def served_survey(request: Request) -> ServedSurvey:
    """The survey that the application was made for."""
    return cast(ServedSurvey, request.app.state.survey)


Served = Annotated[ServedSurvey, Depends(served_survey)]


def parse_bbox(value: object) -> object:
    """Box of a text: west, south, east, north in degrees.

    Raises
    ------
    ValueError
        Which becomes a 422 that names the parameter.

    Examples
    --------
    >>> parse_bbox("1.2,43.1,1.9,43.8")
    DegreeBox(west=1.2, south=43.1, east=1.9, north=43.8)
    """
    if not isinstance(value, str):
        return value
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError as error:
        raise ValueError("give numbers: west,south,east,north") from error
    if len(numbers) != 4:
        raise ValueError("give four numbers: west,south,east,north")
    return DegreeBox(*numbers)


class PageQuery(BaseModel):
    """Which rows of a table are asked for; an unknown parameter is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[
        int, Field(ge=1, le=MOST_FEATURES, description="Most features of the page")
    ] = 1000
    offset: Annotated[int, Field(ge=0, description="Features left out before it")] = 0
    bbox: Annotated[
        DegreeBox | None,
        BeforeValidator(parse_bbox),
        WithJsonSchema({"type": "string", "examples": ["1.2,43.1,1.9,43.8"]}),
        Field(description="west,south,east,north in degrees: features that touch the box"),
    ] = None


Page = Annotated[PageQuery, Query()]
