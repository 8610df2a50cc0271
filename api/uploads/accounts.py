"""Who may upload: tokens of vehicles, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from api.uploads.errors import InboxUnusable
from voirie.errors import NotFound

NAME = "tokens.sqlite"
PREFIX = "voirie_"
"""By which a token that leaked into a file is recognised."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Who a token belongs to.

    Attributes
    ----------
    name
        As it was given to ``voirie token add``.
    quota_bytes
        Most bytes that it may have in the inbox; None leaves that to the inbox.
    """

    name: str
    quota_bytes: int | None = None


class Accounts(Protocol):
    """What the uploads ask of whoever keeps the accounts."""

    def vehicle_of(self, token: str) -> Vehicle | None:
        """The vehicle of a token, None where it is not known or was revoked."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as it is listed: never the token itself.

    Attributes
    ----------
    name
        Of the vehicle.
    created_at, revoked_at
        In UTC, ISO 8601.
    """

    name: str
    created_at: str
    revoked_at: str | None


class TokenBook:
    """Tokens in one small SQLite file of the inbox.

    A token has 256 random bits, so a plain SHA-256 of it can't be turned back.

    Parameters
    ----------
    folder
        The inbox.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     book = TokenBook(Path(folder))
    ...     token = book.add("patrol 7")
    ...     book.vehicle_of(token), book.vehicle_of("another")
    (Vehicle(name='patrol 7', quota_bytes=None), None)
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        with self._open() as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS tokens (hash BLOB PRIMARY KEY, name TEXT NOT NULL,"
                " quota_bytes INTEGER, created_at TEXT NOT NULL, revoked_at TEXT)"
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
                yield db
        except sqlite3.Error as error:
            raise InboxUnusable(
                f"the tokens cannot be read or written ({error})",
                self.path,
                "check who owns it and whether the disk is full",
            ) from error

    def vehicle_of(self, token: str) -> Vehicle | None:
        """The vehicle of a token, None where it is not known or was revoked."""
        with self._open() as db:
            row = db.execute(
                "SELECT name, quota_bytes FROM tokens WHERE hash = ? AND revoked_at IS NULL",
                (_hash(token),),
            ).fetchone()
        return None if row is None else Vehicle(*row)

    def add(self, name: str, quota_bytes: int | None = None) -> str:
        """A new token for a vehicle; it is told once and never again.

        Several tokens may have one name: the old one is revoked when the new one is in place.
        """
        token = PREFIX + secrets.token_urlsafe(32)
        with self._open() as db:
            db.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, NULL)",
                (_hash(token), name, quota_bytes, _now()),
            )
        return token

    def revoke(self, name: str) -> int:
        """Revoke every token of a vehicle; how many there were.

        Raises
        ------
        NotFound
            When the vehicle has none.
        """
        with self._open() as db:
            done = db.execute(
                "UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
                (_now(), name),
            ).rowcount
        if not done:
            raise NotFound(f"{name} has no token that is valid", self.path, "see voirie token list")
        return done

    def lines(self) -> list[TokenLine]:
        """Every token, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT name, created_at, revoked_at FROM tokens ORDER BY created_at")
            return [TokenLine(*row) for row in rows]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
