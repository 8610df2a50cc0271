"""The declarations: each table says all that its checks, its documents and its readers need."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from typing import get_args

import pytest

from voirie.tables import TABLES, Table, empty
from voirie.tables.declared import GeoTableName
from voirie.tables.schema import Column, Language

EVERY = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


@EVERY
def test_names_are_told_once(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert table[table.names[0]] is table.columns[0]
    with pytest.raises(KeyError):
        table["no such column"]


@EVERY
def test_a_key_is_made_of_columns_that_are_never_null(table: Table) -> None:
    assert table.key
    assert [name for name in table.key if table[name].nullable] == []


@EVERY
def test_an_order_is_of_columns_of_one_kind(table: Table) -> None:
    for names in table.ascending:
        assert len(names) > 1
        assert {table[name].kind for name in names} <= {"int", "float"} or {
            table[name].kind for name in names
        } == {"time"}


@EVERY
def test_a_low_and_a_high_value_have_a_declared_order(table: Table) -> None:
    ordered = {name for names in table.ascending for name in names}
    bounds = {name for name in table.names if {"low", "high"} & set(name.split("_"))}
    assert bounds <= ordered


@EVERY
def test_a_reference_leads_to_a_column(table: Table) -> None:
    for key in table.foreign_keys:
        assert table[key.column].kind == TABLES[key.table][key.target].kind


@EVERY
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_meaning_begins_with_a_title_that_no_other_column_has(
    table: Table, language: Language
) -> None:
    titles = [column.title(language) for column in table]
    assert all(titles) and len(set(titles)) == len(titles)
    assert [title for title in titles if len(title) > 60] == []
    assert table.row(language)


@EVERY
def test_bounds_and_allowed_values_fit_the_kind(table: Table) -> None:
    for column in table:
        assert column.low is None or column.kind in {"int", "float"}, column
        assert column.high is None or column.kind in {"int", "float"}, column
        assert not column.allowed or column.kind == "text", column


@EVERY
def test_an_empty_table_has_every_column(table: Table) -> None:
    assert list(empty(table.name).columns) == table.names


def test_no_column_of_length_area_time_or_angle_goes_without_a_unit() -> None:
    """What a name does not tell is stated; other numbers are counts, ranks, shares or indices."""
    columns = chain.from_iterable(TABLES.values())
    numbers = {c.name for c in columns if c.kind == "float" and not c.unit}
    assert numbers == {
        *("luma", "near_luma", "darkest_luma", "sharpness"),
        *("score", "value_score", "confidence", "existence", "mean_confidence", "quantity"),
        *("value", "bound", "do_nothing_value", "rule_value"),
    }


def test_readers_know_which_tables_carry_geometry() -> None:
    carrying = {name for name, table in TABLES.items() if table.has_geometry}
    assert set(get_args(GeoTableName)) == carrying


def test_a_taxonomy_of_ones_own_may_name_any_family() -> None:
    assert TABLES["findings"]["family"].allowed == ()


def test_a_unit_is_read_off_the_name_or_stated() -> None:
    assert Column("area_m2", "float", "", "").unit == "m2"
    assert Column("traffic", "int", "", "", stated_unit="veh/d").unit == "veh/d"
    assert Column("code", "text", "", "").unit == ""


def test_the_declarations_load_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "geopandas", "pyarrow", "pydantic", "yaml")
    script = f"import sys, voirie.tables;print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
