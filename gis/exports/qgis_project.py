"""A project for QGIS beside the GeoPackage: opens composed, with groups, styles and French names.

It is written as XML, since QGIS itself is no library that a survey may depend on (decision 0034).
Only what QGIS does not find in the GeoPackage by itself is said: what lies above what, what is
shown at first, which rows a layer takes, what codes are called, and the picture of a row.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml
from xml.etree.ElementTree import Element, SubElement

import pyproj

from gis.exports.layers import TITLES
from gis.exports.qgis_styles import year_style
from voirie.catalogue.treatments import Treatments
from voirie.files import replacing
from voirie.labels import (
    CLASS_NAMES,
    ENVELOPES,
    REASONS,
    SITUATIONS,
    STATES,
    WASTE_KINDS,
)
from voirie.tables import CRS, TABLES
from voirie.taxonomy import Taxonomy
from voirie.wording import FRENCH

VERSION = "3.22.0"
"""The QGIS of current Debian; later ones open its projects."""

DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say, so that the same survey gives the same bytes."""

MARGIN = 0.05
GEOMETRY = {"POINT": "Point", "LINESTRING": "Line", "POLYGON": "Polygon"}

PAVEMENT = "\"family\" NOT IN ('sign', 'dumping')"


@dataclass(frozen=True)
class _Shown:
    """A layer of the project.

    Attributes
    ----------
    name
        Of the layer in the GeoPackage.
    title
        In the list of layers.
    on
        Whether it is shown when the project opens.
    rows
        Which rows it takes; all of them where empty.
    style
        QML; that of the GeoPackage where empty.
    """

    name: str
    title: str
    on: bool = True
    rows: str = ""
    style: str = ""


@dataclass(frozen=True)
class _Group:
    """Layers that are listed together."""

    title: str
    layers: Sequence[_Shown]
    on: bool = True
    one_at_a_time: bool = False


def write_qgis_project(
    package: Path, out: Path, treatments: Treatments, taxonomy: Taxonomy, title: str = "Relevé"
) -> Path:
    """Write the project of a GeoPackage, which it names by its path from the project's folder.

    Parameters
    ----------
    package
        ``DIR/survey.gpkg``, as `gis.exports.geopackage.write_gpkg` makes it.
    out
        The file to write, ``DIR/survey.qgz``, in the same folder.
    treatments, taxonomy
        What the works and the codes are called.
    title
        Title of the window.

    Raises
    ------
    voirie.errors.DiskFull, voirie.errors.OutputNotWritable
        When the disk does not take it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from gis.exports.geopackage import write_gpkg
    >>> from voirie.catalogue.treatments import load_treatments
    >>> from voirie.taxonomy import load_taxonomy
    >>> with TemporaryDirectory() as folder:
    ...     package = write_gpkg(Path(folder), Path(folder, "survey.gpkg"))
    ...     project = Path(folder, "survey.qgz")
    ...     _ = write_qgis_project(package, project, load_treatments(), load_taxonomy())
    ...     zipfile.ZipFile(project).namelist()
    ['survey.qgs']
    """
    with closing(sqlite3.connect(package)) as database:
        contents = _Contents(database)
        names = _names(treatments, taxonomy)
        root = _project(title, contents, _groups(contents), names, package.name)
    Xml.indent(root)
    text = io.BytesIO()
    text.write(b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n")
    Xml.ElementTree(root).write(text, encoding="utf-8")
    inner = zipfile.ZipInfo(out.with_suffix(".qgs").name, DATE)
    inner.compress_type = zipfile.ZIP_DEFLATED
    inner.external_attr = 0o644 << 16
    with replacing(out) as partial, zipfile.ZipFile(partial, "w") as archive:
        archive.writestr(inner, text.getvalue())
    return out


class _Contents:
    """What a GeoPackage holds, as far as a project must know it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        ask = database.execute
        kinds = dict(ask("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
        self.layers = {
            name: kinds.get(name, "")
            for (name,) in ask("SELECT table_name FROM gpkg_contents ORDER BY rowid")
            if name in TITLES
        }
        self.columns = {
            layer: [row[1] for row in ask(f'PRAGMA table_info("{layer}")')][1:]
            for layer in self.layers
        }
        self.aliases = {
            (layer, column): alias
            for layer, column, alias in ask(
                "SELECT table_name, column_name, name FROM gpkg_data_columns"
            )
        }
        self.styles = dict(
            ask("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1")
        )
        self.scenarios: dict[str, list[int]] = {}
        for scenario, year in ask(
            "SELECT DISTINCT w.scenario, w.year FROM works w LEFT JOIN scenarios s"
            " ON s.scenario = w.scenario ORDER BY s.fid, w.scenario, w.year"
        ):
            self.scenarios.setdefault(scenario, []).append(year)
        self.box: tuple[float, float, float, float] | None = None
        for name in ("sections", "findings", "frames"):
            row = ask(
                "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (name,)
            ).fetchone()
            if row and None not in row and kinds.get(name):
                self.box = row
                break


def _groups(contents: _Contents) -> list[_Group]:
    """What is listed, the topmost on the map first; what has no geometry goes to the tables."""

    def of(name: str, title: str, **how: bool | str) -> list[_Shown]:
        return [_Shown(name, title, **how)] if contents.layers.get(name) else []  # type: ignore[arg-type]

    programme: list[_Shown] = []
    if contents.layers.get("works"):
        for scenario, years in contents.scenarios.items():
            quoted = scenario.replace("'", "''")
            rows = f"\"scenario\" = '{quoted}'"
            first = not programme
            programme.append(_Shown("works", scenario, first, rows, year_style(years)))
    plain = [
        _Shown(name, TITLES[name], False) for name, kind in contents.layers.items() if not kind
    ]
    return [
        _Group(
            "Constats",
            [
                *of("signs", "Panneaux"),
                *of("dumping", "Dépôts sauvages"),
                *of("findings", "Chaussée", rows=PAVEMENT),
                *of("finding_outlines", "Emprises mesurées"),
            ],
        ),
        _Group("Programme de travaux, par scénario et par année", programme, False, True),
        _Group(
            "État de la chaussée",
            [*of("section_notes", "Notes par voie", on=False), *of("sections", "Sections")],
        ),
        _Group(
            "Relevé",
            [
                *of("frames", "Images", on=False),
                *of("track", "Trace GNSS", on=False),
                *of("coverage", "Couverture", on=False),
                *of("passes", "Passages", on=False),
            ],
        ),
        _Group("Tableaux", plain),
    ]


def _names(treatments: Treatments, taxonomy: Taxonomy) -> dict[str, Mapping[str, str]]:
    """What stored values are called in French, by column."""
    said = {
        "classe_etat": CLASS_NAMES,
        "reason": REASONS,
        "envelope": ENVELOPES,
        "status": STATES,
        "review_state": STATES,
        "kind": WASTE_KINDS,
        "situation": SITUATIONS,
    }
    named: dict[str, Mapping[str, str]] = {
        column: {value: FRENCH.text(text) for value, text in texts.items()}
        for column, texts in said.items()
    }
    work = {one.code: one.label_fr for one in treatments.treatments}
    works = ("treatment", "proposed_treatment", "called_treatment", "planned_treatment")
    codes = {code.code: f"{code.code} - {code.label_fr}" for code in taxonomy.codes.values()}
    return {**named, **dict.fromkeys(works, work), "code": codes}


def _project(
    title: str,
    contents: _Contents,
    groups: Sequence[_Group],
    names: Mapping[str, Mapping[str, str]],
    package: str,
) -> Element:
    root = Element("qgis", projectname=title, version=VERSION)
    SubElement(root, "title").text = title
    _reference(SubElement(root, "projectCrs"))
    tree = SubElement(root, "layer-tree-group")
    layers = Element("projectlayers")
    number = 0
    for group in groups:
        if not group.layers:
            continue
        branch = SubElement(
            tree,
            "layer-tree-group",
            name=group.title,
            checked="Qt::Checked" if group.on else "Qt::Unchecked",
            expanded="1" if group.on and group.title != "Tableaux" else "0",
        )
        if group.one_at_a_time:
            branch.set("mutually-exclusive", "1")
            branch.set("mutually-exclusive-child", "0")
        for shown in group.layers:
            number += 1
            # QGIS gives another identifier to a layer whose own has ten letters or fewer.
            identifier = f"voirie_{shown.name}_{number}"
            source = f"./{package}|layername={shown.name}"
            source += f"|subset={shown.rows}" if shown.rows else ""
            SubElement(
                branch,
                "layer-tree-layer",
                id=identifier,
                name=shown.title,
                source=source,
                providerKey="ogr",
                checked="Qt::Checked" if shown.on else "Qt::Unchecked",
                expanded="0",
            )
            layers.append(_layer(shown, identifier, source, contents, names))
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas")
    SubElement(canvas, "units").text = "meters"
    if contents.box is not None:
        edges = _edges(contents.box)
        extent = SubElement(canvas, "extent")
        for name, value in edges.items():
            SubElement(extent, name).text = value
        # Where "Zoom to the whole" goes, and where other programs begin.
        view = SubElement(root, "ProjectViewSettings", UseProjectScales="0")
        _reference(SubElement(view, "DefaultViewExtent", edges))
    _reference(SubElement(canvas, "destinationsrs"))
    root.append(layers)
    properties = SubElement(root, "properties")
    SubElement(SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    # Without it QGIS takes the project to have no reference system.
    SubElement(SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = "1"
    return root


def _reference(parent: Element) -> None:
    system = SubElement(parent, "spatialrefsys")
    SubElement(system, "wkt").text = pyproj.CRS(CRS).to_wkt()
    SubElement(system, "srid").text = CRS.removeprefix("EPSG:")
    SubElement(system, "authid").text = CRS


def _edges(box: tuple[float, float, float, float]) -> dict[str, str]:
    edge = MARGIN * max(box[2] - box[0], box[3] - box[1])
    values = box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge
    names = "xmin", "ymin", "xmax", "ymax"
    return {name: f"{value:.3f}" for name, value in zip(names, values, strict=True)}


def _layer(
    shown: _Shown,
    identifier: str,
    source: str,
    contents: _Contents,
    names: Mapping[str, Mapping[str, str]],
) -> Element:
    kind = contents.layers[shown.name].removeprefix("MULTI")
    layer = Element("maplayer", type="vector", geometry=GEOMETRY.get(kind, "No geometry"))
    SubElement(layer, "id").text = identifier
    SubElement(layer, "datasource").text = source
    SubElement(layer, "layername").text = shown.title
    SubElement(layer, "abstract").text = TABLES[shown.name].fr if shown.name in TABLES else ""
    if contents.layers[shown.name]:
        _reference(SubElement(layer, "srs"))
    SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    style = shown.style or contents.styles.get(shown.name, "")
    if style:
        renderer = Xml.fromstring(style).find("renderer-v2")
        assert renderer is not None
        layer.append(renderer)
    if shown.name == "sections":
        _labels(layer, ROAD_NAME)
    fields = SubElement(layer, "fieldConfiguration")
    aliases = SubElement(layer, "aliases")
    for column in contents.columns[shown.name]:
        _widget(SubElement(fields, "field", name=column), column, names)
        alias = contents.aliases.get((shown.name, column))
        if alias:
            SubElement(aliases, "alias", field=column, name=alias)
    if "picture_path" in contents.columns[shown.name]:
        SubElement(layer, "mapTip").text = PICTURE_TIP
    return layer


ROAD_NAME = """concat("route", if("commune" is null, '', ' – ' || "commune"))"""


def _labels(layer: Element, expression: str) -> None:
    """Write a name along the lines, once for those that join."""
    layer.set("labelsEnabled", "1")
    settings = SubElement(SubElement(layer, "labeling", type="simple"), "settings")
    font = {"fieldName": expression, "isExpression": "1", "fontSize": "10"}
    font |= {"fontSizeUnit": "Point", "textColor": "27,36,48,255", "textOpacity": "1"}
    text = SubElement(settings, "text-style", font)
    halo = {"bufferDraw": "1", "bufferSize": "1", "bufferSizeUnits": "MM"}
    SubElement(text, "text-buffer", halo | {"bufferColor": "255,255,255,255"})
    # 3: bent along the line; 10: above or below it, as reading goes.
    where = {"placement": "3", "placementFlags": "10", "dist": "2", "distUnits": "MM"}
    SubElement(settings, "placement", where)
    SubElement(settings, "rendering", mergeLines="1", labelPerPart="0")


PICTURE_TIP = (
    '<b>[% concat("route", \' \', "pr") %]</b><br>'
    '<img src="file:///[% @project_folder %]/[% "picture_path" %]" width="480">'
)
"""What the map shows under the pointer; the picture lies beside the project."""


def _widget(field: Element, column: str, names: Mapping[str, Mapping[str, str]]) -> None:
    """How the form of a row shows a column: codes by their name, the picture as a picture."""
    if column == "picture_path":
        config = _config(field, "ExternalResource")
        for name, value, kind in (
            ("DocumentViewer", "1", "int"),
            ("FileWidget", "true", "bool"),
            ("RelativeStorage", "1", "int"),
            ("StorageMode", "0", "int"),
        ):
            SubElement(config, "Option", name=name, value=value, type=kind)
    elif column in names:
        values = SubElement(_config(field, "ValueMap"), "Option", name="map", type="List")
        for value, name in names[column].items():
            entry = SubElement(values, "Option", type="Map")
            SubElement(entry, "Option", name=name, value=value, type="QString")


def _config(field: Element, kind: str) -> Element:
    config = SubElement(SubElement(field, "editWidget", type=kind), "config")
    return SubElement(config, "Option", type="Map")
