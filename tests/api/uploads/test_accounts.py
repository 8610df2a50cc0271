"""Tokens of vehicles."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.uploads.accounts import NAME, TokenBook, Vehicle
from api.uploads.errors import InboxUnusable
from voirie.errors import NotFound


def test_a_token_is_known_until_it_is_revoked(tmp_path: Path) -> None:
    book = TokenBook(tmp_path)
    old, new = book.add("patrol"), book.add("patrol", 7)
    assert book.vehicle_of(new) == Vehicle("patrol", 7)
    assert book.revoke("patrol") == 2
    assert book.vehicle_of(old) is book.vehicle_of(new) is None
    assert [line.revoked_at is None for line in book.lines()] == [False, False]
    with pytest.raises(NotFound, match="no token that is valid"):
        book.revoke("patrol")


def test_the_token_itself_is_not_kept(tmp_path: Path) -> None:
    token = TokenBook(tmp_path).add("patrol")
    assert token.encode() not in (tmp_path / NAME).read_bytes()
    assert TokenBook(tmp_path).vehicle_of("\udcff\udcfe") is None


def test_a_file_that_is_none_of_ours_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("notes " * 1000)
    with pytest.raises(InboxUnusable, match="cannot be read"):
        TokenBook(tmp_path)
