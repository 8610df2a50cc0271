"""Rows of the inbox."""

from __future__ import annotations

import sqlite3

from api.uploads.rows import COLUMNS, SCRIPT, State, Upload


def test_a_row_comes_back_as_an_upload() -> None:
    row = ("7", "patrol", "a.mp4", "0" * 64, 10, 4, 36, "open", None, 1.5, b"key")
    db = sqlite3.connect(":memory:")
    db.executescript(SCRIPT)
    names = f"{COLUMNS}, created_s"
    db.execute(f"INSERT INTO uploads ({names}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (*row, 1.0))
    upload = Upload.of_row(db.execute(f"SELECT {COLUMNS} FROM uploads").fetchone())
    db.close()
    assert (upload.state, upload.offset, upload.key) == (State.OPEN, 4, b"key")
