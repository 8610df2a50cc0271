"""The dive: lawful plans, from the LP relaxation, below its bound."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.optimise.column_generation import generate
from planning.optimise.diving import dive
from planning.simulate import simulate
from tests.planning.conftest import problem_of
from voirie.catalogue.treatments import NONE


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 3e4), st.floats(0.0, 5e3))
def test_a_dive_is_lawful_and_below_the_bound(
    seed: int, investment: float, operation: float
) -> None:
    problem = problem_of(8, seed, yearly_eur=(investment, operation))
    plan = dive(problem.sections, problem.model, problem.budget)
    simulate(problem.sections, problem.model, problem.budget, plan)  # refuses an unlawful plan
    nothing = np.full((0, problem.years), NONE, dtype=np.int8)
    linear = generate(problem, problem.columns(np.zeros(0, dtype=np.int64), nothing))
    assert 0.0 <= problem.value(plan.works) <= linear.bound * (1.0 + 1e-9) + 1e-6


def test_enough_money_gives_every_section_its_best_sequence() -> None:
    problem = problem_of(6, 1, yearly_eur=(1e7, 1e7))
    plan = dive(problem.sections, problem.model, problem.budget)
    free = np.zeros(3 * problem.years + len(problem.cover))
    bound, _, _ = problem.price(free)
    assert problem.value(plan.works) >= bound * (1.0 - 1e-9)
