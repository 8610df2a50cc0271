"""The first schema: made and removed without a trace."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import inspect

from inspection.store.database import connect, migrate, revision_of
from inspection.store.migrations.frozen import frozen_tables
from inspection.store.migrations.versions.v0001_surveys import FROZEN, revision
from inspection.store.settings import StoreSettings


def test_there_and_back(fresh: Callable[[], StoreSettings]) -> None:
    engine = connect(fresh())
    migrate(engine, revision)
    assert revision_of(engine) == revision
    assert set(frozen_tables(FROZEN)) <= set(inspect(engine).get_table_names())
    migrate(engine, "base")
    left = {name for name in inspect(engine).get_table_names() if name in frozen_tables(FROZEN)}
    assert left == set() and revision_of(engine) is None
    engine.dispose()
