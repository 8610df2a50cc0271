"""Severity: the shipped bounds, what has none, and that more is never less grave."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.severity import graded, severity_of
from voirie.catalogue.scheme import Scheme, SeverityRule, load_scheme, parse_scheme

SHIPPED = load_scheme().severity
UNKNOWN = math.nan

sizes = st.floats(0.0, 1000.0)
rules = st.builds(
    lambda quantity, first, more: SeverityRule(quantity=quantity, bounds=(first, first + more)),
    st.sampled_from(["diameter_m", "larger_m", "length_m", "width_m", "area_m2"]),
    st.floats(0.01, 100.0),
    st.floats(0.01, 100.0),
)


def shipped_with(code: str, bounds: tuple[float, float]) -> Scheme:
    data = load_scheme().model_dump()
    data["severity"][code]["bounds"] = bounds
    return parse_scheme(data)


@pytest.mark.parametrize("code", ["FAI", "FAH"])
def test_a_net_is_graded_by_how_dark_its_cracks_are_however_far_it_reaches(code: str) -> None:
    def at(dark_pct: float, area_m2: float) -> int | None:
        return severity_of(code, area_m2, 1.0, area_m2, SHIPPED, dark_pct)

    for area_m2 in (0.5, 2.0, 50.0):
        assert [at(dark, area_m2) for dark in (28.9, 29.0, 38.9, 39.0)] == [1, 2, 2, 3]
    assert at(UNKNOWN, 50.0) is None


@pytest.mark.parametrize("code", ["FLB", "FLH", "FLx", "FTR", "REP"])
def test_how_far_a_crack_or_a_patch_reaches_is_no_severity(code: str) -> None:
    assert severity_of(code, 50.0, 3.0, 100.0, SHIPPED) is None


@pytest.mark.parametrize("code", ["PON", "ORN", "B14", "dumping"])
def test_what_the_scheme_does_not_name_is_not_graded(code: str) -> None:
    assert severity_of(code, 50.0, 50.0, 2500.0, SHIPPED) is None


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_without_a_scale_there_is_no_severity(code: str) -> None:
    assert severity_of(code, UNKNOWN, UNKNOWN, UNKNOWN, SHIPPED) is None


def test_a_pothole_is_graded_by_its_diameter_and_not_by_its_longer_side() -> None:
    def at(length: float, width: float) -> int | None:
        return severity_of("NDP", length, width, length * width, SHIPPED)

    assert [at(d, d) for d in (0.44, 0.46, 0.69, 0.71)] == [1, 2, 2, 3]
    assert at(0.9, 0.4) == at(0.4, 0.9) == at(0.6, 0.6) == 2


def test_one_side_of_a_pothole_is_not_enough() -> None:
    assert severity_of("NDP", 0.5, UNKNOWN, UNKNOWN, SHIPPED) is None


@given(rules, sizes, sizes, sizes, sizes, sizes, sizes)
def test_a_larger_size_is_never_less_grave(
    rule: SeverityRule, length: float, width: float, area: float, dl: float, dw: float, da: float
) -> None:
    one = severity_of("X", length, width, area, {"X": rule})
    other = severity_of("X", length + dl, width + dw, area + da, {"X": rule})
    assert one is not None and other is not None
    assert 1 <= one <= other <= 3


def test_another_scheme_gives_another_severity_and_another_hash() -> None:
    strict = shipped_with("NDP", (0.05, 0.10))
    assert severity_of("NDP", 0.15, 0.15, 0.02, SHIPPED) == 1
    assert severity_of("NDP", 0.15, 0.15, 0.02, strict.severity) == 3
    assert strict.sha256 != load_scheme().sha256


def test_a_table_is_graded_row_by_row() -> None:
    findings = pd.DataFrame(
        {
            "code": ["NDP", "B14", "FAI", "NDP"],
            "dark_pct": [UNKNOWN, UNKNOWN, 33.0, UNKNOWN],
            "length_m": [0.9, UNKNOWN, 6.0, UNKNOWN],
            "width_m": [0.8, UNKNOWN, 0.2, UNKNOWN],
            "area_m2": [0.15, UNKNOWN, UNKNOWN, UNKNOWN],
        }
    )
    severity = graded(findings, SHIPPED)["severity"]
    assert severity.astype(object).where(severity.notna(), None).tolist() == [3, None, 2, None]
    assert "severity" not in findings, "the table that was given stays as it was"
    nothing = pd.DataFrame(columns=["group", "code"])
    assert graded(nothing, SHIPPED).empty
