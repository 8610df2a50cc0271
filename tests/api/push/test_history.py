"""What was sent before."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from api.push.history import History, Seen, usual_place
from voirie.errors import ConfigurationError


def test_a_hash_follows_the_content(tmp_path: Path) -> None:
    history, film = History(tmp_path / "state" / "h.sqlite"), tmp_path / "a.mp4"
    for data in (b"first", b"second drive"):
        film.write_bytes(data)
        for _ in range(2):
            assert history.sha256(Seen.at(film)) == hashlib.sha256(data).hexdigest()


def test_a_confirmation_is_of_one_server(tmp_path: Path) -> None:
    history = History(tmp_path / "h.sqlite")
    history.confirm("ab", "https://a.example")
    again = History(tmp_path / "h.sqlite")
    assert again.is_confirmed("ab", "https://a.example")
    assert not again.is_confirmed("ab", "https://b.example")


def test_a_history_that_is_none_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert usual_place().is_relative_to(tmp_path)
    (tmp_path / "h").write_text("notes " * 1000)
    with pytest.raises(ConfigurationError, match="history cannot be read"):
        History(tmp_path / "h")
