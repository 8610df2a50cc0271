"""PR and abscisse of anything on its route, and the PR along a route, read from the sections."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from gis.network.pr_text import PrText, parse_pr
from inspection.publish.rows import SectionRow, rows_of
from voirie.arrays import Floats
from voirie.errors import ConfigurationError, NotFound
from voirie.places import ROUTE_KEY
from voirie.wording import NONE, Wording

Route = tuple[str, ...]
LONGEST_RANK = 10
"""Figures; Python itself reads no number of thousands of them."""
WHERE_SECTIONS_ARE_NAMED = (
    "take one from the column section_id of the layer sections in survey.gpkg, or a place: "
    "'D752 PR 0+0060'"
)


class Placed(Protocol):
    """A row that has a place on a route, or nothing in its stead."""

    @property
    def gestionnaire(self) -> str | None:
        """Who manages the road."""

    @property
    def dep(self) -> str | None:
        """Department."""

    @property
    def route(self) -> str | None:
        """Name of the route."""

    @property
    def cote(self) -> str | None:
        """Carriageway."""

    @property
    def cumul_m(self) -> float:
        """Metres from the start of the route, NaN where unknown."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A PR (or another localising point) as it is said, and where it lies on its route."""

    name: str
    is_pr: bool
    cumul_m: float


@dataclass(frozen=True, slots=True)
class _Starts:
    """Starts and ends of the sections of a route, in order, and how their starts are written."""

    from_m: Floats
    to_m: Floats
    names: list[tuple[str, int]]
    ends: list[tuple[str, int]]

    @classmethod
    def of(cls, part: pd.DataFrame) -> _Starts:
        names = list(zip(part["plod"], part["absd"], strict=True))
        ends = list(zip(part["plof"], part["absf"], strict=True))
        low, high = (part[name].to_numpy(float) for name in ("cumul_from_m", "cumul_to_m"))
        return cls(low, high, names, ends)

    def at(self, cumul_m: float) -> str | None:
        k = int(np.searchsorted(self.from_m, cumul_m, side="right")) - 1
        if k < 0 or cumul_m > self.to_m[k]:
            return None
        name, abscisse_m = self.names[k]
        last, beyond_m = self.ends[k]
        after_m = round(cumul_m - (self.to_m[k] - beyond_m))
        # A section that goes on across a PR: what lies behind it is written from there.
        if last != name and after_m >= 0:
            return str(PrText.after(last, after_m))
        return str(PrText.after(name, abscisse_m + round(cumul_m - self.from_m[k])))


@dataclass(frozen=True)
class Referencer:
    """PR and abscisse of any chainage, read from the starts of the sections.

    A section starts at ``plod + absd``; a place inside it lies that many metres further. Places
    outside every section keep their chainage, and say so.
    """

    sections: pd.DataFrame
    _by_route: dict[Route, pd.DataFrame] = field(init=False)
    _starts: dict[Route, _Starts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        parts = by_route(self.sections)
        found = {route: part.sort_values("cumul_from_m") for route, part in parts.items()}
        object.__setattr__(self, "_by_route", found)

    def routes(self) -> list[Route]:
        """Keys of the routes that have sections, in order."""
        return sorted(self._by_route, key=natural)

    def of_route(self, route: Route) -> pd.DataFrame:
        """Sections of a route along it; empty for a route without any."""
        return self._by_route.get(route, self.sections.iloc[:0])

    def milestones(self, route: Route) -> list[Milestone]:
        """Points of reference of a route, from the sections that start or end at one."""
        part = self.of_route(route)
        found: dict[PrText, float] = {}
        ends = (("plod", "absd", "cumul_from_m"), ("plof", "absf", "cumul_to_m"))
        for name, metres, cumul in ends:
            at = part[cumul] - part[metres].astype(float)
            for stone, cumul_m in zip(part[name], at, strict=True):
                found.setdefault(PrText.after(stone), float(cumul_m))
        ordered = sorted(found.items(), key=lambda item: item[1])
        named = [(stone, at) for stone, at in ordered if stone.point]  # a route may have no PR
        return [Milestone(stone.point, stone.num is not None, at) for stone, at in named]

    def place(self, row: Placed, wording: Wording) -> str:
        """Place of a thing on its route; a dash where it lies on none."""
        key = (row.gestionnaire, row.dep, row.route, row.cote)
        route = tuple(part for part in key if part is not None)
        if len(route) < len(key) or math.isnan(row.cumul_m):
            return NONE
        return self.at(route, row.cumul_m, wording)

    def at(self, route: Route, cumul_m: float, wording: Wording) -> str:
        """``PR n+abs`` at a chainage of a route, or the chainage where no section holds it."""
        if route not in self._starts:
            self._starts[route] = _Starts.of(self.of_route(route))
        return self._starts[route].at(cumul_m) or self._chainage(cumul_m, wording)

    def _chainage(self, cumul_m: float, wording: Wording) -> str:
        return wording.text("{metres} m from the start", metres=wording.number(cumul_m))


def natural(route: Route) -> tuple[object, ...]:
    """Key that sorts D9 before D108.

    Examples
    --------
    >>> sorted([("x", "031", "D108", "U"), ("x", "031", "D9", "U")], key=natural)[0][2]
    'D9'
    """
    name = route[2]
    digits = "".join(letter for letter in name if letter.isdigit())
    return (route[1], name[:1], int(digits or 0), name, route[3], route[0])


def route_name(route: Route) -> str:
    """Short name of a route, with its carriageway where it has two."""
    return route[2] if route[3] == "U" else f"{route[2]} {route[3]}"


def section_span(row: SectionRow) -> str:
    """From PR to PR, of a section."""
    return f"{PrText.after(row.plod, row.absd)} → {PrText.after(row.plof, row.absf)}"


def section_named(text: str, sections: pd.DataFrame) -> SectionRow:
    """The section that a user names: by identifier, by rank, or by a place that one section holds.

    Parameters
    ----------
    text
        An identifier; a rank, 1 for the worst note as the report counts; or a place that
        `gis.network.parse_pr` reads, as in ``D752 PR 0+0060``.
    sections
        The table of that name.

    Raises
    ------
    NotFound
        When it names no section, or more than one.
    """
    # Bytes of a command line that are no text cannot be compared with text.
    named = sections["section_id"].isin([text.encode("utf-8", "replace").decode()])
    own = rows_of(sections[named], SectionRow)
    if own:
        return own[0]
    if text.isdecimal() and len(text) < LONGEST_RANK:
        return _ranked(int(text), sections)
    try:
        place = parse_pr(text)
    except ConfigurationError as error:
        raise NotFound(
            f"no section has the identifier {text!r}", None, WHERE_SECTIONS_ARE_NAMED
        ) from error
    found = [
        row
        for route, part in by_route(sections).items()
        if place.route in (None, route[2])
        and place.cote in (None, route[3])
        and (place.dep is None or place.dep.zfill(3) == route[1])
        for row in _holding(PrText(place.num, place.abs_m, other=place.other), part)
    ]
    if not found:
        raise NotFound(f"no section holds the place {text!r}", None, WHERE_SECTIONS_ARE_NAMED)
    if len(found) > 1:
        names = ", ".join(
            f"{row.section_id} ({route_name((row.gestionnaire, row.dep, row.route, row.cote))})"
            for row in found[:4]
        )
        raise NotFound(
            f"{len(found)} sections hold the place {text!r}", None, f"say which one: {names}"
        )
    return found[0]


def by_rank(sections: pd.DataFrame) -> pd.DataFrame:
    """Sections that have a note, the worst first: the order of the report."""
    noted = sections[sections["note_globale"].notna()]
    return noted.sort_values(["note_globale", "route", "cumul_from_m"])


def _ranked(rank: int, sections: pd.DataFrame) -> SectionRow:
    order = by_rank(sections)
    if not 1 <= rank <= len(order):
        raise NotFound(
            f"there is no rank {rank}: {len(order)} sections have a note",
            None,
            WHERE_SECTIONS_ARE_NAMED,
        )
    return rows_of(order.iloc[rank - 1 : rank], SectionRow)[0]


def _holding(place: PrText, part: pd.DataFrame) -> list[SectionRow]:
    """Sections of one route that hold a place; where two meet, the one that starts there."""
    rows = rows_of(part, SectionRow)
    starts = [row for row in rows if PrText.after(row.plod, row.absd).short == place.short]
    if starts:
        return starts
    origins = {PrText.after(r.plof).point: r.cumul_to_m - r.absf for r in rows}
    origins |= {PrText.after(r.plod).point: r.cumul_from_m - r.absd for r in rows}
    origin_m = origins.get(place.point)
    if origin_m is None:
        return []
    at_m = origin_m + place.abs_m
    inside = [row for row in rows if row.cumul_from_m <= at_m < row.cumul_to_m]
    # Abscisses are whole metres: the end of the last section may be written a metre after it.
    return inside or [row for row in rows if 0 <= at_m - row.cumul_to_m <= 1]


def by_route(frame: pd.DataFrame) -> dict[Route, pd.DataFrame]:
    """Rows of each route, by its key; rows without a route are left out."""
    grouped = frame.dropna(subset=["route"]).groupby(list(ROUTE_KEY), sort=False)
    return {tuple(map(str, key)): part for key, part in grouped}
