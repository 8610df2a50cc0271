"""Boxes of an MP4: found along a way, and an index that is missing."""

from __future__ import annotations

from pathlib import Path

from tests.made_films import shaded_film
from voirie.media.boxes import boxes, content_of, lacks_index


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def test_a_box_is_found_along_its_way(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    long = b"\0\0\0\1mdat" + (16 + 5).to_bytes(8, "big") + b"12345"
    path.write_bytes(
        box(b"ftyp", b"mp42") + box(b"free", b"") + long + box(b"free", box(b"gps ", b"$GPRMC"))
    )
    assert content_of(path, b"free", b"gps ") == b"$GPRMC"
    assert content_of(path, b"mdat") == b"12345"
    assert content_of(path, b"mdat", most=2) == b"12"
    assert content_of(path, b"moov", b"gps ") is None
    assert lacks_index(path)


def test_what_is_no_box_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    for data in (b"", b"\0\0", b"\0\0\0\3abcdef", b"rubbish that is long enough to be read"):
        path.write_bytes(data)
        with path.open("rb") as file:
            kinds = [one.kind for one in boxes(file, 0, len(data))]
        assert kinds in ([], [b"ish "])
        assert not lacks_index(path)


def test_a_whole_film_has_its_index_and_other_containers_have_none(tmp_path: Path) -> None:
    assert not lacks_index(shaded_film(tmp_path / "a.mp4", pictures=3))
    assert not lacks_index(shaded_film(tmp_path / "a.mkv", pictures=3))
