"""The service as its users meet it: a browser, a GIS, a script."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pyogrio
import pytest
import shapely

from api.app import create_app
from api.headers import SECURITY
from tests.api.conftest import serving
from voirie.errors import NotASurvey
from voirie.tables import read_table

GEOJSON = "application/geo+json"
PROBLEM = "application/problem+json"


def test_health_names_the_survey_and_its_counts(url: str) -> None:
    answer = httpx.get(f"{url}/healthz")
    assert answer.status_code == 200
    assert answer.json() | {"version": ""} == {
        "status": "ok", "version": "", "survey": "survey", "sections": 9, "findings": 60,
    }  # fmt: skip


def test_the_report_is_html_that_may_fetch_nothing(url: str) -> None:
    answer = httpx.get(f"{url}/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/sections", "/nowhere", "/sections?limit=0"])
def test_every_answer_carries_the_headers(url: str, path: str) -> None:
    headers = httpx.get(url + path).headers
    assert {name.lower() for name in SECURITY} <= set(headers)
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


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
    from tests.made_survey import build

    folder = build(tmp_path / "stills", notes=False, geometry=False, plan=False)
    with serving(folder) as url:
        page = httpx.get(f"{url}/findings").json()
        assert page["numberMatched"] == 60
        assert {str(feature["geometry"]) for feature in page["features"]} == {"None"}
        boxed = httpx.get(f"{url}/findings?bbox=-180,-90,180,90").json()
        assert boxed["numberMatched"] == 0


def test_a_sealed_picture_comes_as_it_was_sealed(url: str, survey: Path) -> None:
    row = read_table("findings", survey / "tables").iloc[0]
    answer = httpx.get(f"{url}/pictures/{row['picture_id']}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == (survey / "pictures" / f"{row['picture_id']}.jpg").read_bytes()


def test_a_changed_picture_is_not_opened(survey: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(survey, folder)
    table = read_table("findings", folder / "tables")
    path = folder / "pictures" / f"{table['picture_id'].iloc[0]}.jpg"
    path.write_bytes(path.read_bytes() + b"\0")
    with serving(folder) as url:
        answer = httpx.get(f"{url}/pictures/{table['picture_id'].iloc[0]}")
        other = table["picture_id"][table["picture_id"] != table["picture_id"].iloc[0]].iloc[0]
        assert httpx.get(f"{url}/pictures/{other}").status_code == 200
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:voirie:problem:not-certified"
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/nowhere", 404, "about:blank"),
        ("/pictures/unknown", 404, "urn:voirie:problem:not-found"),
        ("/pictures/..%2f..%2fetc%2fpasswd", 404, "urn:voirie:problem:not-found"),
        ("/sections?limit=0", 422, "urn:voirie:problem:parameter"),
        ("/sections?limit=ten", 422, "urn:voirie:problem:parameter"),
        ("/sections?offset=-1", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,2,3", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,2,3,nan", 422, "urn:voirie:problem:parameter"),
        ("/sections?bbox=1,9,3,2", 422, "urn:voirie:problem:parameter"),
        ("/sections?route=D108", 422, "urn:voirie:problem:parameter"),
        ("/docs", 404, "about:blank"),
    ],
)
def test_errors_are_problem_documents(url: str, path: str, status: int, kind: str) -> None:
    answer = httpx.get(url + path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status and body["type"] == kind
    assert body["title"] and body["detail"].endswith(".")


def test_another_method_is_a_problem_that_names_the_right_ones(url: str) -> None:
    answer = httpx.post(f"{url}/sections")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["allow"] == "GET"


def test_a_foreign_name_is_refused(url: str) -> None:
    answer = httpx.get(f"{url}/healthz", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:voirie:problem:unknown-host"


def test_a_mistake_of_the_program_tells_nothing_of_the_machine(survey: Path) -> None:
    app = create_app(survey, hosts=("*",))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(f"secret {survey}")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/broken")

    import asyncio

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text and str(survey) not in answer.text


def test_a_folder_without_a_report_says_so(survey: Path, tmp_path: Path) -> None:
    folder = tmp_path / "silent"
    shutil.copytree(survey, folder)
    (folder / "report.html").unlink()
    with serving(folder) as url:
        answer = httpx.get(url)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:voirie:problem:not-a-survey"


def test_what_is_no_survey_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(NotASurvey):
        create_app(tmp_path)
