"""What stands beside a migration is read as it was written."""

from __future__ import annotations

from pathlib import Path

from inspection.store.migrations.frozen import frozen_tables, todays_tables, written
from inspection.store.models import STORED


def test_tables_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "v.json"
    path.write_text(written(todays_tables()), encoding="utf-8")
    assert frozen_tables(path) == todays_tables()
    assert list(frozen_tables(path)) == list(STORED)
