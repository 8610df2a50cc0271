"""The master problem: shares under the envelopes, dual values, and whole choices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.envelopes import EITHER, INVESTMENT, OPERATION
from planning.optimise.cover_rows import no_cover_rows
from planning.optimise.master import Columns, Master, choose_whole
from planning.simulate import Budget


def columns(seed: int, count: int, sections: int = 3, years: int = 2) -> Columns:
    """Sequences with made values, costs and payers; one kind of work a year."""
    rng = np.random.default_rng(seed)
    works = np.where(rng.random((count, years)) < 0.7, 0, -1).astype(np.int8)
    section = rng.integers(0, sections, count)
    price = rng.uniform(1e3, 9e3, (sections, years))
    cost = np.where(works >= 0, price[section], 0.0)
    who = rng.integers(0, 3, (sections, years))
    payer = np.where(works >= 0, who[section], INVESTMENT).astype(np.int64)
    return Columns(section, works, rng.uniform(1e3, 1e4, count), cost, payer)


def best_choice(given_: Columns, room: np.ndarray) -> float:
    """Best value over every choice of sequences and payers; `room` is ``(2, T)``."""
    best, years = 0.0, given_.works.shape[1]
    by_section = [np.flatnonzero(given_.section == s).tolist() for s in set(given_.section)]
    for pick in itertools.product(*[[None, *own] for own in by_section]):
        chosen = [i for i in pick if i is not None]
        value = float(given_.value[chosen].sum())
        if value <= best:
            continue
        works = [(i, t) for i in chosen for t in range(years) if given_.cost_eur[i, t] > 0.0]
        options = [(0, 1) if given_.payer[w] == EITHER else (int(given_.payer[w]),) for w in works]
        for payers in itertools.product(*options):
            use = np.zeros((2, years))
            for work, payer in zip(works, payers, strict=True):
                use[payer, work[1]] += given_.cost_eur[work]
            if (use <= room + 1e-6).all():
                best = value
                break
    return best


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), st.floats(0, 1.5e4), st.floats(0, 1e4))
def test_a_whole_choice_is_that_of_brute_force_and_the_relaxation_is_above(
    seed: int, count: int, investment: float, operation: float
) -> None:
    given_ = columns(seed, count)
    budget = Budget(np.full(2, investment), np.full(2, operation))
    cover = no_cover_rows(3, 1)
    chosen, from_operation, bound = choose_whole(
        given_, budget, cover, relative_gap=0.0, nodes=1000
    )
    value = float(given_.value[chosen].sum())
    best = best_choice(given_, np.array([[investment] * 2, [operation] * 2]))
    assert value == pytest.approx(best, abs=0.1)
    assert bound >= best - 0.1
    for year in range(2):
        paid = given_.cost_eur[chosen, year]
        operated = from_operation[chosen, year]
        assert paid[~operated].sum() <= investment + 0.01
        assert paid[operated].sum() <= operation + 0.01
    assert not from_operation[given_.payer == INVESTMENT].any()
    assert from_operation[(given_.payer == OPERATION) & (given_.cost_eur > 0.0)].all()

    master = Master(3, budget, cover)
    master.add(given_)
    relaxed, share, dual = master.solve()
    assert relaxed >= best - 0.1
    assert relaxed == pytest.approx(float(share @ given_.value), rel=1e-6, abs=0.1)
    assert (dual >= 0.0).all()
    assert dual.shape == (3 * 2,)


def test_without_columns_nothing_is_worth_anything() -> None:
    value, share, dual = Master(2, Budget(np.ones(3), np.ones(3)), no_cover_rows(2, 1)).solve()
    assert (value, len(share), dual.tolist()) == (0.0, 0, [0.0] * 9)
