"""A table read in parts is the table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from voirie.errors import NotASurvey
from voirie.folder import SurveyFolder
from voirie.tables import TABLES
from voirie.tables.batches import read_batches


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in TABLES
        if name not in {"captures", "certificate", "clocks", "detections", "placements"}
    ],
)
def test_the_parts_together_are_the_table(made: Path, name: str) -> None:
    whole = SurveyFolder(made).read(name)
    parts = list(read_batches(name, made / "tables", rows=7))
    assert all(0 < len(part) <= 7 for part in parts)
    if len(whole):
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    else:
        assert parts == []


def test_rectangles_come_as_numbers(made: Path) -> None:
    first = next(read_batches("certificate", made / "tables", rows=5))
    assert [int(corner) for corner in first["mask"].iloc[0]] == [600, 300, 660, 340]


def test_geometry_in_another_system_is_refused(made: Path, tmp_path: Path) -> None:
    SurveyFolder(made).read("findings").to_crs(4326).to_parquet(tmp_path / "findings.parquet")
    with pytest.raises(NotASurvey, match="in EPSG:4326, not in EPSG:2154"):
        list(read_batches("findings", tmp_path))


def test_a_value_that_is_not_allowed_is_told(made: Path, tmp_path: Path) -> None:
    heaps = SurveyFolder(made).read("dumping").assign(status="gone")
    heaps.to_parquet(tmp_path / "dumping.parquet")
    with pytest.raises(NotASurvey, match="status = gone"):
        list(read_batches("dumping", tmp_path))


def test_a_file_that_is_absent_or_no_parquet_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotASurvey, match="the table works is missing"):
        list(read_batches("works", tmp_path))
    (tmp_path / "works.parquet").write_text("works")
    with pytest.raises(NotASurvey, match="cannot be read"):
        list(read_batches("works", tmp_path))
