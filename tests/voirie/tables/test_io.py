"""Frames become the table that is declared, and come back from the disk as they were."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from voirie.errors import NotASurvey
from voirie.tables import CRS, conform, empty, read_table, write_table

SIGN = pd.DataFrame({"value": ["30"], "finding_id": ["f"]})


def test_columns_are_put_in_order_and_what_is_missing_is_null() -> None:
    table = conform("signs", SIGN)
    assert list(table.columns)[:4] == ["finding_id", "official_code", "sign_family", "value"]
    assert table["official_code"].isna().all() and str(table["facing_deg"].dtype) == "float64"


def test_columns_that_are_unknown_or_wanting_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="signs does not declare colour"):
        conform("signs", SIGN.assign(colour="red"))
    with pytest.raises(ValueError, match=r"signs\.finding_id is required and missing"):
        conform("signs", SIGN.drop(columns="finding_id"))


def test_a_table_with_geometry_is_a_geodataframe_even_without_rows() -> None:
    assert isinstance(empty("findings"), gpd.GeoDataFrame)
    assert empty("findings").crs == CRS
    assert not isinstance(empty("signs"), gpd.GeoDataFrame)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_table("signs", SIGN, tmp_path)
    pd.testing.assert_frame_equal(read_table("signs", tmp_path), conform("signs", SIGN))


def test_a_file_that_is_absent_or_cut_off_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotASurvey, match="the table signs is missing"):
        read_table("signs", tmp_path)
    path = write_table("signs", SIGN, tmp_path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(NotASurvey, match="cannot be read"):
        read_table("signs", tmp_path)


def test_a_text_that_is_none_is_refused_before_anything_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "signs.parquet"
    rows = conform("signs", SIGN.assign(finding_id="abcdefgh"))
    rows.to_parquet(path, index=False, compression=None)
    data = path.read_bytes()
    assert b"abcdefgh" in data
    path.write_bytes(data.replace(b"abcdefgh", b"abc\xffefgh"))
    with pytest.raises(NotASurvey, match="cannot be read"):
        read_table("signs", tmp_path)
