"""The GeoPackage, read back by GDAL and by sqlite."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from gis.exports.geopackage import write_gpkg
from gis.exports.layers import TITLES
from voirie.errors import NotASurvey
from voirie.tables import TABLES, read_table

SPATIAL = {
    "sections": "LineString",
    "section_notes": "LineString",
    "findings": "Point",
    "finding_outlines": "Polygon",
    "signs": "Point",
    "dumping": "Point",
    "works": "LineString",
    "frames": "Point",
    "track": "Point",
    "coverage": "LineString",
    "passes": "LineString",
}
PLAIN = {"extents", "plan_years", "scenarios", "section_plans"}


@pytest.fixture(scope="module")
def package(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gpkg(made / "tables", tmp_path_factory.mktemp("gpkg") / "survey.gpkg")


def query(package: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(package)) as database:
        return database.execute(sql).fetchall()


def test_layers_and_their_types(package: Path) -> None:
    layers = dict(pyogrio.list_layers(package).tolist())
    assert {name: layers[name] for name in SPATIAL} == SPATIAL
    assert {name for name in PLAIN if layers[name] is None} == PLAIN


def test_it_is_version_1_3_in_lambert_93(package: Path) -> None:
    assert query(package, "PRAGMA user_version") == [(10300,)]
    assert query(package, "PRAGMA integrity_check") == [("ok",)]
    srs = "SELECT DISTINCT organization, organization_coordsys_id FROM gpkg_geometry_columns"
    assert query(package, f"{srs} JOIN gpkg_spatial_ref_sys USING (srs_id)") == [("EPSG", 2154)]


@pytest.mark.parametrize("layer", ["sections", "frames", "plan_years", "coverage"])
def test_every_cell_comes_back(package: Path, made: Path, layer: str) -> None:
    read, table = pyogrio.read_dataframe(package, layer=layer), read_table(layer, made / "tables")
    assert len(read) == len(table)
    for column in TABLES[layer].columns:
        if column.kind in {"geometry", "time", "date"}:
            continue
        stored, back = table[column.name], read[column.name]
        assert back.isna().tolist() == stored.isna().tolist(), column.name
        assert back.dropna().astype(str).tolist() == [
            str(type(b)(s)) for s, b in zip(stored.dropna(), back.dropna(), strict=True)
        ], column.name
    if TABLES[layer].has_geometry:
        assert read.geometry.geom_equals_exact(table.geometry, 1e-9).all()


def test_null_and_zero_stay_apart(package: Path, made: Path) -> None:
    extents = read_table("extents", made / "tables")["extent_pct"]
    sql = "SELECT sum(extent_pct IS NULL), sum(extent_pct = 0), count(*) FROM extents"
    expected = (int(extents.isna().sum()), int((extents == 0).sum()), len(extents))
    assert query(package, sql) == [expected]
    assert 0 < expected[0] < expected[0] + expected[1] < expected[2]


def test_signs_and_works_stand_on_the_map(package: Path, made: Path) -> None:
    signs = pyogrio.read_dataframe(package, layer="signs")
    assert len(signs) == len(read_table("signs", made / "tables"))
    assert signs["official_code"].notna().all() and signs["cumul_m"].notna().all()
    assert signs.geometry.notna().all()
    assert pyogrio.read_dataframe(package, layer="works").geometry.notna().all()


def test_every_thing_has_its_pr_and_its_picture(package: Path, made: Path) -> None:
    for layer in ("findings", "signs", "dumping", "frames"):
        rows = pyogrio.read_dataframe(package, layer=layer, read_geometry=False)
        placed = rows[rows["route"].notna() & rows["cumul_m"].notna()]
        assert len(placed) and placed["pr"].str.match(r"(PR \d+|DS|FS)\+\d{4}$").all()
        shown = rows[rows["picture_id"].notna()]
        assert len(shown) and all((made / path).is_file() for path in shown["picture_path"])
        assert rows.loc[rows["picture_id"].isna(), "picture_path"].isna().all()
    for layer in ("works", "section_notes"):
        rows = pyogrio.read_dataframe(package, layer=layer, read_geometry=False)
        assert rows[["route", "plod", "absd", "plof", "absf", "pole"]].notna().all().all()


def test_qgis_finds_a_style_of_every_layer_that_stands_on_a_map(package: Path) -> None:
    styles = query(
        package, "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles"
    )
    assert {row[0] for row in styles if row[2] == 1} == set(SPATIAL)
    assert [row[:2] for row in styles if row[2] == 0] == [("works", "works_by_year")]
    assert all("renderer-v2" in str(row[3]) for row in styles)


def test_layers_have_a_title_in_french(package: Path) -> None:
    titles = dict(query(package, "SELECT table_name, identifier FROM gpkg_contents"))
    assert titles["track"] == "Trace" and titles["dumping"] == "Dépôts sauvages"


@pytest.mark.parametrize("layer", sorted(set(TITLES) - {"finding_outlines"}))
def test_gdal_reads_a_title_and_a_meaning_of_every_column(package: Path, layer: str) -> None:
    with pyogrio.open_arrow(package, layer=layer, use_pyarrow=True) as (_, reader):
        fields = {field.name: field.metadata or {} for field in reader.schema}
    for column in TABLES[layer]:
        if column.kind != "geometry":
            told = fields[column.name]
            # GDAL leaves out an alias that is the name itself ("commune", "IDEG").
            alias = told.get(b"GDAL:OGR:alternative_name", column.name.encode()).decode()
            title = column.title("fr")
            assert alias == (column.name if title.lower() == column.name else title)
            assert told[b"GDAL:OGR:comment"].decode().startswith(column.fr)
    if layer == "findings":
        assert (
            "valeurs : proposed, confirmed" in fields["review_state"][b"GDAL:OGR:comment"].decode()
        )
        assert fields["area_m2"][b"GDAL:OGR:comment"].decode().endswith("unité : m2")


def test_the_same_tables_give_the_same_bytes(made: Path, package: Path, tmp_path: Path) -> None:
    again = write_gpkg(made / "tables", tmp_path / "again.gpkg")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (package, again)}
    assert len(digests) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["again.gpkg"]


def test_stills_by_chainage_give_attribute_tables(bare: Path, tmp_path: Path) -> None:
    package = write_gpkg(bare / "tables", tmp_path / "survey.gpkg")
    assert {kind for _, kind in pyogrio.list_layers(package).tolist()} == {None}
    assert len(pyogrio.read_dataframe(package, layer="findings")) == 60
    assert query(package, "SELECT count(*) FROM layer_styles") == [(0,)]


def test_a_table_that_cannot_be_read_leaves_the_old_file(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    shutil.copytree(made / "tables", folder / "tables")
    (folder / "tables" / "works.parquet").write_bytes(b"not a table")
    out = folder / "survey.gpkg"
    out.write_bytes(b"old")
    with pytest.raises(NotASurvey):
        write_gpkg(folder / "tables", out)
    assert out.read_bytes() == b"old"


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo is not installed")
def test_ogrinfo_opens_it_without_a_warning(package: Path) -> None:
    done = subprocess.run(["ogrinfo", "-so", "-al", package], capture_output=True, text=True)
    assert done.returncode == 0 and "Warning" not in done.stderr
