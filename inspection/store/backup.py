"""A copy of the whole store in a folder of its own, and the way back, into either database.

The rows stand in one SQLite file of the store's own schema, whatever database they come from: a
backup of PostGIS is restored into SQLite and the reverse. A backup stands whole under its name or
not at all, and so does what is restored of it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Engine, create_engine, func, select, text

from inspection.store.database import Store, connect, migrate, newest_revision, open_store
from inspection.store.load import put
from inspection.store.models import bodies, metadata, rows
from inspection.store.pictures import held, keep, whole_picture
from inspection.store.settings import FILE, StoreSettings
from voirie.errors import ConfigurationError, NotASurvey, StoreUnusable
from voirie.files import disk_errors, read_json, sync_folder, write_json
from voirie.ids import sha256_of

MANIFEST = "backup.json"
MARK = ".voirie-backup"
"""Tells that a folder is ours, and stays in it: a kill just before the last step leaves it too."""
BATCH_ROWS = 5000


class Backup(BaseModel):
    """What `backup.json` says.

    Attributes
    ----------
    schema_version
        Of this file.
    revision
        Schema of the database.
    made_at
        When, in UTC.
    rows
        Rows of each table.
    pictures
        Number of pictures.
    database_sha256
        Of the SQLite file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal["voirie.backup/1"] = "voirie.backup/1"
    revision: str
    made_at: datetime
    rows: dict[str, int]
    pictures: int
    database_sha256: str


def back_up(store: Store, out: Path) -> Backup:
    """Write everything that the store holds into a new folder.

    Others may go on adding: what is written is one state of the store. Each picture is hashed on
    its way.

    Parameters
    ----------
    store
        The store.
    out
        Folder to make.

    Raises
    ------
    ConfigurationError
        When something stands there.
    NotCertified
        When a picture is missing or has changed.
    DiskFull, OutputNotWritable
        When the disk does not take it.
    """
    partial = _begin(out)
    with held(store.root), store.reading() as source:
        target = open_store(StoreSettings(store=partial, database_url=None))
        try:
            with target.writing() as into:
                counts = _copy_rows(source, into)
        finally:
            target.close()
        _one_file(partial / FILE)
        pictures = 0
        with disk_errors(out):
            for sha256 in _hashes(source):
                keep(whole_picture(store.root, sha256), sha256, partial)
                pictures += 1
    told = Backup(
        revision=newest_revision(),
        made_at=datetime.now(UTC),
        rows=counts,
        pictures=pictures,
        database_sha256=sha256_of(partial / FILE),
    )
    with disk_errors(out):
        write_json(partial / MANIFEST, told.model_dump(mode="json"))
        os.sync()
        os.rename(partial, out)
        sync_folder(out.absolute().parent)
    return told


def restore(store: Store, folder: Path) -> Backup:
    """Fill an empty store from a backup; its rows all stand in the end, or none.

    Parameters
    ----------
    store
        An empty store.
    folder
        As `back_up` wrote it; it is only read. One of an older schema is brought up on the way.

    Raises
    ------
    ConfigurationError
        When the store holds something.
    NotASurvey
        When the folder is no backup, or not as it was written.
    StoreUnusable
        When it is of a schema that this program does not know.
    NotCertified
        When a picture is missing or has changed.
    """
    told = _manifest(folder)
    if told.revision > newest_revision():
        raise StoreUnusable(
            f"the backup has the schema {told.revision}, which this program does not know",
            folder,
            "install the version of voirie that made it, or a later one",
        )
    _refuse_filled(store)
    with held(store.root), _opened(folder, told, store.root) as source:
        with disk_errors(store.root):
            for sha256 in _hashes(source):
                keep(whole_picture(folder, sha256), sha256, store.root)
            os.sync()
        with store.writing() as into:
            if into.scalar(select(func.count()).select_from(bodies)):
                raise _filled(store)
            _copy_rows(source, into)
            _count_on(into)
    return told


def _begin(out: Path) -> Path:
    """The folder beside the one to make; what an earlier stop left of it goes."""
    if os.path.lexists(out):
        raise ConfigurationError("it exists already", out, "choose another folder for the backup")
    partial = out.with_name(f"{out.name}.partial")
    with disk_errors(out):
        if os.path.lexists(partial):
            if not (partial / MARK).is_file() and any(partial.iterdir()):
                raise ConfigurationError(
                    "this is no unfinished backup, and is left alone",
                    partial,
                    "move it away, or choose another folder for the backup",
                )
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        (partial / MARK).write_text("", encoding="utf-8")
    return partial


def _copy_rows(source: Connection, into: Connection) -> dict[str, int]:
    """Copy every table, in the order in which rows refer to each other."""
    counts = {}
    for table in metadata.sorted_tables:
        (key,) = table.primary_key.columns
        found = source.execute(
            select(table).order_by(key), execution_options={"yield_per": BATCH_ROWS}
        )
        count = 0
        for part in found.mappings().partitions():
            put(into, table, [dict(row) for row in part])
            count += len(part)
        counts[table.name] = count
    return counts


def _count_on(into: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    if into.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        (key,) = table.primary_key.columns
        into.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), "
                f"GREATEST((SELECT max({key.name}) FROM {table.name}), 1))"
            )
        )


def _hashes(source: Connection) -> Iterator[str]:
    sha256 = rows["certificate"].c.sha256
    wanted = select(sha256).distinct().order_by(sha256)
    found = source.execute(wanted, execution_options={"yield_per": BATCH_ROWS})
    yield from found.scalars()


def _one_file(path: Path) -> None:
    """Take the database out of WAL, so that it is one file that may be copied."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def _manifest(folder: Path) -> Backup:
    try:
        told = Backup.model_validate(read_json(folder / MANIFEST))
        if sha256_of(folder / FILE) != told.database_sha256:
            raise ValueError(f"{FILE} has changed")
    except (OSError, ValueError) as error:
        why = " ".join(str(error).split())
        raise NotASurvey(
            f"this is no whole backup ({why})",
            folder,
            "give a folder that voirie store backup made",
        ) from error
    return told


def _refuse_filled(store: Store) -> None:
    with store.reading() as connection:
        if connection.scalar(select(func.count()).select_from(bodies)):
            raise _filled(store)


def _filled(store: Store) -> ConfigurationError:
    return ConfigurationError(
        "a backup is restored into an empty store, and this one holds something",
        store.root,
        "name another by VOIRIE_STORE or VOIRIE_DATABASE_URL",
    )


@contextmanager
def _opened(folder: Path, told: Backup, root: Path) -> Iterator[Connection]:
    """The rows of a backup at today's schema; an older one is brought up in a copy."""
    with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as name:
        if told.revision == newest_revision():
            engine = _read_only(folder / FILE)
        else:
            with disk_errors(root):
                shutil.copy(folder / FILE, Path(name) / FILE)
            engine = connect(StoreSettings(store=Path(name), database_url=None))
            migrate(engine, newest_revision())
        try:
            with engine.connect() as connection, connection.begin():
                yield connection
        finally:
            engine.dispose()


def _read_only(path: Path) -> Engine:
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    return create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(address, uri=True))
