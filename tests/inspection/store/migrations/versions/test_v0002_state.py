"""The second schema: up, down and up again, and what the store held is still there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from inspection.store.database import migrate, newest_revision, open_store, revision_of
from inspection.store.ingest import add_survey
from inspection.store.migrations.versions.v0002_state import down_revision, revision
from inspection.store.models import rows
from inspection.store.settings import StoreSettings
from voirie.errors import StoreUnusable


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_up_down_and_up_keep_the_data(fresh: Callable[[], StoreSettings], made: Path) -> None:
    settings = fresh()
    store = open_store(settings)
    add_survey(store, made, "Ariège")

    def counts() -> dict[str, int | None]:
        with store.reading() as connection:
            return {
                name: connection.scalar(select(func.count()).select_from(table))
                for name, table in rows.items()
            }

    before = counts()
    migrate(store.engine, down_revision)
    assert revision_of(store.engine) == down_revision and counts() == before
    names = {column["name"] for column in inspect(store.engine).get_columns("surveys")}
    assert "withdrawn_at" not in names
    with pytest.raises(StoreUnusable, match="run voirie store upgrade"):
        open_store(settings)
    migrate(store.engine, revision)
    assert revision_of(store.engine) == revision and counts() == before
    migrate(store.engine, newest_revision())
    assert add_survey(store, made, "Ariège").outcome == "known"
    store.close()
