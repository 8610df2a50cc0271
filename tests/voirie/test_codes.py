"""A class of a model means one code, or one of three by its place in the lane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.codes import ModelClass

WHEEL_PATH = (0.5, 1.3)
CRACK = ModelClass("crack", "FLB", "pavement", outside="FLH", unknown="FLx")


@pytest.mark.parametrize(
    ("from_axis_m", "code"),
    [
        (0.0, "FLH"),
        (0.5, "FLB"),
        (-0.9, "FLB"),
        (1.3, "FLB"),
        (1.31, "FLH"),
        (None, "FLx"),
        (float("nan"), "FLx"),
    ],
)
def test_a_crack_is_named_by_its_place_in_the_lane(from_axis_m: float | None, code: str) -> None:
    assert CRACK.code_at(from_axis_m, WHEEL_PATH) == code


@given(st.none() | st.floats())
def test_where_the_place_does_not_matter_the_code_is_the_same(from_axis_m: float | None) -> None:
    assert ModelClass("hole", "NDP", "pavement").code_at(from_axis_m, WHEEL_PATH) == "NDP"
