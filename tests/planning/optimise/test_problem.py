"""What sequences bring and cost, who can pay them, and the Lagrangian bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.envelopes import EITHER, INVESTMENT, OPERATION, payers
from planning.greedy import plan_by_rule
from planning.optimise.problem import invest_first, pay
from planning.simulate import CENT_EUR, cost_eur, objective, simulate
from tests.planning.conftest import problem_of
from voirie.catalogue.treatments import NONE


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 2.0))
def test_at_any_dual_values_the_bound_is_above_the_rule(seed: int, scale: float) -> None:
    problem = problem_of(6, seed)
    rule = plan_by_rule(problem.sections, problem.model, problem.budget)
    rows = 3 * problem.years + len(problem.cover)
    dual = np.random.default_rng(seed).uniform(0.0, scale, rows)
    bound, worth, works = problem.price(dual)
    assert bound >= problem.value(rule.works) - 1e-6
    loss = problem.loss(problem.columns(np.arange(6), works), worth, dual)
    assert loss == pytest.approx(np.zeros(6), abs=1e-3)


def test_a_value_is_the_objective_over_doing_nothing() -> None:
    problem = problem_of(8, 2)
    sections, model = problem.sections, problem.model
    rule = plan_by_rule(sections, model, problem.budget)
    nothing = type(rule)(np.full_like(rule.works, NONE), np.zeros_like(rule.from_operation))
    with_it, without = (
        objective(sections, simulate(sections, model, problem.budget, plan).notes)
        for plan in (rule, nothing)
    )
    gained = (with_it - without) * float(sections.weight_m2.sum())
    assert problem.value(rule.works) == pytest.approx(gained)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_whoever_pays_may_pay_and_investment_is_used_first(seed: int) -> None:
    problem = problem_of(10, seed, yearly_eur=(9e3, 9e3))
    rule = plan_by_rule(problem.sections, problem.model, problem.budget)
    active = np.flatnonzero((rule.works != NONE).any(axis=1))
    paid, placed = pay(problem, problem.columns(active, rule.works[active]))
    assert placed
    assert (paid.works == rule.works).all()
    late = type(rule)(rule.works, rule.from_operation)
    costs = cost_eur(problem.sections, problem.model, rule.works)
    invested = []
    for plan in (paid, invest_first(problem, late), rule):
        simulate(problem.sections, problem.model, problem.budget, plan)
        invested.append(np.where(plan.from_operation, 0.0, costs).sum(axis=0))
    assert (invested[0] >= invested[2] - CENT_EUR).all()
    assert (invested[1] >= invested[2] - CENT_EUR).all()


def test_a_work_that_one_envelope_never_holds_is_a_matter_of_the_other() -> None:
    wide, narrow = problem_of(4, 1, yearly_eur=(1e9, 1e9)), problem_of(4, 1, yearly_eur=(1e9, 0.0))
    may_pay = payers(wide.model)
    assert (wide.access == may_pay[None, :, None]).all()
    assert (narrow.access[:, may_pay == EITHER] == INVESTMENT).all()
    assert (narrow.access[:, may_pay == OPERATION] == NONE).all()
