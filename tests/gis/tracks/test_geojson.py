"""Tracks in GeoJSON, as different programs write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gis.tracks.geojson import read_geojson_points
from gis.tracks.readers import read_track
from tests.real.conftest import DATA
from voirie.errors import EmptyInput, NotDecodable

LINE = [[2.575, 44.35 + k / 1e4, 512.0] for k in range(3)]
TIMES = [f"2026-06-01T10:15:0{k}Z" for k in range(3)]


def feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


DOCUMENTS = {
    "togeojson": feature({"type": "LineString", "coordinates": LINE}, coordTimes=TIMES),
    "newer": feature(
        {"type": "LineString", "coordinates": LINE}, coordinateProperties={"times": TIMES}
    ),
    "two lines": feature(
        {"type": "MultiLineString", "coordinates": [LINE[:2], LINE[2:]]},
        coordTimes=[TIMES[:2], TIMES[2:]],
    ),
    "points": {
        "type": "FeatureCollection",
        "features": [
            feature({"type": "Point", "coordinates": place}, timestamp=1780308900000 + 1000 * k)
            for k, place in enumerate(LINE)
        ],
    },
    "list": [
        {"point": f"POINT({lon} {lat})", "time": f"2026-06-01 12:15:0{k}+0200"}
        for k, (lon, lat, _) in enumerate(LINE)
    ],
}


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_way_to_write_a_track(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "t.geojson", DOCUMENTS[name])
    points = read_geojson_points(path)
    assert points["a"].tolist() == pytest.approx([44.35, 44.3501, 44.3502])
    track = read_track(path)
    assert track.fixes["t_s"].tolist() == [0.0, 1.0, 2.0]
    assert str(track.started_at)[:19] == "2026-06-01 10:15:00"


def test_what_is_no_track_is_told(tmp_path: Path) -> None:
    bare = feature({"type": "LineString", "coordinates": LINE})
    with pytest.raises(NotDecodable, match="carry no time"):
        read_track(written(tmp_path / "a.geojson", bare))
    with pytest.raises(EmptyInput, match="no track point"):
        read_track(written(tmp_path / "b.json", {"type": "FeatureCollection", "features": []}))
    (tmp_path / "c.json").write_text("{", encoding="utf-8")
    with pytest.raises(NotDecodable, match="no GeoJSON"):
        read_track(tmp_path / "c.json")


@pytest.mark.real
@pytest.mark.skipif(not DATA.exists(), reason="real data is absent: tracks/barefoot")
@pytest.mark.parametrize("name", ["x0001-001.json", "x0001-015.json"])
def test_a_real_drive_of_barefoot(name: str) -> None:
    track = read_track(DATA / "tracks" / "barefoot" / name, "EPSG:25832")
    assert len(track) > 50 and track.started_at is not None
