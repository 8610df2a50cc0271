"""Values that a table refuses, and the sentence that says so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests import made_survey
from voirie.errors import NotASurvey, NotConform
from voirie.tables import check_families, check_foreign_keys, conform, read_table, write_table
from voirie.taxonomy import load_taxonomy

EXTENTS = pd.DataFrame(
    {
        "section_id": ["s", "s", "s"],
        "sens": ["+", "+", "-"],
        "voie": [1, 1, 2],
        "code": ["NDP", "FLH", "NDP"],
        "severity": [1, 2, 3],
        "extent_pct": [0.0, None, 12.5],
        "quantity": [0.0, None, 3.0],
        "unit": ["nb", "m2", "nb"],
        "n_findings": [0, 0, 3],
    }
)


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        (
            "sens",
            ["+", "north", "south"],
            r"sens = north \(2 rows of 3\), which is not one of \+, -",
        ),
        ("voie", [1, -3, 1], r"voie = -3 \(1 row of 3\), which is under 1"),
        ("severity", [1, 2, 99], r"severity = 99 \(1 row of 3\), which is over 3"),
        ("extent_pct", [1.0, 100.1, 2.0], r"extent_pct = 100.1 .* over 100"),
        ("quantity", [1.0, float("inf"), 2.0], r"quantity = inf .* not finite"),
        ("quantity", [1.0, float("-inf"), 2.0], r"quantity = -inf .* not finite"),
        ("code", ["NDP", None, "FLH"], r"code = <NA> .* may not be NULL"),
        ("n_findings", [1, None, 2], r"n_findings = <NA> .* may not be NULL"),
    ],
)
def test_a_value_that_is_not_declared_is_refused(
    column: str, values: list[object], said: str
) -> None:
    conform("extents", EXTENTS)
    with pytest.raises(NotConform, match=f"the table extents has {said}"):
        conform("extents", EXTENTS.assign(**{column: values}))


def test_nan_is_null_where_null_may_stand() -> None:
    typed = conform("extents", EXTENTS.assign(extent_pct=[float("nan"), 1.0, 2.0]))
    assert typed["extent_pct"].isna().tolist() == [True, False, False]


def test_a_sum_of_floats_may_pass_its_bound_by_rounding() -> None:
    typed = conform("extents", EXTENTS.assign(extent_pct=[100.0 + 1e-12, 1.0, -1e-12]))
    assert typed["extent_pct"].max() > 100.0


def test_a_key_stands_once() -> None:
    twice = pd.concat([EXTENTS, EXTENTS.iloc[[1]]])
    with pytest.raises(NotConform, match=r"s, \+, 1, FLH, 2 \(1 row of 4\), which another row"):
        conform("extents", twice)


def test_a_file_that_does_not_hold_to_its_schema_is_no_survey(tmp_path: Path) -> None:
    EXTENTS.assign(sens="north").to_parquet(tmp_path / "extents.parquet")
    with pytest.raises(NotASurvey, match=r"extents.parquet: the table extents has sens = north"):
        read_table("extents", tmp_path)


def test_a_refused_table_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = write_table("extents", EXTENTS, tmp_path)
    before = path.read_bytes()
    with pytest.raises(NotConform):
        write_table("extents", EXTENTS.assign(voie=-3), tmp_path)
    assert path.read_bytes() == before
    assert [inner.name for inner in tmp_path.iterdir()] == ["extents.parquet"]


def test_references_of_a_whole_survey_hold(tmp_path: Path) -> None:
    check_foreign_keys(made_survey.build(tmp_path / "survey") / "tables")


def test_a_reference_to_nothing_is_told(tmp_path: Path) -> None:
    write_table("extents", EXTENTS, tmp_path)
    with pytest.raises(NotConform, match=r"section_id = s \(3 rows of 3\), which no row of sect"):
        check_foreign_keys(tmp_path)


COVERED = pd.DataFrame(
    {
        "pass_id": ["a"],
        "gestionnaire": ["CD31"],
        "dep": ["031"],
        "route": ["D108"],
        "cote": ["U"],
        "sens": ["+"],
        "voie": [1],
        "cumul_from_m": [10.0],
        "cumul_to_m": [20.0],
        "surveyed": [True],
    }
)


def test_a_stretch_begins_before_it_ends() -> None:
    conform("coverage", COVERED)
    conform("coverage", COVERED.assign(cumul_from_m=20.0 + 1e-12))
    said = r"cumul_from_m and cumul_to_m = 30.0 and 20.0 \(1 row of 1\), where the first is the"
    with pytest.raises(NotConform, match=f"the table coverage has {said} greater"):
        conform("coverage", COVERED.assign(cumul_from_m=30.0))


@pytest.mark.parametrize(
    "values",
    [
        {"length_low_m": 2.0, "length_m": 1.0},
        {"length_m": 2.0, "length_high_m": 1.0},
        {"length_low_m": 2.0, "length_high_m": 1.0, "length_m": None},
        {"cumul_from_m": 2.0, "cumul_to_m": 1.0},
        {"first_seen_at": "2026-05-03T00:00:00Z", "last_seen_at": "2026-05-02T00:00:00Z"},
    ],
)
def test_bounds_of_a_finding_stand_in_their_order(made: Path, values: dict[str, object]) -> None:
    findings = read_table("findings", made / "tables")
    conform("findings", findings)
    with pytest.raises(NotConform, match="where the first is the greater"):
        conform("findings", findings.assign(**values))


@pytest.mark.parametrize("column", ["section_id", "code"])
@pytest.mark.parametrize("bare", ["", "  "])
def test_a_key_is_no_empty_text(column: str, bare: str) -> None:
    with pytest.raises(NotConform, match=rf"extents has {column} = .*\(3 rows of 3\), .* empty"):
        conform("extents", EXTENTS.assign(**{column: bare}))


def test_a_family_that_the_taxonomy_has_not_is_told(made: Path) -> None:
    check_families(made / "tables", load_taxonomy().families)
    with pytest.raises(NotConform, match=r"has family = .*, which is not one of rails"):
        check_families(made / "tables", ["rails"])
