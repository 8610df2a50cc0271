"""The LP relaxation: its bound, its shares, and that no sequence would better it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.greedy import plan_by_rule
from planning.optimise.column_generation import TOLERANCE, generate
from tests.planning.conftest import problem_of
from voirie.catalogue.treatments import NONE


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 3e4), st.floats(0.0, 5e3))
def test_the_bound_is_the_relaxation_and_holds_for_the_rule(
    seed: int, investment: float, operation: float
) -> None:
    problem = problem_of(8, seed, yearly_eur=(investment, operation))
    rule = plan_by_rule(problem.sections, problem.model, problem.budget)
    found = generate(problem, problem.columns(np.arange(8), rule.works))
    relaxed = float(found.share @ found.columns.value)
    assert relaxed <= found.bound * (1.0 + TOLERANCE) + 1e-6
    assert problem.value(rule.works) <= found.bound * (1.0 + 1e-9) + 1e-6
    used = np.bincount(found.columns.section, found.share, minlength=8)
    assert (used <= 1.0 + 1e-6).all()
    assert (found.dual >= 0.0).all()


def test_no_sequence_has_a_positive_reduced_cost_at_the_end() -> None:
    problem = problem_of(10, 3)
    found = generate(problem, problem.columns(np.zeros(0, dtype=np.int64), _nothing(0)))
    limit, worth, works = problem.price(found.dual)
    assert limit == pytest.approx(found.bound)
    best = problem.columns(np.arange(10), works)
    assert problem.loss(best, worth, found.dual) == pytest.approx(np.zeros(10), abs=1e-3)
    assert (problem.loss(found.columns, worth, found.dual) >= -1e-3).all()


def test_where_it_starts_does_not_matter_for_the_bound() -> None:
    problem = problem_of(10, 4)
    rule = plan_by_rule(problem.sections, problem.model, problem.budget)
    bounds = [
        generate(problem, problem.columns(np.arange(len(w)), w)).bound
        for w in (rule.works, _nothing(0))
    ]
    assert bounds[0] == pytest.approx(bounds[1], rel=5e-6)


def _nothing(count: int) -> np.ndarray:
    return np.full((count, 6), NONE, dtype=np.int8)
