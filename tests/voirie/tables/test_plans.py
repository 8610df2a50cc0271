"""Tables of the plan."""

from voirie.stages import Stage
from voirie.tables.plans import PLAN_TABLES, PLAN_YEARS, WORKS


def test_the_plan_is_written_by_one_stage() -> None:
    assert {table.writer for table in PLAN_TABLES} == {Stage.PLAN}


def test_money_and_lengths_are_never_negative_and_notes_are_out_of_twenty() -> None:
    assert all(column.low == 0 for column in PLAN_YEARS if column.kind == "float")
    assert PLAN_YEARS["km_below_12"].unit == "km"
    assert (WORKS["note_before"].high, WORKS["note_before"].unit) == (20, "/20")
