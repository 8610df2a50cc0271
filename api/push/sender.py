"""One file to a tus server: begun, gone on with after whatever happens, confirmed."""

from __future__ import annotations

import http.client
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from voirie.errors import ConfigurationError, VoirieError

PREFIX = "/api/v1/uploads"
CONFIRMED = "voirie-confirmed-sha256"
BLOCK_BYTES = 1 << 16
PIECE_BYTES = 64 << 20
"""Of one request: some proxies take no body over 100 MB."""
TIMEOUT_S = 60.0
COME_BACK = {404, 408, 409, 410, 423, 429, 460}
"""Refusals after which the server is asked again how the upload stands."""


class NotReached(VoirieError):
    """The server does not answer, or has no room now: worth another try."""

    problem_type = "urn:voirie:problem:not-reached"


class Refused(VoirieError):
    """The server does not want the file, and would not the next time."""

    problem_type = "urn:voirie:problem:push-refused"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    detail: str


class Sender:
    """Sends files to one server.

    Parameters
    ----------
    url
        Of the server.
    token
        Of the vehicle.
    plain_http
        Whether the token may travel readable to another machine.

    Raises
    ------
    ConfigurationError
        When the address is none, or not safe for a token.

    Examples
    --------
    >>> Sender("http://roads.example.org", "token")
    Traceback (most recent call last):
    ...
    voirie.errors.ConfigurationError: http://roads.example.org would get the token readable to ...
    """

    def __init__(self, url: str, token: str, plain_http: bool = False) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(
                f"{url} is no address of a server", remedy="give one such as https://roads.example"
            )
        if parts.scheme == "http" and not plain_http and not _is_here(parts.hostname):
            raise ConfigurationError(
                f"{url} would get the token readable to everybody on the way",
                remedy="use https, or say --plain-http on a network of your own",
            )
        self.url = url.rstrip("/")
        self._token = token

    def send(self, path: Path, size: int, sha256: str) -> None:
        """Send a file, or what the server lacks of it; returns once the server confirmed it.

        Raises
        ------
        NotReached
            When the link or the server failed: call it again later, it goes on.
        Refused
            When the server does not want it.
        """
        pairs = {"filename": path.name, "sha256": sha256}
        told = ",".join(
            f"{k} {b64encode(v.encode('utf-8', 'replace')).decode()}" for k, v in pairs.items()
        )
        headers = {"Upload-Length": str(size), "Upload-Metadata": told}
        answer = self._asked("POST", self.url + PREFIX, headers, path)
        if answer.status != 201:
            raise _refusal(answer, path)
        place = urljoin(self.url + PREFIX, answer.headers.get("location", ""))
        if urlsplit(place)[:2] != urlsplit(self.url)[:2]:
            raise Refused("the server sends the file to another one", path, "check the address")
        while True:
            if answer.headers.get(CONFIRMED) == sha256:
                return
            offset = int(answer.headers.get("upload-offset", "-1"))
            if not 0 <= offset < size:
                raise NotReached("the server did not confirm the file", path, "send it again")
            answer = self._piece(place, path, offset, min(PIECE_BYTES, size - offset))
            if answer.status != 204:
                raise _refusal(answer, path)

    def _piece(self, place: str, path: Path, offset: int, length: int) -> _Answer:
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
        }
        return self._asked("PATCH", place, headers, path, _blocks(path, offset, length))

    def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        path: Path,
        body: Iterator[bytes] | None = None,
    ) -> _Answer:
        told = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self._token}", **headers}
        try:
            with closing(_link(url)) as link:
                link.request(method, urlsplit(url).path, body=body, headers=told)
                with link.getresponse() as answer:
                    named = {name.lower(): value for name, value in answer.headers.items()}
                    return _Answer(
                        answer.status, named, answer.read(4096).decode("utf-8", "replace")
                    )
        except (OSError, http.client.HTTPException) as error:
            why = str(error) or type(error).__name__
            raise NotReached(
                f"the server could not be reached ({why})", path, "it is tried again later"
            ) from error


def _link(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=TIMEOUT_S, context=trusted
        )
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)


def _blocks(path: Path, offset: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while length > 0 and (data := file.read(min(BLOCK_BYTES, length))):
            length -= len(data)
            yield data


def _refusal(answer: _Answer, path: Path) -> VoirieError:
    """What a refusal of the server means to the sender."""
    why = f"the server answers {answer.status}: {answer.detail}"
    if answer.status in COME_BACK or answer.status >= 500:
        return NotReached(why, path, "it is tried again later")
    return Refused(why, path, "ask who runs the server")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
