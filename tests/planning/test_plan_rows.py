"""Rows of a plan: parts add up to the cent, and the years tell what the works cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel
from planning.optimise.optimise import optimise
from planning.plan_rows import Solved, scenario_row, split_eur, work_rows, year_rows
from planning.scenarios import Phase, Scenario
from planning.sections import sections_from
from planning.simulate import Budget, simulate
from tests.planning.conftest import table
from voirie.catalogue.treatments import load_treatments

PRICES = load_treatments()


@given(st.floats(0.0, 1e9), st.floats(0.0, 1.0))
def test_the_parts_of_an_amount_add_up_to_the_cent(whole: float, share: float) -> None:
    row = split_eur("need", whole, whole * share)
    total, seen, assumed = (row[f"need_{part}eur"] for part in ("", "seen_", "assumed_"))
    assert round(100 * (seen + assumed)) == round(100 * total)
    assert min(seen, assumed) >= 0


@pytest.fixture(scope="module")
def solved() -> Solved:
    """Ten sections, four of them assumed, under four years of a small budget."""
    frame = table(10, 5, 4.0)
    frame.loc[[0, 3, 6, 9], "note_globale"] = np.nan
    sections, _ = sections_from(frame, PRICES)
    phases = (Phase(years=4, investment_eur=15_000, operation_eur=2_000),)
    scenario = Scenario(name="low", tax="TTC", phases=phases)
    model, budget = DeteriorationModel.of(PRICES), Budget(*scenario.envelopes_eur())
    optimum = optimise(sections, model, budget)
    result = simulate(sections, model, budget, optimum.plan)
    observed = 100.0 - sections.assumed_area_pct
    return Solved(sections, scenario, model, budget, optimum, result, observed, "all", 2030)


def test_each_year_tells_what_its_works_cost_seen_and_assumed(solved: Solved) -> None:
    works = work_rows(solved)
    for row in year_rows(solved):
        for part, is_assumed in (("seen", False), ("assumed", True)):
            own = [w for w in works if w["year"] == row["year"] and w["assumed"] is is_assumed]
            assert sum(w["cost_eur"] for w in own) == pytest.approx(row[f"spend_{part}_eur"])
        assert row["tax"] == "TTC" and 0 < row["observed_area_pct"] < 100
        assert row["km_below_surface_assumed"] <= row["km_below_surface"]
    assert {w["tax"] for w in works} == {"TTC"}


def test_the_line_of_a_scenario_holds_the_rule_and_idleness_beside_the_plan(
    solved: Solved,
) -> None:
    row, years = scenario_row(solved, solved.optimum.bound), year_rows(solved)
    assert row["do_nothing_value"] <= row["rule_value"] <= row["value"] <= row["bound"]
    assert row["need_end_eur"] <= row["do_nothing_need_end_eur"]
    assert row["need_start_eur"] == years[0]["need_eur"] == years[1]["need_eur"]
    assert row["total_seen_eur"] == pytest.approx(sum(y["spend_seen_eur"] for y in years))
    assert row["note_start_seen"] == years[0]["note_seen"]
    assert (row["scope"], row["value_unit"]) == ("all", "note-years")
