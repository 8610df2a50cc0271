"""A backup stands whole or not at all, comes back the same into either database, kill or none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from inspection.store.backup import FILE, MANIFEST, back_up, restore
from inspection.store.database import Store, open_store
from inspection.store.ingest import add_survey
from inspection.store.models import metadata
from inspection.store.pictures import FOLDER
from inspection.store.settings import StoreSettings
from voirie.errors import ConfigurationError, NotASurvey, NotCertified, StoreUnusable


def all_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def names_of(root: Path) -> list[str]:
    return sorted(path.name for path in (root / FOLDER).rglob("*.jpg"))


def test_a_backup_comes_back_the_same_into_both(
    store: Store, fresh: Callable[[], StoreSettings], made: Path, tmp_path: Path
) -> None:
    add_survey(store, made, "Ariège")
    told = back_up(store, tmp_path / "copy")
    assert told.rows["surveys"] == 1 and told.pictures == len(names_of(store.root)) > 0
    there = sorted(path.name for path in (tmp_path / "copy").iterdir() if path.name[0] != ".")
    assert there == [MANIFEST, FOLDER, FILE]
    other = StoreSettings(store=tmp_path / "sqlite", database_url=None)
    for settings in (fresh(), other):
        again = open_store(settings)
        restore(again, tmp_path / "copy")
        assert all_rows(again) == all_rows(store)
        assert names_of(again.root) == names_of(store.root)
        # Numbers go on after those that came.
        assert add_survey(again, made, "Hers").outcome == "added"
        with pytest.raises(ConfigurationError, match="into an empty store"):
            restore(again, tmp_path / "copy")
        again.close()


def test_what_stands_there_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(ConfigurationError, match="exists already"):
        back_up(store, tmp_path / "copy")
    (tmp_path / "other.partial").mkdir()
    (tmp_path / "other.partial" / "notes.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="no unfinished backup"):
        back_up(store, tmp_path / "other")
    assert (tmp_path / "other.partial" / "notes.txt").read_text() == "mine"


def test_a_changed_backup_is_refused(
    store: Store, fresh: Callable[[], StoreSettings], made: Path, tmp_path: Path
) -> None:
    add_survey(store, made, "Ariège")
    copy = tmp_path / "copy"
    back_up(store, copy)
    again = open_store(fresh())
    before = all_rows(again)
    picture = next((copy / FOLDER).rglob("*.jpg"))
    sealed = picture.read_bytes()
    picture.write_bytes(sealed + b"\0")
    with pytest.raises(NotCertified):
        restore(again, copy)
    picture.write_bytes(sealed)
    told = json.loads((copy / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps(told | {"revision": "9999"}))
    with pytest.raises(StoreUnusable, match="9999"):
        restore(again, copy)
    (copy / MANIFEST).write_text(json.dumps(told))
    (copy / FILE).write_bytes((copy / FILE).read_bytes() + b"\0")
    with pytest.raises(NotASurvey, match=r"no whole backup .*has changed"):
        restore(again, copy)
    assert all_rows(again) == before
    again.close()


WORK = """
import os, sys
from pathlib import Path
from inspection.store import backup
from inspection.store.database import open_store
from inspection.store.ingest import add_survey

what, place, at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
done = 0

def slow(event, args):
    # A kill at the so many-eth file that takes its name: that is all this hook does.
    global done
    if event == "os.rename":
        done += 1
        if done == at:
            os.kill(os.getpid(), 9)

sys.addaudithook(slow)
store = open_store()
{"backup": lambda: backup.back_up(store, place), "restore": lambda: backup.restore(store, place),
 "add": lambda: add_survey(store, place, "Hers")}[what]()
"""


def killed(settings: StoreSettings, what: str, place: Path, at: int) -> None:
    env = dict(os.environ) | {"VOIRIE_STORE": str(settings.store)}
    env.pop("VOIRIE_DATABASE_URL", None)
    if settings.database_url:
        env["VOIRIE_DATABASE_URL"] = settings.database_url
    words = [sys.executable, "-c", WORK, what, str(place), str(at)]
    done = subprocess.run(words, env=env, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_kill_leaves_nothing_half_written(
    fresh: Callable[[], StoreSettings], made: Path, tmp_path: Path
) -> None:
    first, second = fresh(), fresh()
    copy = tmp_path / "copy"
    store = open_store(first)
    killed(first, "add", made, 2)
    assert all(rows == [] for rows in all_rows(store).values())
    add_survey(store, made, "Hers")
    pictures = len(names_of(store.root))
    for at in (1, pictures, pictures + 2):  # among the pictures, and before the folder's own name
        killed(first, "backup", copy, at)
        assert not copy.exists()
    back_up(store, copy)
    assert not copy.with_name("copy.partial").exists()
    again = open_store(second)
    for at in (1, pictures):
        killed(second, "restore", copy, at)
        assert all(rows == [] for rows in all_rows(again).values())
        for left in (again.root / FOLDER).rglob("*.jpg"):
            left.unlink()
    restore(again, copy)
    assert all_rows(again) == all_rows(store)
    store.close()
    again.close()
