"""What stands before every route: names the service answers to, headers on every answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-cache",
}


class SecurityMiddleware:
    """Refuse names that are not ours, and put the headers on everything that goes out.

    A page elsewhere could point its own name at this machine and read what a local service
    answers (DNS rebinding); a service that answers to its own names alone can't be read so.

    Parameters
    ----------
    app
        The application behind.
    names
        Names without port; ``*`` lets every name in.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        name = _without_port(Headers(scope=scope).get("host", ""))
        if "*" not in self.names and name not in self.names:
            refused = problem(
                400,
                "unknown host",
                "the service does not answer to this name; call it by the name it was started on.",
                "urn:voirie:problem:unknown-host",
            )
            await refused(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


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
