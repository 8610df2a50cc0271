"""The application: routes, problem documents and security put together around one survey."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from api import problems
from api.dependencies import ServedSurvey
from api.middleware import SECURITY_HEADERS, SecurityMiddleware
from api.routes import features, health, pictures, report
from api.settings import LOCAL_NAMES
from voirie import __version__


def create_app(survey: Path, names: Sequence[str] = LOCAL_NAMES) -> FastAPI:
    """The service of one survey folder.

    Routes: ``/`` (the report), ``/healthz``, ``/sections`` and ``/findings`` (GeoJSON, CRS84,
    with ``limit``, ``offset`` and ``bbox``), ``/pictures/{picture_id}`` (sealed pictures only,
    checked against the certificate). Every error is a problem document.

    Parameters
    ----------
    survey
        A whole survey folder.
    names
        Names under which the service may be called, without port.

    Raises
    ------
    voirie.errors.NotASurvey
        When the folder is absent, unfinished or lacks a table.

    Examples
    --------
    >>> create_app(Path("nowhere"))
    Traceback (most recent call last):
    ...
    voirie.errors.NotASurvey: nowhere: this is not a whole survey folder; give the folder ...
    """
    # The interactive pages of the framework fetch scripts from elsewhere: there are none.
    app = FastAPI(title="Voirie", version=__version__, docs_url=None, redoc_url=None)
    app.state.survey = ServedSurvey.open(survey)
    problems.install(app, SECURITY_HEADERS)
    app.add_middleware(SecurityMiddleware, names=names)
    for room in (report, health, features, pictures):
        app.include_router(room.router)
    return app
