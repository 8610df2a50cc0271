"""Identifiers: uuid5 of content, never parsed, the same on every machine."""

from __future__ import annotations

import errno
import hashlib
import uuid
from pathlib import Path

NAMESPACE = uuid.UUID("6f0d6c1e-5f0c-5d7e-9a55-1d6f6a0e7c11")


def content_id(kind: str, *parts: object) -> str:
    """Identifier of a thing from what it is made of.

    Parameters
    ----------
    kind
        ``pass``, ``survey``, ``frame``, ``view``, ``finding``, ``section`` or ``work``.
    parts
        Values in a fixed order; floats are written with nine significant digits so that the
        same content gives the same identifier on every machine.

    Examples
    --------
    >>> content_id("frame", "p", 1.0) == content_id("frame", "p", 1.0)
    True
    >>> content_id("frame", "p", 1.0) == content_id("view", "p", 1.0)
    False
    """
    text = "\x1f".join([kind, *(f"{p:.9g}" if isinstance(p, float) else str(p) for p in parts)])
    return str(uuid.uuid5(NAMESPACE, text))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises
    ------
    OSError
        When it is absent, no regular file (a pipe may never end), or cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note.txt"
    ...     _ = path.write_text("D108")
    ...     sha256_of(path) == sha256_of_text("D108")
    True
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
