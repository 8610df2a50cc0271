"""Networks broken in every way: read, or refused in one line that names the file."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given

from gis.network.network import Network, read_network
from tests.attacks.spoiling import STRANGE, flipped_bytes, read_or_refused, seeds, trying
from tests.gis.network.made_network import axis, frame, mark
from voirie.errors import VoirieError

pytestmark = pytest.mark.slow
NETWORK = Path(__file__).resolve().parents[2] / "samples" / "drive" / "network.gpkg"
AXES = [
    axis([(0, 0), (300, 0)], 0, 300, width_m=6.0, traffic=100, category=3),
    axis([(300, 0), (700, 0)], 300, 700, width_m=5.0, traffic=200, category=3),
]
PR = [mark("PR0", 0, 0.0, (0, 0)), mark("PR", 1, 600.0, (600, 0))]
VALUES = [value for value in STRANGE if not isinstance(value, list | dict)]


def used(network: Network) -> None:
    for route in network.routes():
        network.cumul_range_m(route)


def read_and_used(path: Path) -> None:
    used(read_network(path))


@trying()
@given(seeds)
def test_a_network_of_other_values_is_made_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    layers = [frame(AXES), frame(PR)]
    for _ in range(chance.randint(1, 3)):
        layer = chance.choice(layers)
        column = chance.choice([name for name in layer.columns if name != "geometry"])
        cells = layer[column].astype(object)
        cells.iloc[chance.randrange(len(layer))] = chance.choice(VALUES)
        if chance.random() < 0.2:
            cells[:] = chance.choice(VALUES)
        layer[column] = cells
    try:
        used(Network.of(*layers, Path("network.gpkg")))
    except VoirieError as error:
        assert "network.gpkg" in str(error) and str(error).isprintable()


def test_a_file_with_other_bytes_is_read_or_refused(tmp_path: Path) -> None:
    path, right = tmp_path / "network.gpkg", NETWORK.read_bytes()

    @trying(10)
    @given(seeds)
    def tries(seed: int) -> None:
        path.write_bytes(flipped_bytes(right, random.Random(seed)))
        read_or_refused(read_and_used, path)

    tries()


def test_a_file_with_other_cells_is_read_or_refused(tmp_path: Path) -> None:
    """Cells are put in past GDAL, as any program may that writes SQLite."""
    path = tmp_path / "network.gpkg"
    with closing(sqlite3.connect(f"file:{NETWORK}?mode=ro", uri=True)) as database:
        tables = {
            name: [column[1] for column in database.execute(f"pragma table_info({name})")]
            for name in ("axes", "pr", "gpkg_contents", "gpkg_geometry_columns")
        }

    @trying(15)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        shutil.copyfile(NETWORK, path)
        with closing(sqlite3.connect(path)) as database, database:
            for trigger in database.execute("select name from sqlite_master where type='trigger'"):
                database.execute(f'drop trigger "{trigger[0]}"')
            for _ in range(chance.randint(1, 3)):
                table = chance.choice(["axes", "axes", "pr", "pr", *tables])
                column = chance.choice(tables[table])
                value = chance.choice([*VALUES, b"", b"GP\0\1", chance.randbytes(60)])
                if isinstance(value, int) and abs(value) >= 2**63:
                    value = str(value)
                one = chance.random() < 0.7
                where = f" where rowid = (select min(rowid) from {table})" if one else ""
                try:
                    database.execute(f'update "{table}" set "{column}" = ?{where}', (value,))
                except sqlite3.DatabaseError:
                    continue  # SQLite itself does not take it
        read_or_refused(read_and_used, path)

    tries()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:1000],
        lambda data: data[: len(data) // 2],
        lambda data: b"\0" * 4096,
        lambda data: data.replace(b"cumul_from_m", b"cumul_fr\xff_m"),
        lambda data: data.replace(b"D108", b"D\xff\xfe8"),
        lambda data: data.replace(b"EPSG", b"EPS\xff"),
        lambda data: data.replace(b"LINESTRING", b"POLYGON   "),
    ],
)
def test_a_network_file_of_other_bytes_is_refused_or_read(
    spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "network.gpkg"
    path.write_bytes(spoil(NETWORK.read_bytes()))
    read_or_refused(read_and_used, path)


def test_the_right_network_is_made() -> None:
    made = Network.of(frame(AXES), frame(PR))
    assert len(made.routes()) == 1
    read_and_used(NETWORK)
