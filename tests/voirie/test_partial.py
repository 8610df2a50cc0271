"""Work beside a folder is known by its mark, and takes the folder's name at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from voirie.errors import ConfigurationError
from voirie.partial import (
    MARK,
    STATE,
    claim,
    empty_out,
    exchange,
    is_unfinished,
    mark_of,
    partial_of,
    place_of,
    put_in_place,
    refuse_foreign,
    remove,
    repair,
    tell_filled,
)


@pytest.mark.parametrize("out", [".", "..", "a/..", "/"])
def test_what_names_no_folder_is_refused(out: str) -> None:
    with pytest.raises(ConfigurationError, match="names none"):
        place_of(Path(out))


@pytest.mark.parametrize(
    ("name", "words"), [(b"\xff\xfesurvey", "no text"), (b"x" * 240, "more than 233 bytes")]
)
def test_a_name_that_work_cannot_be_named_by_is_refused(
    name: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        place_of(tmp_path / os.fsdecode(name))


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\r", "a\nb/survey"])
def test_a_path_that_no_geopackage_can_be_written_at_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="a tab or a line break"):
        place_of(tmp_path / name)


@pytest.mark.parametrize("name", ["a b|c:d?e#f", "é日本", "x" * 233, "=1+1", "~"])
def test_any_other_name_is_a_name(name: str, tmp_path: Path) -> None:
    target = place_of(tmp_path / name)
    for _ in range(2):
        partial = claim(target, "survey")
        tell_filled(partial)
        put_in_place(partial, target)
        repair(target)
        assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_link_stands_for_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "survey")
    target = place_of(tmp_path / "link")
    assert target == tmp_path / "disk" / "survey"
    put_in_place(claim(target, "survey"), target)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "link").is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link"]


def test_unfinished_work_is_that_of_one_command_on_one_folder(tmp_path: Path) -> None:
    target, other = tmp_path / "a", tmp_path / "b"
    mark = mark_of(claim(target, "survey"))
    assert mark is not None and (mark.maker, mark.of) == ("survey", "a")
    claim(target, "survey")
    with pytest.raises(ConfigurationError, match="left alone"):
        claim(target, "anonymize")
    partial_of(target).rename(partial_of(other))
    with pytest.raises(ConfigurationError, match="no unfinished work on b"):
        refuse_foreign(other, "survey")


def test_a_folder_that_is_emptied_stays_known(tmp_path: Path) -> None:
    target = tmp_path / "a"
    partial = claim(target, "survey")
    (partial / "tables").mkdir()
    (partial / "tables" / "t").write_bytes(b"")
    tell_filled(partial)
    mark = mark_of(partial)
    assert mark is not None and mark.filled
    empty_out(partial)
    assert sorted(path.name for path in partial.rglob("*")) == [STATE, MARK, MARK]
    assert mark_of(partial) == mark


def test_an_empty_folder_is_taken_and_a_link_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.partial" / STATE).mkdir(parents=True)
    refuse_foreign(tmp_path / "a", "survey")
    (tmp_path / "b.partial").symlink_to(tmp_path / "a.partial")
    with pytest.raises(ConfigurationError, match="left alone"):
        refuse_foreign(tmp_path / "b", "survey")


def test_two_names_are_swapped_at_once_or_not_at_all(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / folder.name).write_bytes(b"")
    swapped = exchange(first, second)
    assert (first / "second").exists() is swapped
    assert (second / "first").exists() is swapped
    with pytest.raises(FileNotFoundError):
        exchange(first, tmp_path / "none")


def test_a_kill_between_two_renames_gives_the_folder_back_its_name(tmp_path: Path) -> None:
    """Where the system cannot swap: the folder before has gone and the new one is not there."""
    target, old = tmp_path / "a", tmp_path / ".a.0123.old"
    target.mkdir()
    mark = mark_of(claim(target, "survey"))
    assert mark is not None
    kept = mark.model_copy(update={"replaces": old.name, "inode": target.stat().st_ino})
    (partial_of(target) / STATE / MARK).write_text(kept.model_dump_json(), encoding="utf-8")
    target.rename(old)
    repair(target)
    assert target.is_dir() and not old.exists()
    # A folder of that name which is not the one that gave way is somebody else's.
    target.rename(tmp_path / "elsewhere")
    old.mkdir()
    repair(target)
    assert old.is_dir() and not target.exists()


def test_a_mark_that_is_lost_or_damaged_is_read_from_its_other_place(tmp_path: Path) -> None:
    target = tmp_path / "a"
    partial = claim(target, "survey")
    tell_filled(partial)
    mark = mark_of(partial)
    for place in (partial, partial / STATE):
        for damage in (b"", b"\xff{", b'{"maker": "survey"}', None):
            (place / MARK).unlink()
            if damage is not None:
                (place / MARK).write_bytes(damage)
            assert claim(target, "survey") == partial and mark_of(partial) == mark
            assert (partial / MARK).read_bytes() == (partial / STATE / MARK).read_bytes()
    shutil.rmtree(partial / STATE)
    (partial / STATE).write_bytes(b"no folder")
    assert mark_of(claim(target, "survey")) == mark


def test_work_is_unfinished_until_it_has_its_name(tmp_path: Path) -> None:
    target = tmp_path / "a"
    partial = claim(target, "survey")
    shutil.copytree(partial, tmp_path / "copy")
    shutil.copytree(partial, tmp_path / "b" / "a")
    for folder in (partial, tmp_path / "copy", tmp_path / "b" / "a"):
        assert is_unfinished(folder)
    repair(tmp_path / "b" / "a")  # a copy under the name of the whole is no whole either
    assert is_unfinished(tmp_path / "b" / "a") and (tmp_path / "b" / "a" / STATE).is_dir()
    put_in_place(partial, target)
    assert not is_unfinished(target) and not list(target.iterdir())


def test_a_folder_that_is_removed_is_known_until_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a"
    partial = claim(target, "survey")
    (partial / "tables").mkdir()
    (partial / STATE / "ingest.json").write_bytes(b"{}")
    remove(partial)
    assert not list(tmp_path.iterdir())
