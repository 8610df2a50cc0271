"""Coverage: each metre that was driven is told once, seen or not, whatever the pictures."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.scoring.coverage import (
    BLANK,
    BLURRED,
    DARK,
    FAR_M,
    HIDDEN,
    NEAR_M,
    NO_PICTURE,
    NO_POSITION,
    NOT_SEALED,
    OWN_VEHICLE,
    TOUCH_M,
    VEILED,
    Intervals,
    coverage_of,
    surveyed_length,
)
from voirie.catalogue.scheme import load_scheme
from voirie.tables import conform, empty

STEP_M = 5.0


RULE = load_scheme().pictures
CLEAR = {
    "accuracy_m": 2.0,
    "luma": 120.0,
    "near_luma": 110.0,
    "darkest_luma": 40.0,
    "sharpness": 0.38,
    "own_masked_pct": 0.0,
    "blank_pct": 0.0,
}


class Picture(NamedTuple):
    """A frame of a made drive."""

    cumul_m: float
    sealed: bool = True
    masked_pct: float = 0.0
    camera: bool = True


def frames(pictures: list[Picture], sens: str = "+", voie: int = 1) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "pass_id": "p",
            "gestionnaire": "CD",
            "dep": "031",
            "route": "D1",
            "cote": "U",
            "sens": sens,
            "voie": voie,
            "cumul_m": [p.cumul_m for p in pictures],
            "picture_id": ["x" if p.sealed else None for p in pictures],
            "near_masked_pct": [p.masked_pct for p in pictures],
            "camera_source": ["measured" if p.camera else None for p in pictures],
            **CLEAR,
        }
    )
    return table.astype({"picture_id": "string", "camera_source": "string"})


# At whole metres, and far from the start of the route: two bands touch or lie a metre apart, so
# that a point says by itself what its stretch is.
PICTURES = st.lists(
    st.builds(
        Picture,
        st.integers(20, 120).map(float),
        st.booleans(),
        st.sampled_from([0.0, 39.0, 41.0, 100.0]),
        st.just(True),
    ),
    min_size=1,
    max_size=25,
)


@given(PICTURES, st.sampled_from(["+", "-"]))
def test_every_point_has_the_reason_of_the_pictures_over_it(
    pictures: list[Picture], sens: str
) -> None:
    table = coverage_of(frames(pictures, sens), STEP_M, RULE)
    sign = 1.0 if sens == "+" else -1.0
    bands = [(*sorted((p.cumul_m + sign * NEAR_M, p.cumul_m + sign * FAR_M)), p) for p in pictures]
    low, high = min(a for a, _, _ in bands), max(b for _, b, _ in bands)
    for point in np.arange(low + 0.5, high, 1.0):
        over = [p for a, b, p in bands if a < point < b]
        (row,) = np.flatnonzero((table["cumul_from_m"] < point) & (point < table["cumul_to_m"]))
        if any(p.sealed and p.masked_pct <= 40 for p in over):
            assert table["surveyed"].iloc[row]
            assert pd.isna(table["reason"].iloc[row])
            continue
        assert not table["surveyed"].iloc[row]
        expected = HIDDEN if over else NO_PICTURE
        expected = NOT_SEALED if any(not p.sealed for p in over) else expected
        assert table["reason"].iloc[row] == expected


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"luma": 27.0}, DARK),
        ({"near_luma": 12.0}, DARK),
        ({"sharpness": 0.19}, BLURRED),
        ({"darkest_luma": 150.0}, VEILED),
        ({"near_masked_pct": 41.0}, HIDDEN),
        ({"near_masked_pct": 60.0, "own_masked_pct": 50.0}, OWN_VEHICLE),
        ({"blank_pct": 50.0}, BLANK),
        ({"accuracy_m": 60.0}, NO_POSITION),
        (dict.fromkeys(CLEAR), None),
        ({"near_masked_pct": 39.0, "sharpness": 0.22, "luma": 51.0}, None),
    ],
)
def test_a_picture_that_does_not_show_its_lane_surveys_nothing(
    told: dict[str, float | None], reason: str | None
) -> None:
    table = coverage_of(frames([Picture(10.0)]).assign(**told), STEP_M, RULE)
    assert table["surveyed"].tolist() == [reason is None]
    assert table["reason"].dropna().tolist() == ([] if reason is None else [reason])


def test_a_clear_picture_of_the_same_metres_surveys_them() -> None:
    dark = frames([Picture(10.0)]).assign(luma=20.0)
    table = coverage_of(pd.concat([dark, frames([Picture(10.0)])]), STEP_M, RULE)
    assert table["surveyed"].tolist() == [True]


INTERVALS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 30)), max_size=30)


def made(pairs: list[tuple[float, float]]) -> Intervals:
    low = np.array([a for a, _ in pairs])
    return Intervals.union(low, low + np.array([length for _, length in pairs]))


def naive_union(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for a, b in sorted((a, a + length) for a, length in pairs):
        if out and a <= out[-1][1] + TOUCH_M:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def naive_minus(
    whole: list[tuple[float, float]], taken: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    parts = whole
    for a, b in taken:
        parts = [
            piece
            for low, high in parts
            for piece in ((low, min(high, a)), (max(low, b), high))
            if piece[1] > piece[0]
        ]
    return [(low, high) for low, high in parts if high - low > 1e-6]


@given(INTERVALS, INTERVALS)
def test_union_and_difference_are_those_of_the_plain_definition(
    some: list[tuple[float, float]], others: list[tuple[float, float]]
) -> None:
    left, right = made(some), made(others)
    assert list(zip(left.low, left.high, strict=True)) == naive_union(some)
    rest = left.minus(right)
    expected = naive_minus(naive_union(some), naive_union(others))
    assert list(zip(rest.low, rest.high, strict=True)) == expected
    both = left.plus(right)
    assert list(zip(both.low, both.high, strict=True)) == naive_union(some + others)


def test_two_passes_and_two_lanes_are_told_apart() -> None:
    both = pd.concat(
        [frames([Picture(0.0)]), frames([Picture(100.0)], "-"), frames([Picture(0.0)], voie=2)]
    )
    table = coverage_of(both, STEP_M, RULE)
    assert table[["sens", "voie", "cumul_from_m", "cumul_to_m"]].to_numpy().tolist() == [
        ["+", 1, NEAR_M, FAR_M],
        ["+", 2, NEAR_M, FAR_M],
        ["-", 1, 100 - FAR_M, 100 - NEAR_M],
    ]
    assert table["surveyed"].all()


def test_a_picture_without_a_camera_stands_for_a_step() -> None:
    table = coverage_of(frames([Picture(10.0, camera=False)]), STEP_M, RULE)
    assert table[["cumul_from_m", "cumul_to_m"]].iloc[0].tolist() == [10.0, 15.0]


def test_each_picture_stands_for_its_own_spacing() -> None:
    pictures = [Picture(10.0, camera=False), Picture(18.0, camera=False)]
    table = coverage_of(frames(pictures), np.array([8.0, 10.0]), RULE)
    assert table[["cumul_from_m", "cumul_to_m"]].to_numpy().tolist() == [[10.0, 28.0]]
    assert table["surveyed"].all()


def test_frames_without_a_place_cover_nothing() -> None:
    lost = frames([Picture(10.0)]).assign(route=None)
    assert len(coverage_of(lost, STEP_M, RULE)) == 0


def test_the_length_that_was_seen_counts_each_metre_of_axis_once() -> None:
    # Both lanes of 200 m seen nine tenths, and 100 m of the route never driven.
    sections = pd.DataFrame({"length_m": [200.0, 100.0], "coverage_pct": [90.0, 0.0]})
    found = surveyed_length(sections, empty("coverage"))
    assert (found.surveyed_m, found.length_m, found.pct) == (180.0, 300.0, 60.0)


def test_without_sections_the_lanes_that_were_driven_stand_in() -> None:
    coverage = coverage_of(frames([Picture(0.0), Picture(50.0, sealed=False)]), STEP_M, RULE)
    found = surveyed_length(empty("sections"), coverage)
    assert found.surveyed_m == FAR_M - NEAR_M
    assert found.length_m == 50 + FAR_M - NEAR_M
    assert math.isnan(surveyed_length(empty("sections"), empty("coverage")).pct)
    assert conform("coverage", coverage)["reason"].dropna().tolist() == [NO_PICTURE, NOT_SEALED]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_minus_something(count: int) -> None:
    nothing = made([])
    assert len(nothing.minus(made([(1.0, 2.0)] * count))) == 0
