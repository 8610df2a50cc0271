"""Notes: the published examples, intervals, classes, both grains, and monotony."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.scoring.score import Observation
from tests.gis.scoring.made_scoring import (
    ALL,
    CAMERA,
    ROUTE,
    X,
    Y,
    axis,
    finding,
    findings,
    network,
    road,
    scored,
    seen,
)
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.errors import ConfigurationError
from voirie.tables import conform

BOTH = [seen(0.0, 400.0), seen(0.0, 400.0, sens="-")]
WORSE_SHARE = load_scheme().interval.worse_share
NOTES = ("note_structure", "note_surface", "note_globale")


@pytest.mark.parametrize(
    ("things", "structure", "surface", "class_"),
    [
        ([], 20.0, 20.0, "BE"),
        # Forty transverse cracks in 200 m: 100 % x 0.15.
        ([finding("FTR", 2.5 + 5 * k) for k in range(40)], 20.0, 17.0, "EM"),
        ([finding("FTR", 2.5 + 5 * k, severity=3) for k in range(40)], 20.0, 10.0, "ME"),
        # Ten potholes: 25 % x 0.4, 0.8, 1.2.
        ([finding("NDP", 10 + 18 * k) for k in range(10)], 18.0, 20.0, "BE"),
        ([finding("NDP", 10 + 18 * k, severity=2) for k in range(10)], 16.0, 20.0, "EM"),
        ([finding("NDP", 10 + 18 * k, severity=3) for k in range(10)], 14.0, 20.0, "ME"),
        # A road wholly covered by the worst alligator cracking is at 0, not below.
        ([finding("FAI", 0.0, 200.0, severity=3)], 0.0, 20.0, "ME"),
        # Codes of one set add up; the sets do not.
        (
            [
                finding("FAI", 0.0, 20.0, severity=2),
                finding("FLB", 0.0, 40.0, severity=1),
                finding("FLH", 0.0, 100.0, severity=2),
            ],
            20 * (1 - (10 * 0.8 + 20 * 0.2) / 100),
            20 * (1 - 50 * 0.2 / 100),
            "EM",
        ),
    ],
)
def test_note(things: list[dict[str, Any]], structure: float, surface: float, class_: str) -> None:
    lane = scored(things).section_notes.iloc[0]
    assert lane["note_structure"] == pytest.approx(structure)
    assert lane["note_surface"] == pytest.approx(surface)
    assert lane["note_globale"] == pytest.approx(min(structure, surface))
    assert lane["classe_etat"] == class_


@pytest.mark.parametrize(("seen_m", "given"), [(160.0, True), (159.0, False)])
def test_under_the_coverage_every_note_is_null(seen_m: float, given: bool) -> None:
    result = scored([finding("FAI", 0.0, 20.0)], [seen(0.0, seen_m)])
    lane, section = result.section_notes.iloc[0], result.sections.iloc[0]
    for row in (lane, section):
        assert (row["classe_etat"] != "nd") == given
        for name in NOTES:
            for suffix in ("", "_low", "_high"):
                assert pd.notna(row[name + suffix]) == given
    for name in ("ideg", "edeg_pct", "vizir_if", "vizir_is_min", "d_structure"):
        assert pd.notna(lane[name]) == given
    for name in ("note_patrimoine", "proposed_cost_eur"):
        assert pd.notna(section[name]) == given
    assert section["assumed"] == (not given) and section["proposed_cost_tax"] == "TTC"
    assert lane["fai_m2"] is pd.NA or lane["coverage_pct"] == pytest.approx(seen_m / 2)


def test_sections_that_nobody_drove_are_nd() -> None:
    result = scored([], [seen(0.0, 200.0)])
    assert result.sections["classe_etat"].tolist() == ["BE", "nd"]
    assert result.sections["coverage_pct"].tolist() == [100.0, 0.0]
    assert result.sections["sens_releves"].tolist() == [1, 0]
    assert len(result.section_notes) == 1


def test_no_coverage_at_all() -> None:
    result = scored([finding("FAI", 0.0, 20.0)], [])
    assert result.section_notes.empty and result.extents.empty
    assert result.sections["classe_etat"].eq("nd").all()
    assert result.dropped == {"lane not surveyed there": 1}


def test_two_directions_are_averaged_and_one_is_assumed_equal() -> None:
    half = [finding("FAI", 0.0, 100.0)]
    one = scored(half, [seen(0.0, 400.0)]).sections.iloc[0]
    two = scored(half, BOTH).sections.iloc[0]
    assert (one["sens_releves"], two["sens_releves"]) == (1, 2)
    assert one["note_globale"] == pytest.approx(16.0)
    assert two["note_globale"] == pytest.approx(18.0)
    assert one["area_m2"] == two["area_m2"] == 200 * 6.0
    # Low: half of the carriageway unseen, twice as damaged; high: it is clean.
    worse = 50 * (0.4 + WORSE_SHARE * 0.4)
    assert one["note_globale_low"] == pytest.approx(20 * (1 - (worse + 2 * worse) / 2 / 100))
    assert one["note_globale_high"] == pytest.approx(18.0)


def test_a_carriageway_of_two_has_one_direction() -> None:
    sections = road(400.0, cote="D")
    side = {"cote": "D"}
    lane = scored([], [seen(0.0, 400.0, **side)], sections)
    assert lane.sections["sens_releves"].tolist() == [1, 1]
    assert lane.sections["note_globale_low"].tolist() == [20.0, 20.0]


@pytest.mark.parametrize(
    ("more", "worse", "high"),
    [
        ({}, 0.8, 18.0),
        ({"existence": 0.5}, 0.8, 20.0),
        ({"existence": 0.5, "origin": "human"}, 0.8, 18.0),
        ({"severity": None}, 1.2, 16.0),
    ],
)
def test_interval_of_a_lane(more: dict[str, Any], worse: float, high: float) -> None:
    lane = scored([finding("FAI", 0.0, 50.0, **more)]).section_notes.iloc[0]
    # What carries no severity has the lowest that a sighting proves, which is 2.
    weight = 0.8 if "severity" in more else 0.4
    assert lane["note_globale"] == pytest.approx(20 - 20 * 25 * weight / 100)
    lowest = weight + WORSE_SHARE * (worse - weight)
    assert lane["note_globale_low"] == pytest.approx(20 - 20 * 25 * lowest / 100)
    assert lane["note_globale_high"] == pytest.approx(high)


@pytest.mark.parametrize("code", ["FAI", "FAH", "FLB", "FLH"])
@pytest.mark.parametrize("severity", [None, 3])
def test_ten_metres_cost_the_same_in_one_piece_or_five(code: str, severity: int | None) -> None:
    pieces = [finding(code, 20.0 * k, 20.0 * k + 2.0, severity=severity) for k in range(5)]
    whole = [finding(code, 0.0, 10.0, severity=severity)]
    many, one = (scored(found).sections.iloc[0] for found in (pieces, whole))
    assert many["note_globale"] == pytest.approx(one["note_globale"])
    assert str(many["proposed_treatment"]) == str(one["proposed_treatment"])


def test_unseen_metres_widen_the_interval() -> None:
    lane = scored([], [seen(0.0, 160.0)]).section_notes.iloc[0]
    assert lane["note_globale"] == 20
    assert lane["note_globale_low"] == pytest.approx(20 * (1 - 0.2 * 25 / 100))


@pytest.mark.parametrize(
    ("percent", "ideg"),
    [(0, 4), (2.5, 4), (3, 3), (7.5, 3), (8, 2), (12.5, 2), (13, 1), (25, 1), (26, 0), (100, 0)],
)
def test_ideg(percent: float, ideg: int) -> None:
    # REM of severity 3 weighs 1.0: its extent is EDEG.
    things = [finding("REM", 0.0, 2 * percent, severity=3)] if percent else []
    lane = scored(things, observation=ALL).section_notes.iloc[0]
    assert lane["edeg_pct"] == pytest.approx(percent)
    assert lane["ideg"] == ideg


@pytest.mark.parametrize("sets", [{"NDP"}, {"FTR"}])
def test_a_set_without_observable_code_has_no_note(sets: set[str]) -> None:
    result = scored([], observation=Observation(frozenset(sets), "one class"))
    lane = result.section_notes.iloc[0]
    blind = "note_surface" if "NDP" in sets else "note_structure"
    assert np.isnan(lane[blind]) and lane["note_globale"] == 20 and lane["upper_bound"]
    assert pd.isna(lane["vizir_if"]) and pd.isna(lane["ideg"]) == ("FTR" in sets)


def test_nothing_observable_is_nd() -> None:
    result = scored([], observation=Observation(frozenset(), "no pavement model"))
    assert result.sections["classe_etat"].eq("nd").all()


def test_complete_sensors_give_no_upper_bound() -> None:
    lane = scored([], observation=ALL).section_notes.iloc[0]
    assert not lane["upper_bound"] and lane["missing_codes"] == ""


def test_treatment_and_its_price() -> None:
    prices = load_treatments()
    result = scored([finding("FAI", 0.0, 50.0, severity=2)], BOTH + BOTH)
    section = result.sections.iloc[0]
    assert section["note_globale"] == pytest.approx(18.0)
    assert pd.isna(section["proposed_treatment"]) and section["proposed_cost_eur"] == 0
    result = scored([finding("FAI", 0.0, 100.0, severity=2)])
    section = result.sections.iloc[0]
    assert section["note_globale"] == pytest.approx(12.0)
    cost = dict(zip(prices.codes, (t.cost_eur_per_m2 for t in prices.treatments), strict=True))
    assert section["proposed_treatment"] == "BBSG"
    assert section["proposed_cost_eur"] == pytest.approx(1200 * cost["BBSG"])


def test_without_a_category_no_treatment_is_proposed() -> None:
    sections = road(400.0, category=None)
    section = scored([finding("FAI", 0.0, 100.0)], sections=sections).sections.iloc[0]
    assert pd.isna(section["proposed_treatment"]) and pd.isna(section["proposed_cost_eur"])
    assert section["classe_etat"] == "EM"


@pytest.mark.parametrize(
    ("things", "share"),
    [
        ([], 0.0),
        # Sealing 40 m at 3 EUR/m, of a lane of 200 m x 3 m at 55 EUR/m2.
        ([finding("FLB", 0.0, 40.0)], 40 * 3 / 33_000),
        # One crack across: 3 m of sealing.
        ([finding("FTR", 50.0)], 3 * 3 / 33_000),
        # One pothole: half a square metre of patch.
        ([finding("NDP", 50.0)], 50 / 33_000),
        # A new surface on 8 m is paid for 20 m, at the price list's 6.5 EUR/m2.
        ([finding("FAH", 0.0, 8.0)], 20 * 3 * 6.5 / 33_000),
        # The heaviest cure pays a metre once.
        (
            [finding("FAI", 0.0, 100.0, severity=2), finding("FLB", 0.0, 100.0)],
            100 * 3 * 22 / 33_000,
        ),
    ],
)
def test_note_of_the_estate(things: list[dict[str, Any]], share: float) -> None:
    section = scored(things).sections.iloc[0]
    assert section["note_patrimoine"] == pytest.approx(20 * (1 - share))


def test_what_rests_on_an_experimental_model_says_so() -> None:
    mixed = scored([finding("FAI", 0.0, 20.0, experimental=True)])
    assert mixed.section_notes["experimental"].tolist() == [True, False]
    assert mixed.sections["experimental"].tolist() == [True, False]
    unclear = Observation(CAMERA.codes, "m", experimental=True)
    result = scored([], [seen(0.0, 200.0)], observation=unclear)
    assert result.sections["experimental"].tolist() == [True, False]


def test_pictures_give_day_number_and_quality() -> None:
    base: dict[str, Any] = {"pass_id": "p", "source_name": "a.mp4", **ROUTE}
    base |= {"pts_s": 0.0, "distance_m": 0.0, "sens": "+", "voie": 1}
    rows = [
        {
            **base,
            "frame_id": f"f{k}",
            "cumul_m": 5.0 * k,
            "accuracy_m": 1.0 + k,
            "picture_id": "x" if k else None,
        }
        | {"captured_at": f"2026-03-1{k}T10:00:00Z"}
        for k in range(4)
    ]
    lane = scored([], frames=conform("frames", pd.DataFrame(rows))).section_notes.iloc[0]
    assert (lane["surveyed_on"], lane["n_frames"], lane["gnss_quality_m"]) == ("2026-03-13", 3, 3.0)
    assert scored([]).section_notes["n_frames"].isna().all()


def test_another_scheme_is_followed_and_named() -> None:
    shipped = load_scheme()
    weights = {s: dict.fromkeys(w, (0.0, 0.0, 0.0)) for s, w in shipped.weights.items()}
    mild = shipped.model_copy(update={"version": "mild-1", "weights": weights})
    lane = scored([finding("FAI", 0.0, 200.0)], scheme=mild).section_notes.iloc[0]
    assert (lane["note_globale"], lane["scheme_version"]) == (20.0, "mild-1")


damages = st.lists(
    st.tuples(
        st.sampled_from(["FAI", "NDP", "FTR", "FLB", "FLH", "FLx", "REP"]),
        st.floats(0, 400),
        st.floats(0, 60),
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["+", "-"]),
        st.floats(0, 1),
    ),
    max_size=8,
)
INDICES = (*NOTES, *(f"{n}_{s}" for n in NOTES for s in ("low", "high")))


def _made(drawn: list[tuple[str, float, float, int, str, float]]) -> list[dict[str, Any]]:
    return [
        finding(code, at, at + size, severity=g, sens=sens, existence=sure)
        for code, at, size, g, sens, sure in drawn
    ]


@given(damages, damages, st.booleans())
@settings(max_examples=12, deadline=None)
def test_more_damage_never_raises_a_note(drawn: Any, more: Any, graver: bool) -> None:
    covered = [seen(0.0, 400.0), seen(0.0, 370.0, sens="-")]
    fewer = _made(drawn)
    worse = [row | {"severity": 3} for row in fewer] if graver else fewer + _made(more)
    before, after = scored(fewer, covered), scored(worse, covered)
    for table in ("sections", "section_notes"):
        old, new = getattr(before, table), getattr(after, table)
        for name in INDICES:
            assert (new[name] <= old[name] + 1e-9).all(), name
    old, new = before.section_notes, after.section_notes
    assert (new["vizir_if"] >= old["vizir_if"]).all()
    assert (new["vizir_is_max"] >= old["vizir_is_max"]).all()
    assert (new["ideg"] <= old["ideg"]).all()
    patrimony = (before.sections["note_patrimoine"], after.sections["note_patrimoine"])
    assert (patrimony[1] <= patrimony[0] + 1e-9).all()


@given(damages)
@settings(max_examples=12, deadline=None)
def test_bounds_hold_the_note(drawn: Any) -> None:
    result = scored(_made(drawn), [seen(0.0, 400.0), seen(30.0, 400.0, sens="-")])
    for table in (result.sections, result.section_notes):
        for name in NOTES:
            assert (table[f"{name}_low"] <= table[name] + 1e-9).all()
            assert (table[name] <= table[f"{name}_high"] + 1e-9).all()
            assert table[name].between(0, 20).all()
        assert (
            table["note_globale"] == table[["note_structure", "note_surface"]].min(axis=1)
        ).all()


def test_geometry_and_attributes_pass_through() -> None:
    result = scored([])
    assert result.sections.geometry.iloc[1].coords[0] == pytest.approx((X + 200, Y))
    assert result.sections.crs.to_epsg() == 2154
    assert result.sections["pole"].eq("Muret").all()


def test_inputs_are_left_alone() -> None:
    sections = road().copy()
    things = findings([finding("FAI", 0.0, 20.0)])
    kept = sections.copy(), things.copy()
    scored([finding("FAI", 0.0, 20.0)], sections=sections)
    pd.testing.assert_frame_equal(sections, kept[0])
    pd.testing.assert_frame_equal(things, kept[1])


def test_roads_of_a_network_without_findings_of_their_own() -> None:
    from gis.scoring.sections import cut

    sections = cut(network([axis(0.0, 200.0), axis(0.0, 200.0, route="D7")]))
    result = scored([finding("NDP", 10.0, route="D7")], [seen(0.0, 200.0)], sections)
    assert result.sections.set_index("route")["classe_etat"].to_dict() == {"D108": "BE", "D7": "nd"}


def test_a_category_without_a_price_is_refused_not_priced_at_0() -> None:
    with pytest.raises(ConfigurationError, match="category 9"):
        scored([finding("FAI", 0.0, 50.0, severity=3)], sections=road(category=9))
