"""Text of others in a CSV is never run by a spreadsheet."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.csv_text import csv_text


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-A1", "\t=1"])
def test_what_begins_like_a_formula_is_text(name: str) -> None:
    text = csv_text(pd.DataFrame({"route": [name]}))
    (cell,) = pd.read_csv(io.StringIO(text), keep_default_na=False)["route"]
    assert cell == f"'{name}"


@pytest.mark.parametrize("name", ["+", "-", "-2.5", "+33 5 61", "D1", "", "a=b"])
def test_directions_and_figures_stay(name: str) -> None:
    text = csv_text(pd.DataFrame({"sens": [name], "x": [1]}))
    assert pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)["sens"][0] == name


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")
                        ), min_size=1))  # fmt: skip
def test_every_cell_comes_back(names: list[str]) -> None:
    text = csv_text(pd.DataFrame({"id": range(len(names)), "name": names}), ";")
    back = pd.read_csv(io.StringIO(text), sep=";", keep_default_na=False, dtype=str)["name"]
    for name, cell in zip(names, back, strict=True):
        assert cell in {name, f"'{name}"}
        assert cell[:1] not in {"=", "@", "\t"}


def test_a_carriage_return_begins_no_row() -> None:
    assert csv_text(pd.DataFrame({"route": ["D1\r=1+1"]})) == "route\nD1 =1+1\n"
