"""Identifiers: the same content the same, other content another."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.ids import content_id, sha256_of, sha256_of_text

words = st.text(st.characters(categories=("L", "N")), max_size=5)


def test_an_identifier_never_changes_from_one_edition_to_the_next() -> None:
    told = content_id("frame", "pass", 12.5, 3, None)
    assert told == "5702d465-8594-5bb1-9bba-f07b5340f4e5"
    assert uuid.UUID(told).version == 5


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_two_things_share_an_identifier_only_if_they_are_one(a: list[str], b: list[str]) -> None:
    assert (content_id("view", *a) == content_id("view", *b)) == (a == b)


def test_the_last_bits_of_a_float_do_not_count_but_nine_digits_do() -> None:
    assert content_id("view", 0.1 + 0.2) == content_id("view", 0.3)
    assert content_id("view", 0.123456789) != content_id("view", 0.123456788)


@pytest.mark.parametrize("text", ["", "nid-de-poule, chaussée"])
def test_a_file_and_its_text_have_one_hash(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    assert sha256_of(path) == sha256_of_text(text) == hashlib.sha256(text.encode()).hexdigest()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        sha256_of(tmp_path / "pipe")
