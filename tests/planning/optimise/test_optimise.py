"""The optimum: against brute force, and the properties that any plan and bound must have."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel, evolve
from planning.greedy import plan_by_rule
from planning.optimise.optimise import optimise
from planning.optimise.pricing import near_best
from planning.optimise.problem import Problem
from planning.sections import sections_from
from planning.simulate import Budget, simulate
from tests.planning.conftest import table
from voirie.catalogue.treatments import NONE, load_treatments

MODEL = DeteriorationModel.of(load_treatments())


def constant(investment: float, operation: float, years: int) -> Budget:
    """The same envelopes every year."""
    return Budget(np.full(years, investment), np.full(years, operation))


def brute_force(problem: Problem) -> float:
    """Best value over every choice of sequences and payers."""
    none = np.zeros(3 * problem.years + len(problem.cover))
    worths = problem.pricer.worths(problem.unit_price(none))
    options = []
    for s in range(problem.size):
        works = near_best(problem.pricer, worths, s, 1e9, 10**6)
        assert works is not None
        columns = problem.columns(np.full(len(works), s), works)
        ways = []
        for i in range(len(columns)):
            years = np.flatnonzero(columns.cost_eur[i])
            payers = [((0,), (1,), (0, 1))[columns.payer[i, y]] for y in years]
            for choice in itertools.product(*payers):
                use = np.zeros((2, problem.years))
                use[list(choice), years] = columns.cost_eur[i, years]
                ways.append((float(columns.value[i]), use))
        options.append(ways)
    room = np.stack([problem.budget.investment_eur, problem.budget.operation_eur]) + 0.005
    best = 0.0
    for chosen in itertools.product(*options):
        if (sum(use for _, use in chosen) <= room).all():
            best = max(best, sum(value for value, _ in chosen))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_small_networks_against_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sections, _ = sections_from(table(3, seed, 4.0), MODEL.treatments)
    years = 4
    budget = Budget(rng.uniform(4e3, 2e4, years), rng.uniform(0.0, 9e3, years))
    best = brute_force(Problem(sections, MODEL, budget))
    found = optimise(sections, MODEL, budget)
    simulate(sections, MODEL, budget, found.plan)
    assert found.bound >= best * (1.0 - 1e-9)
    assert found.value <= best * (1.0 + 1e-9)
    assert found.value >= best * (1.0 - 0.002)
    assert found.gap_pct >= 100.0 * (1.0 - found.value / best) - 1e-9 if best else True


def test_two_works_on_one_section_are_planned() -> None:
    sections, _ = sections_from(table(1, 5), MODEL.treatments)
    sections = type(sections)(
        sections.section_id,
        sections.area_m2,
        sections.length_m,
        np.array([3]),
        sections.area_m2,
        np.array([17.0]),
        sections.assumed,
    )
    found = optimise(sections, MODEL, constant(1e5, 0.0, 15))
    esu = MODEL.treatments.codes.index("ESU")
    assert (found.plan.works[0] == esu).sum() == 2
    once = found.plan.works.copy()
    once[0, np.flatnonzero(once[0] == esu)[1] :] = NONE
    both = [
        evolve(MODEL, sections.category, sections.note, w)[0, 1:].sum()
        for w in (found.plan.works, once)
    ]
    assert both[0] > both[1]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 6e4), st.floats(0.0, 1e4), st.integers(2, 12))
def test_a_plan_is_lawful_and_between_rule_and_bound(
    seed: int, investment: float, operation: float, count: int
) -> None:
    sections, _ = sections_from(table(count, seed), MODEL.treatments)
    budget = constant(investment, operation, 8)
    found = optimise(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, found.plan)  # refuses an unlawful plan
    spend = result.investment_eur + result.operation_eur
    assert (spend <= result.need_eur[:-1] + 0.01).all()
    rule = Problem(sections, MODEL, budget).value(plan_by_rule(sections, MODEL, budget).works)
    assert rule <= found.value + 1e-6
    assert found.value <= found.bound <= found.linear_bound * (1 + 1e-9) + 1e-6


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0.0, 5e4),
    st.floats(0.0, 9e3),
    st.floats(0.0, 2e4),
    st.floats(0.0, 5e3),
)
def test_a_larger_envelope_never_lowers_the_bound(
    seed: int, investment: float, operation: float, more: float, more_operation: float
) -> None:
    sections, _ = sections_from(table(6, seed), MODEL.treatments)
    small = optimise(sections, MODEL, constant(investment, operation, 6))
    large = optimise(sections, MODEL, constant(investment + more, operation + more_operation, 6))
    assert large.linear_bound >= small.linear_bound * (1.0 - 2e-6) - 1e-6
    assert large.bound >= small.value * (1.0 - 1e-9)


def test_the_gap_of_a_larger_network_is_small() -> None:
    sections, _ = sections_from(table(400, 1, 2.0), MODEL.treatments)
    found = optimise(sections, MODEL, constant(3.0e5, 4e4, 10))
    assert found.gap_pct <= 1.0


def test_no_money_no_works() -> None:
    sections, _ = sections_from(table(5, 1), MODEL.treatments)
    found = optimise(sections, MODEL, constant(0.0, 0.0, 15))
    assert (found.plan.works == NONE).all()
    assert (found.value, found.bound, found.gap_pct) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("count", [30, 249, 600])
def test_envelopes_beyond_all_works_need_no_search(count: int) -> None:
    sections, _ = sections_from(table(count, 5, 4.0), MODEL.treatments)
    best = optimise(sections, MODEL, constant(1e12, 1e12, 15))
    assert best.rounds == 0 and best.gap_pct == 0.0 and not best.dual.any()
    rich = constant(float(sections.area_m2.sum()) * 60.0, 1e12, 15)
    assert best.value == optimise(sections, MODEL, rich).value
    spent = simulate(sections, MODEL, constant(1e12, 1e12, 15), best.plan).investment_eur.sum()
    assert 0.0 < spent < 1e8


def test_an_unlimited_year_among_scarce_ones_counts_as_all_works() -> None:
    sections, _ = sections_from(table(40, 5, 4.0), MODEL.treatments)
    scarce = constant(9e3, 2e3, 6)
    investment = scarce.investment_eur.copy()
    investment[2] = 1e12
    budget = Budget(investment, scarce.operation_eur)
    assert Problem(sections, MODEL, budget).budget.investment_eur.max() < 1e7
    found = optimise(sections, MODEL, budget)
    assert optimise(sections, MODEL, scarce).value < found.value <= found.bound
