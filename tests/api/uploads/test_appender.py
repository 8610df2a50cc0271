"""Bytes at the end of a sealed file."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.uploads.appender import Appender, Hashes
from api.uploads.errors import InboxUnusable, WrongChecksum
from tests.api.uploads.test_inbox import DATA, PATROL, begun, opened


def test_only_what_was_synced_counts(tmp_path: Path) -> None:
    inbox, hashes = opened(tmp_path), Hashes()
    first = Appender(inbox, begun(inbox), hashes)
    first.add(DATA[:1000])
    first.sync()
    first.add(DATA[1000:2000])
    first.close()
    upload = inbox.find(first.upload.id)
    assert (upload.offset, inbox.path(upload).stat().st_size) == (1000, upload.sealed)
    second = Appender(inbox, upload, hashes)
    second.add(DATA[1000:])
    assert second.finish().offset == len(DATA)
    second.close()
    inbox.close()


def test_bytes_after_the_offset_are_cut_off(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    first = Appender(inbox, begun(inbox), Hashes())
    first.add(DATA[:1000])
    first.sync()
    first.close()
    upload = inbox.find(first.upload.id)
    with inbox.path(upload).open("ab") as file:
        file.write(b"of a kill")
    second = Appender(inbox, upload, Hashes())  # the running hash was lost with the process
    second.add(DATA[1000:])
    done = second.finish()
    second.close()
    with inbox.reader(done) as plain:
        assert plain.read() == DATA
    inbox.close()


def test_a_file_that_lost_bytes_is_not_gone_on_with(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    first = Appender(inbox, begun(inbox), Hashes())
    first.add(DATA[:1000])
    first.sync()
    first.close()
    upload = inbox.find(first.upload.id)
    inbox.path(upload).write_bytes(b"")
    with pytest.raises(InboxUnusable, match="shorter"):
        Appender(inbox, upload, Hashes())
    inbox.close()


def test_another_file_than_declared_is_destroyed(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    appender = Appender(inbox, inbox.create(PATROL, "a", 4, "0" * 64), Hashes())
    appender.add(b"road")
    with pytest.raises(WrongChecksum):
        appender.finish()
    appender.close()
    assert list(inbox.files.iterdir()) == []
    inbox.close()
