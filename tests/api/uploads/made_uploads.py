"""What tests look at in an inbox, from outside the service."""

from __future__ import annotations

from pathlib import Path

from api.uploads.inbox import Inbox
from api.uploads.settings import InboxSettings


def contents(inbox: Path, keys: Path) -> list[bytes]:
    """Plain bytes of every confirmed upload, oldest first."""
    opened = Inbox(inbox, InboxSettings(keys=keys))
    try:
        found = []
        for upload in opened.confirmed():
            with opened.reader(upload) as plain:
                found.append(plain.read())
        return found
    finally:
        opened.close()
