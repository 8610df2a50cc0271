"""The models are the declared tables, each row with its survey and its body."""

from __future__ import annotations

from inspection.store.models import AT_WORK, IN_SPACE, STORED, rows
from voirie.tables import TABLES


def test_every_table_but_those_of_the_work_is_kept() -> None:
    assert {*STORED, *AT_WORK} == set(TABLES)


def test_columns_are_those_that_are_declared() -> None:
    for name, declared in STORED.items():
        own = [column.name for column in rows[name].columns]
        assert own[:3] == ["row_no", "body_no", "survey_no"]
        assert own[3 : 3 + len(declared.names)] == declared.names
        assert all(rows[name].c[c.name].nullable == c.nullable for c in declared.columns)


def test_what_is_asked_for_by_place_has_geometry() -> None:
    assert all(STORED[name].has_geometry for name in IN_SPACE)
