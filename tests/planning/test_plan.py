"""From sections to tables: what they say, what is assumed, and that it is the same each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.plan import PlanResult, plan_sections
from planning.report import comparison, write_plan_csv
from planning.scenarios import Scenarios
from tests.planning.conftest import table
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.errors import ConfigurationError
from voirie.tables import TABLES
from voirie.wording import Wording


def budgets(tax: str = "TTC", factor: float = 1.0) -> Scenarios:
    """Two scenarios over six years."""

    def phase(years: int, investment: float, operation: float) -> dict[str, float]:
        return {
            "years": years,
            "investment_eur": investment * factor,
            "operation_eur": operation * factor,
        }

    return Scenarios.model_validate(
        {
            "scenarios": [
                {"name": "steady", "tax": tax, "phases": [phase(6, 24_000, 3_000)]},
                {
                    "name": "late",
                    "tax": tax,
                    "phases": [phase(2, 0, 0), phase(4, 20_000, 3_000)],
                },
            ]
        }
    )


@pytest.fixture(scope="module")
def sections() -> pd.DataFrame:
    """Twelve sections, one of them not surveyed."""
    frame = table(12, 4, 4.0)
    frame.loc[5, "note_globale"] = np.nan
    return frame


@pytest.fixture(scope="module")
def result(sections: pd.DataFrame) -> PlanResult:
    """Their plan."""
    return plan_sections(sections, load_treatments(), budgets(), 2025)


def test_the_tables_are_as_declared(result: PlanResult) -> None:
    for name in ("works", "plan_years", "scenarios"):
        assert list(getattr(result, name).columns) == TABLES[name].names
    assert result.scenarios["scenario"].tolist() == ["steady", "late"]
    years = result.plan_years[result.plan_years["scenario"] == "late"]["year"]
    assert years.tolist() == list(range(2025, 2032))


def test_years_and_works_add_up(result: PlanResult) -> None:
    years, works = result.plan_years, result.works
    for envelope in ("investment", "operation"):
        spend = works[works["envelope"] == envelope].groupby(["scenario", "year"])["cost_eur"].sum()
        for row in years.itertuples():
            spent = getattr(row, f"spend_{envelope}_eur")
            budget = getattr(row, f"budget_{envelope}_eur")
            assert spent == pytest.approx(spend.get((row.scenario, row.year), 0.0), abs=0.01)
            assert np.isnan(budget) or spent <= budget + 0.01
    assert (years["backlog_eur"] <= years["need_eur"] + 0.01).all()
    total = years.groupby("scenario")[["spend_investment_eur", "spend_operation_eur"]].sum()
    for row in result.scenarios.itertuples():
        assert row.total_eur == pytest.approx(total.loc[row.scenario].sum(), abs=0.05)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 0.8), st.booleans())
def test_seen_and_assumed_add_up(seed: int, unseen: float, only_seen: bool) -> None:
    frame = table(8, seed, 4.0)
    hidden = np.random.default_rng(seed).random(len(frame)) < unseen
    hidden[0] = False
    frame.loc[hidden, "note_globale"] = np.nan
    found = plan_sections(frame, load_treatments(), budgets(), 2025, only_seen=only_seen)
    names = {name.removesuffix("_seen_eur") for t in (found.plan_years, found.scenarios)
             for name in t.columns if name.endswith("_seen_eur")}  # fmt: skip
    assert names == {"spend", "need", "backlog", "total", "need_start", "need_end"}
    for of in (found.plan_years, found.scenarios):
        for name in names:
            if f"{name}_eur" in of.columns:
                parts = of[[f"{name}_seen_eur", f"{name}_assumed_eur"]].sum(axis=1)
                assert parts.tolist() == pytest.approx(of[f"{name}_eur"].tolist(), abs=0.006)
    works, years = found.works, found.plan_years
    area = frame["area_m2"].to_numpy()
    observed = 100.0 * area[~hidden].sum() / area.sum()
    assert found.scenarios["observed_area_pct"].tolist() == pytest.approx([observed] * 2, abs=1e-3)
    unseen_ids = set(frame.loc[hidden, "section_id"])
    assert works["assumed"].tolist() == [one in unseen_ids for one in works["section_id"]]
    for part in (True, False):
        name = "assumed" if part else "seen"
        paid = works[works["assumed"] == part]["cost_eur"].sum()
        assert years[f"spend_{name}_eur"].sum() == pytest.approx(paid, abs=0.5)
        assert found.scenarios[f"total_{name}_eur"].sum() == pytest.approx(paid, abs=0.5)
    split = years[["spend_investment_assumed_eur", "spend_operation_assumed_eur"]].sum(axis=1)
    assert split.tolist() == pytest.approx(years["spend_assumed_eur"].tolist(), abs=0.006)
    if only_seen:
        assert not works["assumed"].any() and (found.scenarios["scope"] == "seen").all()
        assert (years["need_assumed_eur"] == 0).all() and years["note_assumed"].isna().all()
        told = any("left out of the plan" in said for said in _said(found))
        assert told == bool(hidden.any())
    else:
        seen_area, assumed_area = area[~hidden].sum(), area[hidden].sum()
        mean = (
            years["note_seen"] * seen_area + years["note_assumed"].fillna(0) * assumed_area
        ) / area.sum()
        assert mean.tolist() == pytest.approx(years["note"].tolist(), abs=1e-5)


def test_only_what_was_seen_is_the_plan_of_those_sections_alone(sections: pd.DataFrame) -> None:
    found = plan_sections(sections, load_treatments(), budgets(), 2025, only_seen=True)
    seen = sections[sections["note_globale"].notna()]
    alone = plan_sections(seen, load_treatments(), budgets(), 2025)
    pd.testing.assert_frame_equal(found.works, alone.works)
    assert found.scenarios["value"].tolist() == alone.scenarios["value"].tolist()
    assert found.scenarios["observed_area_pct"].max() < 100.0


def test_rule_and_idleness_stand_beside_the_plan(result: PlanResult) -> None:
    for row in result.scenarios.itertuples():
        last = result.plan_years[result.plan_years["scenario"] == row.scenario].iloc[-1]
        assert row.need_end_eur <= row.do_nothing_need_end_eur
        assert row.need_end_eur >= 0 and row.rule_need_end_eur >= 0
        assert row.rule_total_eur > 0 and 0 < row.rule_note_end <= 20
        assert row.value_unit == "note-years" and last["tax"] == row.tax == "TTC"


def test_notes_lie_between_low_and_high(result: PlanResult) -> None:
    for row in result.scenarios.itertuples():
        own = result.plan_years[result.plan_years["scenario"] == row.scenario]["note"]
        assert own.min() <= row.note_mean <= row.note_high == own.max()
        assert own.min() <= row.note_start <= own.max()
        assert own.min() <= row.note_end <= own.max()
        assert np.isnan(row.note_low) or row.note_low < row.note_start
    late = result.scenarios.set_index("scenario").loc["late"]
    assert late["note_low"] < late["note_start"]


def test_value_bound_and_gap_are_one_reckoning(result: PlanResult) -> None:
    for row in result.scenarios.itertuples():
        assert row.do_nothing_value <= row.rule_value <= row.value + 1e-6
        assert row.value <= row.bound + 1e-6
        gap = 100.0 * (row.bound - row.value) / (row.bound - row.do_nothing_value)
        assert row.gap_pct == pytest.approx(gap, abs=1e-3)


def test_a_section_that_was_not_seen_is_assumed_and_said(
    result: PlanResult, sections: pd.DataFrame
) -> None:
    share = 100.0 * sections["area_m2"][5] / sections["area_m2"].sum()
    assert result.scenarios["assumed_area_pct"].tolist() == pytest.approx([share, share], abs=1e-3)
    assert Wording("en").say(result.warnings[0]).startswith("1 section of 12 is not surveyed")


def test_every_work_says_why(result: PlanResult, sections: pd.DataFrame) -> None:
    assert len(result.works)
    unseen = set(sections.loc[sections["note_globale"].isna(), "section_id"])
    for row in result.works.itertuples():
        if row.section_id in unseen:
            assert row.reason_en.startswith(f"not surveyed: {row.treatment} at")
            assert row.reason_fr.startswith("non relevée")
        else:
            note = f"{row.note_before:.2f}"
            assert row.reason_en.startswith(f"score {note} under")
            assert row.reason_fr.startswith(f"note {note.replace('.', ',')} sous")
            assert row.envelope in row.reason_en
        assert f"{row.treatment} at" in row.reason_en and "€/m² incl. VAT" in row.reason_en
        assert str(row.year) in row.reason_en
        assert "\n" not in row.reason_en + row.reason_fr


def test_the_order_of_the_rows_does_not_matter(result: PlanResult, sections: pd.DataFrame) -> None:
    mixed = sections.sample(frac=1.0, random_state=1)
    again = plan_sections(mixed, load_treatments(), budgets(), 2025)
    for name in ("works", "plan_years", "scenarios"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name))


def test_ht_prices_with_ht_budgets_give_the_same_plan(
    result: PlanResult, sections: pd.DataFrame, treatments: Treatments
) -> None:
    again = plan_sections(sections, treatments.in_tax("HT"), budgets("HT", 1 / 1.2), 2025)
    assert again.scenarios["tax"].tolist() == ["HT", "HT"]
    spent = again.scenarios["total_eur"] * 1.2
    assert spent.tolist() == pytest.approx(result.scenarios["total_eur"].tolist(), rel=1e-3)


def test_no_note_at_all_gives_empty_tables_and_a_sentence(treatments: Treatments) -> None:
    frame = table(3, 1).assign(note_globale=np.nan)
    found = plan_sections(frame, treatments, budgets(), 2025)
    assert (len(found.works), len(found.plan_years), len(found.scenarios)) == (0, 0, 0)
    assert "no section has a score" in found.warnings[0].text


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("area_m2", 0.0, "area"),
        ("length_m", np.nan, "length"),
        ("category", 9, "category 9"),
        ("note_globale", 21.0, "0-20"),
        ("section_id", "s0001", "twice"),
    ],
)
def test_sections_that_cannot_be_planned(
    treatments: Treatments, column: str, value: object, told: str
) -> None:
    frame = table(3, 1)
    frame.loc[0, column] = value
    with pytest.raises(ConfigurationError, match=told):
        plan_sections(frame, treatments, budgets(), 2025)


def _said(found: PlanResult) -> list[str]:
    return [Wording("en").say(warning) for warning in found.warnings]


def test_a_missing_category_is_the_lowest_and_said(treatments: Treatments) -> None:
    frame = table(3, 1).astype({"category": "Int64"})
    frame.loc[0, "category"] = pd.NA
    found = plan_sections(frame, treatments, budgets(), 2025)
    assert "1 section has no category: planned as category 3" in _said(found)


def test_a_treatment_that_is_never_chosen_is_named(treatments: Treatments) -> None:
    data = treatments.model_dump()
    data["treatments"] = [
        *data["treatments"],
        {**data["treatments"][1], "code": "ECF", "cost_eur_per_m2": 8.0},
    ]
    found = plan_sections(table(3, 1), Treatments.model_validate(data), budgets(), 2025)
    assert any(warning.startswith("ECF is never chosen") for warning in _said(found))


def test_the_comparison_in_two_languages(result: PlanResult, tmp_path: Path) -> None:
    french = comparison(result.scenarios, "fr")
    assert french.columns[:6].tolist() == [
        "scenario",
        "ng_debut",
        "ng_fin",
        "ng_haute",
        "ng_basse",
        "ng_moyenne",
    ]
    assert french["ng_basse"][1].endswith("(D)") and "," in french["ng_fin"][0]
    path = write_plan_csv(result.scenarios, tmp_path / "plan.csv")
    first = path.read_bytes()
    assert write_plan_csv(result.scenarios, path).read_bytes() == first
    back = pd.read_csv(path)
    assert back["note_end"].dtype == np.float64
    assert back["note_end"].tolist() == result.scenarios["note_end"].round(2).tolist()
