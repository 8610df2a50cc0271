"""Every error as a problem document (RFC 9457), whatever raised it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from voirie.errors import VoirieError

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("voirie.api")


def problem(
    status: int,
    title: str,
    detail: str,
    problem_type: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    **extra: object,
) -> JSONResponse:
    """One problem document.

    Parameters
    ----------
    status
        HTTP status.
    title
        What kind of thing went wrong, a few words.
    detail
        What went wrong this time, and what can be done.
    problem_type
        URI of the kind.
    headers
        Further headers of the answer.
    extra
        Further members of the document.

    Examples
    --------
    >>> problem(404, "not found", "there is no such picture.").media_type
    'application/problem+json'
    """
    body = {"type": problem_type, "title": title, "status": status, "detail": detail, **extra}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI, headers: Mapping[str, str]) -> None:
    """Answer with a problem document whenever a route, a check or the program fails.

    Parameters
    ----------
    app
        The application.
    headers
        Of the answer to a mistake of the program: it is made outside every middleware, which
        would have put them on.
    """

    def unexpected(request: Request, error: Exception) -> JSONResponse:
        LOG.exception("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
            "this is a mistake of the program; its log says more.",
            "urn:voirie:problem:unexpected",
            headers=headers,
        )

    app.add_exception_handler(VoirieError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _request)
    app.add_exception_handler(Exception, unexpected)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, VoirieError)
    return answer_of(error)


def answer_of(error: VoirieError) -> JSONResponse:
    """The problem document of an error of ours.

    Examples
    --------
    >>> from voirie.errors import NotFound
    >>> answer_of(NotFound("there is no such picture")).status_code
    404
    """
    # The folder of the machine is nobody's business; the name of the file helps.
    where = f"{Path(error.path).name}: " if error.path else ""
    remedy = f"; {error.remedy}" if error.remedy else ""
    detail = f"{where}{error.message}{remedy}."
    return problem(error.http_status, error.message, detail, error.problem_type)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    asked = f"{request.method} {request.url.path}"
    detail = f"{asked}: {error.detail}."
    return problem(error.status_code, title, detail, headers=dict(error.headers or {}))


def _request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"where": ".".join(str(part) for part in fault["loc"]), "what": str(fault["msg"])}
        for fault in error.errors()
    ]
    told = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "a parameter is wrong",
        f"{told}.",
        "urn:voirie:problem:parameter",
        errors=faults,
    )
