"""Ways to break a file, and what counts as well read or well refused.

A quick run tries few broken files a reader; ``VOIRIE_TRIES=10000`` tries as many.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from voirie.errors import VoirieError

TRIES = int(os.environ.get("VOIRIE_TRIES", "0"))
LONGEST_TRY_S = 60
"""What takes longer hangs; the slowest right file takes a second on a busy machine."""

seeds = st.integers(0, 2**32 - 1)
Place = tuple[str | int, ...]

STRANGE: tuple[object, ...] = (
    *(float("nan"), float("inf"), float("-inf"), 1e308, -1e308, 5e-324, -1, 0, 1.5, 2**63, 10**30),
    *(True, None, "", " ", "\0", "a\nb", "é", "日本", "../../x", "nan", "1e999", "9" * 400),
    *([], {}, [[]], [1, "a"], {"a": 1}, {"": ""}, "x" * 5000, "2026-13-45", "{n} %s %(a)s {0}"),
)
WORDS = (
    *(b"nan", b"inf", b"-inf", b"1e999", b"-1", b"0", b"1.5", b"", b'""', b"\0", b"\xff\xfe"),
    *(b"9" * 400, b"\xe9", "日".encode(), b"\n", b"\r", b"\t", b",", b";", b'"', b"'", b"<", b"&"),
    *(b"9" * 5000, b"true", b"null", b"~", b"[", b"]", b"{", b"}", b"*a", b"&a", b"!!python/name:"),
    *(b"0001-01-01T00:00:00+12:00", b"9999-12-31T23:59:59-12:00", b"2026-13-45", b"EPSG:5720"),
    *(b"2016-12-31T23:59:60Z", b"1979-01-01T00:00:00Z", b"[" * 3000, b"{} %s %(a)s {0}"),
)


def trying(quick: int = 30) -> settings:
    """How often a test tries: `quick` times, or as ``VOIRIE_TRIES`` says."""
    return settings(
        max_examples=TRIES or quick,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        database=None,
    )


@contextmanager
def within_a_minute() -> Iterator[None]:
    """Fail where the block takes so long that it must be taken for a hang."""

    def end(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"it hangs: {LONGEST_TRY_S} s are over")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(LONGEST_TRY_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_or_refused(read: Callable[[Path], object], path: Path, name: str | None = None) -> None:
    """Read it, or be told in one line what is wrong with which file."""
    try:
        with within_a_minute():
            read(path)
    except VoirieError as error:
        told = str(error)
        assert told.isprintable(), told
        assert (name or path.name) in told, told
        assert len(told) < 2000, told


def places(value: object, at: Place = ()) -> list[Place]:
    """Every place in a document, from the top down."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


def spoiled(document: dict[str, object], chance: random.Random) -> dict[str, object]:
    """A document with one value dropped, retyped, repeated or buried; it is changed in place."""
    *way, last = chance.choice(places(document)[1:])
    holder: object = document
    for key in way:
        holder = holder[key]  # type: ignore[index]
    how = chance.randrange(5)
    if isinstance(holder, dict) and how == 1:
        holder[chance.choice(["", "x", "é", "a.b", "\n"])] = holder[last]
    elif isinstance(holder, list) and how == 2:
        holder.append(holder[int(last)])
    elif isinstance(holder, dict | list):
        if how == 0:
            del holder[last]  # type: ignore[arg-type]
        else:
            buried = {"a": [holder[last]]}  # type: ignore[index]
            holder[last] = buried if how == 3 else deepcopy(chance.choice(STRANGE))  # type: ignore[index]
    return document


def spoiled_bytes(data: bytes, chance: random.Random, widest: int = 40) -> bytes:
    """A file with some bytes dropped, doubled, cut off, moved or put in."""
    for _ in range(chance.randint(1, 4)):
        a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        b = min(b, a + widest)
        how = chance.randrange(6)
        if how == 0:
            data = data[:a] + data[b:]
        elif how == 1:
            data = data[:b] + data[a:b] + data[b:]
        elif how == 2 and chance.random() < 0.5:
            data = data[:a]
        elif how == 3:
            lines = data.splitlines(keepends=True)
            chance.shuffle(lines)
            data = b"".join(lines)
        else:
            data = data[:a] + chance.choice(WORDS) + data[a + chance.randrange(4) :]
    return data


def flipped_bytes(data: bytes, chance: random.Random) -> bytes:
    """A binary file with some bytes changed where they stand, or cut off."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        at = chance.randrange(len(out))
        word = chance.choice([b"\0", b"\xff", b"\xff" * 8, b"\0" * 16, chance.randbytes(4)])
        out[at : at + len(word)] = word
    return bytes(out[: chance.randrange(len(out))] if chance.random() < 0.1 else out)
