"""The CSV files, read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gis.exports.m3 import COLUMNS
from inspection.publish.csv_files import french_form, write_m3, write_plan
from planning.report import FURTHER, HEADINGS
from voirie.tables import read_table


def test_m3_has_a_row_a_lane_and_the_columns_of_the_profile(made: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(write_m3(made, tmp_path / "m3_section.csv"), dtype={"code_insee_dep": str})
    assert list(rows.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert len(rows) == len(read_table("section_notes", made / "tables"))
    assert set(rows["campagne"]) == {"Printemps 2026"}
    assert set(rows["code_insee_dep"]) == {"031"}


def test_m3_keeps_null_empty_and_zero_zero(made: Path, tmp_path: Path) -> None:
    text = pd.read_csv(write_m3(made, tmp_path / "m3.csv"), dtype=str, keep_default_na=False)
    assert set(text["orn_pct_g1"]) == {""}
    seen = text["classe_etat"] != "nd"
    assert (text.loc[~seen, "note_structure"] == "").all()
    assert "0.0" in set(text.loc[seen, "fai_pct_g1"]) | set(text.loc[seen, "fai_pct_g23"])


def test_the_french_form_holds_the_same_figures(made: Path, tmp_path: Path) -> None:
    for open_form in (
        write_m3(made, tmp_path / "m3.csv"),
        write_plan(made / "tables", tmp_path / "p.csv"),
    ):
        french = french_form(open_form)
        assert french.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r" not in french.read_bytes()
        one = pd.read_csv(open_form, dtype={"code_insee_dep": str})
        other = pd.read_csv(french, sep=";", decimal=",", dtype={"code_insee_dep": str})
        if open_form.name == "p.csv":  # headings there are French, and the lowest note is marked
            other.columns = one.columns
            words = ["note_low", "value_unit", "scope"]
            one, other = one.drop(columns=words), other.drop(columns=words)
        pd.testing.assert_frame_equal(one, other)


def test_m3_without_coordinates(bare: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(write_m3(bare, tmp_path / "m3.csv"))
    assert rows["x_deb"].isna().all() and rows["note_globale"].isna().all()


def test_plan_is_the_comparison(made: Path, bare: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(write_plan(made / "tables", tmp_path / "plan.csv"))
    assert list(rows.columns) == [*HEADINGS, *FURTHER]
    stored = read_table("scenarios", made / "tables")
    assert rows["scenario"].tolist() == stored["scenario"].tolist()
    assert rows["note_low"].isna().tolist() == stored["note_low"].isna().tolist()
    empty = pd.read_csv(write_plan(bare / "tables", tmp_path / "none.csv"))
    assert empty.empty and list(empty.columns) == [*HEADINGS, *FURTHER]
