"""How surely something exists: surer scores and more views never make it less sure."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.existence import calibrated, log_odds, terms
from voirie.nets import Existence, Measured, load_models

SHA256 = "0" * 64


def told(intercept: float, slope: float, views: float) -> dict[str, Measured]:
    curve = Existence(intercept=intercept, slope=slope, views=views)
    return {SHA256: Measured(sha256=SHA256, measured_on="x", existence={"pothole": curve})}


def chance(raw: list[float], views: list[int], measures: dict[str, Measured]) -> np.ndarray:
    sha256 = np.array([SHA256] * len(raw), dtype=object)
    found, known = calibrated(
        np.array(raw), np.array(views), ["pothole"] * len(raw), sha256, measures
    )
    assert known.all()
    return found


@given(
    st.floats(-3, 3),
    st.floats(0, 3),
    st.floats(0, 3),
    st.lists(st.floats(0, 1), min_size=2, max_size=8),
    st.integers(1, 20),
)
def test_surer_scores_are_never_less_sure(
    intercept: float, slope: float, views: float, raw: list[float], count: int
) -> None:
    found = chance(sorted(raw), [count] * len(raw), told(intercept, slope, views))
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()


@given(st.floats(0, 1), st.lists(st.integers(1, 30), min_size=2, max_size=8))
def test_more_views_are_never_less_sure(raw: float, views: list[int]) -> None:
    found = chance([raw] * len(views), sorted(views), told(0.3, 0.5, 1.8))
    assert (np.diff(found) >= 0).all()


def test_what_nobody_measured_stays_as_the_scores_say() -> None:
    raw, views = np.array([0.31, 0.9]), np.array([1, 4])
    sha256 = np.array([SHA256, "another"], dtype=object)
    found, known = calibrated(raw, views, ["transverse_crack", "pothole"], sha256, told(1, 1, 1))
    assert found.tolist() == raw.tolist()
    assert not known.any()


def test_nothing_is_calibrated_to_nothing() -> None:
    found, known = calibrated(
        np.zeros(0), np.zeros(0, np.int64), [], np.zeros(0, object), told(1, 1, 1)
    )
    assert len(found) == len(known) == 0


def test_terms_of_the_sure_and_the_impossible_are_finite() -> None:
    assert np.isfinite(terms(np.array([0.0, 1.0]), np.array([1, 1]))).all()
    assert log_odds(np.array([0.0]))[0] == -log_odds(np.array([1.0]))[0]


def test_the_networks_that_look_at_pavement_are_calibrated() -> None:
    models = load_models()
    for role in ("pavement", "pavement_experimental"):
        entry = models.entries[role]
        curves = models.measures[entry.sha256].existence
        assert set(curves) == set(models.measures[entry.sha256].found)
