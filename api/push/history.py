"""What was sent and confirmed, so that a second call sends nothing again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from voirie.errors import ConfigurationError
from voirie.files import disk_errors
from voirie.ids import sha256_of


def usual_place() -> Path:
    """Where the history lies if nothing else is said.

    Examples
    --------
    >>> usual_place().name
    'push.sqlite'
    """
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "voirie" / "push.sqlite"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was looked at: it is the same while these stay.

    Attributes
    ----------
    path
        The file.
    size, mtime_ns
        Bytes, and when it was changed last.
    """

    path: Path
    size: int
    mtime_ns: int

    @classmethod
    def at(cls, path: Path) -> Seen:
        """The file as it is now.

        Raises
        ------
        OSError
            When it is gone.
        """
        found = path.stat()
        return cls(path.absolute(), found.st_size, found.st_mtime_ns)


class History:
    """Hashes of files, and where each was confirmed, in one SQLite file.

    Parameters
    ----------
    path
        The file; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS files (path TEXT, size INTEGER, mtime_ns INTEGER,"
                " sha256 TEXT NOT NULL, PRIMARY KEY (path, size, mtime_ns))"
            )
            db.execute(
                "CREATE TABLE IF NOT EXISTS confirmed (sha256 TEXT, destination TEXT,"
                " PRIMARY KEY (sha256, destination))"
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
                yield db
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"the history cannot be read or written ({error})",
                self.path,
                "name another one with --history",
            ) from error

    def sha256(self, seen: Seen) -> str:
        """SHA-256 of a file; computed once while it does not change."""
        key = (os.fsencode(seen.path), seen.size, seen.mtime_ns)
        with self._open() as db:
            row = db.execute(
                "SELECT sha256 FROM files WHERE path = ? AND size = ? AND mtime_ns = ?", key
            ).fetchone()
        if row is not None:
            return str(row[0])
        hashed = sha256_of(seen.path)
        if Seen.at(seen.path) == seen:
            with self._open() as db:
                db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (*key, hashed))
        return hashed

    def is_confirmed(self, sha256: str, destination: str) -> bool:
        """Whether a server has confirmed a content."""
        with self._open() as db:
            row = db.execute(
                "SELECT 1 FROM confirmed WHERE sha256 = ? AND destination = ?",
                (sha256, destination),
            ).fetchone()
        return row is not None

    def confirm(self, sha256: str, destination: str) -> None:
        """Note that a server has confirmed a content."""
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO confirmed VALUES (?, ?)", (sha256, destination))
