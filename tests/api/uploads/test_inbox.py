"""The inbox: rows and files agree, whatever stopped on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from api.uploads.accounts import Vehicle
from api.uploads.appender import Appender, Hashes
from api.uploads.errors import InboxUnusable, NoSuchUpload, UploadGone
from api.uploads.inbox import Inbox
from api.uploads.rows import State, Upload
from api.uploads.settings import InboxSettings
from voirie.errors import DiskFull

PATROL = Vehicle("patrol")
DATA = b"road " * 1000


def opened(folder: Path, **settings: object) -> Inbox:
    told: dict[str, object] = {"keys": folder / "keys", "reserve_bytes": 0} | settings
    return Inbox(folder / "inbox", InboxSettings(**told))  # type: ignore[arg-type]


def begun(inbox: Inbox, data: bytes = DATA) -> Upload:
    return inbox.create(PATROL, "a.mp4", len(data), hashlib.sha256(data).hexdigest())


def filled(inbox: Inbox, data: bytes = DATA) -> Upload:
    appender = Appender(inbox, begun(inbox, data), Hashes())
    appender.add(data)
    try:
        return appender.finish()
    finally:
        appender.close()


def test_what_is_confirmed_is_read_and_then_destroyed(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    upload = filled(inbox)
    with inbox.reader(upload) as plain:
        assert plain.read() == DATA
    assert inbox.confirmed() == [upload]
    inbox.destroy(upload)
    assert inbox.confirmed() == [] and not inbox.path(upload).exists()
    # It is still known: the same file is not worked on twice.
    assert begun(inbox).state is State.CONFIRMED
    inbox.close()


def test_the_key_of_an_inbox_must_be_its_own(tmp_path: Path) -> None:
    opened(tmp_path).close()
    key = next((tmp_path / "keys").iterdir())
    held = key.read_bytes()
    key.write_bytes(bytes(32))
    with pytest.raises(InboxUnusable, match="not the one"):
        opened(tmp_path)
    key.unlink()
    with pytest.raises(InboxUnusable, match="cannot be read"):
        opened(tmp_path)
    assert not key.exists(), "a lost key is not made anew in silence"
    key.write_bytes(held)
    key.chmod(0o600)
    opened(tmp_path).close()


def test_what_a_kill_left_is_swept(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    kept, gone = begun(inbox), begun(inbox, DATA + b"more")
    for upload in (kept, gone):
        Appender(inbox, upload, Hashes()).close()
    (inbox.files / "0123.sealed").write_bytes(b"of no row")
    inbox.refuse(gone)
    inbox.path(gone).write_bytes(b"the kill came before the file was removed")
    assert inbox.sweep() == 2
    assert [path.name for path in inbox.files.iterdir()] == [inbox.path(kept).name]
    with pytest.raises(UploadGone):
        inbox.find(gone.id)
    with pytest.raises(NoSuchUpload):
        inbox.moved(gone, 3, 3)
    inbox.close()


def test_what_expired_is_swept(tmp_path: Path) -> None:
    inbox = opened(tmp_path, expire_s=0.000001)
    upload = begun(inbox)
    Appender(inbox, upload, Hashes()).close()
    assert inbox.sweep() == 2  # the row and its file
    assert list(inbox.files.iterdir()) == []
    inbox.close()


def test_what_the_disk_has_no_room_for_is_not_begun(tmp_path: Path) -> None:
    inbox = opened(tmp_path, reserve_bytes=1 << 60)
    with pytest.raises(DiskFull):
        begun(inbox)
    assert list(inbox.files.iterdir()) == []
    inbox.close()


def test_a_whole_upload_that_was_not_confirmed_is_found(tmp_path: Path) -> None:
    inbox = opened(tmp_path)
    appender = Appender(inbox, begun(inbox), Hashes())
    appender.add(DATA)
    appender.sync()
    appender.close()
    (found,) = inbox.unsettled()
    assert (found.offset, found.length) == (len(DATA), len(DATA))
    inbox.close()
