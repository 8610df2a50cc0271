"""One GeoPackage from the tables: layers, styles for QGIS, and the meaning of every column.

Version 1.3, which the GDAL of current Debian reads without a warning. NULL stays NULL and 0
stays 0. A layer whose geometry is NULL everywhere (stills by chainage) becomes a plain
attribute table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gis.exports.layers import TITLES, declared, survey_layers
from gis.exports.qgis_styles import layer_styles, year_style
from voirie.files import check_room, replacing
from voirie.tables import TABLES, Column
from voirie.taxonomy import Taxonomy, load_taxonomy

OUTLINES = "une emprise : le contour au sol d'un constat"
NO_DATE = "1970-01-01T00:00:00.000Z"


def write_gpkg(tables: Path, out: Path, taxonomy: Taxonomy | None = None) -> Path:
    """Write the GeoPackage of a survey, replacing ``out`` at once when it is whole.

    Findings are points (the centre of their outline), so that one symbol stands for each at
    every scale; those measured as a surface have their outline in `finding_outlines`.
    `section_notes` and `works` carry the line of their section.

    Parameters
    ----------
    tables
        Folder of the tables, ``DIR/tables``.
    out
        The file to write, ``DIR/survey.gpkg``.
    taxonomy
        Codes that the survey found, for their style; those of the product by default.

    Returns
    -------
    pathlib.Path
        ``out``.

    Raises
    ------
    voirie.errors.NotASurvey
        When a table cannot be read.
    voirie.errors.DiskFull, voirie.errors.OutputNotWritable
        When the disk does not take it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from voirie.errors import NotASurvey
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "sections.parquet").write_bytes(b"cut short")
    ...     try:
    ...         write_gpkg(Path(folder), Path(folder, "survey.gpkg"))
    ...     except NotASurvey as error:
    ...         Path(error.path).name, Path(folder, "survey.gpkg").exists()
    ('sections.parquet', False)
    """
    layers = survey_layers(tables)
    with replacing(out) as partial:
        try:
            with _dated(layers["frames"]):
                for number, (name, frame) in enumerate(layers.items()):
                    _write_layer(partial, name, frame, append=number > 0)
            with closing(sqlite3.connect(partial)) as database, database:
                _add_meanings(database, layers)
                _add_styles(database, layers, layer_styles(taxonomy or load_taxonomy()))
        except (RuntimeError, sqlite3.OperationalError):
            # GDAL and SQLite have many words for a disk that is full: the disk itself is asked.
            room = sum(int(frame.memory_usage(deep=True).sum()) for frame in layers.values())
            check_room(out.parent, room)
            raise
    return out


def geometry_type(frame: pd.DataFrame) -> str | None:
    """Type of a layer, None where it holds no coordinates at all."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return None
    kinds = set(frame.geometry.geom_type.dropna())
    if not kinds:
        return None
    single = {kind.removeprefix("Multi") for kind in kinds}
    if len(single) > 1:
        return "Unknown"
    (kind,) = single
    return f"Multi{kind}" if len(kinds) > 1 or kinds != single else kind


def _write_layer(path: Path, name: str, frame: pd.DataFrame, *, append: bool) -> None:
    kind = geometry_type(frame)
    options: dict[str, str] = {} if append else {"VERSION": "1.3"}
    if kind is None:
        plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        pyogrio.write_dataframe(
            _dates(plain), path, layer=name, driver="GPKG", append=append, dataset_options=options
        )
        return
    pyogrio.write_dataframe(
        _dates(frame),
        path,
        layer=name,
        driver="GPKG",
        append=append,
        dataset_options=options,
        geometry_type=kind,
        promote_to_multi=kind.startswith("Multi"),
        layer_options={"GEOMETRY_NAME": "geom"},
    )


def _dates(frame: pd.DataFrame) -> pd.DataFrame:
    """Give days their own type in the GeoPackage; the tables keep them as ISO text."""
    if "surveyed_on" in frame.columns:
        days = pd.to_datetime(frame["surveyed_on"]).dt.date
        return frame.assign(surveyed_on=days)
    return frame


@contextmanager
def _dated(frames: pd.DataFrame) -> Iterator[None]:
    """Date the file by its last picture, so that the same survey gives the same bytes."""
    last = frames["captured_at"].max()
    day = NO_DATE if pd.isna(last) else last.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": day})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _add_meanings(database: sqlite3.Connection, layers: dict[str, pd.DataFrame]) -> None:
    """Title and meaning of each column, through the schema extension that QGIS and GDAL read."""
    database.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT"
        " NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,"
        " CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),"
        " CONSTRAINT gdc_tn UNIQUE (table_name, name))"
    )
    database.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL,"
        " constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,"
        " max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,"
        " CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
    )
    database.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,"
        " extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,"
        " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
    )
    for name in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        database.execute(
            "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema',"
            " 'http://www.geopackage.org/spec/#extension_schema', 'read-write')",
            (name,),
        )
    for layer, frame in layers.items():
        told = TABLES[layer].fr if layer in TABLES else OUTLINES
        database.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
            (TITLES[layer], told, layer),
        )
        for column in frame.columns:
            known = declared(layer, str(column))
            if known is not None:
                # GDAL, and QGIS with it, take `name` as the alias and leave `title` unread.
                title = known.title("fr")
                database.execute(
                    "INSERT INTO gpkg_data_columns (table_name, column_name, name, title,"
                    " description) VALUES (?, ?, ?, ?, ?)",
                    (layer, column, title, title, _description(known)),
                )


def _description(column: Column) -> str:
    """Meaning in French, with the unit and the values where there are any."""
    parts = [column.fr]
    if column.unit:
        parts.append(f"unité : {column.unit}")
    if column.allowed:
        parts.append(f"valeurs : {', '.join(column.allowed)}")
    return " ; ".join(parts)


def _add_styles(
    database: sqlite3.Connection,
    layers: dict[str, pd.DataFrame],
    styles: dict[str, tuple[str, str]],
) -> None:
    """Styles that QGIS applies by itself when the layer is opened."""
    database.execute(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        " f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),"
        " f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,"
        " useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
        " update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
    )
    (changed,) = database.execute("SELECT max(last_change) FROM gpkg_contents").fetchone()
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
        (changed,),
    )
    years = sorted({int(year) for year in layers["works"]["year"]})
    rows = [(layer, layer, qml, 1, title) for layer, (title, qml) in styles.items()]
    rows.append(("works", "works_by_year", year_style(years), 0, "travaux par année"))
    for layer, name, qml, used, title in rows:
        if geometry_type(layers[layer]) is not None:
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
                " f_geometry_column, styleName, styleQML, useAsDefault, description, update_time)"
                " VALUES ('', '', ?, 'geom', ?, ?, ?, ?, ?)",
                (layer, name, qml, used, title, changed),
            )
