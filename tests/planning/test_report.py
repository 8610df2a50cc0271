"""The comparison in two languages, and plan.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.report import FURTHER, HEADINGS, comparison, write_plan_csv

FIGURES = {
    "note_start": 18.154,
    "note_end": 18.249,
    "note_high": 18.3,
    "note_low": None,
    "note_mean": 18.2,
    "total_eur": 1234567.89,
    "bound": 272.12345,
    "value": 272.1,
    "gap_pct": 0.125,
}
BESIDE = {name: 1234.5 for name in FURTHER if name not in ("value_unit", "scope")}


def lines(*lows: float | None) -> pd.DataFrame:
    """A table of scenarios with these lowest notes."""
    words = {"tax": "TTC", "observations": "13,5x2", "value_unit": "note-years", "scope": "seen"}
    return pd.DataFrame(
        [
            {"scenario": f"#{i}", **words, **FIGURES, **BESIDE, "note_low": low}
            for i, low in enumerate(lows, 1)
        ]
    )


def test_the_columns_come_as_road_services_print_them() -> None:
    english, french = comparison(lines(None, 17.85)), comparison(lines(None, 17.85), "fr")
    assert english.columns.tolist() == [heading[0] for heading in HEADINGS.values()]
    assert french.columns.tolist() == [heading[1] for heading in HEADINGS.values()]
    assert english["note_low"].tolist() == ["", "17.85 (D)"]
    assert french["ng_basse"].tolist() == ["", "17,85 (D)"]
    assert english["total_eur"].tolist() == ["1234568", "1234568"]


def test_a_spreadsheet_there_reads_a_french_file(tmp_path: Path) -> None:
    path = write_plan_csv(lines(None, 17.85), tmp_path / "plan.csv", "fr")
    back = pd.read_csv(path, sep=";", decimal=",")
    assert back["ng_fin"].tolist() == [18.25, 18.25]
    assert back["ng_basse"].tolist()[1] == "17,85 (D)"


@given(st.floats(0.0, 20.0))
def test_every_figure_of_the_english_file_is_a_number(
    tmp_path_factory: pytest.TempPathFactory, low: float
) -> None:
    path = write_plan_csv(lines(None, low), tmp_path_factory.mktemp("plan") / "plan.csv")
    back = pd.read_csv(path)
    assert back["note_low"].tolist()[1] == pytest.approx(low, abs=0.0051)
    assert back[list(FIGURES)].dtypes.astype(str).tolist() == [
        "int64" if name == "total_eur" else "float64" for name in FIGURES
    ]


def test_the_file_holds_the_rule_the_need_and_what_was_seen_beside_the_plan(
    tmp_path: Path,
) -> None:
    english = pd.read_csv(write_plan_csv(lines(None), tmp_path / "plan.csv"))
    assert english.columns.tolist() == [heading[0] for heading in (HEADINGS | FURTHER).values()]
    assert english[["rule_need_end_eur", "value_unit", "scope"]].values.tolist() == [
        [1234, "note-years", "seen"]
    ]
    french = pd.read_csv(
        write_plan_csv(lines(None), tmp_path / "fr.csv", "fr"), sep=";", decimal=","
    )
    assert french[["valeur_regle", "unite_valeur", "etendue"]].values.tolist() == [
        [1234.5, "points-années", "relevé"]
    ]
