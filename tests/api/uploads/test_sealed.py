"""Sealed files: read at any place as the plain one, and only as they were written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.uploads.errors import InboxUnusable
from api.uploads.sealed import OVERHEAD_BYTES, SealedReader, new_key, seal, unwrap, wrap

KEY = new_key()


def written(path: Path, parts: list[bytes]) -> bytes:
    """A sealed file with a record a part; what it holds."""
    offset, records = 0, []
    for part in parts:
        records.append(seal(part, KEY, "a", offset))
        offset += len(part)
    path.write_bytes(b"".join(records))
    return b"".join(parts)


@given(
    parts=st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=8),
    places=st.lists(st.tuples(st.integers(0, 450), st.integers(-1, 200)), max_size=8),
)
def test_any_part_reads_as_in_the_plain_file(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[bytes],
    places: list[tuple[int, int]],
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "a"
    plain = written(path, parts)
    with SealedReader(path, KEY, "a", len(plain)) as reader:
        assert reader.read() == plain
        for place, size in places:
            assert reader.seek(place) == place
            # A raw file may give less than was asked for, never something else.
            got = reader.read(size)
            assert got is not None
            assert plain[place:].startswith(got) and (got or size == 0 or place >= len(plain))
            assert reader.tell() == place + len(got)
        assert reader.seek(-1, os.SEEK_END) == len(plain) - 1


@given(place=st.integers(0, 40), bit=st.integers(0, 7))
def test_a_changed_bit_is_found(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("changed") / "a"
    length = len(written(path, [b"D108 PR 12"]))
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(InboxUnusable), SealedReader(path, KEY, "a", length) as reader:
        reader.read()


def test_records_cannot_change_places_or_uploads(tmp_path: Path) -> None:
    path = tmp_path / "a"
    written(path, [b"first", b"other"])
    whole = path.read_bytes()
    half = 5 + OVERHEAD_BYTES
    path.write_bytes(whole[half:] + whole[:half])
    with pytest.raises(InboxUnusable), SealedReader(path, KEY, "a", 10) as reader:
        reader.read()
    path.write_bytes(whole)
    with pytest.raises(InboxUnusable), SealedReader(path, KEY, "b", 10) as reader:
        reader.read()
    with pytest.raises(InboxUnusable), SealedReader(path, KEY, "a", 9) as reader:
        reader.read()


def test_a_wrapped_key_opens_with_its_own_key_and_name() -> None:
    outer = new_key()
    wrapped = wrap(KEY, outer, "a")
    assert KEY not in wrapped and unwrap(wrapped, outer, "a") == KEY
    for other, name in ((new_key(), "a"), (outer, "b")):
        with pytest.raises(InboxUnusable, match="not the one"):
            unwrap(wrapped, other, name)
