"""Rows of a road file as attributes of a network: texts, numbers and lines that can be used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.imports.faults import Fault
from gis.imports.mapping import (
    AXES,
    REFERENCES,
    LayerMapping,
    own_name,
    read_values,
)
from gis.network.axes import AXES_BOUNDS, FARTHEST_M
from voirie.arrays import Bools
from voirie.cells import is_empty, text_of
from voirie.messages import message
from voirie.tables import CRS

SIDES = {
    **{"d": "D", "droite": "D", "droit": "D", "1": "D", "right": "D"},
    **{"g": "G", "gauche": "G", "2": "G", "left": "G"},
    **{"u": "U", "i": "U", "unique": "U", "0": "U", "": "U", "single": "U", "n": "U"},
}
_TRUE = {"1", "true", "oui", "o", "yes", "vrai", "t", "urbain", "agglo", "agglomeration", "1.0"}
_WAYS = {"1": 1, "yes": 1, "true": 1, "oui": 1, "direct": 1, "sens direct": 1} | {
    "-1": -1,
    "inverse": -1,
    "sens inverse": -1,
}
_NO_NAME = {"", "NC", "NR", "SANS OBJET", "NULL", "NONE", "NAN"}
_NUMBERED = re.compile(
    r"(?:R(?=[DN]))?([A-Z]{1,2}|GIR)0*(\d{1,5}[A-Z]{0,4}\d{0,2}(?:-\w{1,4})?)", re.IGNORECASE
)
SHARED = ";"
"""Between the names of two routes that share a stretch."""


@dataclass(slots=True)
class Cleaned:
    """Stretches that can be used, what was wrong with others, and how many were not meant.

    Attributes
    ----------
    roads
        One row a stretch: the attributes of `gis.imports.mapping.AXES` and `REFERENCES`, NULL
        where the file has none, and single lines in EPSG:2154.
    faults
        What was left out or mended.
    not_meant
        Rows that the mapping leaves out.
    """

    roads: gpd.GeoDataFrame
    faults: list[Fault] = field(default_factory=list)
    not_meant: int = 0


def clean(table: gpd.GeoDataFrame, mapping: LayerMapping) -> Cleaned:
    """Read the attributes of stretches by a mapping.

    Parameters
    ----------
    table
        A layer as `gis.imports.roads.read_roads` gives it.
    mapping
        Its columns.

    Examples
    --------
    >>> roads = gpd.GeoDataFrame(
    ...     {"numero": ["D 67", None], "larg": [5.5, 0.0]},
    ...     geometry=[shapely.LineString([(6e5, 6e6), (6e5 + 100, 6e6)]), None], crs=2154,
    ... )
    >>> read = clean(roads, LayerMapping(columns={"route": "numero", "width_m": "larg"}))
    >>> read.roads[["route", "width_m"]].values.tolist(), [fault.kind for fault in read.faults]
    ([['D67', 5.5]], ['no_geometry'])
    """
    meant = _meant(table, mapping)
    out = Cleaned(gpd.GeoDataFrame(), not_meant=int((~meant).sum()))
    table = table[meant]
    table = table.to_crs(CRS) if table.crs is not None else table
    values = {
        name: read_values(table, mapping.columns[name])
        if name in mapping.columns
        else pd.Series([None] * len(table), index=table.index, dtype="object")
        for name in (*AXES, *REFERENCES)
    }
    roads = gpd.GeoDataFrame(values, geometry=table.geometry.to_numpy(), crs=CRS)
    roads = roads.assign(row=table.index + 1)
    roads = _single_lines(roads, out.faults)
    roads["route"] = roads["route"].map(route_name)
    named = roads["route"].notna()
    for row, line in roads.loc[~named, ["row", "geometry"]].itertuples(index=False):
        told = message("row {row} has no name of a route: it is left out", row=str(row))
        out.faults.append(Fault("no_route", None, told, line))
    roads = _shared(roads[named])
    _read_texts(roads)
    _read_sides(roads, out.faults)
    roads["way"] = roads["way"].map(lambda v: 0 if v is None else _WAYS.get(_word(v), 0))
    for name in ("ramp", "agglo"):
        roads[name] = roads[name].map(lambda v: v is not None and _word(v) in _TRUE).astype(bool)
    for name in ("width_m", "traffic", "category", "cumul_from_m", "cumul_to_m", "part"):
        _read_numbers(roads, name, out.faults)
    out.roads = roads.reset_index(drop=True)
    return out


def route_name(value: object) -> str | None:
    """Name of a route as it is written: capitals and no space where it is letters and a number.

    Examples
    --------
    >>> route_name("d 67"), route_name("RD 108 "), route_name("Rue Haute"), route_name("NC")
    ('D67', 'D108', 'Rue Haute', None)
    """
    if is_empty(value):
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in text_of(value)).split())
    if text.upper() in _NO_NAME:
        return None
    numbered = _NUMBERED.fullmatch(re.sub(r"[.\s]", "", text))
    return "".join(numbered.groups()).upper() if numbered else text


def _meant(table: gpd.GeoDataFrame, mapping: LayerMapping) -> Bools:
    """Which rows a mapping reads; a filter on a column that is not there says nothing."""
    keep = np.ones(len(table), dtype=bool)
    for filters, wanted in ((mapping.only, True), (mapping.never, False)):
        for column, texts in filters.items():
            own = own_name(table.columns, column)
            if own is None:
                continue
            empty = table[own].isna()
            words = table[own].astype("object").where(~empty, "").map(text_of)
            keep &= words.isin(texts).to_numpy() == wanted
    return keep


def _single_lines(roads: gpd.GeoDataFrame, faults: list[Fault]) -> gpd.GeoDataFrame:
    """One line a row: several that meet become one, others a row each."""
    lines = roads.geometry.to_numpy()
    kind = shapely.get_type_id(lines)
    multi = kind == shapely.GeometryType.MULTILINESTRING
    lines[multi] = shapely.line_merge(lines[multi])
    kind = shapely.get_type_id(lines)
    split = kind == shapely.GeometryType.MULTILINESTRING
    far = np.array([np.abs(shapely.get_coordinates(line)).max(initial=0.0) for line in lines])
    good = (split | (kind == shapely.GeometryType.LINESTRING)) & (shapely.length(lines) > 0)
    good &= far < FARTHEST_M
    for row in roads["row"][~good]:
        told = message("row {row} has no line: it is left out", row=str(row))
        faults.append(Fault("no_geometry", None, told))
    for row, line in zip(roads["row"][split & good], lines[split & good], strict=True):
        told = message(
            "row {row} is {n} lines: each is a stretch of its own",
            row=str(row),
            n=int(shapely.get_num_geometries(line)),
        )
        faults.append(Fault("pieces", None, told, line))
    roads = roads.set_geometry(gpd.GeoSeries(lines, index=roads.index, crs=CRS))[good]
    return _cumul_shared_out(roads.explode(index_parts=False))


def _cumul_shared_out(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The cumul of a row that was split, shared among its lines by their length."""
    length = pieces.length
    whole = length.groupby(pieces["row"]).transform("sum")
    after = length.groupby(pieces["row"]).cumsum() / whole
    before = after - length / whole
    low, high = (_numbers(pieces[name]) for name in ("cumul_from_m", "cumul_to_m"))
    split = pieces["row"].duplicated(keep=False) & low.notna() & high.notna()
    out = pieces.assign(
        cumul_from_m=pieces["cumul_from_m"].where(~split, low + before * (high - low)),
        cumul_to_m=pieces["cumul_to_m"].where(~split, low + after * (high - low)),
    )
    return out.reset_index(drop=True)


def _shared(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A stretch with two names belongs to the first; the others are carried by it."""
    several = roads["route"].str.contains(SHARED, regex=False)
    if not several.any():
        return roads
    rows = []
    for _, row in roads[several].iterrows():
        names = [name for name in map(route_name, row["route"].split(SHARED)) if name]
        for name in names:
            carrier = row["carried_by"] if name == names[0] else names[0]
            rows.append({**row.to_dict(), "route": name, "carried_by": carrier})
    both = pd.concat([roads[~several], gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)])
    both["carried_by"] = both["carried_by"].astype("object").where(both["carried_by"].notna(), None)
    return both.reset_index(drop=True)


def _read_texts(roads: gpd.GeoDataFrame) -> None:
    texts = ("gestionnaire", "dep", "pole", "commune", "surface", "carried_by", "made_on")
    for name in (*texts, "plod", "plof"):
        roads[name] = roads[name].map(lambda v: None if v is None else text_of(v) or None)
    roads["carried_by"] = roads["carried_by"].map(route_name)
    roads["dep"] = roads["dep"].map(lambda v: None if v is None else v.zfill(3))


def _read_sides(roads: gpd.GeoDataFrame, faults: list[Fault]) -> None:
    words = roads["cote"].map(lambda v: None if v is None else _word(v))
    sides = words.map(lambda word: None if word is None else SIDES.get(word, "?"))
    for row, word, route, line in zip(
        *(roads[name][sides == "?"] for name in ("row", "cote", "route", "geometry")), strict=True
    ):
        told = message(
            "row {row}: no carriageway is called {word}; it is taken as a single one",
            row=str(row),
            word=text_of(word),
        )
        faults.append(Fault("side", route, told, line))
    roads["cote"] = sides.replace("?", "U").where(sides.notna(), None)


def _read_numbers(roads: gpd.GeoDataFrame, name: str, faults: list[Fault]) -> None:
    given = roads[name]
    numbers = _numbers(given)
    unread = ~given.map(is_empty) & numbers.isna()
    if name == "width_m":
        numbers = numbers.replace(0.0, np.nan)  # how many tools write "unknown"
    low, high = AXES_BOUNDS.get(name, (-1e7, 1e7))
    beyond = numbers.notna() & ~numbers.between(low, high)
    for row, value, route, line in zip(
        *(roads[column][beyond | unread] for column in ("row", name, "route", "geometry")),
        strict=True,
    ):
        told = message(
            "row {row}: {value} is no value of {name}; it is left empty",
            row=str(row),
            value=text_of(value),
            name=name,
        )
        faults.append(Fault("value", route, told, line))
    roads[name] = numbers.where(~beyond)


def _numbers(given: pd.Series) -> pd.Series:
    """Numbers with a point or a decimal comma: no file of roads groups its thousands."""
    texts = given.map(lambda v: v.replace(",", ".").strip() if isinstance(v, str) else v)
    return pd.to_numeric(texts, errors="coerce").astype("float64")


def _word(value: object) -> str:
    return text_of(value).lower()
