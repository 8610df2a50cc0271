"""`voirie serve`: open a survey folder in a browser."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voirie.errors import ConfigurationError
from voirie.settings import load
from voirie.wording import session

if TYPE_CHECKING:
    from fastapi import FastAPI


def serve_command(
    survey: Annotated[Path | None, typer.Argument(help="Survey folder")] = None,
    inbox: Annotated[
        Path | None,
        typer.Option(help="Take uploads into this folder instead, made where there is none"),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; else VOIRIE_SERVE_HOST, else this machine alone"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port, 0 takes a free one; else VOIRIE_SERVE_PORT, else 8000"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tell the address as JSON")] = False,
) -> None:
    """Serve a survey folder, read-only, or an inbox for uploads, until Ctrl-C.

    By default only this machine can reach it. Listening on every address (0.0.0.0) lets anyone
    on the network read the survey: there are no accounts. An inbox takes uploads from vehicles
    with a token (voirie token add); nothing can be read there.
    """
    import uvicorn

    from api.connections import MOST_CONNECTIONS, PromptHttp
    from api.settings import ServeSettings, address_of

    if (survey is None) == (inbox is None):
        raise ConfigurationError(
            "one thing is served at a time", remedy="give a survey folder, or --inbox DIR"
        )
    given = {"host": host, "port": port}
    settings = load(ServeSettings).model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    with _listen(settings.host, settings.port) as door, _application(survey, inbox) as make:
        bound = address_of(door.getsockname()[0])
        if bound is not None and bound.is_unspecified:
            # Whatever name led there: the service is called by any name of this machine.
            settings = settings.model_copy(update={"host": str(bound)})
        app = make(settings.known_names())
        served = (survey or inbox or Path()).name
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{name}:{door.getsockname()[1]}/"
        if as_json:
            typer.echo(json.dumps({"url": url, "survey" if survey else "inbox": served}))
        else:
            w = session()
            typer.echo(w.text("{survey} is at {url} (Ctrl-C stops)", survey=served, url=url))
            if survey and (bound is None or not bound.is_loopback):
                typer.echo(w.text("Anyone on this network can read it."), err=True)
        config = uvicorn.Config(
            app,
            # Errors alone: a client that breaks off is no news, and must not fill a disk.
            log_level="error",
            server_header=False,
            http=PromptHttp,
            ws="none",
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
        uvicorn.Server(config).run(sockets=[door])


@contextmanager
def _application(
    survey: Path | None, inbox: Path | None
) -> Iterator[Callable[[tuple[str, ...]], FastAPI]]:
    """What makes the application; an inbox is kept for this process while the block runs."""
    if survey is not None:
        from api.app import create_app

        yield partial(create_app, survey)
    elif inbox is not None:
        from api.uploads.app import create_inbox_app
        from voirie.lock import locked

        with locked(inbox.absolute()):
            yield partial(create_inbox_app, inbox.absolute())


def _listen(host: str, port: int) -> socket.socket:
    """Bind before serving, so that a taken port is one clear sentence.

    Raises
    ------
    ConfigurationError
        When the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen()
    except (OSError, TypeError, ValueError) as error:  # the last two of names that are no text
        door.close()
        why = getattr(error, "strerror", None) or "this is no name"
        raise ConfigurationError(
            f"cannot listen on {host}, port {port} ({why})",
            remedy="choose another --port or --host",
        ) from error
    return door
