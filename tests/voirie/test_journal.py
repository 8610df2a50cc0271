"""What a journal took is there again; what a crash cut off is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.journal import Journal

ENTRIES = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(), max_size=3),
    min_size=1,
    max_size=5,
)


@given(entries=ENTRIES, lost_bytes=st.integers(0, 40))
def test_whole_lines_survive_a_cut_anywhere(
    entries: list[dict[str, object]], lost_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("journal") / "done.jsonl"
    with Journal(path) as journal:
        for entry in entries:
            journal.add(entry)
    data = path.read_bytes()
    path.write_bytes(data[: max(0, len(data) - lost_bytes)])
    whole = path.read_bytes().count(b"\n")
    with Journal(path) as again:
        assert list(again) == entries[:whole]
        again.add({"next": 1})
    assert list(Journal(path)) == [*entries[:whole], {"next": 1}]


def test_what_follows_a_damaged_line_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "done.jsonl"
    with Journal(path) as journal:
        journal.extend([{"a": 1}, {"b": 2}])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b"\x00\x00\n" + second)
    assert list(Journal(path)) == [{"a": 1}]
    assert path.read_bytes() == first


@given(entries=ENTRIES, data=st.data())
def test_a_changed_byte_is_never_read_as_another_entry(
    entries: list[dict[str, object]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("journal") / "done.jsonl"
    with Journal(path) as journal:
        journal.extend(entries)
    written = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(written)
    found = list(Journal(path))
    assert found == entries[: len(found)]
    assert len(found) < len(entries)


@given(entries=ENTRIES)
def test_an_entry_is_found_by_its_place_and_the_next_goes_to_the_end(
    entries: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Journal(tmp_path_factory.mktemp("journal") / "done.jsonl") as journal:
        journal.extend(entries[:-1])
        places = [place for place, _ in journal.items()]
        assert [journal.at(place) for place in reversed(places)] == entries[-2::-1]
        last = journal.add(entries[-1])
        assert journal.at(last) == entries[-1]
        assert list(journal.items()) == list(zip([*places, last], entries, strict=True))
