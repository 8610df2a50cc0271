"""An input never changes, whatever mode its database was left in."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from gis.network import read_network

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "drive" / "network.gpkg"


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
