"""Tables over HTTP: pages, boxes and links."""

from __future__ import annotations

from pathlib import Path

import httpx
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from api.dependencies import PageQuery, parse_bbox
from api.models.features import FeaturePage, Link
from api.routes.features import links_of
from gis.exports.geojson import DegreeBox
from tests.api.conftest import serving
from tests.made_survey import build
from voirie.tables import read_table

GEOJSON = "application/geo+json"


@pytest.mark.parametrize("layer", ["sections", "findings"])
def test_features_are_the_rows_of_the_table(url: str, survey: Path, layer: str) -> None:
    answer = httpx.get(f"{url}/{layer}", params={"limit": 10_000})
    assert answer.headers["content-type"] == GEOJSON
    body, table = answer.json(), read_table(layer, survey / "tables")
    key = {"sections": "section_id", "findings": "finding_id"}[layer]
    assert body["type"] == "FeatureCollection"
    assert body["numberMatched"] == body["numberReturned"] == len(table)
    assert [feature["id"] for feature in body["features"]] == sorted(table[key])
    assert set(body["features"][0]["properties"]) == set(table.columns) - {"geometry"}
    assert "crs" not in body


def test_null_is_null_and_zero_is_zero(url: str) -> None:
    features = httpx.get(f"{url}/sections").json()["features"]
    unseen = [f["properties"] for f in features if f["properties"]["classe_etat"] == "nd"]
    assert [row["note_globale"] for row in unseen] == [None]
    assert unseen[0]["cumul_from_m"] == 800.0
    assert 0 in {f["properties"]["absd"] for f in features}


def test_coordinates_are_degrees_with_rings_counter_clockwise(url: str) -> None:
    features = httpx.get(f"{url}/findings").json()["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    west, south, east, north = shapely.total_bounds(shapes)
    assert 1.3 < west < east < 1.5 and 43.4 < south < north < 43.6
    assert all(shape.exterior.is_ccw for shape in shapes if shape.geom_type == "Polygon")


def test_pages_follow_their_links_to_the_end_without_a_gap(url: str) -> None:
    seen, address = [], f"{url}/findings?limit=17"
    while address:
        page = httpx.get(address).json()
        seen += [feature["id"] for feature in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert "self" in links
        address = links.get("next", "")
    assert len(seen) == len(set(seen)) == 60


def test_a_box_keeps_what_touches_it(url: str, survey: Path) -> None:
    table = read_table("findings", survey / "tables").to_crs("OGC:CRS84")
    west, south, east, north = table.total_bounds
    middle = (west + east) / 2
    box = f"{west},{south},{middle},{north}"
    page = httpx.get(f"{url}/findings", params={"bbox": box, "limit": 5}).json()
    expected = table.intersects(shapely.box(west, south, middle, north)).sum()
    assert page["numberMatched"] == expected > 0
    assert all("bbox=" in link["href"] for link in page["links"])
    nothing = httpx.get(f"{url}/findings", params={"bbox": "170,-10,-170,10"}).json()
    assert nothing["numberMatched"] == 0 and nothing["features"] == []


def test_gdal_reads_the_sections(url: str, survey: Path) -> None:
    read = pyogrio.read_dataframe(f"{url}/sections")
    table = read_table("sections", survey / "tables").sort_values("section_id")
    assert read.crs.to_epsg() == 4326
    assert read["section_id"].tolist() == table["section_id"].tolist()
    assert read["note_globale"].isna().sum() == 1
    back = read.to_crs("EPSG:2154").geometry.reset_index(drop=True)
    assert back.hausdorff_distance(table.geometry.reset_index(drop=True)).max() < 0.02


def test_rows_without_coordinates_have_a_null_geometry(tmp_path: Path) -> None:
    folder = build(tmp_path / "stills", notes=False, geometry=False, plan=False)
    with serving(folder) as url:
        page = httpx.get(f"{url}/findings").json()
        assert page["numberMatched"] == 60
        assert {str(feature["geometry"]) for feature in page["features"]} == {"None"}
        boxed = httpx.get(f"{url}/findings?bbox=-180,-90,180,90").json()
        assert boxed["numberMatched"] == 0


def test_a_page_is_the_document_that_is_promised(url: str) -> None:
    answer = httpx.get(f"{url}/findings", params={"limit": 7, "offset": 7})
    page = FeaturePage.model_validate_json(answer.text)
    assert (page.numberMatched, page.numberReturned, len(page.features)) == (60, 7, 7)
    assert [link.rel for link in page.links] == ["self", "next", "prev"]


def test_a_link_asks_for_the_box_it_was_asked_for() -> None:
    box = DegreeBox(1.2345678901234, 43.1, 1.9, 43.8)
    (link,) = links_of("http://x/findings", PageQuery(bbox=box), 3)
    asked = httpx.URL(link.href).params
    assert parse_bbox(asked["bbox"]) == box
    assert asked["limit"] == "1000" and asked["offset"] == "0"


@given(st.integers(1, 40), st.integers(0, 90), st.integers(0, 90))
def test_the_next_page_starts_where_this_one_ends(limit: int, offset: int, matched: int) -> None:
    links = {link.rel: httpx.URL(link.href).params for link in _links(limit, offset, matched)}
    assert ("next" in links) is (offset + limit < matched)
    assert ("prev" in links) is (offset > 0)
    if "next" in links:
        assert int(links["next"]["offset"]) == offset + limit


def _links(limit: int, offset: int, matched: int) -> list[Link]:
    return links_of("http://x/findings", PageQuery(limit=limit, offset=offset), matched)
