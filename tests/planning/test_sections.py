"""Sections from a table: sorted, complete, and what is assumed is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.sections import sections_from
from planning.unseen import FEWEST
from tests.planning.conftest import table
from voirie.catalogue.treatments import load_treatments
from voirie.errors import ConfigurationError

PRICES = load_treatments()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.floats(0.0, 0.9))
def test_sorted_and_drawn_from_what_was_measured(seed: int, count: int, unseen: float) -> None:
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
        of_its_own = same & ~sections.assumed
        measured = of_its_own if of_its_own.sum() >= FEWEST else ~sections.assumed
        drawn = sections.note[same & sections.assumed]
        assert np.isin(drawn, sections.note[measured]).all()
    assert sections.assumed_area_pct == pytest.approx(
        100.0 * frame.loc[hidden, "area_m2"].sum() / frame["area_m2"].sum()
    )
    again, _ = sections_from(frame.sample(frac=1.0, random_state=seed + 1), PRICES)
    assert again.note.tobytes() == sections.note.tobytes()


def test_a_note_beside_class_nd_is_not_taken() -> None:
    frame = table(3, 3).assign(category=3, classe_etat=["BE", "nd", None])
    sections, _ = sections_from(frame, PRICES)
    assert sections.assumed.tolist() == [False, True, False]
    assert sections.note[1] in (sections.note[0], sections.note[2])


def test_an_aged_note_is_kept_counts_as_assumed_and_gives_none_to_others() -> None:
    notes = [12.0, 17.0, np.nan]
    frame = table(3, 3).assign(category=3, note_globale=notes, assumed=[True, False, None])
    sections, _ = sections_from(frame, PRICES)
    assert sections.note.tolist() == [12.0, 17.0, 17.0]
    assert sections.assumed.tolist() == [True, False, True]


def test_a_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    frame = table(2, 3).assign(assumed=["true", "perhaps"])
    with pytest.raises(ConfigurationError, match="assumed is 'perhaps', not true or false"):
        sections_from(frame, PRICES, Path("sections.csv"))


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
    told = {**row, "note_globale": 12.0} | {column: value}
    # Of objects: the oldest pandas that is allowed cannot hold a whole number of 400 digits else.
    rows = pd.DataFrame({name: pd.Series([one], dtype=object) for name, one in told.items()})
    with pytest.raises(ConfigurationError, match=said) as refused:
        sections_from(rows, load_treatments(), Path("sections.csv"))
    assert refused.value.path == "sections.csv"
