"""The database: opened at the schema that this program knows, or refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from inspection.store.models import metadata
from inspection.store.settings import StoreSettings
from voirie.errors import ConfigurationError, StoreUnusable
from voirie.files import disk_errors
from voirie.settings import load

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_MS = 60_000
"""How long a writer waits for another on SQLite."""
WRITES = "voirie_writes"
_MIGRATING = Lock()
"""What a migration speaks to is one for the process."""
MIGRATION_LOCK = 8_647_431
"""A number that no other program is likely to lock by in the same database."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store.

    Attributes
    ----------
    engine
        The database, at today's schema.
    root
        Folder of the pictures.
    """

    engine: Engine
    root: Path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with _told(self.engine), connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes all stand in the end, or none of them."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(**{WRITES: True})
            with _told(self.engine), connection.begin():
                yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(settings: StoreSettings | None = None) -> Store:
    """The store that the settings name; one that is not there yet is made.

    Parameters
    ----------
    settings
        Those of the environment when None.

    Raises
    ------
    StoreUnusable
        When the database does not answer, or is of another schema than this program's.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = open_store(StoreSettings(store=Path(folder), database_url=None))
    ...     print(revision_of(store.engine))
    ...     store.close()
    0003
    """
    settings = settings or load(StoreSettings)
    engine = connect(settings)
    try:
        known, found = newest_revision(), revision_of(engine)
        if found is None:
            _refuse_others_tables(engine)
            migrate(engine, known)
        elif found != known:
            _refuse_schema(engine, found, known)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, settings.store)


def connect(settings: StoreSettings) -> Engine:
    """The database of the settings, whatever its schema; no connection is made yet.

    Raises
    ------
    OutputNotWritable
        When the folder of the store cannot be made.
    """
    with disk_errors(settings.store):
        settings.store.mkdir(parents=True, exist_ok=True)
    url = settings.url()
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        # Without prepared statements the planner sees the values: 49 -> 29 ms for a box.
        engine = create_engine(
            url,
            connect_args={"prepare_threshold": None, "options": "-c jit=off"},
            pool_recycle=1800,
        )
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # BEGIN is ours: the driver's own comes late and leaves CREATE TABLE outside.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=FILE",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    # A reader that becomes a writer on the way may find that another has written: it asks first.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Errors of the database itself in one sentence; those of constraints pass as they are."""
    try:
        yield
    except DBAPIError as error:
        if not is_out_of_order(error):
            raise
        raise unusable(engine, error) from error


def is_out_of_order(error: DBAPIError) -> bool:
    """Whether the database does not answer, is full, locked or no database."""
    import psycopg

    original = error.orig
    if isinstance(original, sqlite3.Error):
        return type(original) in {sqlite3.OperationalError, sqlite3.DatabaseError}
    return isinstance(original, psycopg.OperationalError)


def unusable(engine: Engine, error: DBAPIError) -> StoreUnusable:
    """The sentence for a database that does not work; it names no password."""
    why = " ".join(str(error.orig).split())
    return StoreUnusable(
        f"the database cannot be used ({why})",
        place_of(engine),
        "see that it runs and has room, and what VOIRIE_DATABASE_URL says",
    )


def place_of(engine: Engine) -> str:
    """The database as a person is told it, without its password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def newest_revision() -> str:
    """The schema that this program knows.

    Examples
    --------
    >>> newest_revision() >= "0001"
    True
    """
    head = _scripts().get_current_head()
    assert head is not None, "there are migrations"
    return head


def revision_of(engine: Engine) -> str | None:
    """The schema that a database has, None where it has none yet.

    Raises
    ------
    StoreUnusable
        When it does not answer.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise unusable(engine, error) from error


def migrate(engine: Engine, revision: str) -> None:
    """Bring a database to a schema, forward or back, in one transaction.

    Parameters
    ----------
    engine
        The database.
    revision
        Number of the schema, or ``base`` for none.

    Raises
    ------
    StoreUnusable
        When the database does not answer or refuses.
    """
    scripts = _scripts()
    now = revision_of(engine)
    back = revision == "base" or (now is not None and revision < now)

    def steps(current: str, _context: object) -> object:
        walk = scripts._downgrade_revs if back else scripts._upgrade_revs
        return walk(revision, current)

    with engine.connect() as connection:
        connection = connection.execution_options(**{WRITES: True})
        environment = EnvironmentContext(_config(), scripts, fn=steps, destination_rev=revision)
        with _MIGRATING, _told(engine), environment, connection.begin():
            if connection.dialect.name == "postgresql":  # two that start at once: one waits
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            environment.configure(connection=connection, target_metadata=metadata)
            environment.run_migrations()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _refuse_others_tables(engine: Engine) -> None:
    """Refuse a database in which somebody else's tables stand where ours would go."""
    ours = set(metadata.tables) & set(inspect(engine).get_table_names())
    if ours:
        raise ConfigurationError(
            f"the database has a table {min(ours)} that is not of this program",
            place_of(engine),
            "give VOIRIE_DATABASE_URL an empty database",
        )


def _refuse_schema(engine: Engine, found: str, known: str) -> None:
    newer = found not in {script.revision for script in _scripts().walk_revisions()}
    if newer:
        raise StoreUnusable(
            f"the store has the schema {found}, which this program does not know",
            place_of(engine),
            "install the version of voirie that made it, or a later one",
        )
    raise StoreUnusable(
        f"the store has the schema {found} and this program needs {known}",
        place_of(engine),
        "run voirie store upgrade",
    )
