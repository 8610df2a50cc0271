"""Each term of a note says itself in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from gis.scoring.terms import Grading, Line
from voirie.catalogue.scheme import Quantity
from voirie.taxonomy import load_taxonomy
from voirie.wording import Wording


def test_a_term_is_its_extent_times_its_weight() -> None:
    line = Line("surface", "FTR", 1, 50.0, 0.15, n_findings=4, n_assumed=2)
    assert line.product == pytest.approx(7.5)
    said = line.sentence(Wording("en"), load_taxonomy())
    assert said.startswith("FTR severity 1 (transverse crack): 50.00% × 0.15 = 7.50 (of which 2 of")


@pytest.mark.parametrize("quantity", get_args(Quantity))
def test_each_quantity_has_its_sentence(quantity: Quantity) -> None:
    grading = Grading("NDP", quantity, 0.2, 0.45)
    unit = "%" if quantity == "dark_pct" else " m"
    assert f"2 from 0.20{unit}" in grading.sentence(Wording("en"))
    assert grading.sentence(Wording("fr")).startswith("Gravité de NDP selon ")
