"""The key of an inbox: a file of its own, elsewhere than what it opens."""

from __future__ import annotations

import os
from pathlib import Path

from api.uploads.errors import InboxUnusable
from api.uploads.sealed import KEY_BYTES, new_key
from voirie.files import disk_errors, sync_folder


def inbox_key(keys: Path, inbox: Path, number: str, make: bool) -> bytes:
    """The key of an inbox.

    Parameters
    ----------
    keys
        Folder of the keys.
    inbox
        Folder of the inbox, which must not hold them: who copies it must not get them.
    number
        Identifier of the inbox, which names the file.
    make
        Whether one is made where there is none.

    Raises
    ------
    InboxUnusable
        When the key is missing, can be read by others, or lies inside the inbox.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     keys, inbox = Path(name) / "keys", Path(name) / "inbox"
    ...     made = inbox_key(keys, inbox, "7", make=True)
    ...     made == inbox_key(keys, inbox, "7", make=False)
    True
    """
    path = keys / f"{number}.key"
    if path.resolve().is_relative_to(inbox.resolve()):
        raise InboxUnusable(
            "the keys lie inside the inbox that they open",
            keys,
            "name another folder in VOIRIE_INBOX_KEYS",
        )
    if make and not path.exists():
        _write(path)
    try:
        if path.stat().st_mode & 0o077:
            raise InboxUnusable("others can read this key", path, "chmod 600 it")
        key = path.read_bytes()
    except OSError as error:
        raise InboxUnusable(
            f"the key of the inbox cannot be read ({os.strerror(error.errno or 0).lower()})",
            path,
            "bring it back from a copy; without it no upload can be opened",
        ) from error
    if len(key) != KEY_BYTES:
        raise InboxUnusable("this is no key", path, "bring it back from a copy")
    return key


def _write(path: Path) -> None:
    """Write a new key, whole under its name or not at all."""
    partial = path.with_suffix(".partial")
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, new_key())
            os.fsync(file)
        finally:
            os.close(file)
        partial.rename(path)
        sync_folder(path.parent)
