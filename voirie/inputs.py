"""What a user gives: `survey.toml` and `vehicle.toml`, checked before anything runs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import tomli_w
from pydantic import AfterValidator, Field, field_validator

from voirie.documents import Strict, checked, checked_as_far_as_right, read_mapping
from voirie.errors import ConfigurationError
from voirie.wording import N_

MOST_PX = 30_000
MOST_OFFSET_S = 1e10
"""A track may count its seconds from 1970, and the film from its first picture."""


def _named(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("a file has no NUL in its name")
    return path


Given = Annotated[Path, AfterValidator(_named)]
"""Path of a file, from the folder of the file that names it."""


class Camera(Strict):
    """A camera as it is mounted in one vehicle."""

    name: str = Field(default="camera", description=N_("name of the camera"))
    height_m: float = Field(description=N_("metres of the lens above the road"), gt=0.4, lt=4.0)
    focal_px: float | None = Field(
        default=None,
        examples=[950.0],
        description=N_("focal length, in pixels of a picture of image_width_px"),
        gt=100,
        lt=20_000,
    )
    fov_deg: float | None = Field(
        default=None,
        examples=[75.0],
        description=N_(
            "instead of focal_px: degrees across the picture; without either it is found from the "
            "drive, else assumed: sizes are empty then, and that is said"
        ),
        gt=20,
        lt=170,
    )
    image_width_px: int = Field(
        default=1280,
        description=N_("width of the pictures that focal_px was measured on"),
        gt=0,
        le=MOST_PX,
    )
    image_height_px: int = Field(
        default=720, description=N_("height of those pictures"), gt=0, le=MOST_PX
    )
    pitch_deg: float | None = Field(
        default=None,
        examples=[4.0],
        description=N_("degrees that the camera looks down; found from the horizon where absent"),
        gt=-30,
        lt=60,
    )
    k1: float = Field(
        default=0.0, description=N_("radial distortion (Brown), first coefficient"), ge=-2, le=2
    )
    k2: float = Field(
        default=0.0, description=N_("radial distortion (Brown), second coefficient"), ge=-5, le=5
    )
    bonnet_rows_pct: float = Field(
        default=0.0,
        description=N_(
            "percent of the height of the picture, from below, where our own vehicle is seen"
        ),
        ge=0,
        lt=40,
    )


class Mounting(Strict):
    """Which vehicle, and since when the camera is mounted in it as described."""

    name: str = Field(default="vehicle", description=N_("name of the vehicle"))
    mounted_on: date | None = Field(
        default=None,
        examples=[date(2026, 3, 1)],
        description=N_(
            "first day on which the camera was mounted as described; earlier drives are refused"
        ),
    )
    removed_on: date | None = Field(
        default=None,
        examples=[date(2026, 11, 30)],
        description=N_(
            "last day on which the camera was mounted as described; later drives are refused"
        ),
    )


class Vehicle(Strict):
    """`vehicle.toml`: a vehicle and the camera mounted in it."""

    vehicle: Mounting = Mounting()
    camera: Camera

    @property
    def name(self) -> str:
        """Name of the vehicle."""
        return self.vehicle.name


class Campaign(Strict):
    """A body, a network, a period."""

    name: str = Field(description=N_("name of the survey, as on the report"))
    body: str = Field(default="", description=N_("whose roads they are"))


class English(Strict):
    """What a survey says of itself, in English, for the English report."""

    campaign: str | None = Field(default=None, description=N_("name of the survey in English"))
    body: str | None = Field(default=None, description=N_("whose roads they are, in English"))
    purpose: str | None = Field(default=None, description=N_("purpose in English"))
    controller: str | None = Field(default=None, description=N_("controller in English"))
    legal_basis: str | None = Field(default=None, description=N_("legal basis in English"))


class PassInput(Strict):
    """One drive of one camera: its files, its track and its clock."""

    id: str = Field(
        description=N_("name of the drive: letters, figures, - and _"), pattern=r"^[\w-]+$"
    )
    inputs: tuple[Given, ...] = Field(
        description=N_("its films in order, or a folder of films or of stills"), min_length=1
    )
    track: Given | None = Field(
        default=None,
        examples=["drive.gpx"],
        description=N_(
            "its GPS track, or the table of chainages of its stills; none where the film has it"
        ),
    )
    offset_s: float | None = Field(
        default=None,
        examples=[2.4],
        description=N_(
            "seconds added to film time to get track time; without them they are found from the "
            "drive, or said not to be"
        ),
        ge=-MOST_OFFSET_S,
        le=MOST_OFFSET_S,
    )
    vehicle: Given | None = Field(
        default=None,
        examples=["other.toml"],
        description=N_("vehicle.toml of this drive, where it is another"),
    )
    started_at: datetime | None = Field(
        default=None,
        examples=[datetime(2026, 5, 4, 7, 30, tzinfo=UTC)],
        description=N_(
            "moment at which the film starts, where no track says so; UTC unless it has a zone"
        ),
    )

    @field_validator("started_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if not 1970 <= value.year <= 2200:
            raise ValueError(f"no camera was there in the year {value.year}")
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


HEADLINE_EXISTENCE = 0.8
"""What is put first in a report exists at least this surely; the rest is to be checked."""


class SurveyOptions(Strict):
    """How the survey is run where the command line does not say; None takes the default."""

    step: str | None = Field(
        default=None,
        examples=["5m"],
        description=N_("metres or seconds between kept pictures: 5m or 2s"),
    )
    min_coverage_pct: float | None = Field(
        default=None,
        examples=[80],
        description=N_("percent of a section that must be seen for it to get a note; 80 if none"),
        ge=0,
        le=100,
    )
    experimental: bool | None = Field(
        default=None, examples=[True], description=N_("whether models of unclear licence look too")
    )
    people: Literal["whole", "head"] | None = Field(
        default=None,
        examples=["head"],
        description=N_("what of a person is destroyed; whole if none"),
    )
    only_seen: bool | None = Field(
        default=None,
        examples=[True],
        description=N_("whether only sections that were seen enough are planned"),
    )
    headline_existence: float | None = Field(
        default=None,
        examples=[0.8],
        description=N_("how surely exists what is put first, the rest being to check; 0.8 if none"),
        ge=0,
        le=1,
    )


class Survey(Strict):
    """`survey.toml`: a campaign, who answers for it and why, and its passes.

    `sha256` is written by a run: the files it names must then be the ones that were surveyed.
    """

    campaign: Campaign
    purpose: str = Field(
        default="", description=N_("why the roads are filmed; required, and printed in the report")
    )
    controller: str = Field(default="", description=N_("who answers for the pictures"))
    legal_basis: str = Field(default="", description=N_("on which legal ground they are taken"))
    network: Given | None = Field(
        default=None,
        examples=["network.gpkg"],
        description=N_("network.gpkg, from the folder of this file"),
    )
    vehicle: Given | None = Field(
        default=None,
        examples=["vehicle.toml"],
        description=N_("vehicle.toml: the vehicle and its camera"),
    )
    treatments: Given | None = Field(
        default=None,
        examples=["treatments.yaml"],
        description=N_("price list; the shipped one if none"),
    )
    scenarios: Given | None = Field(
        default=None,
        examples=["scenarios.toml"],
        description=N_("scenarios.toml: budgets; nothing is planned if none"),
    )
    scheme: Given | None = Field(
        default=None,
        examples=["scheme.yaml"],
        description=N_("rating scheme; the shipped one if none"),
    )
    taxonomy: Given | None = Field(
        default=None,
        examples=["taxonomy.yaml"],
        description=N_("taxonomy of what is found; the shipped one if none"),
    )
    options: SurveyOptions = SurveyOptions()
    english: English = English()
    passes: tuple[PassInput, ...] = Field(min_length=1)
    sha256: dict[str, str] = Field(
        default_factory=dict,
        description=N_(
            "written by a run: the files it names must then be the ones that were surveyed"
        ),
    )

    @field_validator("passes")
    @classmethod
    def _each_by_its_name(cls, value: tuple[PassInput, ...]) -> tuple[PassInput, ...]:
        twice = [name for name, number in Counter(one.id for one in value).items() if number > 1]
        if twice:
            raise ValueError(f"two passes are called {twice[0]}")
        return value


OF_SURVEY = "the description of the survey"
OF_VEHICLE = "the description of the vehicle"
MEND = "mend that line"


def read_vehicle(path: Path) -> Vehicle:
    """Read `vehicle.toml`.

    Raises
    ------
    ConfigurationError
        Names the file and the first line at fault.

    Examples
    --------
    >>> read_vehicle(Path("samples/drive/vehicle.toml")).camera.height_m
    1.366
    """
    return checked(Vehicle, read_mapping(path, OF_VEHICLE), path, OF_VEHICLE, MEND)


def read_survey(path: Path) -> Survey:
    """Read `survey.toml`; the paths in it are taken from the file's own folder.

    Examples
    --------
    >>> survey = read_survey(Path("samples/drive/survey.toml"))
    >>> survey.passes[0].inputs[0].as_posix()
    'samples/drive/pass_a.mp4'
    """
    survey = checked(Survey, read_mapping(path, OF_SURVEY), path, OF_SURVEY, MEND)
    return _rooted(survey, path.parent)


def survey_as_far_as_right(path: Path) -> tuple[Survey | None, list[ConfigurationError]]:
    """Read `survey.toml`, and tell everything in it that is wrong.

    Returns
    -------
    Survey or None
        What it says without the keys at fault; None where it cannot do without them.
    list of ConfigurationError
        One for each key at fault.

    Raises
    ------
    ConfigurationError
        When the file cannot be read at all.

    Examples
    --------
    >>> survey_as_far_as_right(Path("samples/drive/survey.toml"))[1]
    []
    """
    read = read_mapping(path, OF_SURVEY)
    survey, wrong = checked_as_far_as_right(Survey, read, path, OF_SURVEY, MEND)
    return None if survey is None else _rooted(survey, path.parent), wrong


def _rooted(survey: Survey, root: Path) -> Survey:
    """The survey with its paths taken from a folder."""

    def rooted(inner: Path | None) -> Path | None:
        return None if inner is None else root / inner

    return survey.model_copy(
        update={
            "network": rooted(survey.network),
            "vehicle": rooted(survey.vehicle),
            "treatments": rooted(survey.treatments),
            "scenarios": rooted(survey.scenarios),
            "scheme": rooted(survey.scheme),
            "taxonomy": rooted(survey.taxonomy),
            "sha256": {str(root / name): found for name, found in survey.sha256.items()},
            "passes": tuple(
                item.model_copy(
                    update={
                        "inputs": tuple(root / file for file in item.inputs),
                        "track": rooted(item.track),
                        "vehicle": rooted(item.vehicle),
                    }
                )
                for item in survey.passes
            ),
        }
    )


def survey_toml(survey: Survey) -> str:
    """Content of a `survey.toml` that `read_survey` reads back.

    Examples
    --------
    >>> one = PassInput(id="a", inputs=(Path("a.mp4"),))
    >>> text = survey_toml(Survey(campaign=Campaign(name="D108"), passes=(one,)))
    >>> 'name = "D108"' in text
    True
    """
    plain = survey.model_dump(mode="json", exclude_none=True)
    return tomli_w.dumps({key: value for key, value in plain.items() if value not in ("", {})})
