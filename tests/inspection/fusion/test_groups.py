"""Reductions of many groups at once: each group as `numpy` and `round` would do it alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.fusion.groups import Groups, rounded

groups_of_values = st.lists(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), min_size=1, max_size=8
)
spans = st.lists(st.tuples(st.floats(0, 500), st.floats(0, 20)), min_size=1, max_size=60)


def together(parts: list[list[float]]) -> tuple[Groups, np.ndarray]:
    """All groups in one table."""
    return Groups.of(np.repeat(np.arange(len(parts)), [len(p) for p in parts])), np.concatenate(
        [np.asarray(part, dtype=float) for part in parts]
    )


@settings(deadline=None)
@given(groups_of_values)
def test_each_group_is_added_up_as_if_it_were_alone(parts: list[list[float]]) -> None:
    groups, values = together(parts)
    assert groups.sum(values).tolist() == [np.sum(part) for part in parts]
    assert groups.mean(values).tolist() == [np.mean(part) for part in parts]
    assert groups.median(values).tolist() == [np.median(part) for part in parts]
    np.testing.assert_allclose(groups.deviation(values), [np.std(part) for part in parts])
    assert groups.smallest(values).tolist() == [min(part) for part in parts]
    assert groups.largest(values).tolist() == [max(part) for part in parts]
    ordered = values[groups.sorted_by(-values)]
    assert ordered.tolist() == [value for part in parts for value in sorted(part, reverse=True)]


@given(groups_of_values, st.floats(-1e6, 1e6))
def test_rows_that_do_not_count_change_nothing(parts: list[list[float]], bound: float) -> None:
    groups, values = together(parts)
    found = groups.mean(values, counted=values < bound)
    counted = [[value for value in part if value < bound] for part in parts]
    expected = [np.mean(part) if part else np.nan for part in counted]
    np.testing.assert_array_equal(found, expected)


@given(spans)
def test_a_union_is_never_longer_than_the_sum_nor_the_span(
    spans: list[tuple[float, float]],
) -> None:
    start = np.array([a for a, _ in spans])
    end = start + np.array([b for _, b in spans])
    (union,) = Groups.of(np.zeros(len(spans))).union(start, end)
    assert union <= (end - start).sum() + 1e-6
    assert union <= end.max() - start.min() + 1e-6
    assert union >= (end - start).max() - 1e-6


@settings(deadline=None)
@given(st.lists(spans, min_size=2, max_size=5))
def test_unions_of_groups_do_not_touch_each_other(parts: list[list[tuple[float, float]]]) -> None:
    groups, start = together([[a for a, _ in part] for part in parts])
    end = start + together([[b for _, b in part] for part in parts])[1]
    alone = [
        Groups.of(np.zeros(int(n))).union(start[k : k + n], end[k : k + n])[0]
        for k, n in zip(groups.first, groups.count, strict=True)
    ]
    assert groups.union(start, end).tolist() == alone


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(1, 4))
def test_ties_are_rounded_as_python_rounds_them(thousandths: list[int], digits: int) -> None:
    # Half of all means of two numbers with four decimals end on a tie.
    values = [n / 1000 for n in thousandths] + [n / 20000 for n in thousandths]
    assert rounded(values, digits).tolist() == [round(value, digits) for value in values]
