"""The comparison of scenarios as road services print it, and as `plan.csv`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd

from voirie.csv_text import MARK, csv_text
from voirie.files import write_text

Language = Literal["en", "fr"]

HEADINGS: dict[str, tuple[str, str]] = {
    "scenario": ("scenario", "scenario"),
    "note_start": ("note_start", "ng_debut"),
    "note_end": ("note_end", "ng_fin"),
    "note_high": ("note_high", "ng_haute"),
    "note_low": ("note_low", "ng_basse"),
    "note_mean": ("note_mean", "ng_moyenne"),
    "total_eur": ("total_eur", "budget_global_eur"),
    "tax": ("tax", "taxe"),
    "observations": ("observations", "observations"),
    "bound": ("bound", "borne"),
    "value": ("value", "valeur"),
    "gap_pct": ("gap_pct", "ecart_pct"),
}
"""Columns of the comparison, with their English and French headings."""

_DIGITS = {"total_eur": 0, "bound": 4, "value": 4, "gap_pct": 2}


def comparison(scenarios: pd.DataFrame, language: Language = "en") -> pd.DataFrame:
    """The comparison as text, one row a scenario.

    Columns: scenario, start, end, highest, lowest, mean, total, tax, remark, then bound, value
    and gap. The lowest note is empty unless it is under the start, and then carries ``(D)``.
    French figures have a decimal comma.

    Parameters
    ----------
    scenarios
        Table ``scenarios``.
    language
        Of headings and figures.

    Examples
    --------
    >>> line = {
    ...     "scenario": "low", "note_start": 18.15, "note_end": 18.25, "note_high": 18.3,
    ...     "note_low": 17.9, "note_mean": 18.2, "total_eur": 16000.0, "tax": "TTC",
    ...     "observations": "8x0", "bound": 272.2, "value": 272.1, "gap_pct": 0.125,
    ... }
    >>> comparison(pd.DataFrame([line]), "fr")[["ng_fin", "ng_basse"]].values.tolist()
    [['18,25', '17,90 (D)']]
    """
    out: dict[str, list[str]] = {}
    for column, headings in HEADINGS.items():
        values = scenarios[column].tolist()
        if column in ("scenario", "tax", "observations"):
            texts = [str(v) for v in values]
        else:
            digits = _DIGITS.get(column, 2)
            texts = ["" if pd.isna(v) else f"{v:.{digits}f}" for v in values]
            if language == "fr":
                texts = [text.replace(".", ",") for text in texts]
        if column == "note_low":
            texts = [f"{text} (D)" if text else "" for text in texts]
        out[headings[1 if language == "fr" else 0]] = texts
    return pd.DataFrame(out, dtype="object")


def write_plan_csv(scenarios: pd.DataFrame, path: Path, language: Language = "en") -> Path:
    """Write `plan.csv`; the same table gives the same bytes.

    English: comma between cells, decimal point, no ``(D)``, so that every figure is a number.
    French: semicolon, decimal comma and a mark of UTF-8, as spreadsheets there open it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> line = {
    ...     "scenario": "low", "note_start": 18.15, "note_end": 18.25, "note_high": 18.3,
    ...     "note_low": 17.9, "note_mean": 18.2, "total_eur": 16000.0, "tax": "TTC",
    ...     "observations": "8x0", "bound": 272.2, "value": 272.1, "gap_pct": 0.125,
    ... }
    >>> with TemporaryDirectory() as folder:
    ...     text = write_plan_csv(pd.DataFrame([line]), Path(folder) / "plan.csv").read_text()
    >>> text.splitlines()[1]
    'low,18.15,18.25,18.30,17.90,18.20,16000,TTC,8x0,272.2000,272.1000,0.12'
    """
    table = comparison(scenarios, language)
    separator = "," if language == "en" else ";"
    if language == "en":
        table["note_low"] = [text.removesuffix(" (D)") for text in table["note_low"]]
    mark = MARK if language == "fr" else ""
    write_text(path, mark + csv_text(table, separator))
    return path
