"""A value of another type than the one declared is refused by name, never converted in silence."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from voirie.errors import NotASurvey, NotConform
from voirie.tables import TABLES, conform, read_table
from voirie.tables.kinds import typed

FIX = {
    "pass_id": "a",
    "speed_mps": 1.0,
    "heading_deg": 0.0,
    "accuracy_m": 1.0,
    "bridged": False,
}
TRACK = gpd.GeoDataFrame(
    [{**FIX, "t_s": 0.0}, {**FIX, "t_s": 1.0}],
    geometry=[Point(570_000, 6_270_000), None],
    crs="EPSG:2154",
)


@pytest.mark.parametrize(
    ("table", "column", "values", "said"),
    [
        ("frames", "width_px", [1280.5], r"= 1280.5 .* not a whole number"),
        ("frames", "width_px", ["wide"], r"= wide .* not a whole number"),
        ("frames", "width_px", [True], r"= True .* not a whole number"),
        ("frames", "width_px", [1e300], r"= 1e\+300 .* too large"),
        ("frames", "width_px", [float("inf")], r"= inf .* not a whole number"),
        ("frames", "captured_at", [7], r"= 7 .* not an instant"),
        ("frames", "captured_at", ["soon"], r"= soon .* not an instant"),
        ("frames", "luma", ["12"], r"= 12 .* not a number"),
        ("coverage", "surveyed", ["yes"], r"= yes .* not True or False"),
        ("findings", "experimental", [1], r"= 1 .* not True or False"),
        ("findings", "flags", [3], r"= 3 .* not text"),
        ("findings", "flags", ["a", 3], r"= 3 \(1 row of 2\), which is not text"),
        ("section_notes", "surveyed_on", ["2 May"], r"= 2 May .* not an ISO date"),
        ("certificate", "mask", [[1, 2, 3]], r"= \[1, 2, 3\] .* not a list of whole"),
        ("certificate", "mask", ["1234"], r"= 1234 .* not a list of whole"),
        ("certificate", "mask", [[1.5, 2, 3, 4]], "not a list of whole"),
        ("certificate", "mask", [[5, 2, 3, 4]], "not a list of whole"),
        ("certificate", "mask", [[-5, 2, 3, 4]], "not a list of whole"),
    ],
)
def test_a_value_of_another_type_is_named(
    table: str, column: str, values: list[object], said: str
) -> None:
    declared = TABLES[table]
    with pytest.raises(NotConform, match=f"the table {table} has {column} .*{said}"):
        typed(declared, declared[column], pd.Series(values))


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("frames", "width_px", [1280.0, None]),
        ("frames", "captured_at", ["2026-05-02T10:00:00Z", None]),
        ("frames", "captured_at", [pd.Timestamp("2026-05-02", tz="UTC")]),
        ("findings", "experimental", [np.bool_(True), False]),
        ("findings", "flags", [None, None]),
        ("certificate", "mask", [[], np.array([0, 0, 1, 2])]),
        ("certificate", "mask", []),
    ],
)
def test_a_value_of_its_type_stays(table: str, column: str, values: list[object]) -> None:
    declared = TABLES[table]
    assert len(typed(declared, declared[column], pd.Series(values))) == len(values)


def test_geometry_in_another_reference_system_is_refused_not_relabelled(tmp_path: Path) -> None:
    assert conform("track", TRACK).crs == "EPSG:2154"
    degrees = TRACK.to_crs(4326)
    said = "the table track has its geometry in EPSG:4326, not in EPSG:2154"
    with pytest.raises(NotConform, match=said):
        conform("track", degrees)
    degrees.to_parquet(tmp_path / "track.parquet")
    with pytest.raises(NotASurvey, match=f"track.parquet: {said}"):
        read_table("track", tmp_path)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Point(float("inf"), 0), "not finite"),
        (Point(float("nan"), 0), "not finite|empty"),
        (LineString([(0, 0), (float("inf"), 1)]), "not finite"),
        (Point(), "empty"),
    ],
)
def test_a_geometry_is_finite_and_never_empty(shape: Point | LineString, said: str) -> None:
    with pytest.raises(NotConform, match=f"the table track has geometry = .* which is ({said})"):
        conform("track", TRACK.assign(geometry=[shape, None]))


def test_a_text_is_no_geometry() -> None:
    with pytest.raises(NotConform, match="the table track has a geometry that is no geometry"):
        conform("track", pd.DataFrame(TRACK).assign(geometry="POINT (0 0)"))


def test_a_file_of_other_types_is_one_sentence(tmp_path: Path) -> None:
    pd.DataFrame(TRACK.drop(columns="geometry")).to_parquet(tmp_path / "track.parquet")
    with pytest.raises(NotASurvey, match=r"track.parquet: the table cannot be read"):
        read_table("track", tmp_path)
    lane = {"gestionnaire": "CD31", "dep": "031", "route": "D1", "cote": "U", "sens": "+"}
    row = {"pass_id": "a", **lane, "voie": 1, "cumul_from_m": 0.0, "cumul_to_m": 1.0}
    pd.DataFrame([{**row, "surveyed": "yes"}]).to_parquet(tmp_path / "coverage.parquet")
    with pytest.raises(NotASurvey, match=r"surveyed = yes .* not True or False"):
        read_table("coverage", tmp_path)
