"""Pricing against brute force over every lawful sequence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.deterioration import DeteriorationModel, State, evolve, step
from planning.optimise import state_graph
from planning.optimise.pricing import Pricer, near_best
from voirie.catalogue.treatments import NONE, load_treatments
from voirie.errors import ConfigurationError

MODEL = DeteriorationModel.of(load_treatments())
YEARS = 9


def lawful(category: int, state: State, years: int) -> Iterator[tuple[int, ...]]:
    """Every lawful sequence, by the plain rules."""
    if years == 0:
        yield ()
        return
    categories = np.array([category])
    may = MODEL.treatments.candidates(state.note, categories)[:, 0] & (state.locked_left[0] == 0)
    for k in (NONE, *np.flatnonzero(may).tolist()):
        after = step(MODEL, MODEL.rates(categories), state, np.array([k]))
        for rest in lawful(category, after, years - 1):
            yield (k, *rest)


def worths(category: int, note: float, price: np.ndarray) -> dict[tuple[int, ...], float]:
    """Worth of every lawful sequence at a price ``(K, T)``."""
    rows = list(lawful(category, State.start(np.array([note])), YEARS))
    works = np.array(rows, dtype=np.int8)
    size = len(rows)
    notes = evolve(MODEL, np.full(size, category), np.full(size, note), works)[:, 1:].sum(axis=1)
    paid = np.where(works == NONE, 0.0, price[np.maximum(works, 0), np.arange(YEARS)]).sum(axis=1)
    return dict(zip(rows, (notes - paid).tolist(), strict=True))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([1, 2, 3]), st.floats(6.0, 19.5), st.integers(0, 10_000), st.floats(0.0, 1.0)
)
def test_the_best_and_the_near_best_are_those_of_brute_force(
    category: int, note: float, seed: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    price = scale * MODEL.cost_eur_per_m2[:, None] * rng.uniform(0.0, 0.5, (6, YEARS))
    expected = worths(category, note, price)
    access = np.zeros((1, 6, YEARS), dtype=np.int8)
    pricer = Pricer(MODEL, np.array([category]), np.array([note]), access)
    best = pricer.best(price[:, :, None])
    assert best.value[0] == pytest.approx(max(expected.values()), abs=1e-9)
    assert expected[tuple(best.works[0].tolist())] == pytest.approx(best.value[0], abs=1e-9)
    found = near_best(pricer, pricer.worths(price[:, :, None]), 0, 2.0, 100_000)
    assert found is not None
    near = {row for row, worth in expected.items() if worth >= best.value[0] - 2.0}
    assert {tuple(row.tolist()) for row in found} == near


def test_sections_in_one_batch_or_in_many_are_the_same() -> None:
    rng = np.random.default_rng(3)
    category, note = rng.integers(1, 4, 40), rng.uniform(8.0, 19.9, 40)
    access = (rng.random((40, 6, YEARS)) < 0.8).astype(np.int8) - 1
    one = Pricer(MODEL, category, note, access)
    many = Pricer(MODEL, category, note, access, chunk=7)
    price = np.broadcast_to(
        MODEL.cost_eur_per_m2[:, None, None] * 0.1, (6, YEARS, len(one.group_category))
    )
    assert (one.best(price).works == many.best(price).works).all()
    taken = one.best(price).works
    s, t = np.nonzero(taken != NONE)
    assert (access[s, taken[s, t], t] >= 0).all()


def test_two_works_are_the_best_of_one_section() -> None:
    pricer = Pricer(MODEL, np.array([3]), np.array([17.0]), np.zeros((1, 6, 15), dtype=np.int8))
    price = np.zeros((6, 15, 1)) + MODEL.cost_eur_per_m2[:, None, None] * 0.15
    works = pricer.best(price).works[0]
    esu = MODEL.treatments.codes.index("ESU")
    assert (works == esu).sum() == 2


def test_too_many_sequences_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_graph, "MAX_NODES", 10)
    with pytest.raises(ConfigurationError, match="too many"):
        Pricer(MODEL, np.array([3]), np.array([17.9]), np.zeros((1, 6, 15), dtype=np.int8))
