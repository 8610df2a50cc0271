"""Extents in cells of one metre: influence lengths, worst severity, union, NULL against 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from gis.scoring.cells import LaneGrid
from gis.scoring.extents import damage_of, group_metres, lay, metres, percent
from tests.gis.scoring.made_scoring import (
    CAMERA,
    ROUTE,
    axis,
    coverage,
    extent,
    finding,
    findings,
    network,
    road,
    scored,
    seen,
)
from voirie.catalogue.scheme import load_scheme
from voirie.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("things", "code", "percents"),
    [
        # Forty transverse cracks every 5 m cover the section; one alone counts for 5 m.
        ([finding("FTR", 2.5 + 5 * k) for k in range(40)], "FTR", (100, 0, 0)),
        ([finding("FTR", 100.0)], "FTR", (2.5, 0, 0)),
        # Ten potholes of 0.5 m: 50 m.
        ([finding("NDP", 10 + 18 * k, 10.5 + 18 * k) for k in range(10)], "NDP", (25, 0, 0)),
        # Two that touch are a union, never a sum.
        ([finding("NDP", 100.0), finding("NDP", 102.0)], "NDP", (3.5, 0, 0)),
        # Clipped to the section: half of the influence is lost at its start.
        ([finding("NDP", 0.0)], "NDP", (1.5, 0, 0)),
        # A cell takes the worst severity.
        (
            [finding("FAI", 0.0, 100.0), finding("FAI", 40.0, 60.0, severity=3)],
            "FAI",
            (40, 0, 10),
        ),
        # A transverse crack with a length keeps it where that is more than its influence.
        ([finding("FTR", 50.0, 58.0)], "FTR", (4, 0, 0)),
        # Less than a metre is a metre.
        ([finding("FLB", 50.3, 50.4)], "FLB", (0.5, 0, 0)),
        # Crossing the end of the section: only what lies in it.
        ([finding("FLB", 190.0, 230.0)], "FLB", (5, 0, 0)),
    ],
)
def test_extent(things: list[dict[str, Any]], code: str, percents: tuple[float, ...]) -> None:
    result = scored(things)
    found = [extent(result, code, severity) for severity in (1, 2, 3)]
    assert found == pytest.approx(percents)


def test_denominator_is_what_was_surveyed() -> None:
    result = scored(
        [finding("FAI", 0.0, 50.0), finding("FAI", 150.0, 200.0)],
        [seen(0.0, 60.0), seen(40.0, 100.0, pass_id="q"), seen(100.0, 200.0, surveyed=False)],
        min_coverage_pct=0,
    )
    assert extent(result, "FAI", 1) == pytest.approx(50.0)
    notes = result.section_notes.iloc[0]
    assert (notes["surveyed_length_m"], notes["coverage_pct"]) == (100.0, 50.0)
    assert result.dropped == {"lane not surveyed there": 1}


def test_null_is_not_zero() -> None:
    covered = [seen(0.0, 200.0), seen(200.0, 400.0, surveyed=False)]
    result = scored([], covered)
    first = result.sections["section_id"].iloc[0]
    here = result.extents["section_id"] == first
    observable = result.extents["code"].isin(CAMERA.codes)
    share = result.extents["extent_pct"]
    assert (share[here & observable] == 0).all()
    assert share[here & ~observable].isna().all()
    assert share[~here].isna().all(), "nothing was seen of the second section"
    assert result.extents["quantity"].isna().equals(share.isna())
    notes = result.section_notes.set_index("section_id").loc[first]
    assert notes["ndp_nb"] == 0 and notes["fai_m2"] == 0


def test_what_one_camera_cannot_see_is_null_everywhere() -> None:
    result = scored([finding("ORN", 10.0, 90.0, severity=3)])
    assert result.dropped == {"code not observable by the campaign": 1}
    assert np.isnan(extent(result, "ORN", 3))
    notes = result.section_notes.iloc[0]
    assert notes["upper_bound"] and "ORN" in notes["missing_codes"].split(",")


def test_unspecified_cracks_count_as_flh_and_are_flagged() -> None:
    result = scored([finding("FLx", 0.0, 40.0, flags="type_unknown"), finding("FLH", 20.0, 60.0)])
    assert extent(result, "FLH", 1) == pytest.approx(30.0)
    row = result.extents.query("code == 'FLH' and severity == 1").iloc[0]
    assert (row["n_findings"], row["n_assumed"]) == (2, 1)


@pytest.mark.parametrize(("given", "severity", "assumed"), [(2, 2, 0), (None, 1, 1)])
def test_severity_that_nobody_graded_is_one_and_said(
    given: int | None, severity: int, assumed: int
) -> None:
    result = scored([finding("NDP", 100.0, severity=given)])
    row = result.extents.query("code == 'NDP' and extent_pct > 0").iloc[0]
    assert (row["severity"], row["n_assumed"]) == (severity, assumed)


def test_quantities_are_shared_and_counted_once() -> None:
    crack = finding("FAI", 180.0, 220.0, area_m2=40.0)
    result = scored([crack, finding("NDP", 50.0, area_m2=0.3), finding("NDP", 90.0)])
    notes = result.section_notes
    assert notes["fai_m2"].tolist() == pytest.approx([20.0, 20.0])
    assert notes["ndp_nb"].tolist() == [2, 0]
    # One of the potholes has no area: the sum is unknown, not smaller.
    assert np.isnan(notes["ndp_m2"].iloc[0]) and notes["ndp_m2"].iloc[1] == 0
    assert notes["rep_m2"].tolist() == [0, 0]


def test_what_the_scheme_gives_no_weight_is_dropped_and_counted() -> None:
    things = findings([finding("FAI", 0.0, 20.0), finding("OWN", 30.0)])
    seen_codes = frozenset({"FAI", "OWN"})
    damage, dropped = damage_of(things, load_scheme(), seen_codes, load_taxonomy())
    assert damage.findings["code"].tolist() == ["FAI"]
    assert dropped == {"code without a weight in the scheme": 1}


def test_a_finding_off_the_lanes_is_dropped_and_counted() -> None:
    result = scored(
        [
            finding("FAI", 0.0, 10.0, sens="-"),
            finding("FAI", 0.0, 10.0, voie=None),
            finding("FAI", 5_000.0, 5_010.0),
            finding("FAI", 0.0, 10.0, review_state="rejected"),
            finding("B14", 0.0, 10.0, family="sign"),
        ]
    )
    assert result.dropped == {
        "rejected by a person": 1,
        "no place on a lane of the network": 2,
        "lane not surveyed there": 1,
    }
    assert result.extents["n_findings"].sum() == 0


@drawn(
    st.sampled_from([0.7, 150.5, 400.0, 500.0]),
    st.lists(st.tuples(st.floats(0, 600), st.floats(0, 90)), max_size=12),
    st.lists(
        st.tuples(
            st.sampled_from(["FAI", "NDP", "FTR"]),
            st.floats(0, 600),
            st.floats(0, 80),
            st.integers(1, 3),
        ),
        max_size=15,
    ),
)
@settings(max_examples=12, deadline=None)
def test_extents_add_up_to_100_at_most(
    length: float, covered: list[tuple[float, float]], things: list[tuple[str, float, float, int]]
) -> None:
    result = scored(
        [finding(code, at, at + size, severity=g) for code, at, size, g in things],
        [seen(at, at + size) for at, size in covered],
        road(length),
        min_coverage_pct=0,
    )
    share = result.extents["extent_pct"].dropna()
    assert share.between(0, 100).all()
    total = result.extents.dropna(subset="extent_pct").groupby(["section_id", "code"])
    assert (total["extent_pct"].sum() <= 100 + 1e-9).all()
    notes = result.section_notes
    assert (notes["surveyed_length_m"] <= notes["length_m"]).all()
    stored = notes.merge(result.sections[["section_id", "note_globale"]], on="section_id")
    assert stored["note_globale_x"].isna().equals(stored["note_globale_y"].isna())


def test_several_routes_and_a_side() -> None:
    roads = network([axis(0.0, 200.0), axis(0.0, 200.0, route="D7", cote="D")])
    from gis.scoring.sections import cut

    sections = cut(roads)
    rows = [seen(0.0, 200.0), seen(0.0, 200.0, route="D7", cote="D")]
    grid = LaneGrid.of(sections, coverage([*rows, seen(0.0, 9.0, route="D99")]))
    assert len(grid) == 2 and grid.surveyed_m.tolist() == [200.0, 200.0]
    things = [finding("FAI", 0.0, 20.0, route="D7", cote="D")]
    result = scored(things, rows, sections)
    by_route = result.sections.set_index("route")
    assert by_route.loc["D7", "note_globale"] < by_route.loc["D108", "note_globale"] == 20
    assert set(ROUTE) <= set(result.sections.columns)


def test_order_of_findings_does_not_matter() -> None:
    things = [finding("FAI", 9.0 * k, 9.0 * k + 14, severity=1 + k % 3) for k in range(20)]
    one, other = scored(things), scored(things[::-1])
    pd.testing.assert_frame_equal(one.extents, other.extents)
    pd.testing.assert_frame_equal(one.section_notes, other.section_notes)


def test_codes_of_the_scheme_all_have_a_cure() -> None:
    scheme = load_scheme()
    assert set(scheme.estate.cures) == set(scheme.codes) and len(scheme.codes) == 15


def test_codes_taken_together_count_a_metre_once_at_its_highest() -> None:
    scheme, grid = load_scheme(), LaneGrid.of(road(), coverage([seen(0.0, 400.0)]))
    things = [
        finding("FLB", 0.0, 50.0, severity=2),
        finding("FAI", 30.0, 60.0, severity=3),
        finding("FAH", 0.0, 90.0, severity=3),
    ]
    damage, _ = damage_of(findings(things), scheme, CAMERA.codes, load_taxonomy())
    laid, _ = lay(grid, damage, scheme)
    member = np.isin(damage.code, [scheme.codes.index(code) for code in ("FLB", "FAI")])
    together = group_metres(grid, laid, member, damage.severity, 3)
    assert together.tolist() == [[0.0, 0.0], [30.0, 0.0], [30.0, 0.0]]
    apart = metres(grid, laid, damage.code, damage.severity, len(scheme.codes))
    assert apart[scheme.codes.index("FLB"), :, 0].tolist() == [0.0, 50.0, 0.0]
    assert apart[scheme.codes.index("FAI"), :, 0].tolist() == [0.0, 0.0, 30.0]


def test_a_percent_of_nothing_is_unknown_and_none_exceeds_100() -> None:
    found = percent(np.array([1.0, 0.0, 5.0]), np.array([4.0, 0.0, 4.999]))
    assert found.tolist() == pytest.approx([25.0, np.nan, 100.0], nan_ok=True)
