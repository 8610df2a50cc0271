"""“Why not my road?”: what is said is so, in both languages, and never of an unseen road."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.plan import PlanResult, plan_sections
from planning.scenarios import Scenarios, load_scenarios
from planning.why_not import left_out
from tests.planning.conftest import table
from voirie.catalogue.treatments import load_treatments
from voirie.wording import ENGLISH

DRIVE = Path("samples/drive")
PRICES = load_treatments()


def planned(frame: pd.DataFrame, investment: float, operation: float, years: int = 5) -> PlanResult:
    """Their plan under one steady budget."""
    phase = {"years": years, "investment_eur": investment, "operation_eur": operation}
    given_ = {"scenarios": [{"name": "low", "tax": "TTC", "phases": [phase]}], "first_year": 2030}
    return plan_sections(frame, PRICES, Scenarios.model_validate(given_))


def plain(text: str) -> str:
    """The text with common blanks."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def rows(*notes: float | None, area_m2: float = 1000.0) -> pd.DataFrame:
    """Sections of category 3 with these notes."""
    count = len(notes)
    return pd.DataFrame(
        {
            "section_id": [f"s{i}" for i in range(count)],
            "area_m2": area_m2,
            "length_m": 200.0,
            "category": 3,
            "note_globale": list(notes),
        }
    )


def test_the_worst_sections_of_the_sample_cost_more_than_a_year_and_it_says_so() -> None:
    """Two sections of 1,100 m2 under 14.5 and a budget of 14,000 EUR a year."""
    frame = rows(9.0, 12.0, 16.0, 19.8, area_m2=1100.0)
    found = plan_sections(
        frame, load_treatments(DRIVE / "treatments.yaml"), load_scenarios(DRIVE / "scenarios.toml")
    )
    own = found.section_plans[found.section_plans["scenario"] == "budget actuel"]
    worst = own.set_index("section_id").loc["s0"]
    assert worst["situation"] == "too_dear" and pd.isna(worst["planned_in"])
    said = worst["why_en"]
    assert "in-place recycling, €33,000 incl. VAT, costs more than the envelope of any one" in said
    assert "(€14,000 at most), and nothing is carried over" in worst["why_en"]
    assert "It would take €33,000 of investment in one year." in worst["why_en"]
    french = plain(worst["why_fr"])
    assert (
        "(retraitement en place, 33 000 € TTC) coûtent plus que l’enveloppe de toute année"
        in french
    )
    assert "Il faudrait 33 000 € d’enveloppe investissement en une seule année" in french
    assert own["situation"].tolist()[:2] == ["too_dear", "too_dear"]
    assert not set(found.works.query("scenario == 'budget actuel'")["section_id"]) & {"s0", "s1"}


def test_what_it_would_take_is_said_of_a_section_that_others_outdo() -> None:
    found = planned(rows(15.0, 15.1, 15.2, 17.6), 7_000.0, 0.0, years=1)
    last = found.section_plans.set_index("section_id").loc["s3"]
    assert last["situation"] == "outranked" and last["priority"] == last["rivals"] == 4
    assert "rank 4 of 4 in the first year; the works down to it cost €26,000" in last["why_en"]
    assert last["entry_eur"] == 26_000.0 and "hold €7,000." in last["why_en"]
    assert "No work is planned for it by 2030." in last["why_en"]


def test_a_good_road_calls_for_nothing_and_a_wait_ends_in_its_year() -> None:
    found = planned(rows(19.9, 17.9), 50_000.0, 0.0, years=15)
    good, later = (found.section_plans.set_index("section_id").loc[s] for s in ("s0", "s1"))
    assert good["situation"] == "nothing_called"
    assert "calls for no work, and would not before 2045" in good["why_en"]
    assert later["situation"] == "later"
    label = {line.code: line.label_en for line in PRICES.treatments}[later["planned_treatment"]]
    assert f"Planned in {later['planned_in']}: {label[0].lower()}{label[1:]}, €" in later["why_en"]


def test_upkeep_is_not_taken_for_the_work_that_the_score_calls_for() -> None:
    found = planned(rows(16.0), 5_000.0, 1_000.0)
    (said,) = found.section_plans["why_en"]
    assert said.startswith("Planned in 2030: spray patching and crack sealing, €900 incl. VAT.")
    assert "That is upkeep only: the work its score calls for, surface dressing or cold" in said
    assert "€6,500 incl. VAT, costs more than the envelope of any one year (€5,000" in said


def test_a_year_without_money_is_said_to_have_none() -> None:
    phases = [
        {"years": 2, "investment_eur": 0, "operation_eur": 0},
        {"years": 2, "investment_eur": 9_000, "operation_eur": 0},
    ]
    given_ = {"scenarios": [{"name": "late", "tax": "TTC", "phases": phases}], "first_year": 2030}
    found = plan_sections(rows(16.0), PRICES, Scenarios.model_validate(given_))
    (said,) = found.section_plans["why_en"]
    assert "the largest envelope of 2030 that may pay it is €0: less than its cost" in said
    assert "Planned in 2032: surface dressing or cold slurry, €6,500 incl. VAT." in said


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(2e3, 5e4), st.booleans())
def test_every_section_is_told_of_and_nothing_of_what_an_unseen_one_needs(
    seed: int, investment: float, only_seen: bool
) -> None:
    frame = table(7, seed, 4.0)
    hidden = np.random.default_rng(seed).random(7) < 0.4
    hidden[0] = False
    frame.loc[hidden, "note_globale"] = np.nan
    phase = {"years": 4, "investment_eur": investment, "operation_eur": 1500.0}
    given_ = {"scenarios": [{"name": "a", "tax": "TTC", "phases": [phase]}], "first_year": 2030}
    found = plan_sections(frame, PRICES, Scenarios.model_validate(given_), only_seen=only_seen)
    told = found.section_plans
    assert sorted(told["section_id"]) == sorted(frame["section_id"])
    unseen = set(frame.loc[hidden, "section_id"])
    first = found.works.sort_values("year").drop_duplicates("section_id").set_index("section_id")
    for row in told.itertuples():
        assert row.assumed == (row.section_id in unseen)
        assert row.why_fr != row.why_en and "{" not in row.why_fr + row.why_en
        if row.section_id in first.index:
            assert row.planned_in == first.loc[row.section_id, "year"]
            assert row.planned_cost_eur == pytest.approx(first.loc[row.section_id, "cost_eur"])
        else:
            assert pd.isna(row.planned_in)
        if row.assumed:
            assert row.why_en.startswith("Nobody saw this road")
            assert row.why_fr.startswith("Personne n’a vu cette route")
            assert (row.situation == "left_out") == only_seen
            assert (row.why_en == left_out(ENGLISH)) == only_seen
            names = [n for t in PRICES.treatments for n in (t.code, t.label_fr, t.label_en)]
            text = (row.why_en + row.why_fr).lower()
            assert not any(name.lower() in text for name in names if len(name) > 4)
            assert not any(code in row.why_en + row.why_fr for code in PRICES.codes)
            assert "score" not in row.why_en and "calls" not in row.why_en
