"""What the templates of the report are given, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from gis.scoring.explain import Explanation
from inspection.publish.places import Route
from inspection.publish.rows import FindingRow, ScenarioRow, SectionRow, WhyNot, WorkRow, YearRow
from voirie.catalogue.treatments import Thresholds


@dataclass(frozen=True)
class CertificateSummary:
    """What the certificate says of the pictures as a whole.

    Attributes
    ----------
    measured
        How much its networks were measured to destroy, one sentence for each measurement; empty
        where they are not the registered ones.
    """

    pictures: int
    destroyed_pct: float
    models: list[str]
    measured: list[str]


@dataclass(frozen=True)
class Strip:
    """A stretch of a route, drawn."""

    route: Route
    drawing: Markup


@dataclass(frozen=True)
class Photo:
    """A picture of a finding, with its name and its place in words."""

    row: FindingRow
    figure: Markup
    name: str
    place: str


@dataclass(frozen=True)
class Planned:
    """One treatment that a scenario plans for a section, in one year or in several."""

    scenario: str
    treatment: str
    cost_eur: float
    years: list[int]


@dataclass(frozen=True)
class Card:
    """One of the most damaged sections: pictures, the sum that makes its note, works.

    Attributes
    ----------
    agrees
        Whether the sum gives the note that is stored.
    why_not
        What each scenario says to who asks why this road is not done.
    """

    row: SectionRow
    photos: list[Photo]
    why: Explanation
    agrees: bool
    works: list[Planned]
    why_not: list[WhyNot]


@dataclass(frozen=True)
class Programme:
    """A scenario: its line of the comparison, its drawings and its works.

    Attributes
    ----------
    last
        Its last year.
    n_works, n_assumed
        How many works, and how many of them on sections whose state is assumed.
    works
        Each with its section, None where the tables lack it, and the reason in the page's words.
    """

    row: ScenarioRow
    colour: str
    bars: Markup
    last: YearRow
    n_works: int
    n_assumed: int
    works: list[tuple[WorkRow, SectionRow | None, str]]


@dataclass(frozen=True)
class Waiting:
    """What the works called for would cost after some years in which nothing was done.

    Attributes
    ----------
    assumed_eur
        Part of the need on sections whose state is assumed.
    """

    waited_years: int
    year: int
    need_eur: float
    assumed_eur: float
    note: float


@dataclass(frozen=True)
class PlanBlock:
    """All scenarios, and the notes under which a section calls for works."""

    scenarios: list[Programme]
    curves: Markup
    first_year: int
    last_year: int
    limits: Thresholds
    waiting: list[Waiting]
