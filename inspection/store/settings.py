"""Where the store is, from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, field_validator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from voirie.settings import MachineSettings

FILE = "store.sqlite"
DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


def _home() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "voirie"


class StoreSettings(MachineSettings):
    """Where the store is.

    Attributes
    ----------
    store
        Folder of the pictures, and of the SQLite file (`VOIRIE_STORE`).
    database_url
        Another database than that file (`VOIRIE_DATABASE_URL`), such as
        `postgresql://voirie@db.example.org/voirie`.

    Examples
    --------
    >>> StoreSettings(store=Path("/srv/voirie"), database_url=None).url().database
    '/srv/voirie/store.sqlite'
    """

    store: Path = Field(default_factory=_home)
    database_url: str | None = None

    @field_validator("database_url")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            kind = make_url(value).drivername
        except ArgumentError as error:
            # The value holds a password, which no message repeats.
            raise ValueError("it is no address of a database") from error
        if kind.partition("+")[0] not in DRIVERS:
            raise ValueError("it names neither postgresql:// nor sqlite://")
        return value

    def url(self) -> URL:
        """Address of the database, with the driver that we ship."""
        if self.database_url is None:
            return URL.create(DRIVERS["sqlite"], database=str(self.store.absolute() / FILE))
        url = make_url(self.database_url)
        return url.set(drivername=DRIVERS[url.drivername.partition("+")[0]])
