"""Runs: no new metre is given twice, and what leads between the same places is found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.versions.runs import Run, each_metre_once, other_ways


def run(old: tuple[float, float], new: tuple[float, float], **more: float) -> Run:
    ends = np.array(old, dtype=float), np.array(new, dtype=float)
    way = 1 if new[1] >= new[0] else -1
    return Run(int(more.get("of", 0)), 0, 0, way, more.get("apart", 0.0), False, *ends)


def test_the_nearer_run_keeps_the_metres_and_a_hair_between_is_closed() -> None:
    near, far = run((0, 100), (0, 100)), run((0, 80), (180, 100.4), of=1, apart=5.0)
    kept = each_metre_once([far, near])
    assert [(one.low, one.high) for one in kept] == [(0.0, 100.0), (100.0, 180.0)]
    assert kept[1].way == -1 and kept[1].old_m.tolist() == [0.0, 80.0]


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(1, 40), st.booleans()), min_size=1, max_size=8
    )
)
def test_no_new_metre_is_given_twice(spans: list[tuple[int, int, bool]]) -> None:
    runs = [
        run((0, n), (a + n, a) if back else (a, a + n), of=at, apart=float(at % 3))
        for at, (a, n, back) in enumerate(spans)
    ]
    kept = sorted((one.low, one.high) for one in each_metre_once(runs))
    assert all(high <= low for (_, high), (low, _) in itertools.pairwise(kept))
    whole = {metre for a, n, _ in spans for metre in range(a, a + n)}
    assert sum(high - low for low, high in kept) >= len(whole) - 1.0 * len(spans)


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (run((500, 900), (650, 1050)), 1),
        (run((500, 900), (400, 800)), 0),
        (run((500, 900), (1200, 1600)), 0),
        (run((500, 900), (1050, 650)), 0),
        (run((500, 900), (650, 1050), of=1), 0),
    ],
)
def test_another_way_between_the_same_places(second: Run, found: int) -> None:
    assert len(other_ways([run((0, 400), (0, 400)), second])) == found


def test_no_other_way_where_another_road_lies() -> None:
    between = run((0, 60), (500, 560), of=7)
    assert not other_ways([run((0, 400), (0, 400)), run((500, 900), (650, 1050)), between])
