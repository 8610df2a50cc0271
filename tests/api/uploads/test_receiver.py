"""One request at a time works on an upload; the newest one wins."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.types import Message

from api.uploads.errors import OffsetConflict, TakenOver
from api.uploads.receiver import Receiver
from api.uploads.rows import State
from tests.api.uploads.test_inbox import DATA, PATROL, begun, opened


def of_parts(*parts: bytes) -> Callable[[], asyncio.Future[Message]]:
    """Messages of a request with these parts of a body."""
    left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    left[-1]["more_body"] = False

    async def receive() -> Message:
        return left.pop(0)

    return receive  # type: ignore[return-value]


def test_a_newer_request_ends_the_older_ones(tmp_path: Path) -> None:
    async def run() -> None:
        inbox = opened(tmp_path)
        receiver, upload = Receiver(inbox), begun(inbox)
        started = asyncio.Event()

        async def never() -> Message:
            started.set()
            return await asyncio.Future[Message]()

        old = asyncio.create_task(receiver.add(upload.id, "patrol", 0, None, None, never))  # type: ignore[arg-type]
        await started.wait()
        others = [
            asyncio.create_task(receiver.add(upload.id, "patrol", 0, None, None, of_parts(DATA)))  # type: ignore[arg-type]
            for _ in range(3)
        ]
        ended = await asyncio.gather(old, *others, return_exceptions=True)
        assert all(isinstance(end, TakenOver) for end in ended[:-1])
        assert getattr(ended[-1], "state", None) is State.CONFIRMED
        assert receiver._queues == {}
        inbox.close()

    asyncio.run(run())


def test_an_offset_that_is_not_the_end_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        inbox = opened(tmp_path)
        upload = begun(inbox)
        with pytest.raises(OffsetConflict, match="has 0 bytes, not 5"):
            await Receiver(inbox).add(upload.id, "patrol", 5, None, None, of_parts(b""))  # type: ignore[arg-type]
        inbox.close()

    asyncio.run(run())


def test_what_a_stop_left_whole_is_confirmed_or_refused(tmp_path: Path) -> None:
    async def run() -> None:
        inbox = opened(tmp_path)
        receiver = Receiver(inbox)
        upload = inbox.create(PATROL, "a", len(DATA), hashlib.sha256(DATA).hexdigest())
        from api.uploads.appender import Appender, Hashes

        appender = Appender(inbox, upload, Hashes())
        appender.add(DATA)
        appender.sync()
        appender.close()
        done = await receiver.settled(inbox.find(upload.id))
        assert done.state is State.CONFIRMED
        assert await receiver.settled(done) == done
        inbox.close()

    asyncio.run(run())
