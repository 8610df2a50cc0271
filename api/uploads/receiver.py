"""Bodies of requests into uploads; the newest request for an upload takes it over at once.

The event loop only passes bytes on: sealing, writing and waiting for the disk happen in threads.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.types import Message, Receive

from api.uploads.appender import Appender, Hashes
from api.uploads.errors import (
    OffsetConflict,
    Stalled,
    TakenOver,
    TooLarge,
    WrongChecksum,
)
from api.uploads.headers import Checksum
from api.uploads.inbox import Inbox
from api.uploads.rows import State, Upload
from api.uploads.sealed import RECORD_BYTES

T = TypeVar("T")
SYNC_BYTES = 8 * RECORD_BYTES
"""After so many bytes the disk is waited for, and the offset moves."""
SYNC_S = 1.0
"""And after so long at the latest: a link that drops loses no more."""


@dataclass
class _Queue:
    """Requests for one upload: one works, older ones are asked to leave."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: list[asyncio.Task[object]] = field(default_factory=list)


class Receiver:
    """Takes the bodies of requests.

    Parameters
    ----------
    inbox
        Where they go.
    """

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self._hashes = Hashes()
        self._queues: dict[str, _Queue] = {}

    async def alone(self, number: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do a work on an upload, after everything older on it has been ended.

        Raises
        ------
        TakenOver
            When a newer request came.
        """
        queue = self._queues.setdefault(number, _Queue())
        for older in queue.tasks:
            older.cancel()

        async def in_turn() -> T:
            async with queue.lock:
                return await work()

        task = asyncio.create_task(in_turn())
        queue.tasks.append(task)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()  # nothing where it is done
            queue.tasks.remove(task)
            if not queue.tasks and not queue.lock.locked():
                self._queues.pop(number, None)
        if task.cancelled():
            raise TakenOver(
                "a newer request for this upload took its place", remedy="ask for the offset"
            )
        return task.result()

    async def add(
        self, number: str, vehicle: str, offset: int, length: int | None, checksum: Checksum | None,
        receive: Receive,
    ) -> Upload:  # fmt: skip
        """Add the body of a request to an upload.

        Parameters
        ----------
        number, vehicle
            Of the upload.
        offset
            Where the client says that it goes on.
        length
            Of the body, where the client says it.
        checksum
            Of the body: without the right one nothing of it counts.
        receive
            Gives the messages of the request.

        Raises
        ------
        OffsetConflict, TooLarge
            Before a byte is read, where that is known.
        WrongChecksum, DiskFull, Stalled, TakenOver
            What was counted before stays.
        """

        async def work() -> Upload:
            upload = await _in_thread(lambda: self.inbox.find(number, vehicle))
            if upload.state is State.CONFIRMED:
                return upload  # it has all that it wants: nothing is read
            if offset != upload.offset:
                raise OffsetConflict(
                    f"the upload has {upload.offset} bytes, not {offset}", remedy="go on there"
                )
            if length is not None and offset + length > upload.length:
                raise TooLarge(
                    f"the upload has room for {upload.length - offset} bytes, not {length}",
                    remedy="send what was declared",
                )
            async with self._appender(upload) as appender:
                whole = await _Body(appender, checksum, self.inbox.settings.idle_s).take(receive)
                if whole and appender.offset == upload.length:
                    return await _in_thread(appender.finish)
                return appender.upload

        return await self.alone(number, work)

    async def settled(self, upload: Upload) -> Upload:
        """An upload as it stands: one that is whole is confirmed, whatever stopped that before.

        Raises
        ------
        WrongChecksum
            When it is not the file that was declared; it is destroyed.
        """
        if upload.state is not State.OPEN or upload.offset < upload.length:
            return upload

        async def work() -> Upload:
            now = await _in_thread(lambda: self.inbox.find(upload.id))
            if now.state is not State.OPEN or now.offset < now.length:
                return now
            async with self._appender(now) as appender:
                return await _in_thread(appender.finish)

        return await self.alone(upload.id, work)

    async def remove(self, upload: Upload) -> None:
        """End what is under way for an upload, and forget it."""

        async def work() -> None:
            await _in_thread(lambda: self.inbox.remove(upload))

        await self.alone(upload.id, work)

    @asynccontextmanager
    async def _appender(self, upload: Upload) -> AsyncIterator[Appender]:
        opened: list[Appender] = []
        try:
            await _in_thread(lambda: opened.append(Appender(self.inbox, upload, self._hashes)))
            yield opened[0]
        finally:
            for appender in opened:
                await _in_thread(appender.close)


class _Body:
    """The body of one request."""

    def __init__(self, appender: Appender, checksum: Checksum | None, idle_s: float) -> None:
        self.appender, self.checksum, self.idle_s = appender, checksum, idle_s
        self.room = appender.upload.length - appender.offset
        self.buffer = bytearray()
        self.unsynced = 0
        self.hash = (
            None if checksum is None else hashlib.new(checksum.algorithm, usedforsecurity=False)
        )

    async def take(self, receive: Receive) -> bool:
        """Read to the end; whether the end came, rather than the end of the connection."""
        loop = asyncio.get_running_loop()
        synced_s = loop.time()
        while True:
            message = await self._message(receive)
            data: bytes = message.get("body", b"")
            self.room -= len(data)
            if self.room < 0:
                raise TooLarge(
                    "the body has more bytes than were declared", remedy="send what was declared"
                )
            self.buffer += data
            if len(self.buffer) >= RECORD_BYTES:
                await self._write()
            ended = message["type"] == "http.disconnect"
            if ended or not message.get("more_body", False):
                await self._end(whole=not ended)
                return not ended
            late = loop.time() - synced_s > SYNC_S
            if self.unsynced >= SYNC_BYTES or late:
                await self._sync()
                synced_s = loop.time()

    async def _message(self, receive: Receive) -> Message:
        """The next message; while none comes, what came before is made safe."""
        waits = (SYNC_S, self.idle_s - SYNC_S) if self.buffer or self.unsynced else (self.idle_s,)
        for rank, wait_s in enumerate(waits):
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    return await receive()
            if rank == 0:
                await self._sync()
        raise Stalled(f"no byte came for {self.idle_s:g} s", remedy="ask for the offset and go on")

    async def _write(self) -> None:
        if not self.buffer:
            return
        data = bytes(self.buffer)
        self.buffer.clear()

        def write() -> None:
            if self.hash is not None:
                self.hash.update(data)
            self.appender.add(data)

        await _in_thread(write)
        self.unsynced += len(data)

    async def _sync(self) -> None:
        """Make safe what came; under a checksum only all of the body may count."""
        if self.hash is None:
            await self._write()
            await _in_thread(self.appender.sync)
            self.unsynced = 0

    async def _end(self, whole: bool) -> None:
        if self.checksum is not None and self.hash is not None:
            if not whole:
                return
            await self._write()
            if self.hash.digest() != self.checksum.digest:
                raise WrongChecksum(
                    "the body does not have the checksum that was sent with it",
                    remedy="send it again from the same offset",
                )
            self.hash = None
        await self._sync()


async def _in_thread(work: Callable[[], T]) -> T:
    """Do a work in a thread; it is waited for also where this task is cancelled meanwhile."""
    future = asyncio.get_running_loop().run_in_executor(None, work)
    cancelled = False
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        future.exception()  # nobody asks for it any more
        raise asyncio.CancelledError
    return future.result()
