"""PR and abscissa of anything on its route, and the PR along a route, read from the sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from inspection.publish.wording import NONE, Wording, pr_text
from voirie.places import ROUTE_KEY

Route = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A PR (or another localising point) and where it lies on its route."""

    name: str
    cumul_m: float


@dataclass(frozen=True)
class Referencer:
    """PR and abscissa of any chainage, read from the starts of the sections.

    A section starts at ``plod + absd``; a place inside it lies that many metres further. Places
    outside every section keep their chainage, and say so.
    """

    sections: Any
    _by_route: dict[Route, Any] = field(init=False)

    def __post_init__(self) -> None:
        grouped = self.sections.groupby(list(ROUTE_KEY), sort=False)
        found = {key: part.sort_values("cumul_from_m") for key, part in grouped}
        object.__setattr__(self, "_by_route", found)

    def routes(self) -> list[Route]:
        """Keys of the routes that have sections, in order."""
        return sorted(self._by_route, key=natural)

    def of_route(self, route: Route) -> Any:
        """Sections of a route along it; empty for a route without any."""
        return self._by_route.get(route, self.sections.iloc[:0])

    def milestones(self, route: Route) -> list[Milestone]:
        """Points of reference of a route, from the sections that start or end at one."""
        part = self.of_route(route)
        found: dict[str, float] = {}
        for row in part.itertuples():
            found.setdefault(str(row.plod), row.cumul_from_m - row.absd)
            found.setdefault(str(row.plof), row.cumul_to_m - row.absf)
        return [Milestone(name, at) for name, at in sorted(found.items(), key=lambda item: item[1])]

    def place(self, row: Any, wording: Wording) -> str:
        """Place of a row that has a route key and ``cumul_m``."""
        if pd.isna(row.route) or pd.isna(row.cumul_m):
            return NONE
        return self.at(tuple(getattr(row, name) for name in ROUTE_KEY), row.cumul_m, wording)

    def at(self, route: Route, cumul_m: float, wording: Wording) -> str:
        """``PR n+abs`` at a chainage of a route, or the chainage where no section holds it."""
        part = self.of_route(route)
        if len(part):
            starts = part["cumul_from_m"].to_numpy()
            k = max(0, int(np.searchsorted(starts, cumul_m, side="right")) - 1)
            row = part.iloc[k]
            if row["cumul_from_m"] <= cumul_m <= row["cumul_to_m"]:
                return pr_text(row["plod"], row["absd"] + round(cumul_m - row["cumul_from_m"]))
        return wording.text("place.chainage", metres=wording.number(cumul_m))


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


def section_span(row: Any) -> str:
    """From PR to PR, of a section."""
    return f"{pr_text(row.plod, row.absd)} → {pr_text(row.plof, row.absf)}"
