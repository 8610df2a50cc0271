"""Where a thing is along a road: keys of routes and lanes, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cote = Literal["D", "G", "U"]
Sens = Literal["+", "-"]

ROUTE_KEY: tuple[str, ...] = ("gestionnaire", "dep", "route", "cote")
LANE_KEY: tuple[str, ...] = (*ROUTE_KEY, "sens", "voie")


@dataclass(frozen=True, slots=True, order=True)
class RouteKey:
    """A route as its manager names it.

    PR numbers repeat across departments and carriageways, so a bare ``D108`` is no key. The
    number of a PR belongs to the point (`pr.num`), not to the route.

    Attributes
    ----------
    gestionnaire
        Who manages the road (name or SIREN).
    dep
        Department, three characters.
    route
        Name of the route, such as ``D108``.
    cote
        ``D`` or ``G`` for one carriageway of two, ``U`` for a single one.
    """

    gestionnaire: str
    dep: str
    route: str
    cote: str = "U"

    def __str__(self) -> str:
        side = "" if self.cote == "U" else f" {self.cote}"
        return f"{self.route}{side} ({self.gestionnaire}, {self.dep})"
