"""Connections that say nothing are closed, and there are never more than the system can hold."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 200
"""At once; well below the 1,024 files that a process may have open on most systems."""
FIRST_REQUEST_S = 10.0
"""A connection that has not asked for anything by then is closed."""


class PromptHttp(H11Protocol):
    """HTTP/1.1 for clients that ask soon after they connect.

    uvicorn limits how long a connection may wait between two requests, not before the first:
    half-open connections would take every file handle of the process.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or close it at once where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            asyncio.get_running_loop().call_later(FIRST_REQUEST_S, self._give_up)

    def _give_up(self) -> None:
        # `cycle` is the request in hand: None until the head of the first one is whole.
        if self.cycle is None:
            self.transport.abort()
