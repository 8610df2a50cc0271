"""Cells of one metre against counting them one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.scoring.cells import LaneGrid, SectionIndex, lane_code, paint, repeated, stretches
from tests.gis.scoring.made_scoring import ROUTE, coverage, finding, findings, seen

# Sections of two routes, out of order, one route with a gap; the last cell of one is short.
SECTIONS = pd.DataFrame(
    [
        ROUTE | {"cumul_from_m": 200.0, "cumul_to_m": 350.5},
        ROUTE | {"route": "D7", "cumul_from_m": 0.0, "cumul_to_m": 90.0},
        ROUTE | {"cumul_from_m": 0.0, "cumul_to_m": 200.0},
        ROUTE | {"cumul_from_m": 400.0, "cumul_to_m": 500.0},
    ]
)
ROUTES = ["D108", "D7", "D9"]
spot = st.floats(-20.0, 520.0).map(lambda value: round(value, 2))


def rows_of(route: str) -> list[tuple[int, float, float]]:
    own = SECTIONS[SECTIONS["route"] == route]
    return [(int(k), row["cumul_from_m"], row["cumul_to_m"]) for k, row in own.iterrows()]  # type: ignore[call-overload]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ROUTES), spot, spot)
def test_sections_are_found_as_by_looking_at_each(route: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    index = SectionIndex(SECTIONS)
    number = index.route_of(pd.DataFrame([ROUTE | {"route": route}]))
    found = index.at(number, np.array([low]))[0]
    holding = [k for k, a, b in rows_of(route) if a <= low < b]
    if holding:
        assert found == holding[0]
    elif found >= 0:  # half a metre after an end is the section before it
        assert any(k == found and b <= low <= b + 0.5 for k, a, b in rows_of(route))
    item, section = index.spans(number, np.array([low]), np.array([high]))
    assert set(section.tolist()) == {k for k, a, b in rows_of(route) if a < high and b > low}
    assert item.tolist() == [0] * len(section)


def test_an_index_of_nothing_finds_nothing() -> None:
    index = SectionIndex(SECTIONS.iloc[:0])
    assert len(index) == 0
    assert index.at(np.array([0, -1]), np.array([1.0, 2.0])).tolist() == [-1, -1]


@given(st.lists(st.integers(0, 4), max_size=8))
def test_repeated_counts_inside_each_item(count: list[int]) -> None:
    item, inner = repeated(np.array(count, dtype=np.int64))
    pairs = list(zip(item.tolist(), inner.tolist(), strict=True))
    assert pairs == [(k, n) for k, size in enumerate(count) for n in range(size)]


def test_a_lane_is_one_number_and_unknown_ones_are_none() -> None:
    sens = pd.Series(["+", "-", "+", None, "?", "+", "-"], dtype="string")
    voie = pd.Series([1, 1, 2, 1, 1, None, 200], dtype="Int64")
    assert lane_code(sens, voie).tolist() == [2, 3, 4, -1, -1, -1, -1]


looks = st.lists(st.tuples(spot, spot, st.sampled_from("+-"), st.booleans()), max_size=6)


@settings(max_examples=12, deadline=None)
@given(looks)
@example([(0.0, 1.5, "+", True)])
@example([(1.5, 7.5, "+", True)])
def test_a_metre_counts_once_where_one_of_the_passes_saw_it(
    drawn: list[tuple[float, float, str, bool]],
) -> None:
    passes = [
        seen(min(a, b), max(a, b), sens=sens, surveyed=saw, pass_id=str(k))
        for k, (a, b, sens, saw) in enumerate(drawn)
    ]
    grid = LaneGrid.of(SECTIONS, coverage(passes))
    assert len(set(zip(grid.section.tolist(), grid.sens.tolist(), strict=True))) == len(grid)
    for unit in range(len(grid)):
        start, end = SECTIONS.loc[grid.section[unit], ["cumul_from_m", "cumul_to_m"]]
        metres = 0.0
        for k in range(int(np.ceil(end - start))):
            size = min(1.0, end - start - k)
            # A cell counts by its middle, and one that ends there with what lies before it; the
            # last one with the end of the section.
            middle = start + k + 0.5
            metres += size * any(
                saw
                and sens == grid.sens[unit]
                and min(a, b) < middle - 1e-6
                and (max(a, b) >= middle - 1e-6 or (size < 1.0 and max(a, b) >= end))
                for a, b, sens, saw in drawn
            )
        assert grid.surveyed_m[unit] == pytest.approx(metres, abs=1.0 if end % 1 else 1e-6)
        assert grid.surveyed_m[unit] <= grid.length_m[unit]
    assert grid.unit_of(grid.section, grid.lane).tolist() == list(range(len(grid)))


@pytest.mark.parametrize(("low", "high", "metres"), [(300.0, 350.5, 50.5), (200.0, 350.0, 150.0)])
def test_the_last_cell_counts_for_its_own_length(low: float, high: float, metres: float) -> None:
    assert LaneGrid.of(SECTIONS, coverage([seen(low, high)])).surveyed_m.tolist() == [metres]


def grid_of_all() -> LaneGrid:
    everywhere = [seen(0.0, 500.0), seen(0.0, 500.0, sens="-"), seen(0.0, 90.0, route="D7")]
    return LaneGrid.of(SECTIONS, coverage(everywhere))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(spot, spot, st.sampled_from([1.0, 5.0])), min_size=1, max_size=6))
def test_a_finding_is_shared_by_length_and_counted_at_its_middle(
    drawn: list[tuple[float, float, float]],
) -> None:
    things = findings([finding("FLB", min(a, b), max(a, b)) for a, b, _ in drawn])
    grid = grid_of_all()
    laid, dropped = stretches(grid, things, np.array([least for _, _, least in drawn]))
    for k, (a, b, least) in enumerate(drawn):
        low, high = min(a, b), max(a, b)
        own = laid.item == k
        on_road = sum(max(0.0, min(high, t) - max(low, s)) for _, s, t in rows_of("D108"))
        share = laid.share[own].sum()
        if high - low > least:
            assert share == pytest.approx(on_road / (high - low), abs=0.02 + 1.0 / (high - low))
        else:
            assert share == 1.0 or not own.any()
        middle = (low + high) / 2
        inside = any(s <= middle < t for _, s, t in rows_of("D108"))
        assert laid.centre[own].sum() == 1 if inside else laid.centre[own].sum() <= 1
        if own.any() and high - low <= least and 20 < middle < 180:
            assert (laid.end - laid.start)[own].tolist() == [least]
    lost = {k for k in range(len(drawn)) if not (laid.item == k).any()}
    assert sum(dropped.values()) == len(lost)


def test_a_finding_where_nobody_looked_is_left_out_and_told() -> None:
    things = findings([finding("FLB", 10.0), finding("FLB", 10.0, sens="-"), finding("FLB", 390.0)])
    grid = LaneGrid.of(SECTIONS, coverage([seen(0.0, 500.0)]))
    laid, dropped = stretches(grid, things, np.ones(3))
    assert laid.item.tolist() == [0]
    assert dropped == {"no place on a lane of the network": 1, "lane not surveyed there": 1}


def test_cells_take_the_worst_of_what_lies_on_them() -> None:
    rng = np.random.default_rng(5)
    levels = np.zeros(1000, dtype=np.uint8)
    start = rng.integers(0, 990, 300)
    end = np.minimum(start + rng.integers(0, 30, 300), 1000)
    level = rng.integers(1, 4, 300).astype(np.uint8)
    expected = levels.copy()
    for a, b, g in zip(start, end, level, strict=True):
        expected[a:b] = np.maximum(expected[a:b], g)
    paint(levels, start, end, level)
    assert (levels == expected).all()


def test_the_tally_gives_the_last_cell_its_own_length() -> None:
    grid = grid_of_all()
    levels: Any = grid.blank()
    levels[:] = 2
    tally = grid.tally(levels, 3)
    assert tally[[0, 2]].sum() == 0.0
    assert tally[1] == pytest.approx(grid.length_m)
    assert 150.5 in grid.length_m
