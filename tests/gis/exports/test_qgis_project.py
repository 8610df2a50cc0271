"""The project, opened by QGIS itself where it is installed, and read as XML everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from gis.exports.geopackage import write_gpkg
from gis.exports.layers import TITLES
from gis.exports.qgis_project import write_qgis_project
from gis.exports.qgis_styles import CLASS_COLOUR
from voirie.catalogue.treatments import load_treatments
from voirie.tables import read_table
from voirie.taxonomy import load_taxonomy

# The Python that QGIS is installed for is the system's, not that of an environment.
PYTHON = "/usr/bin/python3"
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ["PATH"]}
HAS_QGIS = (
    Path(PYTHON).exists()
    and subprocess.run(
        [PYTHON, "-c", "import qgis.core"], capture_output=True, env=OFFSCREEN
    ).returncode
    == 0
)
PAINTED = 300
"""Pixels of a line some 5 wide across a good part of the picture."""


def written(survey: Path, folder: Path) -> Path:
    package = write_gpkg(survey / "tables", folder / "survey.gpkg")
    out = folder / "survey.qgz"
    return write_qgis_project(package, out, load_treatments(), load_taxonomy(), "Printemps 2026")


@pytest.fixture(scope="module")
def project(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(made / "pictures", folder / "pictures")
    return written(made, folder)


def inner(project: Path) -> ElementTree.Element:
    with zipfile.ZipFile(project) as archive:
        assert archive.namelist() == ["survey.qgs"]
        return ElementTree.fromstring(archive.read("survey.qgs"))


def opened(project: Path, picture: Path) -> dict[str, Any]:
    """What QGIS finds in it."""
    script = Path(__file__).with_name("qgis_reader.py")
    done = subprocess.run(
        [PYTHON, script, project, picture], capture_output=True, text=True, env=OFFSCREEN
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_it_names_its_package_by_a_path_from_its_own_folder(project: Path) -> None:
    root = inner(project)
    sources = [source.text or "" for source in root.iter("datasource")]
    assert sources and all(source.startswith("./survey.gpkg|layername=") for source in sources)
    assert {source.split("layername=")[1].split("|")[0] for source in sources} == set(TITLES)
    assert str(project.parent) not in ElementTree.tostring(root, "unicode")
    # QGIS gives a new identifier to a layer whose own is short, and loses it in the list.
    assert all(len(one.findtext("id") or "") > 10 for one in root.iter("maplayer"))


def test_pictures_and_fixes_are_not_shown_at_first(project: Path) -> None:
    shown = {one.attrib["name"]: one.attrib["checked"] for one in inner(project).iter("layer-tree-layer")}  # noqa: E501  # fmt: skip
    for off in ("Images", "Trace GNSS", "Couverture", "Passages", "Notes par voie"):
        assert shown[off] == "Qt::Unchecked"
    for on in ("Sections", "Chaussée", "Panneaux", "Dépôts sauvages"):
        assert shown[on] == "Qt::Checked"


def test_works_are_listed_by_scenario_and_coloured_by_year(project: Path, made: Path) -> None:
    works = read_table("works", made / "tables")
    found = {}
    for layer in inner(project).iter("maplayer"):
        if "layername=works" in (layer.findtext("datasource") or ""):
            years = [int(one.attrib["value"]) for one in layer.iter("category")]
            found[layer.findtext("layername")] = years
    wanted = {name: sorted(set(own["year"])) for name, own in works.groupby("scenario")}
    assert found == wanted


def test_the_same_package_gives_the_same_bytes(project: Path, made: Path, tmp_path: Path) -> None:
    assert written(made, tmp_path).read_bytes() == project.read_bytes()


def test_stills_by_chainage_give_tables_alone(bare: Path, tmp_path: Path) -> None:
    root = inner(written(bare, tmp_path))
    assert {one.attrib["geometry"] for one in root.iter("maplayer")} == {"No geometry"}
    groups = [one.attrib["name"] for one in root.iter("layer-tree-group") if "name" in one.attrib]
    assert groups == ["Tableaux"]


@pytest.mark.skipif(not HAS_QGIS, reason="QGIS is not installed for the system's Python")
def test_qgis_opens_it_composed(project: Path, made: Path, tmp_path: Path) -> None:
    found = opened(project, tmp_path / "map.png")
    assert found["read"] and found["crs"] == "EPSG:2154" and not found["errors"]
    assert found["title"] == "Printemps 2026"
    layers = {one["title"]: one for one in found["layers"]}
    assert all(one["valid"] for one in found["layers"])
    for table in ("sections", "frames", "coverage", "extents", "section_plans"):
        (one,) = [x for x in found["layers"] if f"layername={table}" in x["source"]]
        assert one["rows"] == len(read_table(table, made / "tables"))
    works = read_table("works", made / "tables")
    for scenario, own in works.groupby("scenario"):
        assert layers[scenario]["rows"] == len(own)
        assert layers[scenario]["group"] == "Programme de travaux, par scénario et par année"
    assert not layers["Images"]["seen"] and layers["Sections"]["seen"]
    assert layers["Sections"]["categories"][0] == ["BE", "BE - bon état"]
    for title in ("Sections", "Chaussée", "Images", "Couverture", "Étendues par code"):
        one = layers[title]
        assert one["names"]["pr"] == "PR + abscisse" and one["names"]["route"] == "route"
        assert one["widgets"]["picture_path"] == "ExternalResource"
        assert "picture_path" in one["tip"]
    assert layers["Chaussée"]["widgets"]["code"] == "ValueMap"

    drawn = cv2.imread(str(tmp_path / "map.png"))
    assert drawn is not None
    for state in ("BE", "EM", "ME"):
        blue_green_red = [int(CLASS_COLOUR[state][k : k + 2], 16) for k in (5, 3, 1)]
        assert np.all(drawn == blue_green_red, axis=2).sum() > PAINTED, state


@pytest.mark.skipif(not HAS_QGIS, reason="QGIS is not installed for the system's Python")
def test_it_moves_with_its_folder(project: Path, tmp_path: Path) -> None:
    moved = tmp_path / "ailleurs"
    shutil.copytree(project.parent, moved)
    found = opened(moved / "survey.qgz", tmp_path / "map.png")
    assert all(one["valid"] and str(moved) in one["source"] for one in found["layers"])
