"""Columns that the tables of a plan share."""

from voirie.tables.declared import TABLES
from voirie.tables.of_plans import (
    amount,
    kilometres,
    note_out_of_20,
    seen_and_assumed,
    tax_of_amounts,
)


def test_parts_of_an_amount_are_named_after_it_and_never_negative() -> None:
    seen, assumed = seen_and_assumed("need", "besoin", "need")
    assert (seen.name, assumed.name) == ("need_seen_eur", "need_assumed_eur")
    assert {seen.unit, assumed.unit} == {"eur"} and seen.low == assumed.low == 0


def test_units_are_stated() -> None:
    assert kilometres("km_below_12", "longueur", "length").unit == "km"
    assert note_out_of_20("note", "note", "note").unit == "/20"
    assert amount("cost_eur", "coût", "cost").unit == "eur"


def test_every_table_of_a_plan_with_amounts_says_their_tax() -> None:
    for name in ("works", "plan_years", "scenarios", "section_plans"):
        assert TABLES[name]["tax"] == tax_of_amounts()
    assert TABLES["sections"]["proposed_cost_tax"].allowed == ("HT", "TTC")
