"""tus 1.0 over HTTP: core, creation, expiration, checksum, termination."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute

from api.problems import answer_of
from api.uploads import headers as tus
from api.uploads.accounts import Accounts, TokenBook, Vehicle
from api.uploads.errors import (
    BadUploadHeader,
    NotKnown,
    UploadGone,
    WrongChecksum,
    WrongContentType,
)
from api.uploads.inbox import Inbox
from api.uploads.receiver import Receiver
from api.uploads.rows import State, Upload
from api.uploads.settings import InboxSettings
from voirie.errors import VoirieError

LOG = logging.getLogger("voirie.uploads")
PREFIX = "/api/v1/uploads"
SWEEP_S = 3_600.0
BODY = "application/offset+octet-stream"
CONFIRMED = "Voirie-Confirmed-Sha256"
"""Header of an answer about a confirmed upload: only then may the sender delete his copy."""


class UploadDesk:
    """What the routes work with: an inbox, who may use it, and what comes in now.

    Parameters
    ----------
    folder
        The inbox.
    settings
        How much it takes.
    accounts
        Who may upload; the tokens of the inbox by default.
    """

    def __init__(
        self, folder: Path, settings: InboxSettings, accounts: Accounts | None = None
    ) -> None:
        self.inbox = Inbox(folder, settings)
        self.accounts: Accounts = accounts or TokenBook(folder)
        self.receiver = Receiver(self.inbox)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Finish what a stop left, and sweep now and then; close the inbox in the end."""
        sweeper = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper
            self.inbox.close()

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.inbox.sweep)
                for upload in await asyncio.to_thread(self.inbox.unsettled):
                    with suppress(WrongChecksum):
                        await self.receiver.settled(upload)
            except (VoirieError, OSError):
                LOG.exception("the inbox could not be swept")
            await asyncio.sleep(SWEEP_S)


class _TusRoute(APIRoute):
    """A route whose refusals carry the headers of tus too."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """The handler of the framework, with refusals answered here."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except VoirieError as error:
                answer = answer_of(error)
                answer.headers.update(tus.TUS)
                if answer.status_code == 401:
                    answer.headers["WWW-Authenticate"] = "Bearer"
                if answer.status_code == 412:
                    answer.headers["Tus-Version"] = tus.VERSION
                return answer

        return answered


def desk_of(request: Request) -> UploadDesk:
    """The desk that the application was made with."""
    return cast(UploadDesk, request.app.state.uploads)


Desk = Annotated[UploadDesk, Depends(desk_of)]


def vehicle_of(request: Request, desk: Desk) -> Vehicle:
    """The vehicle that asks; a thread of its own reads the tokens.

    Raises
    ------
    NotKnown
        Before anything is read or written.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    vehicle = desk.accounts.vehicle_of(token.strip()) if scheme.lower() == "bearer" else None
    if vehicle is None:
        raise NotKnown(
            "there is no valid token with this request",
            remedy="send the token of the vehicle (Authorization: Bearer)",
        )
    tus.check_version(request.headers)
    return vehicle


Asking = Annotated[Vehicle, Depends(vehicle_of)]
router = APIRouter(prefix=PREFIX, tags=["uploads"], route_class=_TusRoute)


@router.options("")
@router.options("/{number}")
def options(desk: Desk) -> Response:
    """What this server speaks."""
    told = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
        "Tus-Max-Size": str(desk.inbox.settings.largest_bytes),
    }
    return Response(status_code=204, headers=tus.TUS | told)


@router.post("", status_code=201)
async def create(request: Request, desk: Desk, vehicle: Asking) -> Response:
    """Begin an upload, go on with one that was begun, or hear that the file is there."""
    if "upload-defer-length" in request.headers:
        raise BadUploadHeader("Upload-Defer-Length is not known here", remedy="send Upload-Length")
    length = tus.whole_number(request.headers, "Upload-Length")
    if length == 0:
        raise BadUploadHeader("the file holds no byte", remedy="copy it again from the camera")
    pairs = tus.metadata_of(request.headers.get("upload-metadata", ""))
    sha256, name = tus.sha256_in(pairs), tus.name_of(pairs)
    upload = await asyncio.to_thread(desk.inbox.create, vehicle, name, length, sha256)
    upload = await desk.receiver.settled(upload)
    place = f"{request.scope.get('root_path', '')}{PREFIX}/{upload.id}"
    return Response(status_code=201, headers=_told(desk, upload) | {"Location": place})


@router.head("/{number}")
async def head(number: str, desk: Desk, vehicle: Asking) -> Response:
    """How far an upload is safe."""
    upload = await asyncio.to_thread(desk.inbox.find, number, vehicle.name)
    try:
        upload = await desk.receiver.settled(upload)
    except WrongChecksum as error:
        raise UploadGone(error.message, remedy=error.remedy) from error
    told = {"Upload-Length": str(upload.length)}
    return Response(status_code=200, headers=_told(desk, upload) | told)


@router.patch("/{number}", status_code=204)
async def patch(number: str, request: Request, desk: Desk, vehicle: Asking) -> Response:
    """Add bytes to an upload."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != BODY:
        raise WrongContentType("the body is not declared as bytes", remedy=f"send it as {BODY}")
    offset = tus.whole_number(request.headers, "Upload-Offset")
    length = None
    if "content-length" in request.headers:
        length = tus.whole_number(request.headers, "Content-Length")
    checksum = tus.checksum_of(request.headers.get("upload-checksum"))
    upload = await desk.receiver.add(
        number, vehicle.name, offset, length, checksum, request.receive
    )
    return Response(status_code=204, headers=_told(desk, upload))


@router.delete("/{number}", status_code=204)
async def delete(number: str, desk: Desk, vehicle: Asking) -> Response:
    """Give up an upload that is not confirmed."""
    upload = await asyncio.to_thread(desk.inbox.find, number, vehicle.name)
    await desk.receiver.remove(upload)
    return Response(status_code=204, headers=tus.TUS)


@router.post("/{number}")
async def override(number: str, request: Request, desk: Desk, vehicle: Asking) -> Response:
    """What a client asks for that can't send PATCH, HEAD or DELETE (X-HTTP-Method-Override)."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "PATCH":
        return await patch(number, request, desk, vehicle)
    if method == "HEAD":
        return await head(number, desk, vehicle)
    if method == "DELETE":
        return await delete(number, desk, vehicle)
    raise BadUploadHeader("X-HTTP-Method-Override names no method known here", remedy="use PATCH")


def _told(desk: UploadDesk, upload: Upload) -> dict[str, str]:
    """Headers that say how an upload stands."""
    told = tus.TUS | {"Upload-Offset": str(upload.offset)}
    if upload.state is State.CONFIRMED:
        return told | {CONFIRMED: upload.sha256}
    return told | {"Upload-Expires": tus.date_of(desk.inbox.expires_s(upload))}


def install(app: FastAPI, desk: UploadDesk) -> None:
    """Let an application take uploads; its life must include `UploadDesk.open`."""
    app.state.uploads = desk
    app.include_router(router)
