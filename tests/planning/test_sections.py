"""Sections from a table: sorted, complete, and what is assumed is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.sections import sections_from
from tests.planning.conftest import table
from voirie.catalogue.treatments import load_treatments
from voirie.errors import ConfigurationError

PRICES = load_treatments()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 30), st.floats(0.0, 0.9))
def test_sorted_and_assumed_at_the_mean_of_the_category(
    seed: int, count: int, unseen: float
) -> None:
    rng = np.random.default_rng(seed)
    frame = table(count, seed).sample(frac=1.0, random_state=seed)
    hidden = rng.random(count) < unseen
    hidden[0] = False
    frame.loc[hidden, "note_globale"] = np.nan
    sections, told = sections_from(frame, PRICES)
    assert list(sections.section_id) == sorted(frame["section_id"])
    assert int(sections.assumed.sum()) == int(hidden.sum())
    assert len(told) == int(hidden.any())
    for number in set(sections.category[sections.assumed].tolist()):
        same = sections.category == number
        seen = same if (same & ~sections.assumed).any() else sections.category > 0
        seen = seen & ~sections.assumed
        mean = np.average(sections.note[seen], weights=sections.area_m2[seen])
        assert sections.note[same & sections.assumed] == pytest.approx(mean)
    assert sections.assumed_area_pct == pytest.approx(
        100.0 * frame.loc[hidden, "area_m2"].sum() / frame["area_m2"].sum()
    )


def test_some_of_the_sections_keep_their_own_values() -> None:
    sections, _ = sections_from(table(9, 3), PRICES)
    some = sections.take(np.array([7, 2]))
    assert some.section_id == (sections.section_id[7], sections.section_id[2])
    assert len(some) == 2
    assert some.weight_m2.tolist() == sections.weight_m2[[7, 2]].tolist()


def test_a_category_weighs_as_the_price_list_says() -> None:
    sections, _ = sections_from(table(20, 1), PRICES)
    weights = [PRICES.category_weights[c] for c in sections.category.tolist()]
    assert (sections.weight_m2 / sections.area_m2).tolist() == pytest.approx(weights)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ConfigurationError, match="area_m2"):
        sections_from(pd.DataFrame({"section_id": ["a"]}), PRICES)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("area_m2", float("inf"), "no positive, finite area"),
        ("length_m", 1e300, "no positive, finite length"),
        ("length_m", 10**400, "no positive, finite length"),
        ("category", 10**400, "has the category inf"),
        ("length_m", 0.0, "no positive, finite length"),
        ("category", float("inf"), "has the category inf"),
        ("category", 2.5, "has the category 2.5"),
        ("note_globale", float("inf"), "outside 0-20"),
    ],
)
def test_a_number_that_no_section_has_is_refused_with_its_file(
    column: str, value: float, said: str
) -> None:
    row = {"section_id": "a", "area_m2": 800.0, "length_m": 160.0, "category": 3.0}
    rows = pd.DataFrame([{**row, "note_globale": 12.0} | {column: value}])
    with pytest.raises(ConfigurationError, match=said) as refused:
        sections_from(rows, load_treatments(), Path("sections.csv"))
    assert refused.value.path == "sections.csv"
