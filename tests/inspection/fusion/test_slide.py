"""A pass is slid along the road by what most of its things ask for."""

from __future__ import annotations

import numpy as np
import pytest

from inspection.fusion.slide import REACH_M, slide_m

RNG = np.random.default_rng(5)
AT = np.sort(RNG.uniform(0, 400, 25))


def slid(second: np.ndarray, **own: np.ndarray) -> np.ndarray:
    zero, same = np.zeros(len(AT)), np.zeros(len(AT), dtype=int)
    there = {"across": np.zeros(len(second)), "kind": np.zeros(len(second), dtype=int)} | own
    gate = np.ones(len(second))
    return slide_m(AT, zero, same, second, there["across"], there["kind"], gate)


@pytest.mark.parametrize("away_m", [-9.0, -2.0, 0.0, 4.5, 8.0])
def test_it_finds_how_far_the_whole_pass_lies_off(away_m: float) -> None:
    noisy = AT - away_m + RNG.normal(0, 0.4, len(AT))
    assert slid(noisy) == pytest.approx(away_m, abs=1.0)


def test_the_slide_follows_a_drift_along_the_road() -> None:
    drift = np.where(AT < 200, 5.0, -4.0)
    found = slid(AT - drift)
    far = (AT < 100) | (AT > 300)
    assert found[far] == pytest.approx(drift[far], abs=1.0)


def test_one_thing_alone_moves_a_pass_only_a_little() -> None:
    found = slide_m(
        AT[:1], np.zeros(1), np.zeros(1, int), AT[:1] - 12.0, np.zeros(1), np.zeros(1, int),
        np.ones(1),
    )  # fmt: skip
    assert abs(found[0]) < REACH_M / 3


def test_other_kinds_and_other_places_across_tell_nothing() -> None:
    assert (slid(AT - 6.0, kind=np.ones(len(AT), dtype=int)) == 0).all()
    assert (slid(AT - 6.0, across=np.full(len(AT), 2.0)) == 0).all()
    assert np.abs(slid(AT - 6.0, across=np.full(len(AT), np.nan)) - 6.0).max() <= 1.0
