"""A database is opened at today's schema, made where there is none, or refused in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from inspection.store.database import (
    connect,
    migrate,
    newest_revision,
    open_store,
    place_of,
    revision_of,
)
from inspection.store.models import metadata
from inspection.store.settings import StoreSettings
from voirie.errors import ConfigurationError, StoreUnusable


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_what_the_migrations_make_is_what_the_models_say(
    fresh: Callable[[], StoreSettings],
) -> None:
    """Where this fails a table has changed: it needs a migration (CONTRIBUTING.md)."""
    store = open_store(fresh())
    there = inspect(store.engine)
    for name, table in metadata.tables.items():
        made = {column["name"]: column["nullable"] for column in there.get_columns(name)}
        assert made == {column.name: column.nullable for column in table.columns}, name
        unique = {one["name"]: one["column_names"] for one in there.get_unique_constraints(name)}
        said = {
            str(one.name): [column.name for column in one.columns]
            for one in table.constraints
            if type(one).__name__ == "UniqueConstraint"
        }
        assert unique == said, name
        indices = {one["name"] for one in there.get_indexes(name) if not one["unique"]}
        assert indices - {f"ix_{name}_shape"} == {index.name for index in table.indexes}, name
        assert len(there.get_foreign_keys(name)) == len(table.foreign_key_constraints), name
    store.close()


def test_a_new_database_is_made_once_by_many(fresh: Callable[[], StoreSettings]) -> None:
    settings = fresh()
    found: list[str | None] = []

    def opens() -> None:
        store = open_store(settings)
        found.append(revision_of(store.engine))
        store.close()

    threads = [threading.Thread(target=opens) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [newest_revision()] * 3


def test_an_older_and_a_newer_schema_are_refused(fresh: Callable[[], StoreSettings]) -> None:
    settings = fresh()
    open_store(settings).close()
    for other, remedy in (("0001", "run voirie store upgrade"), ("9999", "install the version")):
        engine = connect(settings)
        with engine.begin() as connection:
            connection.execute(text(f"update alembic_version set version_num = '{other}'"))
        engine.dispose()
        with pytest.raises(StoreUnusable, match=f"schema {other}.*{remedy}"):
            open_store(settings)


def test_tables_of_others_are_left_alone(fresh: Callable[[], StoreSettings]) -> None:
    settings = fresh()
    engine = connect(settings)
    with engine.begin() as connection:
        connection.execute(text("create table works (title text)"))
    engine.dispose()
    with pytest.raises(ConfigurationError, match="a table works that is not of this program"):
        open_store(settings)


def test_all_or_nothing(fresh: Callable[[], StoreSettings]) -> None:
    store = open_store(fresh())

    def writes() -> None:
        with store.writing() as connection:
            connection.execute(
                text("insert into bodies (name, added_at) values ('x', '2026-01-01')")
            )
            raise KeyError("stopped")

    with pytest.raises(KeyError):
        writes()
    with store.reading() as connection:
        assert connection.scalar(text("select count(*) from bodies")) == 0
    store.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_text("these are notes" * 200)
    with pytest.raises(StoreUnusable, match="not a database"):
        open_store(StoreSettings(store=tmp_path, database_url=None))


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://voirie:secret@127.0.0.1:9/none"
    settings = StoreSettings(store=tmp_path, database_url=url)
    with pytest.raises(StoreUnusable, match="see that it runs") as refused:
        open_store(settings)
    assert "secret" not in str(refused.value)
    assert place_of(connect(settings)) == "postgresql://voirie:***@127.0.0.1:9/none"


def test_back_to_nothing_and_there_again(fresh: Callable[[], StoreSettings]) -> None:
    settings = fresh()
    store = open_store(settings)
    ours = set(metadata.tables)
    migrate(store.engine, "base")
    assert ours & set(inspect(store.engine).get_table_names()) == set()
    migrate(store.engine, newest_revision())
    assert ours <= set(inspect(store.engine).get_table_names())
    store.close()
