"""Whole plans: never worse than the plan in hand, never above the bound, the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.greedy import plan_by_rule
from planning.optimise import rounding
from planning.optimise.column_generation import Linear, generate
from planning.optimise.problem import Problem
from planning.optimise.rounding import round_plan
from planning.simulate import Plan, simulate
from tests.planning.conftest import problem_of
from voirie.catalogue.treatments import NONE


def relaxed(problem: Problem) -> tuple[Linear, Plan]:
    """The LP relaxation started from the rule, and the rule."""
    rule = plan_by_rule(problem.sections, problem.model, problem.budget)
    return generate(problem, problem.columns(np.arange(problem.size), rule.works)), rule


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 14), st.floats(0.0, 3e4), st.floats(0.0, 5e3))
def test_a_plan_lies_between_the_rule_and_the_bound(
    seed: int, count: int, investment: float, operation: float
) -> None:
    problem = problem_of(count, seed, yearly_eur=(investment, operation))
    linear, rule = relaxed(problem)
    found = round_plan(problem, linear, rule)
    simulate(problem.sections, problem.model, problem.budget, found.plan)
    assert found.value == pytest.approx(problem.value(found.plan.works))
    assert problem.value(rule.works) <= found.value <= found.bound * (1.0 + 1e-9) + 1e-6
    assert found.bound <= linear.bound * (1.0 + 1e-9) + 1e-6


@pytest.mark.parametrize("count", [12, 60, 260])  # with a proof, with a dive, with neither
def test_the_same_problem_gives_the_same_bytes(count: int) -> None:
    problem = problem_of(count, 5, years=4, yearly_eur=(700.0 * count, 150.0 * count))
    plans = [round_plan(problem, *relaxed(problem)).plan for _ in range(2)]
    assert plans[0].works.tobytes() == plans[1].works.tobytes()
    assert plans[0].from_operation.tobytes() == plans[1].from_operation.tobytes()


def test_a_search_in_whole_numbers_never_raises_the_bound_nor_lowers_the_value() -> None:
    problem = problem_of(10, 2, yearly_eur=(12e3, 3e3))
    linear, rule = relaxed(problem)
    known = rounding.Rounded(rule, problem.value(rule.works), linear.bound)
    proven = rounding._prove(problem, known, linear)
    assert proven.value >= known.value
    assert proven.value * (1.0 - 1e-9) <= proven.bound <= known.bound
    assert proven.bound - proven.value < known.bound - known.value


def test_without_money_nothing_is_planned() -> None:
    problem = problem_of(5, 1, yearly_eur=(0.0, 0.0))
    found = round_plan(problem, *relaxed(problem))
    assert (found.plan.works == NONE).all()
    assert (found.value, found.bound) == (0.0, 0.0)
