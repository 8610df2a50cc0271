"""The language of who sits before the terminal.

What ``--lang`` says, else the locale of the environment, read as POSIX does: ``LC_ALL``,
``LC_MESSAGES``, ``LANG``. English where none of them is French. Nothing is imported here: the
command line asks before it loads anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Spoken = Literal["fr", "en"]

VARIABLE = "VOIRIE_LANG"
"""Where ``--lang`` is kept, so that a process of ours that starts another passes it on."""

_ASKED = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")


def session_language() -> Spoken:
    """Language that the session is held in.

    Examples
    --------
    >>> with speaking("fr"):
    ...     session_language()
    'fr'
    """
    for name in _ASKED:
        value = os.environ.get(name)
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Hold the session in a language for the time of a block; None leaves it as it is.

    Examples
    --------
    >>> with speaking("en"), speaking(None):
    ...     session_language()
    'en'
    """
    before = os.environ.get(VARIABLE)
    if language is not None:
        os.environ[VARIABLE] = language
    try:
        yield
    finally:
        if language is not None:
            os.environ.pop(VARIABLE, None)
            if before is not None:
                os.environ[VARIABLE] = before
