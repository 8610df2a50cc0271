"""Bytes that lie encrypted from the first one on: written at the end, read at any place.

A sealed file is a row of records, each with a number of plain bytes (4 bytes, big-endian), a
random nonce (12) and what AES-256-GCM makes of the bytes (as many, and a tag of 16). The name of
the upload and the place of the record in the plain file are authenticated with it, so that no
record can be moved, nor taken from another upload. Each upload has a key of its own, which lies
wrapped with the key of the inbox: with the wrapped key the upload is destroyed.
"""

from __future__ import annotations

import io
import os
import secrets
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.uploads.errors import InboxUnusable

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SIZE_BYTES = 4
OVERHEAD_BYTES = SIZE_BYTES + NONCE_BYTES + TAG_BYTES
RECORD_BYTES = 1 << 20
"""Most plain bytes of a record: what a reader decrypts to give a single one."""


def new_key() -> bytes:
    """A random key.

    Examples
    --------
    >>> len(new_key())
    32
    """
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, outer: bytes, name: str) -> bytes:
    """A key encrypted with another, bound to a name.

    Examples
    --------
    >>> outer, key = new_key(), new_key()
    >>> unwrap(wrap(key, outer, "a"), outer, "a") == key
    True
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(outer).encrypt(nonce, key, name.encode())


def unwrap(wrapped: bytes, outer: bytes, name: str) -> bytes:
    """The key that `wrap` encrypted.

    Raises
    ------
    InboxUnusable
        When the outer key or the name is another.
    """
    try:
        return AESGCM(outer).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise InboxUnusable(
            "the key of the inbox is not the one that its uploads were sealed with",
            remedy="give the key that the inbox was made with (VOIRIE_INBOX_KEYS)",
        ) from error


def seal(data: bytes, key: bytes, name: str, offset: int) -> bytes:
    """One record.

    Parameters
    ----------
    data
        At most `RECORD_BYTES`.
    key
        Of the upload.
    name
        Of the upload.
    offset
        Where the bytes stand in the plain file.

    Examples
    --------
    >>> len(seal(b"road", new_key(), "a", 0)) - OVERHEAD_BYTES
    4
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, data, _bound(name, offset))
    return b"".join((len(data).to_bytes(SIZE_BYTES, "big"), nonce, sealed))


def _bound(name: str, offset: int) -> bytes:
    return name.encode() + offset.to_bytes(8, "big")


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a record stands: in the plain file, and in the sealed one."""

    offset: int
    size: int
    place: int


class SealedReader(io.RawIOBase):
    """A sealed file as the plain one: read and sought like any file, decrypted in memory.

    Parameters
    ----------
    path
        The sealed file.
    key
        Of the upload.
    name
        Of the upload.
    length
        Bytes of the plain file.

    Raises
    ------
    InboxUnusable
        When the file does not hold so many bytes, or was changed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> key = new_key()
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.sealed"
    ...     _ = path.write_bytes(seal(b"D108 ", key, "a", 0) + seal(b"PR 12", key, "a", 5))
    ...     with SealedReader(path, key, "a", 10) as film:
    ...         film.seek(3), film.read()
    (3, b'8 PR 12')
    """

    def __init__(self, path: Path, key: bytes, name: str, length: int) -> None:
        self._path, self._cipher, self._name, self._length = path, AESGCM(key), name, length
        self._place = 0
        self._now: tuple[_Record, bytes] | None = None
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._records = list(self._scan())
        except BaseException:
            self.close()
            raise
        self._offsets = [record.offset for record in self._records]

    def _scan(self) -> Iterator[_Record]:
        offset = place = 0
        while offset < self._length:
            size = int.from_bytes(os.pread(self._file, SIZE_BYTES, place), "big")
            if not 0 < size <= RECORD_BYTES:
                raise self._changed()
            yield _Record(offset, size, place)
            offset, place = offset + size, place + size + OVERHEAD_BYTES
        if offset != self._length:
            raise self._changed()

    def _changed(self) -> InboxUnusable:
        return InboxUnusable(
            "the sealed file is not as it was written", self._path, "let it be uploaded again"
        )

    def _plain(self, record: _Record) -> bytes:
        if self._now is not None and self._now[0] == record:
            return self._now[1]
        sealed = os.pread(self._file, record.size + OVERHEAD_BYTES, record.place)[SIZE_BYTES:]
        bound = _bound(self._name, record.offset)
        try:
            data = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as error:
            raise self._changed() from error
        self._now = record, data
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read up to the end of a record."""
        if self._place >= self._length or not len(buffer):
            return 0
        record = self._records[bisect_right(self._offsets, self._place) - 1]
        start = self._place - record.offset
        part = memoryview(self._plain(record))[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the plain file."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise ValueError("a place before the first byte")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """Place in the plain file."""
        return self._place

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def close(self) -> None:
        """Close the sealed file."""
        if not self.closed:
            os.close(self._file)
            self._now = None
        super().close()
