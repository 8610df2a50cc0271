"""The price list: what it says, what it refuses, and which treatment a note calls for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voirie.catalogue.treatments import NONE, convert_eur, load_treatments, parse_treatments
from voirie.errors import ConfigurationError

PRICES = load_treatments()
SAMPLES = Path(__file__).resolve().parents[3] / "samples"


@pytest.mark.parametrize(
    ("note", "category", "code"),
    [
        (18.0, 1, None),
        (17.99, 2, "PAT"),
        (17.75, 1, "PAT"),
        (17.74, 3, "ESU"),
        (17.74, 1, "BBTM"),
        (14.5, 2, "ESU"),
        (14.49, 2, "BBSG"),
        (10.5, 1, "BBSG"),
        (10.49, 3, "RET"),
        (0.0, 1, "REN"),
        (float("nan"), 1, None),
    ],
)
def test_the_adequate_treatment(note: float, category: int, code: str | None) -> None:
    (found,) = PRICES.adequate(np.array([note]), np.array([category]))
    assert (None if found == NONE else PRICES.codes[found]) == code


def test_upkeep_is_a_candidate_beside_the_renewal() -> None:
    found = PRICES.candidates(np.array([16.0]), np.array([3]))[:, 0]
    assert [c for c, ok in zip(PRICES.codes, found, strict=True) if ok] == ["PAT", "ESU"]


@given(st.floats(0.0, 20.0), st.integers(1, 3))
def test_no_candidate_costs_more_than_the_need(note: float, category: int) -> None:
    notes, categories = np.array([note]), np.array([category])
    adequate = PRICES.adequate(notes, categories)[0]
    for k in np.flatnonzero(PRICES.candidates(notes, categories)[:, 0]):
        line = PRICES.treatments[k]
        assert line.note_min <= note < line.note_max
        assert line.cost_eur_per_m2 <= PRICES.treatments[adequate].cost_eur_per_m2


@given(st.floats(0.01, 1e9), st.floats(0.0, 0.9))
def test_tax_there_and_back(amount: float, rate: float) -> None:
    there = convert_eur(amount, "HT", "TTC", rate)
    assert there >= amount
    assert convert_eur(there, "TTC", "HT", rate) == pytest.approx(amount)


def test_every_price_changes_tax() -> None:
    net = PRICES.in_tax("HT")
    assert net.tax == "HT"
    assert net.rebuild_eur_per_m2 == pytest.approx(PRICES.rebuild_eur_per_m2 / 1.2)
    assert net.treatments[1].cost_eur_per_m2 == pytest.approx(6.5 / 1.2)
    assert net.in_tax("TTC").treatments[1].cost_eur_per_m2 == pytest.approx(6.5)


def default() -> dict[str, Any]:
    """The content of the shipped file."""
    path = Path(__file__).resolve().parents[3] / "voirie" / "catalogue" / "treatments.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return data


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        (("tax",), None, "tax"),
        (("vat",), 0.2, "vat"),
        (("treatments", 0, "code"), "ESU", "twice"),
        (("treatments", 1, "note_min"), 18.0, "note_min"),
        (("treatments", 1, "effect"), {"set_note": 15.0, "ageing_factor": 3.4}, "set_note"),
        (("treatments", 1, "effect"), {"set_note": 19.0}, "ageing_factor"),
        (("treatments", 1, "effect"), {}, "exactly one"),
        (("treatments", 1, "envelope"), "both", "envelope"),
        (("treatments", 1, "categories"), [2, 4], "category"),
        (("treatments", 1, "cost_eur_per_m2"), 0, "cost_eur_per_m2"),
        (("treatments",), [], "treatments"),
    ],
)
def test_what_is_refused(where: tuple[Any, ...], value: Any, told: str) -> None:
    data = default()
    place: Any = data
    for key in where[:-1]:
        place = place[key]
    if value is None:
        del place[where[-1]]
    else:
        place[where[-1]] = value
    with pytest.raises(ConfigurationError, match=told):
        parse_treatments(data)


@pytest.mark.parametrize("text", ["", "- a", "a: [", "tax: TTC"])
def test_a_file_that_is_no_price_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "treatments.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as error:
        load_treatments(path)
    assert error.value.path == str(path)


def test_the_sample_is_the_default_under_its_own_name() -> None:
    sample = load_treatments(SAMPLES / "drive" / "treatments.yaml")
    assert sample.version != PRICES.version
    assert sample.model_copy(update={"version": PRICES.version}) == PRICES


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 1e300, 0.0])
def test_a_price_is_a_finite_number_above_nothing(price: float) -> None:
    data = load_treatments().model_dump(mode="json")
    parse_treatments(data)
    data["rebuild_eur_per_m2"] = price
    with pytest.raises(ConfigurationError, match="rebuild_eur_per_m2"):
        parse_treatments(data)
    data = load_treatments().model_dump(mode="json")
    data["ageing"]["slope"] = price or float("inf")
    with pytest.raises(ConfigurationError, match=r"ageing\.slope"):
        parse_treatments(data)
