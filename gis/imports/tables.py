"""Attributes from tables that people keep beside their roads: by route and cumul, or by PR.

A row says what a road has from one cumul to another, or from a PR to another; without either it
speaks of the whole route. Where rows of one table overlap, the newest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.ops import substring

from gis.imports.cleaning import SIDES, route_name
from gis.imports.faults import Fault
from gis.imports.joins import Join
from gis.imports.mapping import AXES, REFERENCES
from gis.imports.writing import markers_on_the_road
from gis.network.axes import AXES_BOUNDS, JOINT_M
from gis.network.network import Network
from gis.network.pr_text import PrText
from gis.network.referencing import cumul_of
from voirie.arrays import Bools, Floats, Ints, Objects
from voirie.cells import is_empty, text_of
from voirie.errors import NotFound
from voirie.messages import Message, message
from voirie.places import RouteKey
from voirie.spreadsheets import Sheet, read_sheet
from voirie.tables import CRS

NUMBERS = ("traffic", "width_m", "category")
TRUTHS = ("agglo",)

BEYOND_M = 20.0
"""A row may count this far beyond the end of its road: two measures of one road."""

_ENDS = ("cumul_from_m", "cumul_to_m")
_READ = ("route", "dep", "cote", *_ENDS, "made_on")
_CUT_M = 0.5


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says of a road: from where to where, and since when."""

    row: int
    low: float
    high: float
    value: object
    since: str


def add_tables(
    network: Network, joins: Sequence[Join], faults: list[Fault]
) -> tuple[Network, list[Message]]:
    """Give the stretches of a network what tables say of them, cut where a row begins or ends.

    Parameters
    ----------
    network
        The network, measured.
    joins
        Tables, with the attribute and the column of each.
    faults
        Takes the rows that fit no road, and what is said twice.

    Returns
    -------
    network
        The network with these attributes.
    told
        How each table was read.

    Raises
    ------
    InputUnusable, NotDecodable, EmptyInput
        When a table cannot be read: its row and column where it is one cell.
    """
    told: list[Message] = []
    for join in joins:
        sheet = _read(join)
        told.append(
            message("{file} was read with {how}", file=join.path.name, how=sheet.written_in)
        )
        said = _by_route(network, join, sheet, faults)
        axes = pd.DataFrame(network.axes)
        parts = [axes[~_of_routes(axes, set(said))]]
        for key, rows in said.items():
            own = axes[Network.of_route(axes, key)]
            parts.append(_with_values(own, join.attribute, _newest_last(key, rows, join, faults)))
        both = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=CRS)
        network = Network.of(both, markers_on_the_road(network), sections=network.sections)
    return network, told


def _read(join: Join) -> Sheet:
    names: dict[str, Sequence[str]] = {name: AXES[name] for name in _READ}
    names |= REFERENCES
    # The column asked for is read as that, whatever else it is called like.
    return read_sheet(
        join.path, names | {"value": [join.column or join.attribute]}, ["route", "value"]
    )


def _by_route(
    network: Network, join: Join, sheet: Sheet, faults: list[Fault]
) -> dict[RouteKey, list[_Said]]:
    """Rows of a table by the road that they speak of."""
    values = _values(join.attribute, sheet)
    measures = {
        name: sheet.numbers(name).to_numpy(float)
        for name in (*_ENDS, "absd", "absf")
        if name in sheet.rows.columns
    }
    keys: dict[str, list[RouteKey]] = {}
    for key in network.routes():
        keys.setdefault(key.route, []).append(key)
    found: dict[RouteKey, list[_Said]] = {}
    rows = zip(sheet.rows.index.tolist(), sheet.rows.to_dict("records"), values, strict=True)
    for at, (number, named, value) in enumerate(rows):
        cells = {str(name): cell for name, cell in named.items()}
        if is_empty(value):
            continue
        name = route_name(cells["route"])
        own = [key for key in keys.get(name or "", []) if _fits(key, cells)]
        if not own:
            told = message(
                "{file}, row {row}: {route} is not in the network",
                file=join.path.name, row=str(number), route=text_of(cells["route"]),
            )  # fmt: skip
            faults.append(Fault("table_row", name, told))
        for key in own:
            span = _span(network, key, cells, {n: v[at] for n, v in measures.items()})
            start, end = network.cumul_range_m(key)
            if isinstance(span, Message):
                why = span
            elif span[0] > end + BEYOND_M or span[1] < start - BEYOND_M:
                why = message("{low} to {high} m", low=round(span[0]), high=round(span[1]))
            else:
                since = text_of(cells.get("made_on"))
                said = _Said(number, max(span[0], start), min(span[1], end), value, since)
                found.setdefault(key, []).append(said)
                continue
            told = message(
                "{file}, row {row}: {route} has no such metres ({why})",
                file=join.path.name, row=str(number), route=key.route, why=why,
            )  # fmt: skip
            faults.append(Fault("table_row", key.route, told))
    return found


def _values(attribute: str, sheet: Sheet) -> pd.Series:
    if attribute in TRUTHS:
        return sheet.truths("value").astype("object")
    if attribute not in NUMBERS:
        return sheet.rows["value"].map(lambda cell: text_of(cell) or None)
    numbers = sheet.numbers("value")
    low, high = AXES_BOUNDS[attribute]
    for row, number in numbers.items():
        if number < low or number > high:
            sheet.refuse_cell(row, "value", f"{number:g} is not between {low:g} and {high:g}")
    return numbers if attribute == "width_m" else numbers.round()


def _fits(key: RouteKey, cells: dict[str, object]) -> bool:
    dep, side = text_of(cells.get("dep")), text_of(cells.get("cote")).lower()
    return (not dep or dep.zfill(3) == key.dep) and (
        not side or "U" in (SIDES.get(side, "U"), key.cote) or SIDES.get(side) == key.cote
    )


def _span(
    network: Network, key: RouteKey, cells: dict[str, object], numbers: dict[str, float]
) -> tuple[float, float] | Message:
    """From where to where a row counts; the reason where that is no place of the road."""
    ends = [numbers.get(name, np.nan) for name in _ENDS]
    if not np.isnan(ends).any():
        return min(ends), max(ends)
    points = [text_of(cells.get(name)) for name in ("plod", "plof")]
    if not all(points):
        return network.cumul_range_m(key)
    at = []
    for point, metres in zip(points, ("absd", "absf"), strict=True):
        after = float(np.nan_to_num(numbers.get(metres, 0.0)))
        read = PrText.after(point)
        try:
            at.append(
                float(
                    cumul_of(
                        network, key, read.other if read.num is None else read.num,
                        after,
                    )[0]
                )
            )  # fmt: skip
        except NotFound:
            return message("{place} is no place of it", place=f"{point}+{after:g}")
    return min(at), max(at)


def _newest_last(key: RouteKey, rows: list[_Said], join: Join, faults: list[Fault]) -> list[_Said]:
    """Rows in the order in which they are written over one another."""
    order = sorted(rows, key=lambda said: (said.since, said.row))
    for at, one in enumerate(order):
        for other in order[at + 1 :]:
            low, high = max(one.low, other.low), min(one.high, other.high)
            if high - low > JOINT_M:
                told = message(
                    "{file}: rows {row} and {other} both count {route} from {low} to {high} m; the"
                    " newest counts",
                    file=join.path.name, row=str(one.row), other=str(other.row), route=key.route,
                    low=round(low), high=round(high),
                )  # fmt: skip
                faults.append(Fault("overlap", key.route, told))
    return order


def _with_values(axes: pd.DataFrame, attribute: str, said: list[_Said]) -> pd.DataFrame:
    """Stretches of one road cut where rows begin and end, with the values of these."""
    bounds = np.unique([metres for one in said for metres in (one.low, one.high)])
    index, low, high, lines = _pieces(axes, bounds)
    out = axes.iloc[index].assign(cumul_from_m=low, cumul_to_m=high, geometry=lines)
    middle = ((out["cumul_from_m"] + out["cumul_to_m"]) / 2).to_numpy(float)
    values = out[attribute].astype("object").to_numpy(copy=True)
    for one in said:
        values[(middle >= one.low) & (middle <= one.high)] = one.value
    return out.assign(**{attribute: values})


def _pieces(axes: pd.DataFrame, bounds: Floats) -> tuple[Ints, Floats, Floats, Objects]:
    """Stretches cut at some cumuls: row, both ends and line of each piece."""
    rows, ends, lines = [], [], []
    metres = axes[["cumul_from_m", "cumul_to_m"]].to_numpy(float).tolist()
    for row, ((low, high), line) in enumerate(zip(metres, axes["geometry"], strict=True)):
        inner = bounds[(bounds > low + _CUT_M) & (bounds < high - _CUT_M)].tolist()
        for a, b in pairwise([low, *inner, high]):
            share = (a - low) / (high - low), (b - low) / (high - low)
            rows.append(row)
            ends.append((a, b))
            lines.append(substring(line, *share, normalized=True) if inner else line)
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = lines
    from_to = np.array(ends)
    return np.array(rows), from_to[:, 0], from_to[:, 1], shapes


def _of_routes(axes: pd.DataFrame, keys: set[RouteKey]) -> Bools:
    names = axes[["gestionnaire", "dep", "route", "cote"]].astype(str).itertuples(index=False)
    return np.array([RouteKey(*name) in keys for name in names], dtype=bool)
