"""Notes, their bounds and classes, against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.scoring.notes import (
    Met,
    Weighted,
    classes,
    note,
    note_columns,
    weighted,
    with_missed,
    with_unseen,
    without_false,
)
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


CLEAN = np.zeros((len(SCHEME.codes), 3, 1))
WEAK, GOOD = Met(0.3, 0.7, 10.0), Met(0.95, 0.99, 10.0)


@pytest.mark.parametrize("extent_pct", [0.0, 4.0, 20.0])
def test_a_weaker_model_gives_a_wider_interval_round_the_same_note(extent_pct: float) -> None:
    found = CLEAN.copy()
    found[SCHEME.codes.index("NDP"), 0] = extent_pct
    codes = frozenset(SCHEME.codes)
    width = []
    for met in ({}, {"NDP": GOOD}, {"NDP": WEAK}):
        low = weighted(with_missed(found, SCHEME.codes, met), SCHEME, codes)
        high = weighted(without_false(found, SCHEME.codes, met), SCHEME, codes)
        assert (high <= weighted(found, SCHEME, codes) + 1e-9).all()
        assert (weighted(found, SCHEME, codes) <= low + 1e-9).all()
        width.append(float((low - high).max()))
    assert width == sorted(width)
    assert width[0] == 0.0 < width[2]


def test_a_clean_lane_under_a_weak_model_is_of_uncertain_class() -> None:
    codes, given = frozenset(SCHEME.codes), np.array([True])
    structure = next(iter(SCHEME.weights["structure"]))
    for met, uncertain in (({}, False), ({structure: Met(0.2, 0.7, 60.0)}, True)):
        low = weighted(with_missed(CLEAN, SCHEME.codes, met), SCHEME, codes)
        clean = weighted(CLEAN, SCHEME, codes)
        bounds = Weighted(clean, clean, low)
        columns = note_columns(bounds, given, np.array([100.0]), load_treatments().thresholds)
        assert columns["classe_etat"].tolist() == ["BE"]
        assert columns["class_uncertain"].tolist() == [uncertain]
