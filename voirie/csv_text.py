"""A table as CSV that a spreadsheet takes for what it is: text stays text."""

from __future__ import annotations

import re

import pandas as pd

_FORMULA = re.compile(r"[=@\t]|[+-](?=\D)")
"""How a cell begins that Excel or LibreOffice would run; ``+`` and ``-`` alone are a direction."""


MARK = "\ufeff"
"""By this first character Excel takes a file for UTF-8."""


def french_csv_text(table: pd.DataFrame) -> str:
    r"""The rows as a French Excel opens them: semicolons, decimal commas, and a mark of UTF-8.

    Examples
    --------
    >>> french_csv_text(pd.DataFrame({"route": ["D1"], "note": [16.5]}))
    '\ufeffroute;note\nD1;16,5\n'
    """
    return MARK + csv_text(table, ";", ",")


def csv_text(table: pd.DataFrame, separator: str = ",", decimal: str = ".") -> str:
    r"""The rows with a header, lines ended by a line feed, empty where NULL.

    Names come from outside (a road, a campaign, a file): one that begins like a formula is
    written with an apostrophe before it, which spreadsheets take for "this is text".

    Parameters
    ----------
    table
        Plain columns; text as str or string.
    separator
        Between the cells.
    decimal
        Between units and tenths.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"route": ["D1", "=1+1"], "sens": ["+", "-"], "d_m": [-2.5, 0.0]}))
    "route,sens,d_m\nD1,+,-2.5\n'=1+1,-,0.0\n"
    """
    safe = table.copy()
    for column in safe.select_dtypes(["object", "string"]).columns:
        safe[column] = safe[column].map(_as_text)
    return safe.to_csv(index=False, sep=separator, decimal=decimal, lineterminator="\n")


def _as_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = value.replace("\r", " ")  # many readers end the row at it, quoted or not
    return f"'{line}" if _FORMULA.match(line) else line
