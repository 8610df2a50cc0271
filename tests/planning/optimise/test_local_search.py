"""Local search: limits are kept, moves gain, and every way to pay is listed once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.envelopes import EITHER, INVESTMENT, OPERATION
from planning.optimise.local_search import Exchange, paid_use, paid_variants, pooled_use
from planning.optimise.master import Columns


def columns(seed: int, count: int, sections: int, years: int) -> Columns:
    """Sequences with made values, costs and payers."""
    rng = np.random.default_rng(seed)
    works = rng.integers(-1, 3, (count, years)).astype(np.int8)
    cost = np.where(works >= 0, rng.uniform(1.0, 9.0, works.shape), 0.0)
    payer = np.where(works >= 0, rng.integers(0, 3, works.shape), INVESTMENT)
    value = rng.uniform(0.0, 10.0, count)
    return Columns(rng.integers(0, sections, count), works, value, cost, payer.astype(np.int64))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.floats(0.0, 40.0))
def test_limits_are_kept_and_every_move_gains(seed: int, count: int, limit: float) -> None:
    given_ = columns(seed, count, 6, 3)
    use = pooled_use(given_)
    search = Exchange(given_, 6, use, np.full(use.shape[1], limit), np.zeros(count))
    values = [0.0]
    for step in (search.ascend, search.improve):
        step()
        values.append(float(given_.value[search.chosen].sum()))
    assert values == sorted(values)
    assert len(set(given_.section[search.chosen].tolist())) == len(search.chosen)
    assert (use[search.chosen].sum(axis=0) <= limit + 0.006).all()


def test_a_pair_gains_where_no_single_change_does() -> None:
    # section 0 holds the envelope with a small value; only together can both change
    given_ = Columns(
        np.array([0, 0, 1]),
        np.zeros((3, 1), dtype=np.int8),
        np.array([5.0, 4.0, 3.0]),
        np.array([[10.0], [6.0], [4.0]]),
        np.full((3, 1), INVESTMENT),
    )
    search = Exchange(given_, 2, pooled_use(given_), np.array([10.0, 0.0, 10.0]), np.zeros(3))
    search.start(np.array([0]))
    search.ascend()
    assert search.chosen.tolist() == [0]
    assert search.improve() == 1
    assert search.chosen.tolist() == [1, 2]


@given(st.integers(0, 10_000))
def test_every_way_to_pay_is_listed_once(seed: int) -> None:
    given_ = columns(seed, 12, 4, 3)
    parent, from_operation = paid_variants(given_)
    ways = 2 ** ((given_.payer == EITHER) & (given_.cost_eur > 0.0)).sum(axis=1)
    assert np.bincount(parent, minlength=12).tolist() == ways.tolist()
    seen = {(p, tuple(o)) for p, o in zip(parent.tolist(), from_operation.tolist(), strict=True)}
    assert len(seen) == len(parent)
    paid = given_.cost_eur[parent] > 0.0
    fixed = given_.payer[parent] != EITHER
    assert (from_operation[paid & fixed] == (given_.payer[parent] == OPERATION)[paid & fixed]).all()
    use = paid_use(given_.take(parent), from_operation)
    assert use.sum(axis=1) == pytest.approx(given_.cost_eur[parent].sum(axis=1))
