"""The key of an inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.uploads.errors import InboxUnusable
from api.uploads.keys import inbox_key


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys, inbox = tmp_path / "keys", tmp_path / "inbox"
    key = inbox_key(keys, inbox, "7", make=True)
    assert inbox_key(keys, inbox, "7", make=True) == key
    assert inbox_key(keys, inbox, "8", make=True) != key
    assert (keys / "7.key").stat().st_mode & 0o777 == 0o600
    (keys / "7.key").chmod(0o644)
    with pytest.raises(InboxUnusable, match="others can read"):
        inbox_key(keys, inbox, "7", make=False)


def test_it_is_never_made_anew_nor_beside_what_it_opens(tmp_path: Path) -> None:
    with pytest.raises(InboxUnusable, match="cannot be read"):
        inbox_key(tmp_path / "keys", tmp_path / "inbox", "7", make=False)
    with pytest.raises(InboxUnusable, match="inside the inbox"):
        inbox_key(tmp_path / "inbox" / "keys", tmp_path / "inbox", "7", make=True)
    assert list(tmp_path.iterdir()) == []
