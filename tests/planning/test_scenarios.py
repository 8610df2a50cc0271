"""Scenarios: the file, the French notation, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.scenarios import Scenarios, load_scenarios, parse_envelopes
from voirie.errors import ConfigurationError

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

GOOD = """
[[scenarios]]
name = "a"
tax = "TTC"
phases = [
  { years = 2, investment_eur = 10, operation_eur = 1 },
  { years = 1, envelopes_meur = "13,5x2" },
]
"""


def test_phases_follow_one_another(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(GOOD, "utf-8")
    (scenario,) = load_scenarios(path).scenarios
    investment, operation = scenario.envelopes_eur()
    assert investment.tolist() == [10.0, 10.0, 13.5e6]
    assert operation.tolist() == [1.0, 1.0, 2e6]
    assert scenario.observations == "10 + 1 EUR (2 y), then 13,5x2 MEUR (1 y)"


@pytest.mark.parametrize(
    ("text", "meur"),
    [("13,5x2", (13.5, 2)), ("11x2,5", (11, 2.5)), ("0 x 0", (0, 0)), ("4×9", (4, 9))],
)
def test_the_printed_notation(text: str, meur: tuple[float, float]) -> None:
    assert parse_envelopes(text) == (meur[0] * 1e6, meur[1] * 1e6)


@given(st.integers(0, 999), st.integers(0, 99))
def test_the_notation_is_no_product(investment: int, operation: int) -> None:
    assert parse_envelopes(f"{investment}x{operation}") == (investment * 1e6, operation * 1e6)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('tax = "TTC"\n', "", "tax"),
        ('tax = "TTC"', 'tax = "ttc"', "tax"),
        ("years = 2", "years = 0", "years"),
        ("investment_eur = 10", "investment_eur = -1", "investment_eur"),
        (", operation_eur = 1 }", " }", "operation_eur"),
        ('"13,5x2"', '"13,5"', "13,5x2"),
        ("[[scenarios]]", "[scenarios]", "scenarios"),
        ("years = 2", "years = = 2", "TOML"),
    ],
)
def test_what_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(ConfigurationError) as error:
        load_scenarios(path)
    assert told in str(error.value)
    assert error.value.path == str(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not there: no such file"):
        load_scenarios(tmp_path / "none.toml")


@pytest.mark.parametrize("change", [{"name": "b"}, {"name": "a"}, {"name": "b", "tax": "HT"}])
def test_a_file_compares_like_with_like(change: dict[str, str]) -> None:
    phase = {"years": 3, "investment_eur": 1.0, "operation_eur": 1.0}
    first = {"name": "a", "tax": "TTC", "phases": [phase]}
    second = {**first, **change}
    if change == {"name": "b"}:
        second["phases"] = [{**phase, "years": 4}]
    with pytest.raises(ValueError, match=r"horizons|same name|mix"):
        Scenarios.model_validate({"scenarios": [first, second]})


@pytest.mark.parametrize(
    ("name", "count"), [("haute_garonne.toml", 11), ("drive/scenarios.toml", 3)]
)
def test_the_samples_are_over_fifteen_years(name: str, count: int) -> None:
    scenarios = load_scenarios(SAMPLES / name)
    assert len(scenarios.scenarios) == count
    assert scenarios.years == 15


@pytest.mark.parametrize("amount", ["nan", "inf", "1e300", "-1.0"])
def test_an_amount_that_no_budget_has_is_refused(amount: str, tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    phase = f"{{ years = 15, investment_eur = {amount}, operation_eur = 1.0 }}"
    path.write_text(f"[[scenarios]]\nname = 'a'\ntax = 'TTC'\nphases = [{phase}]\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"scenarios\.0\.phases\.0\.investment_eur"):
        load_scenarios(path)


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        ("[{ years = 15, envelopes_meur = '" + "9" * 400 + "x2' }]", "EUR a year"),
        ("[" + "{ years = 60, envelopes_meur = '1x2' }," * 20 + "]", "the horizon is 1200 years"),
    ],
)
def test_a_plan_that_nobody_could_pay_or_await_is_refused(
    phases: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(f"[[scenarios]]\nname = 'a'\ntax = 'TTC'\nphases = {phases}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_scenarios(path)
