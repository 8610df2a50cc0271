"""Scores of lanes: each lane for itself, and what its columns say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.scoring.cells import LaneGrid
from gis.scoring.extents import damage_of, lay
from gis.scoring.lane_scores import (
    LaneScores,
    Possible,
    experimental_lanes,
    lane_columns,
    lane_scores,
    picture_columns,
    seen_by_lane,
)
from tests.gis.scoring.made_scoring import CAMERA, coverage, finding, findings, road, seen
from voirie.catalogue.scheme import load_scheme
from voirie.taxonomy import load_taxonomy

SCHEME = load_scheme()
OBSERVABLE = frozenset(map(SCHEME.counted, CAMERA.codes))


def lanes(things: list[dict[str, Any]], covered: list[dict[str, Any]]) -> LaneScores:
    """Lanes of a road of two sections of 200 m."""
    sections = road()
    grid = LaneGrid.of(sections, coverage(covered))
    damage, _ = damage_of(findings(things), SCHEME, CAMERA.codes, load_taxonomy())
    laid, _ = lay(grid, damage, SCHEME)
    by_lane = seen_by_lane(grid, None, SCHEME.codes, OBSERVABLE, OBSERVABLE)
    return lane_scores(
        grid, damage, laid, Possible(damage, laid), sections, SCHEME, OBSERVABLE, by_lane, {}
    )


def columns(found: LaneScores) -> pd.DataFrame:
    given_ = np.ones(len(found.grid), dtype=bool)
    return pd.DataFrame(lane_columns(found, SCHEME, given_))


thing = st.tuples(
    st.sampled_from(["FAI", "NDP", "FTR", "FLB"]), st.floats(0.0, 400.0), st.sampled_from("+-")
)


@settings(max_examples=5, deadline=None)
@given(st.lists(thing, max_size=8))
def test_a_lane_is_scored_as_if_it_were_alone(drawn: list[tuple[str, float, str]]) -> None:
    things = [finding(code, at, at + 8.0, sens=sens) for code, at, sens in drawn]
    both = columns(lanes(things, [seen(0.0, 400.0), seen(0.0, 400.0, sens="-")]))
    for first, sens in enumerate("+-"):
        own = [row for row in things if row["sens"] == sens]
        alone = columns(lanes(own, [seen(0.0, 400.0, sens=sens)]))
        together = both.iloc[first::2].reset_index(drop=True)
        pd.testing.assert_frame_equal(together, alone, check_exact=False)


def test_numbers_lengths_and_confidence_of_a_lane() -> None:
    things = [
        finding("NDP", 20.0, area_m2=0.2, confidence=0.4),
        finding("NDP", 60.0, area_m2=0.3, confidence=0.8),
        finding("FAI", 195.0, 205.0, area_m2=6.0, confidence=0.6),  # half in each section
        finding("FTR", 300.0, confidence=0.9),
    ]
    found = columns(lanes(things, [seen(0.0, 400.0)]))
    assert found["ndp_nb"].tolist() == [2.0, 0.0]
    assert found["ndp_m2"].tolist() == pytest.approx([0.5, 0.0])
    assert found["fai_m2"].tolist() == pytest.approx([3.0, 3.0])
    assert found["ftr_nb"].tolist() == [0.0, 1.0]
    assert found["mean_confidence"].tolist() == pytest.approx([0.6, 0.75])


def test_d_and_ideg_are_those_of_the_extents() -> None:
    found = lanes([finding("FAI", 0.0, 50.0)], [seen(0.0, 400.0)])
    assert found.coverage_pct.tolist() == [100.0, 100.0]
    table = columns(found)
    # A quarter of the section at weight 0.4.
    assert table["d_structure"].tolist() == pytest.approx([10.0, 0.0])
    assert table["edeg_pct"].tolist() == pytest.approx([10.0, 0.0])
    assert table["ideg"].tolist() == [2.0, 4.0]
    assert found.width_m.tolist() == [3.0, 3.0]


def test_what_was_not_seen_is_null_and_not_nought() -> None:
    little = [seen(200.0, 202.0), seen(202.0, 400.0, surveyed=False)]
    found = lanes([], [seen(0.0, 200.0), *little])
    table = pd.DataFrame(lane_columns(found, SCHEME, np.array([True, False])))
    assert table["ndp_nb"].tolist()[0] == 0.0
    assert np.isnan(table["ndp_nb"].tolist()[1])


def test_what_was_found_where_little_was_seen_is_told() -> None:
    found = lanes([finding("NDP", 201.0)], [seen(200.0, 202.0)])
    table = pd.DataFrame(lane_columns(found, SCHEME, np.zeros(len(found.grid), dtype=bool)))
    assert table["ndp_nb"].tolist() == [1.0]


def test_what_was_not_seen_has_no_index() -> None:
    found = lanes([], [seen(0.0, 200.0), seen(200.0, 400.0, surveyed=False)])
    hidden = pd.DataFrame(lane_columns(found, SCHEME, np.zeros(2, dtype=bool)))
    assert hidden[["d_structure", "d_surface", "edeg_pct", "ideg", "vizir_if"]].isna().all().all()


def test_a_lane_rests_on_an_experimental_model_where_a_finding_of_it_does() -> None:
    things = [
        finding("FAI", 10.0),
        finding("FAI", 300.0, experimental=True),
        finding("FAI", 310.0, sens="-"),
    ]
    found = lanes(things, [seen(0.0, 400.0), seen(0.0, 400.0, sens="-")])
    resting = zip(found.grid.section.tolist(), found.grid.sens, strict=True)
    assert dict(zip(resting, experimental_lanes(found).tolist(), strict=True)) == {
        (0, "+"): False,
        (0, "-"): False,
        (1, "+"): True,
        (1, "-"): False,
    }


def test_pictures_give_the_last_day_and_the_median_accuracy() -> None:
    grid = lanes([], [seen(0.0, 400.0)]).grid
    rows = [
        seen(0.0, 0.0) | {"picture_id": name, "cumul_m": at, "accuracy_m": sd, "captured_at": day}
        for name, at, sd, day in [
            ("a", 10.0, 1.0, "2026-05-03T10:00:00Z"),
            ("b", 20.0, 2.0, "2026-05-04T09:00:00Z"),
            ("c", 30.0, 9.0, "2026-05-03T11:00:00Z"),
            (None, 40.0, 50.0, "2026-06-01T10:00:00Z"),  # not kept
            ("e", None, 50.0, "2026-06-01T10:00:00Z"),  # without a place
        ]
    ]
    frames = pd.DataFrame(rows).assign(
        captured_at=lambda table: pd.to_datetime(table["captured_at"])
    )
    found = picture_columns(grid, frames)
    assert found["surveyed_on"] == ["2026-05-04", None]
    assert np.asarray(found["n_frames"]).tolist() == [3, 0]
    assert np.asarray(found["gnss_quality_m"]).tolist() == pytest.approx([2.0, np.nan], nan_ok=True)
    assert set(picture_columns(grid, None)) == set(found)
