"""A road file made into a network: mapping found or given, rows read, routes made, faults told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pyogrio

from gis.imports.checks import check_network
from gis.imports.cleaning import clean
from gis.imports.faults import Fault
from gis.imports.joins import Join, add_areas
from gis.imports.make import make_network
from gis.imports.mapping import (
    AXES,
    PR,
    REFERENCES,
    Column,
    LayerMapping,
    NetworkMapping,
    guessed,
    load_mapping,
    nearest,
    own_name,
    ready_for,
)
from gis.imports.markers import clean_points
from gis.imports.roads import POINTS, layers_of, read_roads
from gis.imports.tables import add_tables
from gis.imports.writing import as_written
from gis.network.network import Network
from gis.network.territory import refuse_elsewhere
from voirie.cells import plain
from voirie.errors import ConfigurationError, NetworkUnusable
from voirie.messages import Message

STATE = "État"
_DEPARTMENT = r"0?\d\d|0?2[AB]|9[78]\d"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user says of a road file, beside the file.

    Attributes
    ----------
    mapping
        Name or path of a mapping, None to find one.
    layer
        Layer with the stretches.
    pr
        File with points of reference, where it is another one.
    columns
        Attribute and column: ``{"width_m": "largeur"}``.
    values
        Attribute and one value for all: ``{"dep": "012"}``.
    joins
        Areas whose names the stretches in them take.
    """

    mapping: str | None = None
    layer: str | None = None
    pr: Path | None = None
    columns: Dictionary[str, str] = field(default_factory=dict)
    values: Dictionary[str, str] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A network, how it was read, and what was wrong.

    Attributes
    ----------
    network
        The network.
    mapping
        The mapping that was used.
    faults
        One each place.
    rows, not_meant
        Rows of the file, and those that the mapping leaves out.
    ignored
        Columns of its stretches that nothing was read from.
    tables
        How each table that was joined was read.
    """

    network: Network
    mapping: NetworkMapping
    faults: list[Fault]
    rows: int
    not_meant: int
    ignored: tuple[str, ...] = ()
    tables: tuple[Message, ...] = ()


def roads_asked(path: Path, asked: Asked) -> gpd.GeoDataFrame:
    """The layer with the stretches: the one asked for, that of the mapping, or the only one.

    Raises
    ------
    NetworkUnusable, NotDecodable, EmptyInput
        As `gis.imports.roads.read_roads`.
    """
    mapped = load_mapping(asked.mapping or "bdtopo_v3").axes.layer
    layer = asked.layer or (mapped if mapped in layers_of(path) else None)
    return read_roads(path, layer)


def mapping_for(path: Path, asked: Asked, table: gpd.GeoDataFrame) -> NetworkMapping:
    """The mapping asked for, or found by the columns, with what the user says over it.

    Raises
    ------
    ConfigurationError
        When something is missing: all of it at once, with the columns that come near.
    """
    columns = [str(name) for name in table.columns if name != "geometry"]
    found = load_mapping(asked.mapping) if asked.mapping else ready_for(columns)
    base = found or NetworkMapping(name="guessed", axes=LayerMapping(columns={}))
    used = {plain(entry.column) for entry in base.axes.columns.values() if entry.column}
    used |= {plain(column) for column in asked.columns.values()}
    free = [name for name in columns if plain(name) not in used]
    # A column that a mapping uses, or the user names, is guessed for nothing else.
    more = {
        name: entry
        for name, entry in guessed(free, AXES | REFERENCES).items()
        if name not in base.axes.columns
    }
    said = {name: Column(column=column) for name, column in asked.columns.items()}
    given = {name: Column(value=value) for name, value in asked.values.items()}
    unknown = [name for name in (*said, *given) if name not in AXES | REFERENCES]
    absent = [column for column in asked.columns.values() if own_name(columns, column) is None]
    if unknown or absent:
        wrong = [f"there is no attribute {name}" for name in unknown]
        wrong += [f"there is no column {column}" for column in absent]
        raise ConfigurationError(
            "; ".join(wrong), path,
            f"attributes are {', '.join(AXES)}; columns are {', '.join(columns)}",
        )  # fmt: skip
    axes = base.axes.model_copy(update={"columns": {**more, **base.axes.columns, **said, **given}})
    if "route" not in axes.columns or not _there(axes.columns["route"], columns):
        near = nearest(columns, AXES["route"]) or columns
        raise ConfigurationError(
            "no column holds the name of the route", path,
            "name it (--column route=NAME; perhaps "
            f"{', '.join(near[:8])}), or give one name to all (--value route=D67)",
        )  # fmt: skip
    return base.model_copy(update={"axes": axes})


def import_network(
    path: Path, asked: Asked, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Make a network of a file of roads.

    Parameters
    ----------
    path
        What `gis.imports.roads.read_roads` reads.
    asked
        What the user says beside it.
    progress
        Told how many routes are done, of how many.

    Raises
    ------
    ConfigurationError
        When an attribute that nobody can guess is missing: what, and how to say it.
    NetworkUnusable, NotDecodable, EmptyInput
        When the file cannot be used.

    Examples
    --------
    >>> done = import_network(Path("samples/drive/network.gpkg"), Asked())
    >>> len(done.network.routes()), done.faults
    (5, [])
    """
    table = roads_asked(path, asked)
    mapping = mapping_for(path, asked, table)
    read = clean(table, mapping.axes)
    if read.roads.empty:
        raise NetworkUnusable(
            "no row is a stretch of a road with a name", path,
            f"{read.not_meant} rows are not meant by the mapping {mapping.name}; "
            "look at it with --dry-run",
        )  # fmt: skip
    refuse_elsewhere(read.roads.total_bounds, path)
    roads = add_areas(read.roads, tuple(join for join in asked.joins if not join.is_table))
    roads = _whose(roads, path)
    faults = [*read.faults]
    points = _points(path, asked, mapping, roads, faults)
    made = make_network(roads, points, progress)
    faults += made.faults
    tables = [join for join in asked.joins if join.is_table]
    network, told = add_tables(as_written(made.network), tables, faults)
    network = as_written(network) if tables else network
    faults += check_network(network)
    unread = ignored(table.columns, mapping.axes)
    return Imported(network, mapping, faults, len(table), read.not_meant, unread, tuple(told))


def ignored(columns: Iterable[object], mapping: LayerMapping) -> tuple[str, ...]:
    """Columns of a file that a mapping reads nothing from.

    Examples
    --------
    >>> ignored(["axe", "Largeur", "geometry"], LayerMapping(columns={"route": "axe"}))
    ('Largeur',)
    """
    used = {plain(entry.column) for entry in mapping.columns.values() if entry.column}
    used |= {plain(name) for name in (*mapping.only, *mapping.never, "geometry")}
    return tuple(str(name) for name in columns if plain(name) not in used)


def _there(column: Column, columns: list[str]) -> bool:
    return column.column is None or own_name(columns, column.column) is not None


def _whose(roads: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """Department and manager of every stretch.

    A stretch that does not say takes the department of the rest of its route, then the only one
    of the file; the manager follows from the name of the route.
    """
    dep = roads["dep"].where(roads["dep"].astype("string").str.fullmatch(_DEPARTMENT).fillna(False))
    usual = dep.dropna().groupby(roads["route"]).agg(lambda own: str(own.mode().iloc[0]))
    dep = dep.fillna(roads["route"].map(usual))
    if dep.nunique() == 1:
        dep = dep.fillna(dep.dropna().iloc[0])
    roads = roads.assign(dep=dep)
    if roads["dep"].isna().any():
        n = int(roads["dep"].isna().sum())
        raise ConfigurationError(
            f"{n} of {len(roads)} stretches have no department", path,
            "say it (--value dep=012), or name its column (--column dep=NAME)",
        )  # fmt: skip
    state = roads["route"].str.match(r"[NA]\d")
    short = roads["dep"].str.removeprefix("0")
    guess = ("CD" + short).where(~state, STATE)
    return roads.assign(gestionnaire=roads["gestionnaire"].fillna(guess))


def _points(
    path: Path,
    asked: Asked,
    mapping: NetworkMapping,
    roads: gpd.GeoDataFrame,
    faults: list[Fault],
) -> gpd.GeoDataFrame | None:
    """Points of reference of another file, or of a layer of this one."""
    layer = mapping.pr.layer if mapping.pr else None
    if asked.pr is None:
        there = layers_of(path)
        known = [name for name in (layer, "pr", "point_de_repere") if name in there]
        if not known:
            return None
        if pyogrio.read_info(path, layer=known[0])["features"] == 0:
            return None
        source, layer = path, known[0]
    else:
        source = asked.pr
    table = read_roads(source, layer if layer in layers_of(source) else None, POINTS)
    columns = [str(name) for name in table.columns if name != "geometry"]
    own = mapping.pr if mapping.pr and mapping.pr.columns else LayerMapping(columns={})
    fitting = {name: entry for name, entry in own.columns.items() if _there(entry, columns)}
    found = LayerMapping(never=own.never, columns={**guessed(columns, PR), **fitting})
    if not {"num", "plo"} & set(found.columns) or "route" not in found.columns:
        missing = "the route" if "route" not in found.columns else "the number of the PR"
        raise ConfigurationError(
            f"no column holds {missing}", source,
            f"call it route, num, or plo; its columns are {', '.join(columns)}",
        )  # fmt: skip
    points = clean_points(table, found, faults)
    # A point that does not say whose it is belongs to the road of its name, where there is one.
    whose = roads.groupby("route")[["gestionnaire", "dep"]].agg(["nunique", "first"])
    for name in ("gestionnaire", "dep"):
        alone = whose[whose[(name, "nunique")] == 1][(name, "first")]
        of_road = points["route"].map(alone).astype("object")
        points[name] = of_road.where(of_road.notna(), points[name]).fillna("")
    return points
