"""Tables that are written row by row and looked up on disk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voirie.errors import NotConform
from voirie.tables import read_table
from voirie.tables.stream import GROUP_ROWS, GROUPS_KEPT, SortedTable, write_sorted

MANY = GROUP_ROWS * (GROUPS_KEPT + 2) + 7


def row(number: int) -> dict[str, object]:
    sized: dict[str, object] = {"width_px": 1280, "height_px": 720, "pts_s": number / 2}
    told = {"file": f"{number:07d}.jpg", "sha256": f"{number:064x}", "source": "a.mp4"}
    return {**told, **sized, "index": number, "destroyed_pct": 0.5} | {
        "mask": [0, 0, 1 + number % 7, 2] * (number % 3),
        "destroyed": [],
    }


def test_a_row_is_found_and_what_is_not_there_is_none(tmp_path: Path) -> None:
    write_sorted("certificate", map(row, range(0, 2 * MANY, 2)), tmp_path)
    table = SortedTable("certificate", tmp_path)
    assert len(table) == MANY
    for number in (0, 2, 2 * GROUP_ROWS - 2, 2 * GROUP_ROWS, 2 * MANY - 2):
        assert table.find(f"{number:07d}.jpg") == row(number)
        assert table.find(f"{number + 1:07d}.jpg") is None
    assert table.find("") is None and table.find("~") is None
    assert [told["index"] for told in table] == list(range(0, 2 * MANY, 2))


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    write_sorted("certificate", map(row, range(MANY)), tmp_path)
    table = SortedTable("certificate", tmp_path)
    asked = [number * 997 % MANY for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: table.find(f"{number:07d}.jpg"), asked))
    assert found == [row(number) for number in asked]


def test_it_is_a_table_like_any_other(tmp_path: Path) -> None:
    write_sorted("certificate", map(row, range(5)), tmp_path)
    table = read_table("certificate", tmp_path)
    assert table["mask"].map(list).tolist() == [row(number)["mask"] for number in range(5)]


def test_no_row_is_a_table_too(tmp_path: Path) -> None:
    write_sorted("certificate", [], tmp_path)
    assert len(SortedTable("certificate", tmp_path)) == 0
    assert len(read_table("certificate", tmp_path)) == 0


def test_a_failure_in_the_middle_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    before = write_sorted("certificate", map(row, range(3)), tmp_path).read_bytes()

    def stops() -> Iterator[dict[str, object]]:
        yield from map(row, range(GROUP_ROWS + 1))
        raise RuntimeError("the disk went away")

    with pytest.raises(RuntimeError):
        write_sorted("certificate", stops(), tmp_path)
    with pytest.raises(ValueError, match="in the order of file"):
        write_sorted("certificate", map(row, [2, 1]), tmp_path)
    with pytest.raises(ValueError, match="each once"):
        write_sorted("certificate", map(row, [2, 2]), tmp_path)
    with pytest.raises(NotConform, match="destroyed_pct = 101"):
        write_sorted("certificate", [row(1) | {"destroyed_pct": 101.0}], tmp_path)
    assert (tmp_path / "certificate.parquet").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["certificate.parquet"]


def test_another_table_is_not_taken_for_it(tmp_path: Path) -> None:
    write_sorted("certificate", map(row, range(3)), tmp_path)
    (tmp_path / "certificate.parquet").rename(tmp_path / "passes.parquet")
    with pytest.raises(ValueError, match="columns"):
        SortedTable("passes", tmp_path)
