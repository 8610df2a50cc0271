"""Bytes added to an upload: sealed, written, and only then counted."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections import OrderedDict
from dataclasses import replace

from api.uploads.errors import InboxUnusable, WrongChecksum
from api.uploads.inbox import Inbox
from api.uploads.rows import Upload
from api.uploads.sealed import RECORD_BYTES, seal
from voirie.errors import DiskFull
from voirie.files import disk_errors

MOST_HASHES = 10_000
FULL = {errno.ENOSPC, errno.EDQUOT}


class Hashes:
    """Running SHA-256 of uploads that are under way, so that the end needs no second reading.

    They are lost with the process; what is missing is computed from the sealed file.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, hashlib._Hash]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, upload: Upload) -> hashlib._Hash | None:
        """The hash of the bytes up to the offset of an upload, None where it is not known."""
        with self._lock:
            offset, running = self._known.pop(upload.id, (-1, None))
        if upload.offset == 0:
            return hashlib.sha256()
        return running if offset == upload.offset else None

    def keep(self, upload: Upload, running: hashlib._Hash) -> None:
        """Keep the hash of the bytes up to the offset of an upload."""
        with self._lock:
            self._known[upload.id] = upload.offset, running
            while len(self._known) > MOST_HASHES:
                self._known.popitem(last=False)


class Appender:
    """The end of a sealed file; one at a time for each upload.

    Parameters
    ----------
    inbox
        Where the upload lies.
    upload
        With the offset that is safe on the disk: the file is cut to it.
    hashes
        Running hashes of the uploads under way.

    Raises
    ------
    InboxUnusable
        When the file holds less than its row says.
    """

    def __init__(self, inbox: Inbox, upload: Upload, hashes: Hashes) -> None:
        self.inbox, self.upload = inbox, upload
        self._hashes = hashes
        self._running = hashes.take(upload)
        self._safe_hash = None if self._running is None else self._running.copy()
        self._key = inbox.key(upload)
        self.offset, self._sealed = upload.offset, upload.sealed
        path = inbox.path(upload)
        with disk_errors(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size < upload.sealed:
            os.close(self._file)
            raise InboxUnusable(
                "the sealed file is shorter than what was counted", path, "check the disk"
            )
        os.ftruncate(self._file, upload.sealed)

    def add(self, data: bytes) -> None:
        """Seal and write bytes at the end; they do not count before `sync`.

        Raises
        ------
        DiskFull
            The file is as it was counted last.
        """
        for start in range(0, len(data), RECORD_BYTES):
            part = data[start : start + RECORD_BYTES]
            record = seal(part, self._key, self.upload.id, self.offset)
            written = 0
            try:
                while written < len(record):
                    place = self._sealed + written
                    written += os.pwrite(self._file, memoryview(record)[written:], place)
            except OSError as error:
                raise self._told(error) from error
            self.offset += len(part)
            self._sealed += len(record)
            if self._running is not None:
                self._running.update(part)

    def sync(self) -> None:
        """Wait until what was added is on the disk, then count it.

        Raises
        ------
        DiskFull
            The file is as it was counted last.
        """
        if self.offset == self.upload.offset:
            return
        try:
            os.fdatasync(self._file)
        except OSError as error:
            raise self._told(error) from error
        try:
            self.inbox.moved(self.upload, self.offset, self._sealed)
        except DiskFull:
            self.cut_back()
            raise
        self.upload = replace(self.upload, offset=self.offset, sealed=self._sealed)
        self._safe_hash = None if self._running is None else self._running.copy()

    def cut_back(self) -> None:
        """Drop what was added since the last `sync`."""
        self.offset, self._sealed = self.upload.offset, self.upload.sealed
        self._running = None if self._safe_hash is None else self._safe_hash.copy()
        os.ftruncate(self._file, self._sealed)

    def _told(self, error: OSError) -> Exception:
        self.cut_back()
        if error.errno in FULL:
            return DiskFull("the disk of the inbox is full", remedy="send the rest later")
        return error

    def finish(self) -> Upload:
        """Hash the whole file and confirm it, or refuse and destroy it.

        Raises
        ------
        WrongChecksum
            When it is not the file that was declared.
        """
        self.sync()
        running = self._running
        if running is None:
            running = hashlib.sha256()
            with self.inbox.reader(self.upload) as plain:
                while data := plain.read(RECORD_BYTES):
                    running.update(data)
        if running.hexdigest() != self.upload.sha256:
            self._running = None
            self.inbox.refuse(self.upload)
            raise WrongChecksum(
                "the SHA-256 of what arrived is not the declared one", remedy="send the file again"
            )
        self._running = None
        return self.inbox.confirm(self.upload)

    def close(self) -> None:
        """Cut to what counts, and keep the hash of it for the next one."""
        self.cut_back()
        if self._running is not None:
            self._hashes.keep(self.upload, self._running)
        os.close(self._file)
