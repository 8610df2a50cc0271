"""`voirie serve`: one survey folder, read-only, over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from anonymize import Certificate, reopen
from api import problems
from api.features import MEDIA_TYPE, Layer, PageQuery
from api.headers import REPORT_POLICY
from api.security import Guard
from voirie import __version__
from voirie.errors import NotASurvey, NotCertified, NotFound
from voirie.folder import SurveyFolder, open_survey

LOCAL = ("127.0.0.1", "localhost", "[::1]")
LAYERS = {"sections": "section_id", "findings": "finding_id"}


class GeoJSON(JSONResponse):
    """A FeatureCollection."""

    media_type = MEDIA_TYPE


def create_app(survey: Path, hosts: Sequence[str] = LOCAL) -> FastAPI:
    """The service of one survey folder.

    Routes: ``/`` (the report), ``/healthz``, ``/sections`` and ``/findings`` (GeoJSON, CRS84,
    with ``limit``, ``offset`` and ``bbox``), ``/pictures/{picture_id}`` (sealed pictures only,
    reopened through the certificate). Every error is a problem document.

    Parameters
    ----------
    survey
        A whole survey folder.
    hosts
        Names under which the service may be called, without port.

    Raises
    ------
    voirie.errors.NotASurvey
        When the folder is absent, unfinished or lacks a table.
    """
    folder = open_survey(survey)
    layers = {name: Layer.of(name, key, folder.read(name)) for name, key in LAYERS.items()}
    # The interactive pages of the framework fetch scripts from elsewhere: there are none.
    app = FastAPI(title="Voirie", version=__version__, docs_url=None, redoc_url=None)
    problems.install(app)
    app.add_middleware(Guard, hosts=hosts)
    _add_report(app, folder)
    for layer in layers.values():
        _add_layer(app, layer)
    _add_pictures(app, folder)

    @app.get("/healthz", summary="Whether the service is up, and what it serves")
    def healthz() -> dict[str, Any]:
        counts = {name: len(layer.frame) for name, layer in layers.items()}
        return {"status": "ok", "version": __version__, "survey": survey.name, **counts}

    return app


def _add_report(app: FastAPI, folder: SurveyFolder) -> None:
    @app.get("/", summary="The report", response_class=FileResponse)
    def report() -> FileResponse:
        path = folder.root / "report.html"
        if not path.is_file():
            raise NotASurvey("the folder has no report", path, "run the chain again")
        policy = {"Content-Security-Policy": REPORT_POLICY}
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=policy)


def _add_layer(app: FastAPI, layer: Layer) -> None:
    def items(request: Request, query: Annotated[PageQuery, Query()]) -> GeoJSON:
        address = str(request.url.replace(query="", fragment=""))
        return GeoJSON(layer.page(query, address))

    app.add_api_route(
        f"/{layer.name}",
        items,
        methods=["GET"],
        name=layer.name,
        response_class=GeoJSON,
        summary=f"The {layer.name} as GeoJSON",
    )


def _add_pictures(app: FastAPI, folder: SurveyFolder) -> None:
    known = folder.read("frames").dropna(subset=["picture_id"])
    paths = {
        row.picture_id: folder.picture(row.pass_id, row.frame_id) for row in known.itertuples()
    }

    @cache
    def certificate() -> Certificate:
        return Certificate.read(folder.root)

    @app.get("/pictures/{picture_id:path}", summary="A sealed picture")
    def picture(picture_id: str) -> Response:
        path = paths.get(picture_id.removesuffix(".jpg"))
        if path is None:
            raise NotFound(
                f"there is no picture {picture_id}", None, "take a picture_id from /findings"
            )
        data = _certified_bytes(path, certificate())
        return Response(data, media_type="image/jpeg")


def _certified_bytes(path: Path, certificate: Certificate) -> bytes:
    """Bytes of a picture that is the certified one, checked on the very bytes that go out."""
    reopen(path, certificate)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != certificate.entry(path).sha256:
        raise NotCertified("it is not the picture that was sealed", path, "restore it from a copy")
    return data
