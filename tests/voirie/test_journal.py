"""What a journal took is there again; what a crash cut off is not."""

from __future__ import annotations

from pathlib import Path

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
    entries: list[dict[str, object]], lost_bytes: int, tmp_path_factory: object
) -> None:
    path = tmp_path_factory.mktemp("journal") / "done.jsonl"  # type: ignore[attr-defined]
    with Journal(path) as journal:
        for entry in entries:
            journal.add(entry)
    data = path.read_bytes()
    path.write_bytes(data[: max(0, len(data) - lost_bytes)])
    whole = path.read_bytes().count(b"\n")
    with Journal(path) as again:
        assert again.entries == entries[:whole]
        again.add({"next": 1})
    assert Journal(path).entries == [*entries[:whole], {"next": 1}]


def test_what_follows_a_damaged_line_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "done.jsonl"
    path.write_bytes(b'{"a": 1}\n\x00\x00\n{"b": 2}\n')
    assert Journal(path).entries == [{"a": 1}]
    assert path.read_bytes() == b'{"a": 1}\n'
