"""Ageing: the law of domain-rules, and what it gives at the scale of a department."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel, State, evolve, step
from voirie.catalogue.treatments import NONE, Treatments, load_treatments

MODEL = DeteriorationModel.of(load_treatments())
CODES = MODEL.treatments.codes


def works(*codes: str | None) -> np.ndarray:
    """One section's works by code."""
    return np.array([[NONE if c is None else CODES.index(c) for c in codes]], dtype=np.int8)


def notes(start: float, category: int, *codes: str | None) -> list[float]:
    """Notes of one section."""
    found = evolve(MODEL, np.array([category]), np.array([start]), works(*codes))
    return [float(x) for x in found[0]]


def test_a_year_without_works_loses_the_law() -> None:
    assert notes(18.0, 1, None)[1] == pytest.approx(18.0 - 0.060 * (0.75 + 0.43 * 2.0))


def test_the_loss_is_capped() -> None:
    assert notes(12.0, 3, None)[1] == pytest.approx(12.0 - 0.037 * 2.0)


def test_a_renewal_sets_the_note_and_the_pace() -> None:
    first = 19.1 - 0.049 * (0.75 + 0.43 * 0.9) * 3.4 * 0.3
    found = notes(16.0, 2, "ESU", None)
    assert found[1] == pytest.approx(first)
    assert found[2] == pytest.approx(first - 0.049 * (0.75 + 0.43 * (20 - first)) * 3.4)


def test_upkeep_slows_three_years_after_its_own() -> None:
    found = notes(17.9, 3, "PAT", None, None, None, None)
    loss = -np.diff(found)
    at = [0.037 * (0.75 + 0.43 * (20 - n)) for n in found[1:-1]]
    assert loss[1:] == pytest.approx([0.6 * at[0], 0.6 * at[1], 0.6 * at[2], at[3]])


@pytest.mark.parametrize(
    ("code", "category", "start", "years"),
    [("ESU", 3, 17.0, (6, 9)), ("BBTM", 1, 17.0, (6, 8)), ("REN", 1, 9.0, (15, 18))],
)
def test_lives_until_the_surface_trigger(
    code: str, category: int, start: float, years: tuple[int, int]
) -> None:
    found = np.array(notes(start, category, code, *[None] * 24)[1:])
    assert years[0] <= int(np.argmax(found < 17.75)) + 1 <= years[1] + 1


@given(st.floats(0.0, 20.0), st.integers(1, 3))
def test_doing_nothing_never_raises_a_note(note: float, category: int) -> None:
    found = evolve(MODEL, np.array([category]), np.array([note]), np.full((1, 15), NONE, np.int8))
    assert (np.diff(found[0]) <= 0.0).all()
    assert (found >= 0.0).all()


def test_same_works_same_state(treatments: Treatments) -> None:
    model = DeteriorationModel.of(treatments)
    category, note = np.array([1, 2, 3]), np.array([17.0, 16.0, 9.0])
    plan = np.tile(works("BBTM", None, "PAT"), (3, 1))
    assert (evolve(model, category, note, plan) == evolve(model, category, note, plan)).all()


def test_a_work_locks_for_its_moratorium() -> None:
    state = State.start(np.array([17.0]))
    state = step(MODEL, MODEL.rates(np.array([3])), state, np.array([CODES.index("ESU")]))
    assert state.locked_left.tolist() == [5]
