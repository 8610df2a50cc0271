"""The cheapest way is that of trying every way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.network.cheapest_path import cheapest_path


@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.integers(0, 10_000))
def test_no_way_is_cheaper(states: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = [rng.uniform(0, 9, n) for n in states]
    steps = [np.empty((0, 0))]
    steps += [rng.uniform(0, 9, pair) for pair in itertools.pairwise(states)]

    def cost(way: tuple[int, ...]) -> float:
        at = sum(own[k][state] for k, state in enumerate(way))
        return float(at + sum(steps[k][way[k - 1], way[k]] for k in range(1, len(way))))

    found = tuple(cheapest_path(own, lambda k: steps[k]).tolist())
    every = itertools.product(*(range(n) for n in states))
    assert cost(found) == pytest.approx(min(map(cost, every)))


def test_a_state_that_cannot_be_reached_is_not_taken() -> None:
    own = [np.zeros(2), np.zeros(2), np.array([0.0, 1.0])]
    closed = np.array([[0.0, 0.0], [0.0, np.inf]])
    assert cheapest_path(own, lambda k: closed).tolist() == [0, 0, 0]
    own[0] = np.array([np.inf, 0.0])
    assert cheapest_path(own, lambda k: closed).tolist() == [1, 0, 0]
