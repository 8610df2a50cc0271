"""Columns that several tables share."""

from voirie.places import LANE_KEY, ROUTE_KEY
from voirie.tables.shared import lane, notes, place, route_key


def test_keys_are_those_of_places() -> None:
    assert tuple(column.name for column in route_key()) == ROUTE_KEY
    assert tuple(column.name for column in lane()) == LANE_KEY


def test_an_offset_may_be_null_where_the_place_may_not() -> None:
    assert [column.name for column in place() if column.nullable] == ["offset_m"]
    assert all(column.nullable for column in place(nullable=True))


def test_each_note_stands_between_a_lowest_and_a_highest() -> None:
    names = [column.name for column in notes() if column.name.startswith("note_")]
    parts = ("structure", "surface", "globale")
    assert names == [f"note_{part}{end}" for part in parts for end in ("", "_low", "_high")]
