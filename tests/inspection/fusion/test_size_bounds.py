"""Bounds of sizes: they hold the share they promise, and are wider where nobody measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.size_bounds import UNMEASURED, Form, sizes_of, spreads_of
from voirie.nets import Measured, Sizes

SHA = "a" * 64
SIZES = Sizes(length_spread=0.2, width_spread=0.1, area_spread=0.25)
MEASURES = {SHA: Measured(sha256=SHA, measured_on="made up", sizes={"pothole": SIZES})}


def sized(length: np.ndarray, width: np.ndarray, spread: np.ndarray) -> pd.DataFrame:
    n = len(length)
    yes, no = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    view = pd.DataFrame({"length_m": length, "width_m": width})
    form = Form(measurable=yes, stretch=no, line=no, across=no, filled=np.ones(n))
    return pd.DataFrame(sizes_of(view, view, length, np.arange(n), form, spread))


def test_nine_of_ten_bounds_hold_the_truth_where_the_spread_is_the_measured_one() -> None:
    rng = np.random.default_rng(3)
    true = rng.uniform(0.3, 3.0, 4000)
    found = true * np.exp(rng.normal(0.0, 0.2, 4000))
    out = sized(found, found, np.full((4000, 3), 0.2))
    held = (out["length_low_m"] <= true) & (true <= out["length_high_m"])
    assert held.mean() == pytest.approx(0.90, abs=0.02)


@given(st.floats(0.05, 50.0), st.floats(0.05, 5.0))
def test_bounds_are_on_both_sides_and_scale_with_the_size(length: float, width: float) -> None:
    spread = np.array([[0.2, 0.1, 0.25]])
    row = sized(np.array([length]), np.array([width]), spread).iloc[0]
    for stem, unit in (("length", "m"), ("width", "m"), ("area", "m2")):
        low, value, high = (row[f"{stem}{side}_{unit}"] for side in ("_low", "", "_high"))
        assert low <= value <= high
        assert low * high == pytest.approx(value**2, rel=0.1, abs=0.02)


def test_what_was_measured_holds_for_one_file_and_one_class() -> None:
    names = ["pothole", "pothole", "alligator_crack"]
    found = spreads_of(names, np.array([SHA, "b" * 64, SHA], dtype=object), MEASURES)
    unknown = [UNMEASURED.length_spread, UNMEASURED.width_spread, UNMEASURED.area_spread]
    assert found.tolist() == [[0.2, 0.1, 0.25], unknown, unknown]
