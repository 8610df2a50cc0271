"""Notes of sections that nobody saw: their distribution, and that it is the same each time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.unseen import FEWEST, drawn_notes


def _case(seed: int, count: int) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    note = np.where(rng.random(count) < 0.5, np.nan, rng.uniform(0.0, 20.0, count))
    note[0] = 13.0
    ids = tuple(f"{seed}-{i}" for i in range(count))
    return ids, note, rng.integers(1, 4, count), rng.uniform(100.0, 2000.0, count)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 200))
def test_measured_notes_stay_and_the_others_are_measured_ones(seed: int, count: int) -> None:
    ids, note, category, area = _case(seed, count)
    drawn, seen = drawn_notes(ids, note, category, area), ~np.isnan(note)
    assert (drawn[seen] == note[seen]).all()
    assert np.isin(drawn, note[seen]).all()
    mixed = np.random.default_rng(seed).permutation(count)
    again = drawn_notes(tuple(ids[i] for i in mixed), note[mixed], category[mixed], area[mixed])
    assert again.tobytes() == drawn[mixed].tobytes()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(FEWEST, 60), st.integers(20, 200))
def test_the_share_under_any_threshold_is_that_of_what_was_measured(
    seed: int, measured: int, unseen: int
) -> None:
    rng = np.random.default_rng(seed)
    note = np.append(rng.uniform(0.0, 20.0, measured), np.full(unseen, np.nan))
    count = measured + unseen
    area = np.full(count, 800.0)
    ids = tuple(f"{seed}-{i}" for i in range(count))
    drawn = drawn_notes(ids, note, np.full(count, 2), area)
    for limit in (14.5, 17.75):
        share = (note[:measured] < limit).mean()
        assert abs((drawn[measured:] < limit).mean() - share) <= 1.0 / unseen + 1e-9


def test_a_category_with_too_few_measured_draws_from_all() -> None:
    note = np.append(np.full(FEWEST - 1, 19.0), np.append(np.full(40, 8.0), np.full(30, np.nan)))
    category = np.append(np.full(FEWEST - 1, 1), np.append(np.full(40, 3), np.full(30, 1)))
    ids = tuple(map(str, range(len(note))))
    drawn = drawn_notes(ids, note, category, np.ones(len(note)))
    assert set(drawn[-30:].tolist()) == {8.0, 19.0}


def test_nothing_measured_nothing_drawn() -> None:
    found = drawn_notes(("a", "b"), np.full(2, np.nan), np.full(2, 3), np.ones(2))
    assert np.isnan(found).all()
