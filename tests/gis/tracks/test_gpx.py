"""GPX points: read whole or up to where the file breaks off; anything else is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.tracks.gpx import read_gpx
from voirie.errors import EmptyInput, NotDecodable

POINT = '<trkpt lat="44.{n}" lon="2.5"><time>2025-01-01T10:00:0{n}Z</time></trkpt>'


def gpx(*points: int, end: str = "</trkseg></trk></gpx>") -> bytes:
    return ("<gpx><trk><trkseg>" + "".join(POINT.format(n=n) for n in points) + end).encode()


def test_points_and_whether_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.gpx"
    path.write_bytes(gpx(1, 2, 3))
    whole, cut = read_gpx(path)
    assert whole["a"].tolist() == [44.1, 44.2, 44.3] and not cut
    path.write_bytes(gpx(1, 2, 3, end="<trkpt lat="))
    assert [len(part) if hasattr(part, "__len__") else part for part in read_gpx(path)] == [3, True]


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        (b"no gpx", NotDecodable, "no GPX"),
        (b"<gpx></gpx>", EmptyInput, "no track point"),
        (b'<gpx><rte><rtept lat="1" lon="1"/></rte></gpx>', NotDecodable, "planned route"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><gpx></gpx>', NotDecodable, "document type"),
        (b'<gpx><trk><trkpt lat="1" lon="1"/></trk></gpx>', NotDecodable, "no time"),
    ],
)
def test_what_is_no_track_is_told(
    content: bytes, error: type[Exception], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.gpx"
    path.write_bytes(content)
    with pytest.raises(error, match=told):
        read_gpx(path)
