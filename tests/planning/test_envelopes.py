"""Laying whole works in two envelopes."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.envelopes import share_out

amounts = st.lists(st.floats(1.0, 1e5), max_size=40)
room = st.floats(0.0, 3e5)


@given(amounts, room, room)
def test_nothing_exceeds_an_envelope(
    costs: list[float], investment: float, operation: float
) -> None:
    cost = np.array(costs)
    from_operation, placed = share_out(cost, investment, operation)
    assert cost[placed & ~from_operation].sum() <= investment + 0.01
    assert cost[placed & from_operation].sum() <= operation + 0.01


@given(st.lists(st.floats(1.0, 100.0), max_size=7), st.floats(0.0, 300.0), st.floats(0.0, 300.0))
def test_few_works_are_shared_out_where_that_is_possible(
    costs: list[float], investment: float, operation: float
) -> None:
    cost = np.array(costs)
    _, placed = share_out(cost, investment, operation)
    possible = any(
        cost[~np.array(pick, dtype=bool)].sum() <= investment
        and cost[np.array(pick, dtype=bool)].sum() <= operation
        for pick in itertools.product((0, 1), repeat=len(costs))
    )
    assert placed.all() or not possible


def test_investment_goes_first() -> None:
    from_operation, placed = share_out(np.array([3.0, 4.0]), 10.0, 10.0)
    assert placed.all()
    assert not from_operation.any()
