"""Where a section stands: what is said to be out of reach is, and what is said to suffice does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel
from planning.optimise.optimise import optimise
from planning.sections import Sections, sections_from
from planning.simulate import Budget, simulate
from planning.standing import Standing, standings
from tests.planning.conftest import budget_of, table
from voirie.catalogue.treatments import NONE, load_treatments

MODEL = DeteriorationModel.of(load_treatments())
YEARS = 5


def solve(sections: Sections, budget: Budget) -> tuple[np.ndarray, list[Standing]]:
    """Works of the optimum, and where each section stands in it."""
    best = optimise(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, best.plan)
    found = standings(sections, MODEL, budget, best.plan, result, best.dual)
    return best.plan.works, found


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 10), st.floats(3e3, 4e4))
def test_the_figures_are_those_of_the_plan(seed: int, count: int, investment: float) -> None:
    sections, _ = sections_from(table(count, seed, 4.0), MODEL.treatments)
    works, found = solve(sections, budget_of(investment, 1e3, YEARS))
    unit = np.append(MODEL.cost_eur_per_m2, 0.0)
    assert [one.section for one in found] == list(range(count))
    for one in found:
        own = np.flatnonzero(works[one.section] != NONE)
        assert (one.planned is None) == (len(own) == 0)
        if len(own):
            assert one.planned == own[0] and one.planned_treatment == works[one.section, own[0]]
            area = sections.area_m2[one.section]
            assert one.planned_cost_eur == pytest.approx(unit[one.planned_treatment] * area)
            assert one.called is not None and one.called <= one.planned
        if one.called == 0:
            note, category = sections.note[[one.section]], sections.category[[one.section]]
            assert one.treatment == MODEL.treatments.adequate(note, category)[0]
        assert (one.rank is None) == (one.called != 0)
    groups: dict[bool, list[Standing]] = {}
    for one in found:
        if one.rank is not None:
            line = MODEL.treatments.treatments[one.treatment]
            groups.setdefault(line.envelope == "operation", []).append(one)
    for ranked in groups.values():
        ranked.sort(key=lambda one: one.rank or 0)
        assert [one.rank for one in ranked] == list(range(1, len(ranked) + 1))
        benefit = [one.benefit_per_eur for one in ranked]
        assert benefit == sorted(benefit, reverse=True)
        down_to = np.cumsum([one.cost_eur for one in ranked])
        assert [one.entry_eur for one in ranked] == pytest.approx(down_to.tolist())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e3, 1e4))
def test_too_dear_is_out_of_reach_and_its_cost_in_one_year_is_enough(
    seed: int, investment: float
) -> None:
    sections, _ = sections_from(table(6, seed, 8.0), MODEL.treatments)
    budget = budget_of(investment, 0.0, YEARS)
    works, found = solve(sections, budget)
    dear = [one for one in found if one.situation == "too_dear"]
    assume(dear)
    for one in dear:
        assert (works[one.section] == NONE).all() and one.cost_eur > one.envelope_eur
        larger = np.stack([budget.investment_eur, budget.operation_eur])
        larger[int(one.from_operation), one.called] = one.cost_eur
        alone = sections.take(np.array([one.section]))
        again, _ = solve(alone, Budget(*larger))
        assert again[0, one.called] != NONE


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_the_entry_budget_lets_a_section_in_when_solved_again(seed: int, count: int) -> None:
    """One envelope, one year, one work each: the works down to a rank are then the best ones."""
    frame = table(count, seed)
    notes = np.random.default_rng(seed).uniform(10.6, 14.4, count)
    sections, _ = sections_from(frame.assign(note_globale=notes), MODEL.treatments)
    _, found = solve(sections, budget_of(1.0, 0.0, 1))
    for one in found:
        assert one.entry_eur is not None
        works, _ = solve(sections, budget_of(one.entry_eur, 0.0, 1))
        assert works[one.section, 0] != NONE
        if one.rank == 1:
            works, _ = solve(sections, budget_of(0.99 * one.cost_eur, 0.0, 1))
            assert works[one.section, 0] == NONE
