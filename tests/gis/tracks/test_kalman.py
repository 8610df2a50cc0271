"""The filter and smoother against the one solution of a linear Gaussian model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.tracks.kalman import STATES, Measurements, Motion, filter_and_smooth
from voirie.arrays import Floats

MOTION = Motion(1.2, 5.0, 3.4, 30.0)


def seen(t_s: Floats, xy: Floats, variance: Floats) -> Measurements:
    """Fixes alone: no road, and nothing known of standing."""
    n = len(t_s)
    return Measurements(
        t_s, xy, variance, np.zeros((n, 2)), np.zeros((n, 2)), np.zeros(n),
        np.full(n, np.nan), np.zeros(n, dtype=bool),
    )  # fmt: skip


def conditioned(given_: Measurements) -> tuple[Floats, Floats]:
    """Mean and covariance of all states at once, given all fixes: no recursion."""
    n = len(given_.t_s)
    start = np.repeat([1e3, 25.0, MOTION.acceleration_sd_mps2, MOTION.drift_sd_m], 2) ** 2
    # Each state is the first one and the noises since, moved on.
    maps, noises = [np.eye(STATES)], [np.diag(start)]
    for k in range(1, n):
        move, noise = MOTION.step(float(given_.t_s[k] - given_.t_s[k - 1]))
        maps.append(move)
        noises.append(noise)
    spread = np.zeros((n * STATES, n * STATES))
    own = noises[0]
    for k in range(n):
        if k:
            own = maps[k] @ own @ maps[k].T + noises[k]
        across = own
        for m in range(k, n):
            across = across if m == k else maps[m] @ across
            rows, columns = (slice(i * STATES, (i + 1) * STATES) for i in (m, k))
            spread[rows, columns], spread[columns, rows] = across, across.T
    fixed = np.flatnonzero(np.isfinite(given_.xy[:, 0]))
    look = np.zeros((2 * len(fixed), n * STATES))
    for i, k in enumerate(fixed):
        for axis in (0, 1):
            look[2 * i + axis, [k * STATES + axis, k * STATES + 6 + axis]] = 1.0
    prior = np.zeros(n * STATES)
    first = given_.xy[fixed[0]]
    prior.reshape(n, STATES)[:, 0:2] = first
    noise = np.diag(np.repeat(given_.variance[fixed], 2))
    gain = spread @ look.T @ np.linalg.inv(look @ spread @ look.T + noise)
    mean = prior + gain @ (given_.xy[fixed].reshape(-1) - look @ prior)
    cov = spread - gain @ look @ spread
    return mean.reshape(n, STATES), cov


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.floats(0.2, 6.0), min_size=1, max_size=5),
    st.sets(st.integers(1, 5)),
    st.integers(0, 10_000),
)
def test_it_is_the_exact_posterior(steps: list[float], gaps: set[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    t_s = np.round(np.r_[0.0, np.cumsum(steps)], 3)
    xy = np.stack([12.0 * t_s, 2.0 * t_s], axis=1) + rng.normal(0, 3, (len(t_s), 2))
    xy[[k for k in gaps if k < len(t_s)]] = np.nan
    nodes = seen(t_s, xy, rng.uniform(0.5, 4.0, len(t_s)))
    found = filter_and_smooth(nodes, MOTION, gate=None)
    mean, cov = conditioned(nodes)
    assert found.mean == pytest.approx(mean, abs=1e-3, rel=1e-4)
    for k in range(len(t_s)):
        own = cov[k * STATES : (k + 1) * STATES, k * STATES : (k + 1) * STATES]
        assert found.covariance[k] == pytest.approx(own, abs=1e-2, rel=1e-3)


@given(st.floats(0.001, 20.0), st.floats(0.001, 20.0))
def test_two_steps_are_one(first_s: float, second_s: float) -> None:
    (a, noise_a), (b, noise_b) = MOTION.step(first_s), MOTION.step(second_s)
    both, noise = MOTION.step(first_s + second_s)
    assert b @ a == pytest.approx(both, abs=1e-6)
    # Below a hundredth of the correlation time the noise is a series: good to two parts in 100.
    assert b @ noise_a @ b.T + noise_b == pytest.approx(noise, rel=0.03, abs=1e-4)


def test_the_gate_keeps_a_wild_fix_out() -> None:
    t_s = np.arange(20.0)
    xy = np.stack([15.0 * t_s, np.zeros(20)], axis=1)
    xy[9] += [0.0, 400.0]
    gated, ungated = (
        filter_and_smooth(seen(t_s, xy, np.ones(20)), MOTION, gate) for gate in (36.0, None)
    )
    assert abs(gated.mean[9, 1]) < 1.0 < abs(ungated.mean[9, 1])
