"""Points of reference (PR) of a road: read, put on its line, and its measure set by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from gis.imports.cleaning import SIDES, route_name
from gis.imports.faults import Fault
from gis.imports.mapping import PR, LayerMapping, read_values
from gis.network.axes import PR_KINDS
from voirie.arrays import Floats
from voirie.cells import text_of
from voirie.messages import message
from voirie.places import ROUTE_KEY
from voirie.tables import CRS

FAR_M = 60.0
"""A PR that stands farther from its road is one of another road, or misplaced."""

SPREAD_M = 20.0
"""Two stretches that place one PR farther apart do not agree."""

_NUMBER = re.compile(r"(?:(\d{2,3}|2[AB])?PR)?\s*(\d{1,3})[A-Z]?", re.IGNORECASE)
_COLUMNS = ("kind", "num", "plo", "at_m", "cumul_m")


@dataclass(frozen=True, slots=True)
class Markers:
    """Markers of one road.

    Attributes
    ----------
    points
        ``kind``, ``num``, ``plo``, ``at_m`` (metres along the road as it is laid), ``cumul_m``
        (as the owner counts them; equal to ``at_m`` where he does not) and geometry, by ``at_m``.
    """

    points: gpd.GeoDataFrame

    @classmethod
    @cache
    def none(cls) -> Markers:
        """A road without markers."""
        empty = {name: pd.Series(dtype="object") for name in _COLUMNS}
        return cls(gpd.GeoDataFrame(empty, geometry=[], crs=CRS))

    def beginning(self) -> tuple[float, float] | None:
        """Where the road begins by its PR; None where they do not say.

        The lowest PR, if the numbers fall along the road as it is laid; else nothing has to turn.
        """
        numbered = self.points[self.points["num"].notna()]
        if len(numbered) < 2:
            return None
        at, num = numbered["at_m"].to_numpy(float), numbered["num"].to_numpy(float)
        against = float(np.sum((at - at.mean()) * (num - num.mean()))) < 0.0
        if not against:
            return None
        (x, y), *_ = shapely.get_coordinates(numbered.geometry.iloc[int(np.argmin(num))])
        return float(x), float(y)

    def joined_by(
        self, points: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, faults: list[Fault]
    ) -> Markers:
        """With the points of a layer, where the road has no marker of that name yet."""
        more = markers_of(points, rows, faults).points
        new = more[~more["plo"].isin(self.points["plo"])]
        both = pd.concat([self.points, new], ignore_index=True)
        return Markers(both.sort_values("at_m", kind="stable").reset_index(drop=True))

    def table(self, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Layer ``pr``: every marker on each carriageway, since they share the cumul."""
        sides = rows["cote"].drop_duplicates().sort_values()
        bare = self.points.drop(columns="at_m")
        for name in ("gestionnaire", "dep", "route"):
            bare = bare.assign(**{name: str(rows[name].iloc[0])})
        both = pd.concat([bare.assign(cote=side) for side in sides], ignore_index=True)
        columns = [*ROUTE_KEY, "num", "kind", "plo", "cumul_m", "geometry"]
        return gpd.GeoDataFrame(both[columns], geometry="geometry", crs=CRS)


def clean_points(
    table: gpd.GeoDataFrame, mapping: LayerMapping, faults: list[Fault]
) -> gpd.GeoDataFrame:
    """Read the attributes of points of reference by a mapping.

    Returns
    -------
    geopandas.GeoDataFrame
        The attributes of `gis.imports.mapping.PR`, points in EPSG:2154.

    Examples
    --------
    >>> table = gpd.GeoDataFrame(
    ...     {"axe": ["D67", "D67"], "pr": [12, None]},
    ...     geometry=[shapely.Point(6e5, 6e6), shapely.Point(6e5, 6e6)], crs=2154,
    ... )
    >>> faults = []
    >>> points = clean_points(table, LayerMapping(columns={"route": "axe", "num": "pr"}), faults)
    >>> points[["route", "num", "kind", "plo"]].values.tolist(), [fault.kind for fault in faults]
    ([['D67', 12, 'PR', 'PR12']], ['pr_name'])
    """
    table = table.to_crs(CRS) if table.crs is not None else table
    values = {
        name: read_values(table, mapping.columns[name])
        if name in mapping.columns
        else pd.Series([None] * len(table), index=table.index, dtype="object")
        for name in PR
    }
    points = gpd.GeoDataFrame(values, geometry=table.geometry.to_numpy(), crs=CRS)
    for column, texts in mapping.never.items():
        if column in table.columns:
            points = points[~table.loc[points.index, column].astype("string").isin(texts)]
    points["route"] = points["route"].map(route_name)
    points["dep"] = points["dep"].map(lambda v: None if v is None else text_of(v).zfill(3))
    points["cote"] = points["cote"].map(
        lambda v: None if v is None else SIDES.get(text_of(v).lower(), "U")
    )
    named = [
        name_of(num, kind, plo)
        for num, kind, plo in zip(points["num"], points["kind"], points["plo"], strict=True)
    ]
    points[["kind", "num", "plo"]] = pd.DataFrame(
        named, index=points.index, columns=["kind", "num", "plo"], dtype="object"
    )
    points["cumul_m"] = pd.to_numeric(points["cumul_m"], errors="coerce")
    place = shapely.get_type_id(points.geometry.to_numpy()) == shapely.GeometryType.POINT
    good = points["route"].notna() & points["kind"].notna() & place
    for row, route, at in zip(
        points.index[~good], points["route"][~good], points.geometry[~good], strict=True
    ):
        told = message(
            "point {row} has no route, number or place: it is left out", row=str(row + 1)
        )
        faults.append(Fault("pr_name", route, told, at))
    return gpd.GeoDataFrame(points[good].reset_index(drop=True))


def name_of(num: object, kind: object, plo: object) -> tuple[str | None, int | None, str | None]:
    """Kind, number and text of a point, from what a file says of it.

    Examples
    --------
    >>> name_of(12.0, None, None), name_of(None, "DS", "DS"), name_of(None, None, "31PR12")
    (('PR', 12, 'PR12'), ('DS', None, 'DS'), ('PR', 12, '31PR12'))
    >>> name_of(None, None, "borne")
    (None, None, None)
    """
    texts = ["" if value is None else text_of(value).upper() for value in (num, kind, plo)]
    other = next((text for text in (texts[1], texts[0], texts[2]) if text in PR_KINDS), None)
    if other in ("DS", "FS", "C", "CS"):
        return other, None, texts[2] or other
    found = next((m for m in map(_NUMBER.fullmatch, (texts[0], texts[2])) if m), None)
    if found is None:
        return None, None, None
    number = int(found[2])
    written = texts[2] if _NUMBER.fullmatch(texts[2]) and "PR" in texts[2] else f"PR{number}"
    return other or "PR", number, written


def markers_of(points: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, faults: list[Fault]) -> Markers:
    """Put the markers of one road on its line.

    Parameters
    ----------
    points
        Points of this road, as `clean_points` gives them.
    rows
        Its stretches, lines running with the cumul.
    faults
        Takes the markers that lie far away, stand twice, or out of order.
    """
    lines = rows.geometry.to_numpy()
    own = rows["cote"].to_numpy()
    places = points.geometry.to_numpy()
    at, away = np.full(len(points), np.nan), np.full(len(points), np.inf)
    for side in sorted({*own}):
        rows_of = np.flatnonzero(own == side)
        row = rows_of[shapely.STRtree(lines[rows_of]).nearest(places)]
        apart = shapely.distance(lines[row], places)
        # Both carriageways have one measure: the right one, or the only one, gives it.
        better = apart < (away - FAR_M if side == "G" else away)
        along = shapely.line_locate_point(lines[row], places, normalized=True)
        low, high = rows["cumul_from_m"].to_numpy()[row], rows["cumul_to_m"].to_numpy()[row]
        at = np.where(better, np.round(low + along * (high - low), 2), at)
        away = np.where(better, apart, away)
    near = away <= FAR_M
    for plo, route, point, metres in zip(
        *(points[name][~near] for name in ("plo", "route", "geometry")), away[~near], strict=True
    ):
        told = message(
            "{route} {plo}: it stands {n} m from its road and is left out",
            route=str(route),
            plo=str(plo),
            n=round(float(metres)),
        )
        faults.append(Fault("pr_far", str(route), told, point))
    found = points[near].assign(at_m=at[near]).sort_values("at_m", kind="stable")
    once = _once(found, faults)
    if once["cumul_m"].isna().any():
        once = _apart(once, faults)
    cumul = once["cumul_m"].astype("float64")
    counted = bool(cumul.notna().all() and len(once) > 1 and (np.diff(cumul) >= 0).all())
    out = once.assign(cumul_m=cumul if counted else once["at_m"])
    _tell_order(out, faults)
    return Markers(out[[*_COLUMNS, "geometry"]].reset_index(drop=True))


def markers_from_ends(rows: gpd.GeoDataFrame, faults: list[Fault]) -> Markers:
    """Markers from the PR and abscisse that a table gives the ends of its stretches."""
    ends = []
    for plo, metres, cumul in (("plod", "absd", "cumul_from_m"), ("plof", "absf", "cumul_to_m")):
        after = pd.to_numeric(rows[metres], errors="coerce")
        ends.append(pd.DataFrame({"plo": rows[plo], "at": rows[cumul] - after, "after": after}))
    table = pd.concat(ends, ignore_index=True).dropna()
    if table.empty:
        return Markers.none()
    route = str(rows["route"].iloc[0])
    found = []
    for name, group in table.groupby("plo", sort=True):
        kind, num, written = name_of(str(name), None, str(name))
        if kind is None:
            told = message("{route}: {plo} is no name of a PR", route=route, plo=str(name))
            faults.append(Fault("pr_name", route, told))
            continue
        # Where it is said nearest to the PR it is said best.
        at = float(group.sort_values("after", kind="stable")["at"].iloc[0])
        apart = float(group["at"].max() - group["at"].min())
        if apart > SPREAD_M:
            told = message(
                "{route} {plo}: its stretches place it up to {n} m apart",
                route=route,
                plo=str(name),
                n=round(apart),
            )
            faults.append(Fault("pr_twice", route, told))
        found.append({"kind": kind, "num": num, "plo": written, "at_m": at, "cumul_m": at})
    if not found:
        return Markers.none()
    table = pd.DataFrame(found).assign(geometry=None)
    points = gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
    points["num"] = points["num"].astype("object")
    points = points.sort_values("at_m", kind="stable").reset_index(drop=True)
    _tell_order(points.assign(route=route), faults)
    return Markers(points)


def calibrated(rows: gpd.GeoDataFrame, markers: Markers) -> gpd.GeoDataFrame:
    """The road with the cumul that its markers give it; between two it is spread evenly.

    Stretches are cut where a marker with a measure of its own stands, so that the spread holds.
    """
    at = markers.points["at_m"].to_numpy(float)
    cumul = markers.points["cumul_m"].to_numpy(float)
    if len(at) < 2 or np.array_equal(at, cumul):
        return rows
    pieces = _cut_at(rows, at)
    for name in ("cumul_from_m", "cumul_to_m"):
        pieces[name] = _through(pieces[name].to_numpy(float), at, cumul).round(3)
    return pieces


def _through(metres: Floats, at: Floats, cumul: Floats) -> Floats:
    inside = np.interp(metres, at, cumul)
    before, after = np.minimum(metres - at[0], 0.0), np.maximum(metres - at[-1], 0.0)
    return np.asarray(inside + before + after)


def _cut_at(rows: gpd.GeoDataFrame, at: Floats) -> gpd.GeoDataFrame:
    low, high = rows["cumul_from_m"].to_numpy(float), rows["cumul_to_m"].to_numpy(float)
    out, lines = [], rows.geometry.to_numpy()
    for index in range(len(rows)):
        inner = at[(at > low[index] + 0.5) & (at < high[index] - 0.5)]
        bounds = np.r_[low[index], inner, high[index]]
        share = (bounds - low[index]) / (high[index] - low[index])
        line = lines[index]
        for a, b, start, end in zip(bounds, bounds[1:], share, share[1:], strict=False):
            piece = line if len(bounds) == 2 else substring(line, start, end, normalized=True)
            row = rows.iloc[index].to_dict()
            out.append({**row, "cumul_from_m": a, "cumul_to_m": b, "geometry": piece})
    return gpd.GeoDataFrame(out, geometry="geometry", crs=CRS)


def _once(found: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """One marker of each name: the two that a divided road has stand side by side."""
    for plo, group in found.groupby("plo", sort=True):
        apart = float(group["at_m"].max() - group["at_m"].min())
        if len(group) > 1 and apart > SPREAD_M:
            told = message(
                "{route} {plo}: it stands at {n} places, {m} m apart; the first is kept",
                route=str(group["route"].iloc[0]),
                plo=str(plo),
                n=len(group),
                m=round(apart),
            )
            where = shapely.MultiPoint(list(group.geometry))
            faults.append(Fault("pr_twice", str(group["route"].iloc[0]), told, where))
    right_first = found.assign(left=found["cote"] == "G").sort_values(
        ["left", "at_m"], kind="stable"
    )
    return right_first.drop_duplicates("plo").sort_values("at_m", kind="stable")


def _apart(found: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Markers that stand apart: of two at one place, as on a loop that begins there, the first."""
    at = found["at_m"].to_numpy(float)
    again = np.r_[False, np.diff(at) < 1.0] & found["num"].notna().to_numpy()
    for index in np.flatnonzero(again):
        here, before = found.iloc[index], found.iloc[index - 1]
        told = message(
            "{route}: {plo} and {other} stand at one place; the first is kept",
            route=str(here["route"]),
            plo=str(here["plo"]),
            other=str(before["plo"]),
        )
        faults.append(Fault("pr_twice", str(here["route"]), told, here["geometry"]))
    return gpd.GeoDataFrame(found[~again])


def _tell_order(points: gpd.GeoDataFrame, faults: list[Fault]) -> None:
    numbered = points[points["num"].notna()]
    num = numbered["num"].to_numpy(float)
    for index in np.flatnonzero(np.diff(num) <= 0):
        before, after = numbered.iloc[index], numbered.iloc[index + 1]
        told = message(
            "{route}: {plo} stands after {other}",
            route=str(after["route"]),
            plo=str(after["plo"]),
            other=str(before["plo"]),
        )
        faults.append(Fault("pr_order", str(after["route"]), told, after["geometry"]))
