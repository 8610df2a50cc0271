"""The guard at the door: names under which the service may be called, headers on every answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import SECURITY
from api.problems import problem


class Guard:
    """Refuse names that are not ours, and put the headers on everything that goes out.

    A page elsewhere could point its own name at this machine and read what a local service
    answers (DNS rebinding); a service that answers to its own names alone can't be read so.

    Parameters
    ----------
    app
        The application behind.
    hosts
        Names without port; ``*`` lets every name in.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        host = _without_port(Headers(scope=scope).get("host", ""))
        if "*" not in self.hosts and host not in self.hosts:
            refused = problem(
                400,
                "unknown host",
                "the service does not answer to this name; call it by the name it was started on.",
                "urn:voirie:problem:unknown-host",
            )
            await refused(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)


def _without_port(host: str) -> str:
    """Name or address of a ``Host`` header.

    Examples
    --------
    >>> _without_port("127.0.0.1:8000"), _without_port("[::1]:80"), _without_port("Localhost")
    ('127.0.0.1', '[::1]', 'localhost')
    """
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()
