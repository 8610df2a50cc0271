"""Opening a file of roads, whatever tool wrote it: one layer as a table with geometry."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from pyarrow.lib import ArrowException
from shapely.errors import ShapelyError

from voirie.errors import EmptyInput, InputUnusable, NetworkUnusable, NotDecodable
from voirie.private_copy import unchanged_by_reading

OSM_SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")
LINES, POINTS = "lines", "points"
_KINDS = {LINES: ("LineString", "MultiLineString"), POINTS: ("Point", "MultiPoint")}
REMEDY = "give a Shapefile, GeoPackage, GeoJSON, GeoParquet, FlatGeobuf, MapInfo, GML or OSM file"


def layers_of(path: Path) -> dict[str, str]:
    """Layers of a file and the geometry of each, as GDAL calls it.

    Raises
    ------
    NotDecodable
        When there is no such file, or none that can be read.

    Examples
    --------
    >>> layers_of(Path("samples/drive/network.gpkg"))
    {'axes': 'LineString', 'pr': 'Point'}
    """
    _refuse_absent(path)
    if is_osm(path) or path.suffix.lower() == ".parquet":
        return {LINES: "LineString"}
    try:
        with _copy(path) as copy:
            found = pyogrio.list_layers(copy)
    except (OSError, ValueError, RuntimeError) as error:  # of GDAL
        raise _unreadable(path, error) from error
    return {str(name): str(kind or "").removesuffix(" Z") for name, kind in found}


def read_roads(path: Path, layer: str | None = None, kind: str = LINES) -> gpd.GeoDataFrame:
    """Read one layer of a file.

    Parameters
    ----------
    path
        What pyogrio reads, GeoParquet, or OpenStreetMap (``.osm``, ``.osm.gz``, ``.osm.pbf``).
    layer
        Its name; None for the first that holds lines, or points.
    kind
        ``lines`` or ``points``.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns as the file has them, in its reference system, two-dimensional.

    Raises
    ------
    NetworkUnusable
        Without such a layer, or without a reference system.
    NotDecodable, EmptyInput
        When it cannot be read, or has no row.

    Examples
    --------
    >>> roads = read_roads(Path("samples/drive/network.gpkg"))
    >>> sorted(set(roads["route"]))[:2]
    ['D741', 'D752']
    """
    there = layers_of(path)
    if layer is None:
        fitting = [name for name, shape in there.items() if shape in _KINDS[kind]]
        if not fitting:
            fitting = [name for name, shape in there.items() if shape in ("Unknown", "")]
        if not fitting:
            if kind == LINES:
                raise NetworkUnusable("it has no layer of lines", path, REMEDY)
            raise NetworkUnusable("it has no layer of points", path, REMEDY)
        if len(fitting) > 1 and kind == LINES:
            raise NetworkUnusable(
                f"it has several layers of lines: {', '.join(fitting)}",
                path,
                "say which: --layer NAME",
            )
        layer = fitting[0]
    elif layer not in there:
        raise NetworkUnusable(
            f"the layer {layer} is missing", path, f"it has {', '.join(there) or 'none'}"
        )
    try:
        table = _read(path, layer)
    except InputUnusable:
        raise
    except (OSError, ValueError, RuntimeError, ShapelyError, ArrowException) as error:
        raise _unreadable(path, error) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise NetworkUnusable(f"the layer {layer} has no geometry", path, REMEDY)
    if table.empty:
        raise EmptyInput(f"the layer {layer} is empty", path, "export it again with its rows")
    if table.crs is None:
        raise NetworkUnusable(
            f"the layer {layer} has no coordinate reference system",
            path,
            "declare it (a .prj file beside a Shapefile; EPSG:2154 for Lambert-93)",
        )
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    table = table.reset_index(drop=True)
    table.geometry = shapely.force_2d(table.geometry.to_numpy())
    return table


def is_osm(path: Path) -> bool:
    """Whether a file is called as those of OpenStreetMap are.

    Examples
    --------
    >>> is_osm(Path("ain.osm.gz")), is_osm(Path("ain.shp"))
    (True, False)
    """
    return path.name.lower().endswith(OSM_SUFFIXES)


def _read(path: Path, layer: str) -> gpd.GeoDataFrame:
    if is_osm(path):
        return _read_osm(path)
    if path.suffix.lower() == ".parquet":
        return gpd.read_parquet(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what GDAL finds odd is judged by what comes of it
        with _copy(path) as copy:
            if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists():
                return gpd.read_file(copy, layer=layer)
            # A Shapefile that does not say how it is written: most are UTF-8 today.
            try:
                return gpd.read_file(copy, layer=layer, encoding="utf-8")
            except UnicodeDecodeError:
                return gpd.read_file(copy, layer=layer, encoding="cp1252")


def _read_osm(path: Path) -> gpd.GeoDataFrame:
    """Ways with the tag ``highway``: their tags as columns."""
    import osmium

    rows: list[dict[str, object]] = []
    with ExitStack() as kept:
        source = path
        if path.suffix.lower() == ".gz":
            # Read packed, a file that is cut short is taken for a whole one.
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            source = folder / "roads.osm"
            with gzip.open(path) as packed, source.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
        ways = (
            osmium.FileProcessor(str(source), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
        for way in ways:
            if not isinstance(way, osmium.osm.Way):
                continue
            points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            shape = shapely.LineString(points) if len(points) > 1 else None
            rows.append({"osm_id": way.id, **dict(way.tags), "geometry": shape})
    if not rows:
        raise EmptyInput("it holds no road (a way with the tag highway)", path, REMEDY)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    """The file as it may be read; a geodatabase is a folder."""
    if path.is_dir():
        yield path
    else:
        with unchanged_by_reading(path) as copy:
            yield copy


def _refuse_absent(path: Path) -> None:
    if path.is_dir() and path.suffix.lower() != ".gdb":
        inside = sorted(file.name for file in path.glob("*.shp")) + sorted(
            file.name for file in path.glob("*.gpkg")
        )
        remedy = f"name the file in it: {', '.join(inside[:5])}" if inside else REMEDY
        raise NotDecodable("it is a folder", path, remedy)
    if not path.exists():
        raise NotDecodable("there is no such file", path, REMEDY)
    if not path.is_file() and not path.is_dir():
        raise NotDecodable("it is no regular file", path, REMEDY)
    if path.is_file() and path.stat().st_size == 0:
        raise EmptyInput("the file holds no byte", path, "copy it again")


def _unreadable(path: Path, error: Exception) -> NotDecodable:
    why = " ".join(str(error).split())
    if "SHAPE_RESTORE_SHX" in why:
        return NotDecodable(
            "the .shx that belongs to it is not beside it",
            path,
            "bring all the files of that name: .shp, .shx, .dbf, .prj",
        )
    if "not recognized as being in a supported file format" in why:
        return NotDecodable("it is no file of roads of a known kind", path, REMEDY)
    return NotDecodable(f"the file cannot be read ({why})", path, REMEDY)
