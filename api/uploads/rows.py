"""A row of the inbox: an upload and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCRIPT = """
CREATE TABLE IF NOT EXISTS inbox (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, vehicle TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
    length INTEGER NOT NULL, offset INTEGER NOT NULL, sealed INTEGER NOT NULL,
    state TEXT NOT NULL, twin_of TEXT, created_s REAL NOT NULL, touched_s REAL NOT NULL, key BLOB
);
CREATE UNIQUE INDEX IF NOT EXISTS one_of_each ON uploads (sha256)
    WHERE state = 'confirmed' AND twin_of IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS one_begun ON uploads (vehicle, sha256, length)
    WHERE state = 'open';
"""
COLUMNS = "id, vehicle, name, sha256, length, offset, sealed, state, twin_of, touched_s, key"


class State(StrEnum):
    """Where an upload stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Upload:
    """A row of the inbox.

    Attributes
    ----------
    id
        Identifier, which names the sealed file.
    vehicle, name
        Who sends it, and what the client calls it.
    sha256
        That the client declared; of the file itself once it is confirmed.
    length, offset
        Bytes of the whole file, and those that are safe on the disk.
    sealed
        Bytes of the sealed file that hold them.
    state
        Where it stands.
    twin_of
        The confirmed upload that has the same content and holds the bytes.
    touched_s
        When bytes were last added, in seconds since 1970.
    key
        Its wrapped key; None where there is nothing to open any more.
    """

    id: str
    vehicle: str
    name: str
    sha256: str
    length: int
    offset: int
    sealed: int
    state: State
    twin_of: str | None
    touched_s: float
    key: bytes | None

    @classmethod
    def of_row(cls, row: tuple[object, ...]) -> Upload:
        """The upload of a row of `COLUMNS`."""
        values = list(row)
        values[7] = State(str(values[7]))
        return cls(*values)  # type: ignore[arg-type]
