"""The rating scheme: bounds of severity, and what makes a note from extents.

Everything a note depends on stands in one YAML file with a version (`scheme.yaml` beside this
module); the code that applies it is in `inspection.fusion.severity` and in `gis`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, field_validator, model_validator

from voirie.documents import Strict, checked, read_mapping
from voirie.errors import ConfigurationError
from voirie.taxonomy import Taxonomy, load_taxonomy

SetName = Literal["structure", "surface"]
Quantity = Literal["dark_pct", "diameter_m", "larger_m", "length_m", "width_m", "area_m2"]
Cure = Literal["none", "seal", "patch", "surface", "structure"]

SETS: tuple[SetName, SetName] = ("structure", "surface")
SEVERITIES = (1, 2, 3)

WHAT = "the rating scheme"
REMEDY = "correct it after the shipped voirie/catalogue/scheme.yaml"

Positive = Annotated[float, Field(gt=0.0, le=1e6)]
Weight = Annotated[float, Field(ge=0.0, le=1e6)]
Percent = Annotated[float, Field(ge=0.0, le=100.0)]
Brightness = Annotated[float, Field(ge=0.0, le=255.0)]
Severity = Annotated[int, Field(ge=1, le=3)]
Triple = tuple[Weight, Weight, Weight]
Indices = tuple[int, int, int]


class SectionRule(Strict):
    """How long sections are, and the carriageway where the network gives no width, metres."""

    step_m: Positive
    shortest_m: Positive
    assumed_width_m: dict[int, Positive]


class PictureRule(Strict):
    """What a picture must fulfil for its metres to count as surveyed.

    Attributes
    ----------
    least_luma, least_near_luma
        Brightness of the picture, and of the near lane.
    least_sharpness
        Under it the picture is blurred.
    most_darkest_luma
        Over it a veil lies on the picture.
    most_hidden_pct, most_blank_pct
        Share of the near lane's width that may be hidden, or show nothing.
    most_position_sd_m
        Standard deviation of the position.
    """

    least_luma: Brightness
    least_near_luma: Brightness
    least_sharpness: Annotated[float, Field(ge=0.0, le=1.0)]
    most_darkest_luma: Brightness
    most_hidden_pct: Percent
    most_blank_pct: Percent
    most_position_sd_m: Positive


class SeverityRule(Strict):
    """How grave a finding of a code is: 1, from the first bound on 2, from the second on 3.

    Attributes
    ----------
    quantity
        What it is judged by; `larger_m` is the larger of length and width, `diameter_m`
        the side of the square on both: the root of length x width.
    bounds
        In metres, square metres for an area, percent for darkness.
    """

    quantity: Quantity
    bounds: tuple[Positive, Positive]

    @field_validator("bounds")
    @classmethod
    def _rising(cls, bounds: tuple[float, float]) -> tuple[float, float]:
        if not bounds[0] < bounds[1]:
            raise ValueError("the second bound must exceed the first")
        return bounds


class IntervalRule(Strict):
    """How far a note may be from what was computed; see the YAML file."""

    certain_existence: Annotated[float, Field(ge=0.0, le=1.0)]
    worse_share: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    severity_step: Annotated[int, Field(ge=0, le=2)]
    unseen_factor: Annotated[float, Field(ge=1.0, le=1e6)]
    unseen_least_d: Percent


class IdegRule(Strict):
    """Set whose D is EDEG, and the upper bounds of IDEG 4, 3, 2, 1."""

    set: SetName
    upper_pct: tuple[Percent, Percent, Percent, Percent]


class VizirRule(Strict):
    """Tables of VIZIR."""

    extent_pct: tuple[Percent, Percent]
    cracking: tuple[str, ...]
    deformation: tuple[str, ...]
    repair: tuple[str, ...]
    index: tuple[Indices, Indices, Indices]
    surface: tuple[tuple[int, int, int, int], ...]
    repair_correction: tuple[Indices, Indices, Indices]


class EstateRule(Strict):
    """Cures and prices of the estate note; amounts in `tax`."""

    tax: Literal["HT", "TTC"]
    seal_eur_per_m: Positive
    patch_eur_per_m2: Positive
    patch_m2_per_m: Positive
    shortest_work_m: Weight
    cures: dict[str, tuple[Cure, Cure, Cure]]


class Scheme(Strict):
    """A whole rating scheme.

    Attributes
    ----------
    version
        Name printed with every note.
    sections, pictures, interval, ideg, vizir, estate
        Rules; see their classes and the YAML file.
    min_coverage_pct
        Surveyed share of a lane under which its notes are NULL.
    influence_m
        Length that a point-like or transverse defect counts for.
    counts_as
        Codes that enter the note under another one.
    severity
        How a code is graded; one that is absent is not.
    weights
        Set, code, weights of severity 1, 2 and 3.
    assumed_severity
        Severity of a finding that carries none, by code.
    ungraded_severity
        Severity of a finding that carries none.
    least_existence
        What exists less surely does not enter a note, where existence was held against a truth.
    """

    version: str
    sections: SectionRule
    min_coverage_pct: Percent
    pictures: PictureRule
    influence_m: dict[str, Positive]
    counts_as: dict[str, str]
    severity: dict[str, SeverityRule]
    weights: dict[SetName, dict[str, Triple]]
    assumed_severity: dict[str, Severity]
    ungraded_severity: Severity
    least_existence: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    interval: IntervalRule
    ideg: IdegRule
    vizir: VizirRule
    estate: EstateRule

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        codes = self.codes
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands in both sets")
        if set(self.weights) != set(SETS):
            raise ValueError("weights must hold structure and surface")
        for code, triple in ((c, t) for s in self.weights.values() for c, t in s.items()):
            if list(triple) != sorted(triple):
                raise ValueError(f"the weights of {code} fall with severity")
        named = {
            *self.influence_m,
            *self.counts_as.values(),
            *map(self.counted, self.severity),
            *self.assumed_severity,
            *self.vizir.cracking,
            *self.vizir.deformation,
            *self.vizir.repair,
        }
        if unknown := sorted(named - set(codes)):
            raise ValueError(f"{unknown[0]} has no weight")
        if set(self.estate.cures) != set(codes):
            raise ValueError("estate.cures must name the codes that have a weight")
        if list(self.ideg.upper_pct) != sorted(self.ideg.upper_pct):
            raise ValueError("ideg.upper_pct must rise")
        if 0 not in self.sections.assumed_width_m:
            raise ValueError("sections.assumed_width_m needs a width for category 0 (unknown)")
        if self.sections.shortest_m > self.sections.step_m:
            raise ValueError("sections.shortest_m must not exceed step_m")
        return self

    def unfit(self, taxonomy: Taxonomy) -> str | None:
        """Why these rules cannot score what a taxonomy names, None where they can.

        Examples
        --------
        >>> load_scheme().unfit(load_taxonomy()) is None
        True
        """
        rated = {code for name in taxonomy.rated for code in taxonomy.of_family(name)}
        if strange := sorted(set(self.codes) - rated):
            return f"weights names {strange[0]}, which is no rated code of the taxonomy"
        weights = {code: triple for own in self.weights.values() for code, triple in own.items()}
        by_severity = {
            code
            for code in weights
            if len(set(zip(weights[code], self.estate.cures[code], strict=True))) > 1
        }
        given = taxonomy.observable(taxonomy.classes)
        to_grade = {
            code
            for code in given
            if self.counted(code) in by_severity and self.counted(code) not in self.assumed_severity
        }
        if ungraded := sorted(to_grade - set(self.severity)):
            return f"severity must name {ungraded[0]}, which weighs by its severity"
        return None

    @property
    def sha256(self) -> str:
        """Hash of all that the scheme says; comments in its file are outside it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes that have a weight, structural set first, in the order of the file."""
        return tuple(code for name in SETS for code in self.weights.get(name, {}))

    def counted(self, code: str) -> str:
        """Code under which a finding enters the note.

        Examples
        --------
        >>> load_scheme().counted("FLx"), load_scheme().counted("FAI")
        ('FLH', 'FAI')
        """
        return self.counts_as.get(code, code)

    def weight(self, code: str, severity: int) -> float:
        """Weight of a code at a severity, per percent of length.

        Examples
        --------
        >>> load_scheme().weight("FAI", 3)
        1.2
        """
        for weights in self.weights.values():
            if code in weights:
                return weights[code][severity - 1]
        raise KeyError(code)


def note_of(d_pct: float) -> float:
    """Note /20 of a weighted extent: ``20 x (1 - min(1, D / 100))``.

    Examples
    --------
    >>> note_of(25.0), note_of(250.0)
    (15.0, 0.0)
    """
    return 20.0 * (1.0 - min(1.0, d_pct / 100.0))


def parse_scheme(
    data: Mapping[str, object], path: Path | None = None, taxonomy: Taxonomy | None = None
) -> Scheme:
    """Check the content of a rating scheme.

    Parameters
    ----------
    data
        What the file says.
    path
        The file, to be named.
    taxonomy
        Codes that there are, and those that models can give; None for the shipped ones.

    Raises
    ------
    ConfigurationError
        When a key is missing, unknown or impossible; the message names the first one.
    """
    return _fitting(checked(Scheme, data, path, WHAT, REMEDY), taxonomy or load_taxonomy(), path)


def load_scheme(path: Path | None = None, taxonomy: Taxonomy | None = None) -> Scheme:
    """Read a rating scheme.

    Parameters
    ----------
    path
        A YAML file, None for the one that ships with the product.
    taxonomy
        As in `parse_scheme`.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is no YAML mapping, says something impossible, or cannot
        score what the taxonomy names.

    Examples
    --------
    >>> load_scheme().version
    'voirie-3'
    """
    if path is None:
        return _shipped() if taxonomy is None else _fitting(_shipped(), taxonomy, path)
    return parse_scheme(read_mapping(path, WHAT), path, taxonomy)


def _fitting(scheme: Scheme, taxonomy: Taxonomy, path: Path | None) -> Scheme:
    """The scheme, if it can score what the taxonomy names."""
    unfit = scheme.unfit(taxonomy)
    if unfit is not None:
        raise ConfigurationError(f"{WHAT} is wrong ({unfit})", path, REMEDY)
    return scheme


@functools.cache
def _shipped() -> Scheme:
    text = resources.files("voirie.catalogue").joinpath("scheme.yaml").read_text("utf-8")
    return parse_scheme(yaml.safe_load(text))
