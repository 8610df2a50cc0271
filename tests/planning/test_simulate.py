"""The replay of a plan: its accounts, and the plans that it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel
from planning.greedy import plan_by_rule
from planning.sections import Sections, sections_from
from planning.simulate import CENT_EUR, Plan, cost_eur, kilometres_below, simulate
from tests.planning.conftest import budget_of, table
from voirie.catalogue.treatments import NONE, load_treatments

MODEL = DeteriorationModel.of(load_treatments())
ESU = MODEL.treatments.codes.index("ESU")
PAT = MODEL.treatments.codes.index("PAT")


def road(*notes: float) -> Sections:
    """Sections of category 3 with these notes."""
    frame = table(len(notes), 1).assign(category=3, note_globale=notes)
    return sections_from(frame, MODEL.treatments)[0]


def plan(works: list[list[int]], operation: bool = False) -> Plan:
    """Works by section and year, all paid by one envelope."""
    made = np.array(works, dtype=np.int8)
    return Plan(made, np.full(made.shape, operation) & (made != NONE))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.floats(0.0, 1e5), st.floats(0.0, 3e4))
def test_spend_need_and_backlog_are_one_account(
    seed: int, count: int, investment: float, operation: float
) -> None:
    sections, _ = sections_from(table(count, seed, 4.0), MODEL.treatments)
    budget = budget_of(investment, operation, 8)
    rule = plan_by_rule(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, rule)
    spend = result.investment_eur + result.operation_eur
    assert (result.investment_eur <= investment + CENT_EUR).all()
    assert (result.operation_eur <= operation + CENT_EUR).all()
    assert spend == pytest.approx(cost_eur(sections, MODEL, rule.works).sum(axis=0))
    # the rule does the adequate work: what is needed is done or is backlog
    assert spend + result.backlog_eur == pytest.approx(result.need_eur[:-1])


@pytest.mark.parametrize(
    ("note", "works", "operation", "told"),
    [
        (19.5, [ESU, NONE], False, "outside its trigger"),
        (17.0, [ESU, ESU], False, "outside its trigger|moratorium"),
        (17.9, [PAT, NONE], False, "may not pay"),
    ],
)
def test_an_unlawful_plan_is_refused(
    note: float, works: list[int], operation: bool, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        simulate(road(note), MODEL, budget_of(1e6, 1e6, 2), plan([works], operation))


def test_a_plan_above_its_envelope_is_refused() -> None:
    sections = road(17.0)
    cost = float(sections.area_m2[0] * MODEL.cost_eur_per_m2[ESU])
    dear = plan([[ESU]])
    simulate(sections, MODEL, budget_of(cost, 0.0, 1), dear)
    with pytest.raises(ValueError, match="more than its envelope"):
        simulate(sections, MODEL, budget_of(cost - 0.01, 1e6, 1), dear)


def test_kilometres_below_a_threshold() -> None:
    sections = road(10.0, 15.0, 19.0)
    below = kilometres_below(sections, sections.note, 15.0)
    assert below == pytest.approx(sections.length_m[0] / 1000.0)
