"""What lies in a folder: told by what can be read, not by the suffix alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from inspection.setup.found import look_into
from tests.inspection.conftest import SAMPLE


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A folder as it comes from a car, with much beside the drive."""
    for name in ("network.gpkg", "vehicle.toml", "treatments.yaml"):
        shutil.copy(SAMPLE / name, tmp_path)
    (tmp_path / "DCIM" / "100").mkdir(parents=True)
    (tmp_path / "DCIM" / "100" / "A.MP4").write_bytes(b"film")
    shutil.copy(SAMPLE / "track_a.gpx", tmp_path / "DCIM" / "a.gpx")
    (tmp_path / "budget.csv").write_text("poste;euros\nenduit;12\n", encoding="utf-8")
    (tmp_path / "photos").mkdir()
    for n in range(3):
        Image.new("RGB", (64, 48)).save(tmp_path / "photos" / f"{n}.jpg")
    (tmp_path / "photos.csv").write_text(
        "image,route,chainage_m,sens,voie\n0.jpg,D1,0,+,1\n", encoding="utf-8"
    )
    (tmp_path / ".trash").mkdir()
    (tmp_path / ".trash" / "old.mp4").write_bytes(b"film")
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "survey" / "x.gpkg").write_bytes(b"")
    return tmp_path


def test_each_thing_is_found_once_and_other_files_are_left(card: Path) -> None:
    found = look_into(card)
    assert [path.name for path in found.films] == ["A.MP4"]
    assert [path.name for path in found.tracks] == ["a.gpx"]
    assert [path.name for path in found.stills] == ["photos"]
    assert [path.name for path in found.chainages] == ["photos.csv"]
    assert [path.name for path in found.networks] == ["network.gpkg"] and not found.roads
    assert [key for key, _ in found.ours] == ["vehicle", "treatments"]


def test_a_file_of_roads_is_one_that_holds_lines(tmp_path: Path) -> None:
    import geopandas as gpd

    axes = gpd.read_file(SAMPLE / "network.gpkg", layer="axes")
    axes[["route", "geometry"]].to_file(tmp_path / "routes.geojson")
    axes.assign(geometry=axes.centroid)[["route", "geometry"]].to_file(tmp_path / "towns.geojson")
    (tmp_path / "broken.shp").write_bytes(b"no shape")
    assert [path.name for path in look_into(tmp_path).roads] == ["routes.geojson"]


def test_a_track_in_geojson_is_a_track_and_no_file_of_roads(tmp_path: Path) -> None:
    moments = [f"2026-05-04T07:30:0{n}Z" for n in range(3)]
    line = {"type": "LineString", "coordinates": [[2.574, 44.351 + n / 9000] for n in range(3)]}
    feature = {"type": "Feature", "properties": {"coordTimes": moments}, "geometry": line}
    (tmp_path / "drive.geojson").write_text(json.dumps(feature), encoding="utf-8")
    (tmp_path / "one.gpx").write_text("<gpx/>", encoding="utf-8")
    found = look_into(tmp_path)
    assert [path.name for path in found.tracks] == ["drive.geojson"] and not found.roads
    assert [error.path for error in found.refused] == [str(tmp_path / "one.gpx")]


def test_a_link_that_leads_to_itself_is_passed_over(card: Path) -> None:
    (card / "round.gpx").symlink_to(card / "round.gpx")
    assert [path.name for path in look_into(card).tracks] == ["a.gpx"]


def test_a_network_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "network.gpkg").write_text("no network", encoding="utf-8")
    (told,) = look_into(tmp_path).refused
    assert told.path == str(tmp_path / "network.gpkg")
