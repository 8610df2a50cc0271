"""Small made roads, findings and coverages for the tests of scoring."""

from __future__ import annotations

import functools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from gis.network.network import Network
from gis.scoring.score import Observation, ScoreResult, score
from gis.scoring.sections import cut
from voirie.catalogue.scheme import load_scheme
from voirie.tables import conform, empty

ROUTE = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
X, Y = 600_000.0, 6_250_000.0

DEFORMATION = frozenset({"ORN", "AFF"})
CAMERA = Observation(
    frozenset({"FLB", "FLH", "FLx", "FTR", "FAI", "FAH", "NDP", "REP"}), "made model"
)
ALL = Observation(frozenset(load_scheme().codes), "everything")


def axis(start: float, end: float, **more: Any) -> dict[str, Any]:
    row = {**ROUTE, "part": 1, "cumul_from_m": start, "cumul_to_m": end, "category": 2}
    row |= {"pole": "Muret", "commune": "Exemple", "agglo": False, "width_m": 6.0}
    row |= {"surface": "BB", "traffic": 1200, "carried_by": None}
    row["geometry"] = LineString([(X + start, Y), (X + end, Y)])
    return row | more


def network(axes: list[dict[str, Any]], pr: dict[int, float] | None = None) -> Network:
    points = [
        {**ROUTE, "num": n, "kind": "PR", "plo": f"31PR{n}", "cumul_m": at}
        | {"geometry": Point(X + at, Y)}
        for n, at in (pr or {}).items()
    ]
    columns = [*ROUTE, "num", "kind", "plo", "cumul_m", "geometry"]
    return Network.of(
        gpd.GeoDataFrame(axes, geometry="geometry", crs="EPSG:2154"),
        gpd.GeoDataFrame(points, columns=columns, geometry="geometry", crs="EPSG:2154"),
    )


@functools.cache
def road(length_m: float = 400.0, **more: Any) -> gpd.GeoDataFrame:
    """Sections of one straight road without PR; made once, so a test copies what it changes."""
    return cut(network([axis(0.0, length_m, **more)]))


def finding(code: str, start: float, end: float | None = None, **more: Any) -> dict[str, Any]:
    end = start if end is None else end
    row: dict[str, Any] = {"finding_id": f"{code} {start} {end} {len(more)}", "survey_id": "s"}
    row |= {"family": "pavement", "code": code, "severity": 1, "confidence": 0.5}
    row |= {"existence": 0.97, **ROUTE, "sens": "+", "voie": 1, "cumul_m": (start + end) / 2}
    row |= {"cumul_from_m": start, "cumul_to_m": end, "scale_assumed": False, "n_views": 1}
    row |= {"n_passes": 1, "origin": "machine", "review_state": "proposed", "experimental": False}
    return row | more


def findings(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The table; two findings of the same make are two, and told apart by their rank."""
    if not rows:
        return empty("findings")
    table = pd.DataFrame(rows)
    again = table.groupby("finding_id").cumcount()
    names = table["finding_id"].where(again == 0, table["finding_id"] + " " + again.astype(str))
    return conform("findings", table.assign(finding_id=names))


def seen(start: float, end: float, **more: Any) -> dict[str, Any]:
    row = {"pass_id": "p", **ROUTE, "sens": "+", "voie": 1, "surveyed": True}
    return row | {"cumul_from_m": start, "cumul_to_m": end} | more


def coverage(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return conform("coverage", pd.DataFrame(rows).drop_duplicates()) if rows else empty("coverage")


def scored(
    things: list[dict[str, Any]],
    covered: list[dict[str, Any]] | None = None,
    sections: pd.DataFrame | None = None,
    observation: Observation = CAMERA,
    **more: Any,
) -> ScoreResult:
    """Score a road of 400 m, seen whole in one direction unless said otherwise."""
    cut_road = road() if sections is None else sections
    default = [seen(0.0, float(cut_road["cumul_to_m"].max()))]
    return score(
        findings(things),
        coverage(default if covered is None else covered),
        cut_road,
        observation=observation,
        survey_id="s",
        **more,
    )


def extent(result: ScoreResult, code: str, severity: int, row: int = 0, sens: str = "+") -> float:
    """Percent of a code and severity in a section."""
    section = result.sections["section_id"].iloc[row]
    table = result.extents
    found = table[
        (table["section_id"] == section)
        & (table["sens"] == sens)
        & (table["code"] == code)
        & (table["severity"] == severity)
    ]
    return float(np.asarray(found["extent_pct"])[0])
