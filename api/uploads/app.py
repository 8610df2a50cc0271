"""The application of an inbox: uploads alone, no survey is read here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api import problems
from api.middleware import SECURITY_HEADERS, SecurityMiddleware
from api.settings import LOCAL_NAMES
from api.uploads.accounts import Accounts
from api.uploads.router import UploadDesk, install
from api.uploads.settings import InboxSettings
from voirie import __version__
from voirie.settings import load


def create_inbox_app(
    folder: Path,
    names: Sequence[str] = LOCAL_NAMES,
    settings: InboxSettings | None = None,
    accounts: Accounts | None = None,
) -> FastAPI:
    """The service of one inbox.

    Routes: ``/api/v1/uploads`` (tus 1.0) and ``/healthz``. Every error is a problem document.

    Parameters
    ----------
    folder
        The inbox, made where there is none; one process at a time serves it (`locked`).
    names
        Names under which the service may be called, without port.
    settings
        How much the inbox takes; from the environment by default.
    accounts
        Who may upload; the tokens of the inbox by default.

    Raises
    ------
    InboxUnusable
        When the inbox cannot be read, or its key is missing.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     keys = InboxSettings(keys=Path(name) / "keys")
    ...     app = create_inbox_app(Path(name) / "inbox", settings=keys)
    ...     app.state.uploads.inbox.confirmed()
    []
    """
    desk = UploadDesk(folder, settings or load(InboxSettings), accounts)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with desk.open():
            yield

    # The interactive pages of the framework fetch scripts from elsewhere: there are none.
    app = FastAPI(title="Voirie", version=__version__, docs_url=None, redoc_url=None, lifespan=life)
    problems.install(app, SECURITY_HEADERS)
    app.add_middleware(SecurityMiddleware, names=names)
    install(app, desk)

    @app.get("/healthz", summary="Whether the service is up")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    return app
