"""Numbers and names as people write them: read in one way only, or not at all."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.cells import has_decimal_commas, number_of, plain, said_in, text_of


@pytest.mark.parametrize(
    ("cell", "comma", "number"),
    [
        ("16,5", True, 16.5), ("16,5", False, 16.5), ("16.5", True, 16.5), ("16,5", None, 16.5),
        ("1,234", True, 1.234), ("1,234", False, None), ("1,234", None, None),
        ("1.234", False, 1.234), ("1.234", True, None), ("1 234,5", True, 1234.5),
        ("1\u202f234", True, 1234.0), ("1.234,5", True, 1234.5), ("1,234.5", True, None),
        ("1.234.567", True, 1_234_567.0), ("1,2,3", True, None), ("12..5", None, None),
        ("-0,5", True, -0.5), ("1e3", False, 1000.0), ("1e999", False, None), ("nan", None, None),
        ("16 m", True, None), ("", None, None), (7, None, 7.0), (7.5, True, 7.5),
        (True, None, None),
        (float("inf"), None, None), ("٣", None, None), (",5", True, 0.5), ("5,", True, 5.0),
    ],
)  # fmt: skip
def test_numbers(cell: object, comma: bool | None, number: float | None) -> None:
    assert number_of(cell, comma) == number


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 2)), st.booleans())
def test_what_a_french_or_english_excel_writes_is_read_back(value: float, comma: bool) -> None:
    text = f"{value:,.2f}"
    if comma:
        text = text.replace(",", " ").replace(".", ",")
    assert math.isclose(number_of(text, comma) or 0.0, value, abs_tol=1e-9)


@given(st.text(max_size=12), st.sampled_from([True, False, None]))
def test_no_text_breaks_the_reading(text: str, comma: bool | None) -> None:
    number = number_of(text, comma)
    assert number is None or math.isfinite(number)
    assert has_decimal_commas([text], ";") in (True, False, None)
    assert isinstance(plain(text), str)


def test_names_and_texts() -> None:
    assert plain(" Note (sur 20) ") == "note_sur_20"
    assert text_of(12.0) == "12" and text_of(12.5) == "12.5" and text_of(float("nan")) == ""
    assert said_in(float("nan")) is None and said_in(" n/a ") is None and said_in(0) == 0


def test_cells_of_one_reading_decide() -> None:
    assert has_decimal_commas(["1,234", "7,5"], ",") is True
    assert has_decimal_commas(["1.5", "7,5"], ";") is None
    assert has_decimal_commas([16.5, "x"], None) is None
