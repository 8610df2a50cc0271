"""Values come back from both databases as they went in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from shapely import LineString, from_wkb
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from inspection.store.columns import Rectangles, Shape, UtcTime, type_of
from inspection.store.database import Store
from inspection.store.settings import StoreSettings
from voirie.tables import TABLES

THINGS = Table(
    "things",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("boxes", Rectangles),
    Column("shape", Shape),
)


def test_a_row_comes_back_as_it_went_in(store: Store) -> None:
    paris = datetime(2026, 3, 17, 9, 40, 0, 123456, timezone(timedelta(hours=1)))
    line = LineString([(571_200.123456789, 6_269_800.5), (571_300.25, 6_269_900.75)])
    row = {"number": 1, "at": paris, "boxes": [1, 2, 3, 4], "shape": line.wkb}
    with store.writing() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [row, dict.fromkeys(row) | {"number": 2}])
        got = connection.execute(select(THINGS).order_by("number")).all()
    assert got[0].at == paris and got[0].at.tzinfo is UTC
    assert got[0].boxes == [1, 2, 3, 4]
    assert from_wkb(got[0].shape).equals_exact(line, 0)
    assert tuple(got[1]) == (2, None, None, None)


def test_postgis_knows_the_reference_system(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        with store.reading() as connection:
            kind = connection.scalar(
                text("select type from pragma_table_info('findings') where name = 'geometry'")
            )
        assert kind == "BLOB"
        return
    with store.reading() as connection:
        assert connection.scalar(text("select Find_SRID('public', 'findings', 'geometry')")) == 2154


def test_an_instant_without_a_time_zone_is_refused(store: Store) -> None:
    with store.writing() as connection:
        THINGS.create(connection)
        with pytest.raises(StatementError, match="without a time zone"):
            connection.execute(insert(THINGS).values(number=1, at=datetime(2026, 3, 17)))


def test_each_kind_of_a_table_has_a_type() -> None:
    kinds = {column.kind for table in TABLES.values() for column in table}
    assert all(type_of(kind) is not None for kind in kinds)


def test_settings_of_both_name_a_driver(fresh: Callable[[], StoreSettings]) -> None:
    assert fresh().url().drivername in {"sqlite+pysqlite", "postgresql+psycopg"}
