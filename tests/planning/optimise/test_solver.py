"""HiGHS behind its two typed problems, against every choice of small ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.optimise.solver import Entries, LinearProgramme, choose

gains = st.lists(st.integers(1, 50), min_size=1, max_size=6)


def dense(rows: int, columns: int, seed: int) -> np.ndarray:
    """Coefficients 0 to 9."""
    return np.random.default_rng(seed).integers(0, 10, (rows, columns)).astype(np.float64)


def entries(matrix: np.ndarray) -> Entries:
    """The same in compressed form."""
    row, column = np.nonzero(matrix)
    return Entries.of(row, column, matrix[row, column], matrix.shape[1])


@settings(max_examples=25, deadline=None)
@given(gains, st.integers(0, 1000), st.integers(1, 40))
def test_the_choice_is_that_of_brute_force(gain: list[int], seed: int, limit: int) -> None:
    matrix = dense(2, len(gain), seed)
    found = choose(
        np.array(gain, dtype=np.float64),
        entries(matrix),
        np.full(2, float(limit)),
        relative_gap=0.0,
        nodes=1000,
    )
    assert found is not None
    picks = np.array(list(itertools.product((0, 1), repeat=len(gain))))
    possible = (picks @ matrix.T <= limit).all(axis=1)
    best = (picks[possible] @ np.array(gain)).max()
    assert found.chosen @ np.array(gain) == best
    assert found.bound >= best - 1e-6
    assert (matrix @ found.chosen <= limit).all()


@settings(max_examples=25, deadline=None)
@given(gains, st.integers(0, 1000), st.integers(1, 40))
def test_dual_values_prove_the_optimum(gain: list[int], seed: int, limit: int) -> None:
    matrix = dense(2, len(gain), seed) + 1.0
    programme = LinearProgramme(np.full(2, float(limit)))
    for i in range(len(gain)):  # one after the other, as column generation finds them
        programme.add(np.array([float(gain[i])]), entries(matrix[:, i : i + 1]))
    found = programme.solve()
    assert (found.dual >= 0.0).all()
    assert (gain - found.dual @ matrix <= 1e-6).all()
    assert found.value == pytest.approx(found.dual.sum() * limit, rel=1e-6)
    assert found.value == pytest.approx(float(found.primal @ np.array(gain)), rel=1e-6)


def test_without_variables_there_is_nothing_to_solve() -> None:
    found = LinearProgramme(np.array([1.0, 2.0])).solve()
    assert (found.value, found.primal.tolist(), found.dual.tolist()) == (0.0, [], [0.0, 0.0])
