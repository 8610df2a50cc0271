"""Files of roads of every kind are opened, or refused with the reason."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import pytest

from gis.imports.roads import POINTS, layers_of, read_roads
from tests.gis.imports.made_roads import layer, straight
from voirie.errors import EmptyInput, InputUnusable, NetworkUnusable, NotDecodable

ROADS = layer([{"axe": "D67", "nom": "Côte Hébrard", "at": straight(300)}])
OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="44.30" lon="2.50"/><node id="2" lat="44.31" lon="2.51"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/><tag k="ref" v="D 67"/></way>
<way id="8"><nd ref="1"/><nd ref="9"/><tag k="highway" v="service"/></way>
<way id="9"><nd ref="1"/><nd ref="2"/><tag k="building" v="yes"/></way></osm>"""


@pytest.mark.parametrize(
    "name", ["r.gpkg", "r.shp", "r.geojson", "r.fgb", "r.tab", "r.gml", "r.parquet", "r.shp.zip"]
)
def test_formats(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    table = ROADS.to_crs(4326) if name.endswith("geojson") else ROADS
    if name.endswith("parquet"):
        table.to_parquet(path)
    elif name.endswith("zip"):
        table.to_file(path, driver="ESRI Shapefile")
    else:
        driver = {".tab": "MapInfo File", ".gml": "GML"}.get(path.suffix)
        table.to_file(path, driver=driver)
    found = read_roads(path)
    assert found["axe"].tolist() == ["D67"] and found["nom"].tolist() == ["Côte Hébrard"]
    assert found.to_crs(2154).length.round().tolist() == [300.0]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_shapefile_that_does_not_say_its_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "r.shp"
    ROADS.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    assert read_roads(path)["nom"].tolist() == ["Côte Hébrard"]


@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz"])
def test_openstreetmap(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(OSM.encode()) if name.endswith("gz") else OSM.encode())
    found = read_roads(path)
    assert found["osm_id"].tolist() == [7, 8]
    assert found["ref"].tolist()[0] == "D 67"
    assert found.geometry.isna().tolist() == [False, True]


def test_layers_are_named_and_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    ROADS.to_file(path, layer="troncons")
    ROADS.set_geometry(ROADS.centroid).to_file(path, layer="bornes")
    assert layers_of(path) == {"troncons": "LineString", "bornes": "Point"}
    assert read_roads(path, kind=POINTS).geom_type.tolist() == ["Point"]
    with pytest.raises(NetworkUnusable, match="it has troncons, bornes"):
        read_roads(path, "routes")


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("a.shp", None, NotDecodable, "no such file"),
        ("a.gpkg", b"", EmptyInput, "no byte"),
        ("a.gpkg", b"no geopackage", NotDecodable, "of a known kind"),
        ("a.osm", b'<osm version="0.6"></osm>', EmptyInput, "holds no road"),
        ("a.osm.pbf", b"nothing", NotDecodable, "cannot be read"),
        ("a.osm.gz", b"nothing", NotDecodable, "cannot be read"),
        ("a.parquet", b"nothing", NotDecodable, "cannot be read"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}', InputUnusable, "a.geojson"),
    ],
)
def test_what_cannot_be_read_is_told(
    name: str, content: bytes | None, error: type[Exception], told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=told):
        read_roads(path)


def test_a_folder_names_what_lies_in_it(tmp_path: Path) -> None:
    ROADS.to_file(tmp_path / "ROUTE.shp")
    with pytest.raises(NotDecodable, match=r"ROUTE\.shp") as told:
        read_roads(tmp_path)
    assert "folder" in str(told.value)


def test_a_layer_without_reference_system_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.shp"
    ROADS.to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(NetworkUnusable, match=r"\.prj"):
        read_roads(path)


def test_reading_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    gpd.GeoDataFrame(ROADS).to_file(path)
    before = path.read_bytes()
    read_roads(path)
    assert path.read_bytes() == before


def test_a_shapefile_without_its_index_says_which_file_to_bring(tmp_path: Path) -> None:
    ROADS.to_file(tmp_path / "r.shp")
    (tmp_path / "r.shx").unlink()
    (tmp_path / "other.gpkg").write_text("bonjour", encoding="utf-8")
    with pytest.raises(NotDecodable, match="shx") as lacking:
        read_roads(tmp_path / "r.shp")
    with pytest.raises(NotDecodable, match="no file of roads") as foreign:
        layers_of(tmp_path / "other.gpkg")
    assert not any(
        "SHAPE_" in str(one.value) or "GDAL" in str(one.value) for one in (lacking, foreign)
    )
