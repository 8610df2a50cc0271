"""Faults as a layer: every kind has a weight and a name, the reason in both languages."""

from __future__ import annotations

import shapely

from gis.imports.faults import KINDS, Fault, table_of
from voirie.messages import message


def test_a_layer_says_each_reason_in_both_languages() -> None:
    told = message("{route} touches no other route", route="D1")
    table = table_of([Fault("island", "D1", told, shapely.Point(1, 2)), Fault("gap", None, told)])
    assert table["weight"].tolist() == ["told", "told"]
    assert table["reason_en"].iloc[0] == "D1 touches no other route"
    assert table["reason_fr"].iloc[0] == "D1 ne touche aucune autre route"
    assert table.geometry.isna().tolist() == [False, True]


def test_no_fault_is_an_empty_layer() -> None:
    assert len(table_of([])) == 0


def test_kinds_have_a_weight() -> None:
    assert {weight for weight, _ in KINDS.values()} == {"left", "mended", "told"}
