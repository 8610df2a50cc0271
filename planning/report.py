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

FURTHER: dict[str, tuple[str, str]] = {
    "do_nothing_value": ("do_nothing_value", "valeur_sans_travaux"),
    "rule_value": ("rule_value", "valeur_regle"),
    "value_unit": ("value_unit", "unite_valeur"),
    "rule_note_end": ("rule_note_end", "ng_fin_regle"),
    "rule_total_eur": ("rule_total_eur", "budget_global_regle_eur"),
    "need_start_eur": ("need_start_eur", "besoin_debut_eur"),
    "need_start_seen_eur": ("need_start_seen_eur", "besoin_debut_releve_eur"),
    "need_start_assumed_eur": ("need_start_assumed_eur", "besoin_debut_suppose_eur"),
    "need_end_eur": ("need_end_eur", "besoin_fin_eur"),
    "need_end_seen_eur": ("need_end_seen_eur", "besoin_fin_releve_eur"),
    "need_end_assumed_eur": ("need_end_assumed_eur", "besoin_fin_suppose_eur"),
    "rule_need_end_eur": ("rule_need_end_eur", "besoin_fin_regle_eur"),
    "do_nothing_need_end_eur": ("do_nothing_need_end_eur", "besoin_fin_sans_travaux_eur"),
    "total_seen_eur": ("total_seen_eur", "budget_releve_eur"),
    "total_assumed_eur": ("total_assumed_eur", "budget_suppose_eur"),
    "note_start_seen": ("note_start_seen", "ng_debut_releve"),
    "note_end_seen": ("note_end_seen", "ng_fin_releve"),
    "observed_area_pct": ("observed_area_pct", "part_relevee_pct"),
    "scope": ("scope", "etendue"),
}
"""Columns that `plan.csv` has after those: the rule and doing nothing beside the plan, needs, and
what of it all rests on sections that were seen."""

_DIGITS = {"bound": 4, "value": 4, "do_nothing_value": 4, "rule_value": 4}
_TEXTS = ("scenario", "tax", "observations", "value_unit", "scope")
_WORDS = {"value_unit": {"note-years": "points-années"}, "scope": {"all": "tout", "seen": "relevé"}}


def comparison(
    scenarios: pd.DataFrame, language: Language = "en", *, further: bool = False
) -> pd.DataFrame:
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
    further
        Whether the columns of `FURTHER` follow.

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
    for column, headings in (HEADINGS | (FURTHER if further else {})).items():
        values = scenarios[column].tolist()
        if column in _TEXTS:
            words = _WORDS.get(column, {}) if language == "fr" else {}
            texts = [words.get(str(v), str(v)) for v in values]
        else:
            digits = _DIGITS.get(column, 0 if column.endswith("_eur") else 2)
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

    Every amount is in the tax of the column ``tax``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from voirie.tables import empty
    >>> with TemporaryDirectory() as folder:
    ...     text = write_plan_csv(empty("scenarios"), Path(folder) / "plan.csv").read_text()
    >>> text.splitlines()[0].split(",")[:3], "rule_need_end_eur" in text
    (['scenario', 'note_start', 'note_end'], True)
    """
    table = comparison(scenarios, language, further=True)
    separator = "," if language == "en" else ";"
    if language == "en":
        table["note_low"] = [text.removesuffix(" (D)") for text in table["note_low"]]
    mark = MARK if language == "fr" else ""
    write_text(path, mark + csv_text(table, separator))
    return path
