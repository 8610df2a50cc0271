"""The language of a session: asked for, else the locale as POSIX reads it."""

from __future__ import annotations

import os

import pytest

from voirie.session import VARIABLE, session_language, speaking


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "fr_CH.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": ""}, "fr"),
        ({"LC_ALL": "fr_FR", VARIABLE: "en"}, "en"),
    ],
)
def test_the_first_that_says_something(
    given: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert session_language() == language


def test_a_block_leaves_the_environment_as_it_was() -> None:
    with speaking("fr"):
        with speaking("en"):
            assert session_language() == "en"
        assert session_language() == "fr"
    assert VARIABLE not in os.environ
