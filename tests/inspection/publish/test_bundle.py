"""A survey folder as it is read for publishing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspection.publish.bundle import Bundle
from voirie.errors import NotASurvey
from voirie.folder import SurveyFolder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """Tables and sheets of the made survey, free to be spoilt."""
    ignored = shutil.ignore_patterns("pictures")
    return Path(shutil.copytree(made, tmp_path / "survey", ignore=ignored))


def test_sections_stand_along_their_routes_in_the_order_of_their_numbers(made: Path) -> None:
    sections = Bundle(SurveyFolder(made)).sections
    assert sections["route"].tolist() == ["D23"] * 3 + ["D108"] * 6
    for _, part in sections.groupby("route"):
        assert part["cumul_from_m"].is_monotonic_increasing


def test_a_table_that_the_chain_did_not_write_is_empty(copied: Path) -> None:
    (copied / "tables" / "works.parquet").unlink()
    works = Bundle(SurveyFolder(copied)).works
    assert works.empty and "cost_eur" in works.columns


@pytest.mark.parametrize(("name", "said"), [("run.json", "JSON"), ("survey.toml", "TOML")])
def test_a_sheet_that_cannot_be_read_is_named(copied: Path, name: str, said: str) -> None:
    (copied / name).write_text("{[")
    bundle = Bundle(SurveyFolder(copied))
    with pytest.raises(NotASurvey, match=said) as caught:
        _ = bundle.run if name == "run.json" else bundle.campaign
    assert name in str(caught.value)


def test_what_is_not_there_says_nothing(copied: Path) -> None:
    for name in ("run.json", "survey.toml"):
        (copied / name).unlink()
    bundle = Bundle(SurveyFolder(copied))
    assert bundle.run == {} and bundle.campaign == {}
