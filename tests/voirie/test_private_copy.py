"""An input never changes, whatever mode its database was left in."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

from gis.network import read_network
from planning.cli import read_sections
from tests.planning.conftest import table
from voirie.private_copy import unchanged_by_reading

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "drive" / "network.gpkg"


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "still open elsewhere"])
def test_a_file_in_write_ahead_mode_is_read_whole_and_not_changed(
    tmp_path: Path, closed: bool
) -> None:
    path = Path(shutil.copy(SAMPLE, tmp_path / "n.gpkg"))
    other = sqlite3.connect(path)
    # The triggers of a GeoPackage call functions that bare SQLite lacks.
    for (name,) in other.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        other.execute(f'DROP TRIGGER "{name}"')
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE axes SET gestionnaire = 'log'")
    other.execute("UPDATE pr SET gestionnaire = 'log'")
    other.commit()  # the change stands in the log alone until the last reader closes
    if closed:
        other.close()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    network = read_network(path)
    assert {key.gestionnaire for key in network.routes()} == {"log"}
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    other.close()


def test_a_file_that_no_log_belongs_to_is_read_in_place(tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLE, tmp_path / "n.gpkg"))
    with unchanged_by_reading(path) as read:
        assert read == path
    Path(f"{path}-wal").write_bytes(b"")
    with unchanged_by_reading(path) as read:
        assert read != path and read.name == path.name


def test_sections_for_a_plan_are_read_without_changing_their_file(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    lines = gpd.GeoDataFrame(table(4, 3), geometry=[LineString([(0, 0), (1, 1)])] * 4, crs=2154)
    lines.to_file(path, layer="sections")
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA journal_mode = WAL")
    other.close()
    before = path.read_bytes()
    assert len(read_sections(path)) == 4
    assert path.read_bytes() == before
