"""An empty store on each database: SQLite, and a PostgreSQL of the tests' own with PostGIS."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest

from inspection.store.database import Store, open_store
from inspection.store.settings import StoreSettings

DATABASES = ("sqlite", "postgis")


def _programs() -> Path | None:
    """Folder of PostgreSQL's programs, the newest that has PostGIS."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda p: p.name)
    for version in reversed(versions):
        extension = Path("/usr/share/postgresql", version.name, "extension", "postgis.control")
        if (version / "bin" / "initdb").is_file() and extension.is_file():
            return version / "bin"
    return None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL with PostGIS is not installed (Debian: postgresql-15-postgis-3)")
    # PostgreSQL refuses to run as root.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    memory = Path("/dev/shm")  # thousands of small files that nobody keeps
    place = Path(tempfile.mkdtemp(prefix="voirie-pg-", dir=memory if memory.is_dir() else None))
    if user:
        shutil.chown(place, "postgres", "postgres")
    data = place / "data"

    def call(*words: str) -> None:
        done = subprocess.run([*user, *words], capture_output=True, text=True, cwd=place)
        assert done.returncode == 0, done.stderr

    trusting = ("-A", "trust", "-E", "UTF8", "--no-sync")  # for tests alone
    call(str(programs / "initdb"), "-D", str(data), "-U", "postgres", *trusting)
    options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    call(*control, "-l", str(place / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        call(*control, "-m", "immediate", "stop")
        shutil.rmtree(place)


@pytest.fixture(params=DATABASES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], StoreSettings]:
    """Settings of stores that are not made yet, each time another."""
    numbers = count()
    if request.param == "postgis":  # a machine without it skips here, with the reason
        request.getfixturevalue("postgres")

    def make() -> StoreSettings:
        number = next(numbers)
        root = tmp_path / f"store-{number}"
        if request.param == "sqlite":
            return StoreSettings(store=root, database_url=None)
        url = f"{request.getfixturevalue('postgres')}/voirie_{number}"
        _empty(url)
        return StoreSettings(store=root, database_url=url)

    return make


def _empty(url: str) -> None:
    """Make a database, or take away what an earlier test left in it: a new one takes seconds."""
    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(there, [name]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


@pytest.fixture
def store(fresh: Callable[[], StoreSettings]) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(fresh())
    yield opened
    opened.close()
