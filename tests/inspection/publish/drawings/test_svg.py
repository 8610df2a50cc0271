"""Small words of a drawing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from inspection.publish.drawings import svg


@pytest.mark.parametrize(("value", "text"), [(3.04, "3"), (-0.01, "0"), (12.26, "12.3")])
def test_drawing_figures_are_short(value: float, text: str) -> None:
    assert svg.num(value) == text


def test_text_from_outside_stays_text() -> None:
    inner = svg.tag("title", "<script>")
    assert inner == Markup("<title>&lt;script&gt;</title>")
    assert svg.tag("g", inner, aria_label='"x"') == (
        '<g aria-label="&#34;x&#34;"><title>&lt;script&gt;</title></g>'
    )


@given(st.floats(0.01, 1e6), st.integers(1, 12))
def test_a_step_is_round_and_near_what_was_asked(span: float, wanted: int) -> None:
    step = svg.nice_step(span, wanted)
    assert f"{step:e}"[0] in "125" and set(f"{step:e}"[1:].split("e")[0]) <= set(".0")
    assert 0.4 <= step / (span / wanted) <= 2.5
