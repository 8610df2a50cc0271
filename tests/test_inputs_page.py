"""docs/inputs.md names every key and column that is read, and none that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from gis.network.axes import AXES_OPTIONAL, AXES_REQUIRED, PR_KINDS, PR_REQUIRED, SECTIONS_REQUIRED
from inspection.capture.chainage import REQUIRED
from planning.scenarios import Scenarios
from planning.sections import COLUMNS
from voirie.inputs import Survey, Vehicle

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "inputs.md").read_text("utf-8")
CHAPTERS = {
    chapter.split("\n", 1)[0]: chapter.split("\n", 1)[1] for chapter in PAGE.split("\n## ")[1:]
}


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Dotted names of the values of a file; ``[]`` marks a list."""
    for name, field in model.model_fields.items():
        listed = [part for part in get_args(field.annotation) if isinstance(part, type)]
        inner = next((part for part in listed if issubclass(part, BaseModel)), None)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, f"{before}{name}.")
        elif inner is not None:
            yield from keys_of(inner, f"{before}{name}[].")
        else:
            yield f"{before}{name}"


@pytest.mark.parametrize(
    ("chapter", "model"),
    [("vehicle.toml", Vehicle), ("survey.toml", Survey), ("scenarios.toml", Scenarios)],
)
def test_the_keys_are_those_that_are_read(chapter: str, model: type[BaseModel]) -> None:
    rows = [line.split(" | ")[0] for line in CHAPTERS[chapter].splitlines() if line[:3] == "| `"]
    told = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert told == set(keys_of(model))


@pytest.mark.parametrize(
    ("chapter", "columns"),
    [
        ("Network", {*AXES_REQUIRED, *AXES_OPTIONAL, *PR_REQUIRED, *PR_KINDS, *SECTIONS_REQUIRED}),
        ("GPS track", set(REQUIRED)),
        ("sections.csv", set(COLUMNS)),
    ],
)
def test_no_column_that_is_read_is_missing(chapter: str, columns: set[str]) -> None:
    assert columns - set(re.findall(r"`([^`]+)`", CHAPTERS[chapter])) == set()
