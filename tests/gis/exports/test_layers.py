"""Layers: every row of a road says where it is, in words, and which picture shows it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gis.exports.layers import TITLES, declared, survey_layers
from voirie.tables import read_table

OF_THE_NETWORK = {"plan_years", "scenarios"}
PLACED = r"^(D\d+ )?(PR \d+[DG]?|DS|FS)\+\d{4}$"


@pytest.fixture(scope="module")
def layers(made: Path) -> dict[str, pd.DataFrame]:
    return survey_layers(made / "tables")


def test_every_layer_has_a_title_and_every_column_a_name(layers: dict[str, pd.DataFrame]) -> None:
    assert set(layers) == set(TITLES) and len(set(TITLES.values())) == len(TITLES)
    for name, frame in layers.items():
        for column in frame.columns:
            assert column == "geometry" or declared(name, column), (name, column)


@pytest.mark.parametrize("name", sorted(set(TITLES) - OF_THE_NETWORK))
def test_every_layer_of_a_road_has_route_pr_pole_commune_and_picture(
    layers: dict[str, pd.DataFrame], name: str
) -> None:
    rows = layers[name]
    assert len(rows)
    for column in ("route", "pr", "pole", "commune"):
        assert rows[column].notna().all(), column
    assert rows["pr"].str.match(PLACED).all()
    assert rows["picture_path"].notna().mean() > 0.9
    if "pr_to" in rows.columns:
        assert rows["pr_to"].str.match(PLACED).all()


def test_a_named_picture_is_there(layers: dict[str, pd.DataFrame], made: Path) -> None:
    named = {path for frame in layers.values() if "picture_path" in frame for path in frame["picture_path"].dropna()}  # noqa: E501  # fmt: skip
    assert named and all((made / path).is_file() for path in named)


def test_a_stretch_has_the_line_of_its_metres(layers: dict[str, pd.DataFrame], made: Path) -> None:
    coverage = layers["coverage"]
    metres = (coverage["cumul_to_m"] - coverage["cumul_from_m"]).abs()
    assert (coverage.geometry.length / metres).between(0.97, 1.01).all()
    (one,) = layers["passes"].geometry
    assert one.geom_type == "LineString"
    assert len(one.coords) == len(read_table("track", made / "tables"))


def test_extents_keep_their_rows_and_take_no_line(
    layers: dict[str, pd.DataFrame], made: Path
) -> None:
    stored = read_table("extents", made / "tables")
    assert len(layers["extents"]) == len(stored)
    assert "geometry" not in layers["extents"].columns
    lines = layers["sections"].set_index("section_id")["pr"]
    assert layers["extents"]["pr"].tolist() == lines[stored["section_id"]].tolist()


def test_stills_by_chainage_have_their_pr_without_a_line(bare: Path) -> None:
    layers = survey_layers(bare / "tables")
    assert layers["coverage"].geometry.isna().all()
    assert layers["coverage"]["pr"].notna().all() and layers["findings"]["pr"].notna().all()
