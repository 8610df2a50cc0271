"""What is wrong in a file of roads, or was mended: one row each, with the place and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from voirie.messages import Message
from voirie.tables import CRS
from voirie.wording import N_, Wording

Weight = Literal["left", "mended", "told"]

KINDS: dict[str, tuple[Weight, str]] = {
    "no_geometry": ("left", N_("rows without a line")),
    "no_route": ("left", N_("rows without the name of a route")),
    "duplicate": ("left", N_("stretches drawn twice")),
    "covered": ("left", N_("stretches whose metres another one has")),
    "arc": ("left", N_("arcs of roundabouts and ways round islands")),
    "stub": ("left", N_("ends shorter than a junction")),
    "table_row": ("left", N_("rows of tables that fit no road")),
    "pr_route": ("left", N_("PR of a route that is not there")),
    "pr_far": ("left", N_("PR far from their route")),
    "pr_name": ("left", N_("PR without a number")),
    "pieces": ("mended", N_("stretches of several lines, split")),
    "side": ("mended", N_("unknown carriageways, taken as single")),
    "value": ("mended", N_("values that no road has, left empty")),
    "kilometres": ("mended", N_("cumul in kilometres, made metres")),
    "holes": ("mended", N_("routes whose cumul has holes, measured anew")),
    "overlap": ("mended", N_("metres counted twice, the newest kept")),
    "gap": ("told", N_("gaps in a route")),
    "branch": ("told", N_("branches, counted after the end of their route")),
    "pr_order": ("told", N_("PR out of order")),
    "pr_twice": ("told", N_("PR that stand at two places, or two at one")),
    "off_line": ("told", N_("cumul that differs from the drawn length by more than 30%")),
    "carrier": ("told", N_("stretches carried by a route that is not there")),
    "wide": ("told", N_("carriageways wider than 30 m")),
    "contrary": ("told", N_("left carriageways that lie far from the metres they count")),
    "category": ("told", N_("categories that the price list does not know")),
    "commune": ("told", N_("communes that are codes")),
    "island": ("told", N_("routes that touch no other")),
}
"""Kind of a fault: whether the row is left out, mended or kept as it is, and its name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes
    ----------
    kind
        One of `KINDS`.
    route
        Name of the route, None where there is none.
    told
        What is wrong there, and what came of it.
    geometry
        Where, in EPSG:2154; None where nobody knows.
    """

    kind: str
    route: str | None
    told: Message
    geometry: BaseGeometry | None = None


def table_of(faults: Iterable[Fault]) -> gpd.GeoDataFrame:
    """Faults as a layer that a GIS opens: kind, weight, route, reason in both languages.

    Examples
    --------
    >>> from voirie.messages import message
    >>> table = table_of([Fault("gap", "D67", message("severity {n}", n=2))])
    >>> table[["kind", "weight", "route", "reason_fr"]].values.tolist()
    [['gap', 'told', 'D67', 'gravité 2']]
    """
    rows = list(faults)
    places = np.empty(len(rows), dtype=object)
    places[:] = [fault.geometry for fault in rows]
    french, english = Wording("fr"), Wording("en")
    return gpd.GeoDataFrame(
        {
            "kind": [fault.kind for fault in rows],
            "weight": [KINDS[fault.kind][0] for fault in rows],
            "route": [fault.route for fault in rows],
            "reason_fr": [french.say(fault.told) for fault in rows],
            "reason_en": [english.say(fault.told) for fault in rows],
        },
        geometry=gpd.GeoSeries(places, crs=CRS),
    )
