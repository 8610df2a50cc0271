"""Notes, their bounds and classes, against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.scoring.notes import Weighted, classes, note, note_columns, weighted, with_unseen
from voirie.arrays import Floats
from voirie.catalogue.scheme import SETS, load_scheme
from voirie.catalogue.treatments import load_treatments

SCHEME, THRESHOLDS = load_scheme(), load_treatments().thresholds
percents = arrays(np.float64, (len(SCHEME.codes), 3, 2), elements=st.floats(0.0, 100.0))


@settings(max_examples=15, deadline=None)
@given(percents, st.sets(st.sampled_from(SCHEME.codes)))
def test_d_is_the_sum_of_weight_times_extent(extents: Floats, observable: set[str]) -> None:
    found = weighted(extents, SCHEME, frozenset(observable))
    for s, name in enumerate(SETS):
        own = [code for code in SCHEME.weights[name] if code in observable]
        for unit in range(2):
            plain = sum(
                weight * extents[SCHEME.codes.index(code), g, unit]
                for code in own
                for g, weight in enumerate(SCHEME.weights[name][code])
            )
            assert found[s, unit] == pytest.approx(plain if own else np.nan, nan_ok=True)


d_pct = st.floats(0.0, 300.0)


@given(st.tuples(d_pct, d_pct, d_pct).map(sorted), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_bounds_hold_d_and_the_less_was_seen_the_wider_they_are(
    d: list[float], one: float, other: float
) -> None:
    less, more = sorted((one, other))
    certain, scored, worse = (np.full((2, 2), value) for value in d)
    bounds = with_unseen(scored, certain, worse, np.array([less, more]), SCHEME.interval)
    assert (bounds.best <= scored + 1e-9).all()
    assert (bounds.worst >= scored - 1e-9).all()
    assert (bounds.best[:, 0] <= bounds.best[:, 1] + 1e-9).all()
    assert (bounds.worst[:, 0] >= bounds.worst[:, 1] - 1e-9).all()


def test_what_was_not_seen_is_clean_at_best_and_twice_as_damaged_at_worst() -> None:
    d = np.array([[10.0, 40.0], [0.0, 0.0]])
    half = with_unseen(d, d, d, np.array([0.5, 0.5]), SCHEME.interval)
    assert half.best.tolist() == [[5.0, 20.0], [0.0, 0.0]]
    # At least D = 25 where nothing is known: 5 + 12.5; 20 + 40; 12.5.
    assert half.worst.tolist() == [[17.5, 60.0], [12.5, 12.5]]


@given(d_pct, d_pct)
def test_a_note_lies_between_0_and_20_and_falls_with_damage(one: float, other: float) -> None:
    low, high = sorted((one, other))
    best, worst = note(np.array([low, high])).tolist()
    assert 0.0 <= worst <= best <= 20.0
    if high <= 100.0:
        assert best - worst == pytest.approx((high - low) / 5.0)


def test_the_global_note_is_the_lower_one_and_the_one_there_is() -> None:
    d = np.array([[10.0, 50.0, np.nan, np.nan], [20.0, 0.0, 30.0, np.nan]])
    weights = Weighted(d, d / 2, d * 2)
    given_ = np.array([True, True, True, True])
    columns = note_columns(weights, given_, np.full(4, 90.0), THRESHOLDS)
    lowest, high = columns["note_globale"], columns["note_globale_high"]
    assert lowest.tolist()[:3] == [16.0, 10.0, 14.0]
    assert np.isnan(lowest.astype(float)[3])
    assert high.tolist()[:3] == [18.0, 15.0, 17.0]
    assert columns["classe_etat"].tolist() == ["EM", "ME", "ME", "nd"]
    none = note_columns(weights, ~given_, np.full(4, 10.0), THRESHOLDS)
    assert set(none["classe_etat"].tolist()) == {"nd"}
    assert all(np.isnan(none[name].astype(float)).all() for name in none if "note" in name)
    assert none["coverage_pct"].tolist() == [10.0] * 4


@given(st.floats(0.0, 20.0))
def test_the_class_follows_the_thresholds_of_the_price_list(value: float) -> None:
    expected = "BE" if value >= 17.75 else "EM" if value >= 14.5 else "ME"
    assert classes(np.array([value]), THRESHOLDS).tolist() == [expected]
