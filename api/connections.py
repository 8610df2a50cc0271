"""Connections that ask for nothing are closed; there are never more than the system can hold."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 200
"""At once; well below the 1,024 files that a process may have open on most systems."""
PATIENCE_S = 10.0
"""A connection that has not asked for anything for so long is closed."""
LONGEST_ANSWER = 60
"""How many times that an answer may take; who reads it more slowly is cut off."""


class PromptHttp(H11Protocol):
    """HTTP/1.1 for clients that ask soon after they connect, and read what they asked for.

    uvicorn limits how long a connection may say nothing between two requests. It waits for ever
    for the first one, for the end of a head or of a body that somebody began to send, and for
    who does not read: such connections would take every file handle of the process.
    """

    arrived_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Take bytes; a body that goes on coming is no connection that says nothing."""
        self.arrived_bytes += len(data)
        super().data_received(data)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or close it at once where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._look_again(None, 0, 0)

    def _look_again(self, seen: object, arrived: int, times: int) -> None:
        asyncio.get_running_loop().call_later(PATIENCE_S, self._look, seen, arrived, times)

    def _look(self, seen: object, arrived: int, times: int) -> None:
        """Close a connection that has asked for nothing since it was last looked at."""
        # `cycle` is the request in hand: None until the head of the first one is whole.
        cycle = self.cycle
        if self.transport.is_closing():
            return
        answered = cycle is None or cycle.response_complete
        # A long body of a request that was let in: whoever refused it has answered already.
        receives = not answered and self.arrived_bytes > arrived
        times = times + 1 if cycle is seen and not receives else 0
        if times >= (1 if answered else LONGEST_ANSWER):
            self.transport.abort()
        else:
            self._look_again(cycle, self.arrived_bytes, times)
