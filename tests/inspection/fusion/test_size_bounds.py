"""Bounds of sizes: they hold the share they promise, and are wider where nobody measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.size_bounds import UNMEASURED, Form, sizes_of, told_of
from voirie.nets import Aspect, Measured, Sizes

SHA = "a" * 64
SIZES = Sizes(length_spread=0.2, width_spread=0.1, area_spread=0.25)
MEASURES = {SHA: Measured(sha256=SHA, measured_on="made up", sizes={"pothole": SIZES})}


def sized(length: np.ndarray, width: np.ndarray, told: Sizes) -> pd.DataFrame:
    n = len(length)
    yes, no = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    view = pd.DataFrame({"length_m": length, "width_m": width})
    form = Form(measurable=yes, stretch=no, line=no, across=no, filled=np.ones(n))
    return pd.DataFrame(sizes_of(view, view, length, np.arange(n), form, [told] * n))


def test_nine_of_ten_bounds_hold_the_truth_where_the_spread_is_the_measured_one() -> None:
    rng = np.random.default_rng(3)
    true = rng.uniform(0.3, 3.0, 4000)
    found = true * np.exp(rng.normal(0.0, 0.2, 4000))
    told = Sizes(length_spread=0.2, width_spread=0.2, area_spread=0.2)
    out = sized(found, found, told)
    held = (out["length_low_m"] <= true) & (true <= out["length_high_m"])
    assert held.mean() == pytest.approx(0.90, abs=0.02)


@given(st.floats(0.05, 50.0), st.floats(0.05, 5.0))
def test_bounds_are_on_both_sides_and_scale_with_the_size(length: float, width: float) -> None:
    row = sized(np.array([length]), np.array([width]), SIZES).iloc[0]
    for stem, unit in (("length", "m"), ("width", "m"), ("area", "m2")):
        low, value, high = (row[f"{stem}{side}_{unit}"] for side in ("_low", "", "_high"))
        assert low <= value <= high
        assert low * high == pytest.approx(value**2, rel=0.1, abs=0.02)


@given(st.floats(0.2, 3.0), st.floats(0.2, 3.0), st.floats(0.0, 1.0))
def test_a_usual_shape_draws_the_length_towards_the_width(
    length: float, width: float, share: float
) -> None:
    told = SIZES.model_copy(update={"aspect": Aspect(usual=1.1, share=share)})
    row = sized(np.array([length]), np.array([width]), told).iloc[0]
    low, high = sorted((length, 1.1 * width))
    assert low - 1e-3 <= row["length_m"] <= high + 1e-3
    assert row["width_m"] == pytest.approx(width, abs=1e-3)
    as_usual = sized(np.array([1.1 * width]), np.array([width]), told).iloc[0]
    assert as_usual["length_m"] == pytest.approx(1.1 * width, abs=1e-3)


def test_what_was_measured_holds_for_one_file_and_one_class() -> None:
    names = ["pothole", "pothole", "alligator_crack"]
    found = told_of(names, np.array([SHA, "b" * 64, SHA], dtype=object), MEASURES)
    assert found == [SIZES, UNMEASURED, UNMEASURED]
