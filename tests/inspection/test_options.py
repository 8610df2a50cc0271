"""The options of a run: as survey.toml and the command line state them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.options import Options, Step, parse_step
from voirie.errors import ConfigurationError
from voirie.inputs import SurveyOptions


@given(st.integers(1, 1000), st.sampled_from(["m", "s"]))
def test_a_step_is_read_as_it_is_written(value: int, unit: str) -> None:
    step = parse_step(f"{value}{unit}")
    assert (step.value, step.unit) == (value, unit)
    assert parse_step(str(step)) == step


@pytest.mark.parametrize("text", ["", "5", "m", "5km", "0.1m", "-5m", "1001s", "nanm"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no step"):
        parse_step(text)


def test_options_take_their_default_where_the_survey_is_silent() -> None:
    options = Options.of(SurveyOptions(step="2s", people="head"))
    assert options == Options(step=Step(2.0, "s"), people="head")
    assert Options.of(SurveyOptions.model_validate(options.stated())) == options


@pytest.mark.parametrize(
    ("text", "step"),
    [("1,5m", Step(1.5, "m")), (" 5 m ", Step(5.0, "m")), ("0.2s", Step(0.2, "s"))],
)
def test_a_step_may_have_a_comma_or_a_space(text: str, step: Step) -> None:
    assert parse_step(text) == step


@pytest.mark.parametrize("text", ["1_0m", "\u0665m", "nanm", "1e2m", "0.1m", "1001m", "5mm", "-5m"])
def test_a_step_is_written_in_plain_figures(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no step"):
        parse_step(text)


def test_a_step_is_kept_to_the_last_digit() -> None:
    step = parse_step("333.3333333m")
    assert parse_step(str(step)) == step != parse_step("333.333m")
