"""Cells of tables that people write: names of columns, texts, and numbers in French or English."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

_NOTHING = frozenset({"", "null", "none", "na", "n/a", "nan", "#n/a"})
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+([.,]\d+)?")


def plain(name: object) -> str:
    """A column's name without case, accents and what stands between its words.

    Examples
    --------
    >>> plain("Largeur de chaussée"), plain("NUM_ROUTE")
    ('largeur_de_chaussee', 'num_route')
    """
    letters = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def is_empty(value: object) -> bool:
    """Whether a cell says nothing.

    Examples
    --------
    >>> is_empty(float("nan")), is_empty(""), is_empty(pd.NA), is_empty(0)
    (True, True, True, False)
    """
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value is pd.NA or value is pd.NaT or value == ""


def text_of(cell: object) -> str:
    """Text in a cell, empty where it says nothing. A tool may keep 12 as 12.0.

    Examples
    --------
    >>> text_of(12.0), text_of(" D67 "), text_of(None)
    ('12', 'D67', '')
    """
    if is_empty(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def number_of(cell: object, decimal_comma: bool | None) -> float | None:
    """Number in a cell; None where it is none, or can be read as two.

    Parameters
    ----------
    cell
        What a spreadsheet holds, or a text.
    decimal_comma
        Whether the other numbers of the table have a decimal comma, None where nobody knows.

    Examples
    --------
    >>> number_of("1 234,5", True), number_of("1,234.5", False), number_of(7, None)
    (1234.5, 1234.5, 7.0)
    >>> number_of("1,234", None) is None, number_of("16 m", True) is None
    (True, True)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    text = _SPACES.sub("", str(cell))
    marks = [letter for letter in text if letter in ",."]
    if len(marks) > 1:
        last, first = marks[-1], marks[0]
        if not _GROUPED.fullmatch(text) or (last != first and marks.count(last) > 1):
            return None
        if last == first:  # only groups of thousands: 1.234.567
            return _float(text.replace(first, ""))
        if decimal_comma is not None and (last == ",") != decimal_comma:
            return None
        return _float(text.replace(first, "").replace(last, "."))
    if not marks:
        return _float(text)
    if (marks[0] == ",") is not decimal_comma and _GROUPED.fullmatch(text):
        return None
    return _float(text.replace(",", "."))


def _float(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?\d*\.?\d+(?:[eE][+-]?\d{1,3})?|[+-]?\d+\.", text, re.ASCII):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def said_in(value: object) -> object:
    """What a cell says: nothing, a number or date of a spreadsheet, or a text without margins.

    Examples
    --------
    >>> said_in("  N/A "), said_in("'=1+1"), said_in(16.5)
    (None, '=1+1', 16.5)
    """
    if isinstance(value, str):
        text = value.strip()
        # Our own files mark a text that begins like a formula.
        text = text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
        return None if text.lower() in _NOTHING else text
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def has_decimal_commas(cells: Iterable[object], separator: str | None) -> bool | None:
    """Whether numbers have a decimal comma, by the cells that can be read in one way only.

    Parameters
    ----------
    cells
        Of the whole table.
    separator
        Between cells, by which it is decided where none tells; None in a spreadsheet.

    Examples
    --------
    >>> has_decimal_commas(["16,5", "1 200"], ";"), has_decimal_commas(["a", "7"], ",")
    (True, False)
    """
    bare = [_SPACES.sub("", cell) for cell in cells if isinstance(cell, str)]
    sure = [text for text in bare if _DECIMAL.fullmatch(text) and not _GROUPED.fullmatch(text)]
    comma, point = any("," in text for text in sure), any("." in text for text in sure)
    if comma != point:
        return comma
    return None if comma or separator is None else separator != ","
