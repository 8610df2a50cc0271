"""Cover rows: no plan of whole works breaks one, and they see what an LP does not."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.envelopes import INVESTMENT
from planning.optimise.cover_rows import cover_rows, no_cover_rows
from planning.simulate import Budget
from voirie.catalogue.treatments import NONE

costs = st.lists(st.floats(1.0, 100.0), min_size=2, max_size=4)


def one_year(investment: float, operation: float) -> Budget:
    """Envelopes of a single year."""
    return Budget(np.array([investment]), np.array([operation]))


@given(
    costs, st.lists(st.integers(0, 2), min_size=4, max_size=4), st.floats(1, 200), st.floats(1, 90)
)
def test_no_plan_of_whole_works_breaks_a_row(
    cost: list[float], who: list[int], investment: float, operation: float
) -> None:
    count = len(cost)
    access = np.array(who[:count], dtype=np.int8).reshape(count, 1, 1)
    rows = cover_rows(np.array(cost)[:, None], access, one_year(investment, operation))
    for payer in itertools.product((None, 0, 1), repeat=count):  # not done, or who pays
        paid = [sum(c for c, p in zip(cost, payer, strict=True) if p == e) for e in (0, 1)]
        allowed = all(p in (None, w) or w == 2 for p, w in zip(payer, who, strict=False))
        if paid[0] > investment or paid[1] > operation or not allowed:
            continue
        works = np.array([[NONE if p is None else 0] for p in payer], dtype=np.int8)
        use = rows.use(np.arange(count), works).sum(axis=0)
        assert (use <= rows.most).all()


def test_an_envelope_holds_one_of_two_large_works() -> None:
    access = np.full((2, 1, 1), INVESTMENT, dtype=np.int8)
    rows = cover_rows(np.full((2, 1), 8_000.0), access, one_year(14_000.0, 0.0))
    both = rows.use(np.arange(2), np.zeros((2, 1), dtype=np.int8)).sum(axis=0)
    assert (both > rows.most).any()  # the LP alone would share out 1.75 of them


def test_a_dual_value_is_a_price_on_the_works_of_its_row() -> None:
    access = np.full((2, 1, 1), INVESTMENT, dtype=np.int8)
    rows = cover_rows(np.array([[8_000.0], [100.0]]), access, one_year(7_000.0, 0.0))
    assert len(rows) == 0  # a work that no envelope holds is no matter of how many
    rows = cover_rows(np.array([[8_000.0], [9_000.0]]), access, one_year(14_000.0, 0.0))
    dual = np.full(len(rows), 2.0)
    works = np.zeros((2, 1), dtype=np.int8)
    priced = rows.price(dual, 1)[:, 0, 0]
    assert priced.tolist() == (rows.use(np.arange(2), works) @ dual).tolist()


def test_no_rows_price_nothing() -> None:
    rows = no_cover_rows(3, 2)
    assert len(rows) == 0
    assert not rows.price(np.zeros(0), 4).any()
    assert rows.use(np.arange(3), np.zeros((3, 4), dtype=np.int8)).shape == (3, 0)
