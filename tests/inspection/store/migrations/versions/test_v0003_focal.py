"""The third schema: a focal length comes and goes with it, and surveys stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from inspection.store.database import migrate, newest_revision, open_store
from inspection.store.ingest import add_survey
from inspection.store.migrations.versions.v0003_focal import down_revision, revision
from inspection.store.models import rows
from inspection.store.settings import StoreSettings


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_up_down_and_up_keep_the_frames(fresh: Callable[[], StoreSettings], made: Path) -> None:
    store = open_store(fresh())
    add_survey(store, made, "Ariège")
    with store.reading() as connection:
        before = connection.scalar(select(func.count()).select_from(rows["frames"]))
    migrate(store.engine, down_revision)
    names = {column["name"] for column in inspect(store.engine).get_columns("frames")}
    assert "focal_px" not in names
    migrate(store.engine, revision)
    assert revision == newest_revision()
    with store.reading() as connection:
        table = rows["frames"]
        assert connection.scalar(select(func.count()).select_from(table)) == before
        assert connection.scalar(select(func.count(table.c.focal_px))) == 0
    assert add_survey(store, made, "Ariège").outcome == "known"
    store.close()
