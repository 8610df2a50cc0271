"""Mappings: those that ship are read, columns are found by their names, mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gis.imports.mapping import (
    AXES,
    READY,
    Column,
    as_toml,
    guessed,
    load_mapping,
    nearest,
    read_values,
    ready_for,
)
from voirie.errors import ConfigurationError


@pytest.mark.parametrize("name", READY)
def test_what_ships_is_read_and_known_by_its_columns(name: str) -> None:
    mapping = load_mapping(name)
    assert mapping.name == name and mapping.told_by
    assert ready_for(mapping.told_by) == mapping
    assert "route" in mapping.axes.columns


@pytest.mark.parametrize("name", READY)
def test_a_printed_mapping_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(as_toml(load_mapping(name)), "utf-8")
    assert load_mapping(str(path)) == load_mapping(name)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["AXE", "LARGEUR_CH", "geom"], {"route": "AXE"}),
        (["Numéro", "Largeur"], {"route": "Numéro", "width_m": "Largeur"}),
        (["axe", "nom_voie"], {"route": "axe"}),
        (["RD", "TMJA", "Catégorie"], {"route": "RD", "traffic": "TMJA", "category": "Catégorie"}),
    ],
)
def test_columns_are_found_by_the_names_people_give(
    columns: list[str], found: dict[str, str]
) -> None:
    assert {name: entry.column for name, entry in guessed(columns, AXES).items()} == found


def test_near_names_are_proposed() -> None:
    assert nearest(["numero_rte", "largeurr"], AXES["width_m"]) == ["largeurr"]


def test_values_are_cut_translated_and_scaled() -> None:
    table = pd.DataFrame({"insee": ["12174", None], "pk": ["1.5", "x"], "sens": ["Direct", "?"]})
    assert read_values(table, Column(column="INSEE", letters=2)).tolist() == ["12", None]
    assert read_values(table, Column(column="pk", scale=1000)).tolist() == [1500.0, None]
    way = Column(column="sens", values={"Direct": 1}, value=0)
    assert read_values(table, way).tolist() == [1, 0]
    assert read_values(table, Column(column="absent", value="x")).tolist() == ["x", "x"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "m"\n[axes.columns]\nwidth = "l"\n', "perhaps width_m"),
        ('name = "m"\n', "axes"),
        ('name = "m"\n[axes]\ncolums = 1\n', "columns"),
    ],
)
def test_a_wrong_mapping_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=told):
        load_mapping(str(path))


def test_a_mapping_of_no_such_name_is_told() -> None:
    with pytest.raises(ConfigurationError, match="bdtopo_v3"):
        load_mapping("bdtopo")
