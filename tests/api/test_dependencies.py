"""What routes ask for: parameters parsed once, a survey opened once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.dependencies import PageQuery, ServedSurvey, parse_bbox
from gis.exports.geojson import DegreeBox
from voirie.tables import read_table


def test_a_box_arrives_as_numbers() -> None:
    page = PageQuery.model_validate({"bbox": "1.2,43.1,1.9,43.8", "limit": "5"})
    assert page.bbox == DegreeBox(1.2, 43.1, 1.9, 43.8)
    assert (page.limit, page.offset) == (5, 0)


@given(
    st.floats(-180, 180), st.floats(-180, 180), st.lists(st.floats(-90, 90), min_size=2, max_size=2)
)
def test_every_box_of_degrees_is_read(west: float, east: float, sides: list[float]) -> None:
    south, north = sorted(sides)
    assert parse_bbox(f"{west!r},{south!r},{east!r},{north!r}") == DegreeBox(
        west, south, east, north
    )


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,nan", "1,9,3,2", "181,0,1,1", "a,b,c,d"])
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="bbox"):
        PageQuery.model_validate({"bbox": text})


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 10_001}, {"offset": -1}, {"route": "D1"}]
)
def test_what_is_out_of_bounds_or_unknown_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(asked))):
        PageQuery.model_validate(asked)


def test_a_survey_is_opened_with_its_layers_and_pictures(survey: Path) -> None:
    served = ServedSurvey.open(survey)
    assert served.name == "survey"
    assert {name: len(layer) for name, layer in served.layers.items()} == {
        "sections": 9,
        "findings": 60,
    }
    kept = read_table("frames", survey / "tables")["picture_id"].dropna()
    assert set(served.pictures) == set(kept)
    assert all(path.is_file() for path in served.pictures.values())
