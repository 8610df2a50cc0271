"""The inbox: what was begun, how far it is safe on the disk, what is confirmed.

A row of ``inbox.sqlite`` is the truth about an upload, and its sealed file is cut to what the row
says before anything is added. A row moves only after the bytes that it speaks of are on the disk:
a kill or a power cut at any moment leaves an offset from which the client goes on.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.uploads.accounts import Vehicle
from api.uploads.errors import (
    InboxUnusable,
    Kept,
    NoSuchUpload,
    OverQuota,
    TooLarge,
    UploadGone,
)
from api.uploads.keys import inbox_key
from api.uploads.rows import COLUMNS, SCRIPT, State, Upload
from api.uploads.sealed import SealedReader, new_key, unwrap, wrap
from api.uploads.settings import InboxSettings
from voirie.errors import DiskFull
from voirie.files import disk_errors, sync_folder

NAME = "inbox.sqlite"
SCHEMA = "1"
TAKES_ROOM = "state = 'open' OR (state = 'confirmed' AND key IS NOT NULL)"


class Inbox:
    """A folder that takes uploads.

    Parameters
    ----------
    folder
        The inbox; it is made where there is none. One process at a time serves it.
    settings
        How much it takes.

    Raises
    ------
    InboxUnusable
        When it cannot be read, or its key is missing.
    """

    def __init__(self, folder: Path, settings: InboxSettings) -> None:
        self.folder, self.settings = folder, settings
        self.files = folder / "uploads"
        with disk_errors(folder):
            self.files.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(folder / NAME, timeout=10, check_same_thread=False)
            self._db.isolation_level = None
            # An offset that a power cut takes back is only sent again; what is confirmed is
            # written with FULL (see `confirm`). A key that is removed is overwritten.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}").fetchall()
            self._db.executescript(SCRIPT)
            self._key = self._opened()
        except sqlite3.Error as error:
            raise InboxUnusable(
                f"the inbox cannot be read or written ({error})",
                folder,
                "check who owns it and whether the disk is full",
            ) from error

    def _opened(self) -> bytes:
        """The key of this inbox, made with the inbox and checked each time."""
        known = dict(self._db.execute("SELECT key, value FROM inbox").fetchall())
        number = known.get("number") or uuid.uuid4().hex
        if known and known.get("schema") != SCHEMA:
            raise InboxUnusable(
                "another version of voirie made this inbox", self.folder, "use that version"
            )
        key = inbox_key(self.settings.keys, self.folder, number, make=not known)
        if known:
            unwrap(known["check"], key, number)
        else:
            rows = {"number": number, "schema": SCHEMA, "check": wrap(new_key(), key, number)}
            with self._writing(durable=True):
                self._db.executemany("INSERT INTO inbox VALUES (?, ?)", rows.items())
        return key

    @contextmanager
    def _writing(self, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction; a durable one is on the disk when the block is left."""
        with self._lock:
            try:
                if durable:
                    self._db.execute("PRAGMA synchronous=FULL").fetchall()
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                    self._db.execute("COMMIT")
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
                finally:
                    if durable:
                        self._db.execute("PRAGMA synchronous=NORMAL").fetchall()
            except sqlite3.OperationalError as error:
                if "full" in str(error):
                    raise DiskFull(
                        "the disk is full", self.folder, "free some room and send the rest"
                    ) from error
                raise

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def path(self, upload: Upload) -> Path:
        """The sealed file of an upload."""
        return self.files / f"{upload.twin_of or upload.id}.sealed"

    def key(self, upload: Upload) -> bytes:
        """The key of an upload."""
        assert upload.key is not None, "there is nothing left to open"
        return unwrap(upload.key, self._key, upload.id)

    def create(self, vehicle: Vehicle, name: str, length: int, sha256: str) -> Upload:
        """Begin an upload, or find the one that it would be.

        What a vehicle has begun and not finished is given again; what is confirmed, whoever sent
        it, is given as confirmed: the same file twice is one.

        Raises
        ------
        TooLarge, OverQuota, DiskFull
            Before a byte is taken.
        """
        now = time.time()
        number = uuid.uuid4().hex
        key: bytes | None = wrap(new_key(), self._key, number)
        with self._writing(durable=True) as db:
            begun = db.execute(
                f"SELECT {COLUMNS} FROM uploads WHERE vehicle = ? AND sha256 = ? AND length = ?"
                f" AND state IN ('open', 'confirmed') ORDER BY state LIMIT 1",
                (vehicle.name, sha256, length),
            ).fetchone()
            if begun is not None:
                return Upload.of_row(begun)
            same = db.execute(
                "SELECT id FROM uploads WHERE sha256 = ? AND length = ? AND state = 'confirmed'"
                " AND twin_of IS NULL",
                (sha256, length),
            ).fetchone()
            if same is None:
                self._check_room(db, vehicle, length)
                state, offset, twin = State.OPEN, 0, None
            else:
                state, offset, twin, key = State.CONFIRMED, length, same[0], None
            upload = Upload(
                number, vehicle.name, name, sha256, length, offset, 0, state, twin, now, key
            )
            db.execute(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, vehicle.name, name, sha256, length, offset, 0, state, twin, now, now, key),
            )
        return upload

    def _check_room(self, db: sqlite3.Connection, vehicle: Vehicle, length: int) -> None:
        if length > self.settings.largest_bytes:
            raise TooLarge(
                f"{length} bytes are more than an upload may have",
                remedy=f"send at most {self.settings.largest_bytes}",
            )
        held, coming = db.execute(
            f"SELECT total(CASE WHEN vehicle = ? THEN length END),"
            f" total(CASE WHEN state = 'open' THEN length - offset END)"
            f" FROM uploads WHERE {TAKES_ROOM}",
            (vehicle.name,),
        ).fetchone()
        quota = vehicle.quota_bytes or self.settings.quota_bytes
        if held + length > quota:
            raise OverQuota(
                f"this vehicle may have {quota} bytes in the inbox and has {held:.0f}",
                remedy="wait until they are worked on, or ask for more",
            )
        free = shutil.disk_usage(self.files).free
        if coming + length + self.settings.reserve_bytes > free:
            raise DiskFull("the disk of the inbox is full", remedy="free some room and try again")

    def find(self, number: str, vehicle: str | None = None) -> Upload:
        """An upload that can be gone on with, or is confirmed.

        Raises
        ------
        NoSuchUpload
            When there is none, or it is another vehicle's.
        UploadGone
            When it expired or was refused.
        """
        with self._lock:
            row = self._db.execute(
                f"SELECT {COLUMNS} FROM uploads WHERE id = ?", (number,)
            ).fetchone()
        if row is None or (vehicle is not None and row[1] != vehicle):
            raise NoSuchUpload("there is no such upload", remedy="begin it again")
        upload = Upload.of_row(row)
        if upload.state is State.OPEN and self.expires_s(upload) < time.time():
            self._end(upload, State.EXPIRED)
            upload = Upload.of_row((*row[:7], State.EXPIRED, *row[8:]))
        if upload.state is State.EXPIRED:
            raise UploadGone("the upload expired", remedy="begin it again")
        if upload.state is State.REFUSED:
            raise UploadGone(
                "the upload was refused: what arrived was not what was declared",
                remedy="begin it again",
            )
        return upload

    def expires_s(self, upload: Upload) -> float:
        """When an upload is removed if nothing is added, in seconds since 1970."""
        return upload.touched_s + self.settings.expire_s

    def moved(self, upload: Upload, offset: int, sealed: int) -> None:
        """Note how far an upload is safe on the disk; the bytes are there before.

        Raises
        ------
        NoSuchUpload
            When it is open no more.
        """
        with self._writing() as db:
            done = db.execute(
                "UPDATE uploads SET offset = ?, sealed = ?, touched_s = ?"
                " WHERE id = ? AND state = 'open'",
                (offset, sealed, time.time(), upload.id),
            ).rowcount
        if not done:
            raise NoSuchUpload("there is no such upload any more", remedy="begin it again")

    def confirm(self, upload: Upload) -> Upload:
        """Confirm an upload that is whole on the disk and has the hash that was declared.

        Where another vehicle's has the same content, that one holds the bytes.
        """
        sync_folder(self.files)
        with self._writing(durable=True) as db:
            same = db.execute(
                "SELECT id FROM uploads WHERE sha256 = ? AND state = 'confirmed'"
                " AND twin_of IS NULL",
                (upload.sha256,),
            ).fetchone()
            twin = None if same is None else same[0]
            db.execute(
                "UPDATE uploads SET state = 'confirmed', twin_of = ?,"
                " key = CASE WHEN ? IS NULL THEN key END WHERE id = ? AND state = 'open'",
                (twin, twin, upload.id),
            )
        if twin is not None:
            self._file(upload.id).unlink(missing_ok=True)
        return self.find(upload.id)

    def refuse(self, upload: Upload) -> None:
        """End an upload whose bytes are not what was declared, and destroy them."""
        self._end(upload, State.REFUSED)

    def _end(self, upload: Upload, state: State) -> None:
        with self._writing(durable=True) as db:
            db.execute(
                "UPDATE uploads SET state = ?, key = NULL WHERE id = ? AND state = 'open'",
                (state, upload.id),
            )
        self._file(upload.id).unlink(missing_ok=True)

    def remove(self, upload: Upload) -> None:
        """Forget an upload that its sender does not want any more.

        Raises
        ------
        Kept
            When it is confirmed: the sender may have deleted his copy.
        """
        with self._writing(durable=True) as db:
            done = db.execute(
                "DELETE FROM uploads WHERE id = ? AND state = 'open'", (upload.id,)
            ).rowcount
        if not done:
            raise Kept("the upload is confirmed and is kept", remedy="ask who runs the inbox")
        self._file(upload.id).unlink(missing_ok=True)

    def destroy(self, upload: Upload) -> None:
        """Destroy the bytes of a confirmed upload once they were worked on.

        The row stays, so that the same file is known when it is sent again.
        """
        with self._writing(durable=True) as db:
            db.execute(
                "UPDATE uploads SET key = NULL WHERE id = ? AND state = 'confirmed'", (upload.id,)
            )
        self._file(upload.id).unlink(missing_ok=True)

    def confirmed(self) -> list[Upload]:
        """Uploads that wait to be worked on, oldest first."""
        with self._lock:
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM uploads WHERE state = 'confirmed' AND key IS NOT NULL"
                " ORDER BY created_s"
            ).fetchall()
        return [Upload.of_row(row) for row in rows]

    def unsettled(self) -> list[Upload]:
        """Uploads that are whole and that a stop kept from being confirmed."""
        with self._lock:
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM uploads WHERE state = 'open' AND offset = length"
            ).fetchall()
        return [Upload.of_row(row) for row in rows]

    def reader(self, upload: Upload) -> SealedReader:
        """The plain bytes of a confirmed upload, decrypted in memory as they are read."""
        return SealedReader(self.path(upload), self.key(upload), upload.id, upload.length)

    def sweep(self) -> int:
        """Remove what expired, and files that no row holds; how many.

        A kill between a row and its file leaves such files.
        """
        oldest = time.time() - self.settings.expire_s
        with self._writing(durable=True) as db:
            done = db.execute(
                "UPDATE uploads SET state = 'expired', key = NULL"
                " WHERE state = 'open' AND touched_s < ?",
                (oldest,),
            ).rowcount
            held = {row[0] for row in db.execute("SELECT id FROM uploads WHERE key IS NOT NULL")}
            astray = [path for path in self.files.iterdir() if path.stem not in held]
        for path in astray:
            path.unlink(missing_ok=True)
        return done + len(astray)

    def _file(self, number: str) -> Path:
        return self.files / f"{number}.sealed"
