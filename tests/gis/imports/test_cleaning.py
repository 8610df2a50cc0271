"""Rows of road files: what can be read is read, what cannot is left out or emptied, and told."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gis.imports.cleaning import clean, route_name
from gis.imports.mapping import AXES, LayerMapping
from tests.gis.imports.made_roads import layer, line, straight

ALL = {name: name for name in AXES}


def read(*rows: dict[str, Any], **filters: Any) -> Any:
    table = layer([{"route": "D67", "at": straight(100), **row} for row in rows])
    return clean(table, LayerMapping.model_validate({"columns": ALL, **filters}))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("D 67", "D67"), ("RD67", "D67"), ("rn 20", "N20"), ("D212E", "D212E"), ("D23-C", "D23-C"),
        ("Rue de la Paix", "Rue de la Paix"), ("  Rocade   Nord ", "Rocade Nord"), ("NC", None),
        ("", None), (None, None), (67.0, "67"), ("A 75", "A75"), ("R67", "R67"),
        ("GIR123", "GIR123"), ("R.D. 12", "D12"), ("D 0012", "D12"), ("RD 67 bis", "D67BIS"),
        ("D4\x1b[31m\nX", "D4 [31m X"), ("a/b", "a/b"), ("D906E1", "D906E1"), ("VC 12", "VC12"),
    ],
)  # fmt: skip
def test_names_of_routes(written: object, name: str | None) -> None:
    assert route_name(written) == name


@pytest.mark.parametrize(
    ("column", "value", "read_as", "kinds"),
    [
        ("width_m", "5,5", 5.5, []),
        ("width_m", 0, None, []),
        ("width_m", 6000, None, ["value"]),
        ("width_m", "large", None, ["value"]),
        ("traffic", "1200", 1200.0, []),
        ("traffic", -5, None, ["value"]),
        ("cote", "Droite", "D", []),
        ("cote", "I", "U", []),
        ("cote", "milieu", "U", ["side"]),
        ("way", "Inverse", -1, []),
        ("way", "yes", 1, []),
        ("way", "NC", 0, []),
        ("agglo", "Oui", True, []),
        ("agglo", None, False, []),
        ("dep", 1.0, "001", []),
        ("dep", "2A", "02A", []),
    ],
)
def test_values_are_read_or_told(
    column: str, value: object, read_as: object, kinds: list[str]
) -> None:
    found = read({column: value})
    cell = found.roads[column].iloc[0]
    assert pd.isna(cell) if read_as is None else cell == read_as
    assert [fault.kind for fault in found.faults] == kinds


def test_rows_that_the_mapping_does_not_mean_are_counted() -> None:
    rows = [{"nature": "Sentier"}, {"nature": "Route"}, {"nature": None}]
    assert read(*rows, only={"nature": ["Route"]}).not_meant == 2
    assert read(*rows, never={"nature": ["Sentier", ""]}).not_meant == 2
    assert read(*rows, never={"absent": ["x"]}).not_meant == 0


def test_several_lines_become_one_or_are_split() -> None:
    meet = shapely.MultiLineString([line(straight(100)), line(straight(50, 100))])
    apart = shapely.MultiLineString([line(straight(100)), line(straight(50, 300))])
    table = gpd.GeoDataFrame({"route": ["D1", "D2"]}, geometry=[meet, apart], crs=2154)
    found = clean(table, LayerMapping(columns={"route": "route"}))
    assert found.roads["route"].tolist() == ["D1", "D2", "D2"]
    assert [fault.kind for fault in found.faults] == ["pieces"]


def test_the_cumul_of_a_row_of_several_lines_is_shared_among_them() -> None:
    apart = shapely.MultiLineString([line(straight(100)), line(straight(300, 300))])
    table = gpd.GeoDataFrame(
        {"route": ["D1"], "cumul_from_m": ["1000"], "cumul_to_m": ["1800"]},
        geometry=[apart],
        crs=2154,
    )
    found = clean(table, LayerMapping.model_validate({"columns": ALL})).roads
    assert found[["cumul_from_m", "cumul_to_m"]].values.tolist() == [[1000, 1200], [1200, 1800]]


def test_rows_without_a_line_or_a_name_are_told() -> None:
    found = read({"at": None}, {"route": "NC"}, {})
    assert len(found.roads) == 1
    assert sorted(fault.kind for fault in found.faults) == ["no_geometry", "no_route"]
    assert any(
        "row 2" in fault.told.values["row"] or fault.told.values["row"] == "2"
        for fault in found.faults
    )


def test_a_shared_stretch_belongs_to_the_first_route() -> None:
    found = read({"route": "D 933;D 28", "at": straight(100)}).roads
    assert found["route"].tolist() == ["D933", "D28"]
    assert found["carried_by"].fillna("nobody").tolist() == ["nobody", "D933"]
