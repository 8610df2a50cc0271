"""The export: columns of the profile in order, 0 and empty kept apart, nothing counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.exports.m3 import ADDED, CODES, COLUMNS, PROFILE_TEXT, M3Campaign, m3_rows
from gis.scoring.score import ScoreResult
from gis.scoring.sections import cut_from_places
from tests.gis.scoring.made_scoring import CAMERA, ROUTE, finding, findings, road, scored, seen
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments

CAMPAIGN = M3Campaign("2026-09", "TTC", 0.20, year=2028)
BOTH = [seen(0.0, 400.0), seen(0.0, 400.0, sens="-")]


def rows(
    things: list[dict[str, Any]], covered: list[dict[str, Any]] | None = None, **more: Any
) -> tuple[gpd.GeoDataFrame, ScoreResult]:
    result = scored(things, covered, **more)
    made = m3_rows(
        result.sections, result.section_notes, result.extents, findings(things), CAMPAIGN
    )
    return made, result


def test_columns_are_those_of_the_profile() -> None:
    made, _ = rows([])
    assert len(COLUMNS) == 73
    assert COLUMNS[0] == "id_section" and COLUMNS[72] == "version_bareme"
    assert COLUMNS[24:54:2] == tuple(f"{code.lower()}_pct_g1" for code in CODES)
    assert COLUMNS[65] == "classe_etat" and COLUMNS[70] == "validation"
    assert made.columns.tolist() == [*COLUMNS, *ADDED, "geometry"]
    assert set(CODES) == set(load_scheme().codes)
    assert "conforme" not in PROFILE_TEXT and "38-2" not in PROFILE_TEXT


def test_zero_is_zero_and_empty_is_empty(tmp_path: Path) -> None:
    made, _ = rows([finding("NDP", 10 + 18 * k, severity=2) for k in range(10)])
    path = tmp_path / "m3_section.csv"
    made.drop(columns="geometry").to_csv(path, index=False)
    text = pd.read_csv(path, dtype="string", keep_default_na=False)
    first = text.iloc[0]
    assert (first["ndp_pct_g1"], first["ndp_pct_g23"]) == ("0.0", "25.0")
    assert (first["ftr_pct_g1"], first["ftr_nb"], first["ndp_nb"]) == ("0.0", "0", "10")
    for code in set(CODES) - CAMERA.codes:
        assert first[f"{code.lower()}_pct_g1"] == "" == first[f"{code.lower()}_pct_g23"]
    assert (first["vizir_is"], first["pci_visuel"]) == ("", "")
    assert (first["note_structure"], first["note_globale"]) == ("16.0", "16.0")
    assert "ORN" in first["codes_absents"].split(",") and first["borne_haute"] == "True"


def test_an_nd_row_has_no_note() -> None:
    made, _ = rows([finding("FAI", 0.0, 50.0)], [seen(0.0, 100.0)])
    row = made.iloc[0]
    assert (row["classe_etat"], row["couverture_pct"]) == ("nd", 50.0)
    notes = [name for name in made.columns if name.startswith("note_")]
    assert row[notes].isna().all()
    assert pd.isna(row["ideg"]) and pd.isna(row["cout_estime_eur"])


def test_sums_of_rows_count_the_road_once() -> None:
    made, result = rows([finding("FAI", 0.0, 100.0, severity=3)], BOTH)
    assert len(made) == 4
    assert made["surface_m2"].sum() == result.sections["area_m2"].sum() == 400 * 6
    by_lane = made.groupby(["route", "cote", "sens", "voie"])["longueur_m"].sum()
    assert (by_lane == 400).all()
    assert (made["cumulf"] - made["cumuld"] == made["longueur_m"]).all()
    once = made.drop_duplicates("id_section")
    assert made["cout_voie_ht_eur"].sum() == once["cout_chaussee_ht_eur"].sum()
    assert made["cout_estime_eur"].tolist() == made["cout_voie_ht_eur"].tolist()


@pytest.mark.parametrize(
    "covered",
    [BOTH, [seen(0.0, 400.0)], [seen(0.0, 400.0), seen(0.0, 90.0, sens="-")]],
    ids=["both lanes", "one lane", "one lane and half of the other"],
)
def test_the_columns_to_sum_make_each_carriageway_once(covered: list[dict[str, Any]]) -> None:
    made, result = rows([finding("FAI", 0.0, 100.0, severity=3)], covered)
    sections = result.sections
    assert made["surface_a_sommer_m2"].sum() == sections["area_m2"].sum() == 400 * 6
    cost_ttc = sections["proposed_cost_eur"].sum()
    assert cost_ttc > 0
    assert made["cout_a_sommer_ttc_eur"].sum() == pytest.approx(cost_ttc, abs=0.011)
    assert made["cout_a_sommer_ht_eur"].sum() == pytest.approx(cost_ttc / 1.2, abs=0.011)


def test_an_nd_row_of_a_section_with_a_note_has_no_note_work_or_price() -> None:
    made, _ = rows(
        [finding("FAI", 0.0, 100.0, severity=3)], [seen(0.0, 400.0), seen(0.0, 90.0, sens="-")]
    )
    own = made[made["classe_etat"] == "nd"].iloc[0]
    other = made[(made["id_section"] == own["id_section"]) & (made["classe_etat"] != "nd")].iloc[0]
    told = [c for c in made.columns if c.startswith(("note_", "cout_", "travaux_"))]
    told = [c for c in told if "surface" not in c or c.startswith("note_")]
    assert own[told].isna().all()
    assert other[["note_section", "note_patrimoine", "travaux_propose"]].notna().all()


def test_costs_are_without_tax() -> None:
    made, result = rows([finding("FAI", 0.0, 100.0, severity=2)])
    ttc = result.sections["proposed_cost_eur"].iloc[0]
    assert load_treatments().tax == "TTC"
    assert made["cout_chaussee_ht_eur"].iloc[0] == round(ttc / 1.2)
    assert made["cout_chaussee_ttc_eur"].iloc[0] == round(ttc)


def test_people_behind_a_row() -> None:
    made, _ = rows(
        [
            finding("FAI", 0.0, 10.0, review_state="confirmed"),
            finding("FAI", 50.0, 60.0, review_state="corrected", origin="human"),
            finding("FAI", 250.0, 260.0),
            finding("FAI", 270.0, 280.0, review_state="confirmed"),
            finding("FAI", 270.0, 280.0, review_state="rejected", origin="imported"),
        ]
    )
    assert made["validation"].tolist() == ["corrected", "proposed"]
    assert made["origine"].tolist() == ["human,machine", "machine"]


def test_places_and_attributes() -> None:
    made, result = rows([])
    row, section = made.iloc[1], result.sections.iloc[1]
    assert row["id_section"] == section["section_id"]
    assert (row["plod"], row["absd"], row["absf"]) == ("+", 200, 400)
    assert (row["prd"], row["categorie"], row["commune"]) == ("Muret", 2, "Exemple")
    assert (row["largeur_m"], row["largeur_chaussee_m"]) == (3.0, 6.0)
    assert row["source_largeur"] == "reseau"
    assert row["x_fin"] - row["x_deb"] == 200.0
    assert row.geometry.equals(section.geometry)


def test_stills_without_network_have_rows() -> None:
    places = pd.DataFrame([{**ROUTE, "cumul_m": 10.0}, {**ROUTE, "cumul_m": 250.0}])
    made, _ = rows([finding("FAI", 0.0, 10.0)], None, sections=cut_from_places(places))
    assert made.geometry.isna().all() and made["x_deb"].isna().all()
    assert made["categorie"].isna().all() and made["source_largeur"].eq("supposee").all()
    assert made["revetement"].eq("inc").all()


def test_empty_campaign() -> None:
    made, _ = rows([], [])
    assert made.empty and made.columns.tolist() == [*COLUMNS, *ADDED, "geometry"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["FAI", "FLB"]), st.floats(0, 200), st.floats(0, 90))
        | st.tuples(st.sampled_from(["FTR"]), st.floats(0, 200), st.just(0.0)),
        max_size=10,
    ),
    st.integers(1, 3),
)
@settings(max_examples=12, deadline=None)
def test_notes_follow_from_the_shares(drawn: list[Any], severity: int) -> None:
    things = [finding(c, at, at + size, severity=severity) for c, at, size in drawn]
    made, _ = rows(things, sections=road(200.5))
    scheme = load_scheme()
    row = made.iloc[0]
    for code in CAMERA.codes & set(CODES):
        light, heavy = (row[f"{code.lower()}_pct_{g}"] for g in ("g1", "g23"))
        assert 0 <= light <= 100 and 0 <= heavy <= 100 and light + heavy <= 100 + 1e-9
        assert (light == 0) == (not any(c == code for c, _, _ in drawn) or severity > 1)
    # The export merges severities 2 and 3, so that it bounds the note.
    for name in ("structure", "surface"):
        best = worst = 0.0
        for code, weights in scheme.weights[name].items():
            light, heavy = (np.nan_to_num(row[f"{code.lower()}_pct_{g}"]) for g in ("g1", "g23"))
            best += light * weights[0] + heavy * weights[1]
            worst += light * weights[0] + heavy * weights[2]
        assert row[f"note_{name}"] <= max(0, 20 * (1 - best / 100)) + 0.11
        assert row[f"note_{name}"] >= max(0, 20 * (1 - worst / 100)) - 0.11
