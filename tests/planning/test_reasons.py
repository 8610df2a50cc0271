"""Why a work stands where it does: every figure of the sentence can be checked."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel, evolve
from planning.greedy import plan_by_rule
from planning.reasons import list_works, reason
from planning.sections import sections_from
from planning.simulate import simulate
from tests.planning.conftest import budget_of, table
from voirie.catalogue.treatments import NONE, load_treatments
from voirie.wording import ENGLISH, FRENCH

MODEL = DeteriorationModel.of(load_treatments())
YEARS = 8


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 15))
def test_each_work_is_listed_with_its_own_figures(seed: int, count: int) -> None:
    sections, _ = sections_from(table(count, seed, 4.0), MODEL.treatments)
    budget = budget_of(3e4, 6e3, YEARS)
    plan = plan_by_rule(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, plan)
    works = list_works(sections, MODEL, plan, result.notes)
    assert [(w.year, w.section) for w in works] == sorted(
        (int(t), int(s)) for s, t in zip(*np.nonzero(plan.works != NONE), strict=True)
    )
    paid = sum(work.cost_eur for work in works if not work.from_operation)
    assert paid == pytest.approx(result.investment_eur.sum())
    for work in works:
        assert work.note_before == result.notes[work.section, work.year]
        assert work.note_after > work.note_before
        # left alone, a section ages: the year it leaves the trigger is that of the model
        alone = plan.works[work.section].copy()
        alone[work.year :] = NONE
        s = np.array([work.section])
        notes = evolve(MODEL, sections.category[s], sections.note[s], alone[None])[0]
        lowest = MODEL.treatments.treatments[work.treatment].note_min
        under = np.flatnonzero(notes[work.year + 1 :] < lowest)
        assert work.leaves_in == (int(under[0]) + 1 if len(under) else None)


def test_the_sentence_says_trigger_price_and_scarcity() -> None:
    frame = table(1, 1).assign(category=3, note_globale=17.0)
    sections, _ = sections_from(frame, MODEL.treatments)
    budget = budget_of(1e5, 0.0, 2)
    plan = plan_by_rule(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, plan)
    (work,) = list_works(sections, MODEL, plan, result.notes)
    scarce = reason(work, MODEL, "TTC", 2030, np.array([[0.5, 0.0], [0.0, 0.0]]), ENGLISH)
    assert scarce.startswith("score 17.00 under 17.75 (surface): ESU at 6.50 €/m² incl. VAT lifts")
    assert "where the last euro of investment in 2030 brings 0.50" in scarce
    plenty = reason(work, MODEL, "TTC", 2030, np.zeros((2, 2)), ENGLISH)
    assert "the budget of investment in 2030 is not used up" in plenty
    french = reason(work, MODEL, "TTC", 2030, np.array([[0.5, 0.0], [0.0, 0.0]]), FRENCH)
    assert plain(french).startswith("note 17,00 sous 17,75 (surface) : ESU à 6,50 €/m² TTC")
    assert "le dernier euro de l’enveloppe investissement de 2030 rapporte 0,50" in plain(french)


def plain(text: str) -> str:
    """The text with common blanks."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 15))
def test_no_reason_cites_an_assumed_note(seed: int, count: int) -> None:
    frame = table(count, seed, 4.0)
    frame.loc[1::2, "note_globale"] = np.nan
    sections, _ = sections_from(frame, MODEL.treatments)
    budget = budget_of(6e4, 6e3, YEARS)
    plan = plan_by_rule(sections, MODEL, budget)
    for work in list_works(sections, MODEL, plan, simulate(sections, MODEL, budget, plan).notes):
        for words in (ENGLISH, FRENCH):
            said = reason(work, MODEL, "TTC", 2030, np.ones((2, YEARS)), words)
            cited = {
                f"{value:.2f}".replace(".", words.decimal)
                for value in (
                    work.note_before,
                    work.note_after,
                    work.note_after - work.note_before,
                    work.benefit_per_eur,
                )
            }
            price = MODEL.treatments.treatments[work.treatment].cost_eur_per_m2
            figures = set(re.findall(r"\d+[.,]\d\d", said))
            figures -= {f"{price:.2f}".replace(".", words.decimal)}
            assert said.startswith(("not surveyed: ", "non relevée")) == work.assumed
            assert bool(cited & figures) != work.assumed


def test_no_works_no_reasons() -> None:
    sections, _ = sections_from(table(2, 1), MODEL.treatments)
    budget = budget_of(0.0, 0.0, YEARS)
    plan = plan_by_rule(sections, MODEL, budget)
    result = simulate(sections, MODEL, budget, plan)
    assert list_works(sections, MODEL, plan, result.notes) == []
