"""The rating scheme: weights, thresholds and rules that make a note from extents.

Everything a note depends on stands in one YAML file with a version (`scheme.yaml` beside this
module); the code that applies it is in `gis`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from voirie.documents import checked, read_mapping

SetName = Literal["structure", "surface"]
Cure = Literal["none", "seal", "patch", "surface", "structure"]

SETS: tuple[SetName, SetName] = ("structure", "surface")
SEVERITIES = (1, 2, 3)

Positive = Annotated[float, Field(gt=0.0)]
Weight = Annotated[float, Field(ge=0.0)]
Percent = Annotated[float, Field(ge=0.0, le=100.0)]
Severity = Annotated[int, Field(ge=1, le=3)]
Triple = tuple[Weight, Weight, Weight]
Indices = tuple[int, int, int]


class _Model(BaseModel):
    """Frozen, and a misspelt key is an error rather than a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SectionRule(_Model):
    """How long sections are, and the carriageway where the network gives no width, metres."""

    step_m: Positive
    shortest_m: Positive
    assumed_width_m: dict[int, Positive]


class IntervalRule(_Model):
    """How far a note may be from what was computed; see the YAML file."""

    certain_existence: Annotated[float, Field(ge=0.0, le=1.0)]
    severity_step: Annotated[int, Field(ge=0, le=2)]
    unseen_factor: Annotated[float, Field(ge=1.0)]
    unseen_least_d: Percent


class IdegRule(_Model):
    """Set whose D is EDEG, and the upper bounds of IDEG 4, 3, 2, 1."""

    set: SetName
    upper_pct: tuple[Percent, Percent, Percent, Percent]


class VizirRule(_Model):
    """Tables of VIZIR."""

    extent_pct: tuple[Percent, Percent]
    cracking: tuple[str, ...]
    deformation: tuple[str, ...]
    repair: tuple[str, ...]
    index: tuple[Indices, Indices, Indices]
    surface: tuple[tuple[int, int, int, int], ...]
    repair_correction: tuple[Indices, Indices, Indices]


class EstateRule(_Model):
    """Cures and prices of the estate note; amounts in `tax`."""

    tax: Literal["HT", "TTC"]
    seal_eur_per_m: Positive
    patch_eur_per_m2: Positive
    patch_m2_per_m: Positive
    shortest_work_m: Weight
    cures: dict[str, tuple[Cure, Cure, Cure]]


class Scheme(_Model):
    """A whole rating scheme.

    Attributes
    ----------
    version
        Name printed with every note.
    sections, interval, ideg, vizir, estate
        Rules; see their classes and the YAML file.
    min_coverage_pct
        Surveyed share of a lane under which its notes are NULL.
    influence_m
        Length that a point-like or transverse defect counts for.
    counts_as
        Codes that enter the note under another one.
    weights
        Set, code, weights of severity 1, 2 and 3.
    ungraded_severity
        Severity of a finding that carries none.
    """

    version: str
    sections: SectionRule
    min_coverage_pct: Percent
    influence_m: dict[str, Positive]
    counts_as: dict[str, str]
    weights: dict[SetName, dict[str, Triple]]
    ungraded_severity: Severity
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


def parse_scheme(data: Mapping[str, Any], path: Path | None = None) -> Scheme:
    """Check the content of a rating scheme.

    Raises
    ------
    ConfigurationError
        When a key is missing, unknown or impossible; the message names the first one.
    """
    return checked(
        Scheme,
        data,
        path,
        "the rating scheme",
        "correct it after the shipped voirie/catalogue/scheme.yaml",
    )


def load_scheme(path: Path | None = None) -> Scheme:
    """Read a rating scheme.

    Parameters
    ----------
    path
        A YAML file, None for the one that ships with the product.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is no YAML mapping, or says something impossible.

    Examples
    --------
    >>> load_scheme().version
    'voirie-1'
    """
    if path is None:
        return _shipped()
    return parse_scheme(read_mapping(path, "the rating scheme"), path)


@functools.cache
def _shipped() -> Scheme:
    text = resources.files("voirie.catalogue").joinpath("scheme.yaml").read_text("utf-8")
    return parse_scheme(yaml.safe_load(text))
