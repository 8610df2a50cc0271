"""A real inbox service in a process of its own, which tests may kill."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from api.uploads.accounts import TokenBook

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Service:
    """`voirie serve --inbox`, started, killed and started again on one port."""

    def __init__(self, folder: Path, inbox: Path | None = None, **settings: object) -> None:
        self.inbox = inbox or folder / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.keys = folder / "keys"
        self.token = TokenBook(self.inbox).add("patrol")
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
        told = {f"VOIRIE_INBOX_{name.upper()}": str(value) for name, value in settings.items()}
        self.env = {
            **os.environ,
            "VOIRIE_INBOX_KEYS": str(self.keys),
            "VOIRIE_INBOX_RESERVE_BYTES": "0",
            **told,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def uploads(self) -> str:
        return f"{self.url}/api/v1/uploads"

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def start(self) -> None:
        command = [sys.executable, "-m", "voirie", "serve", "--json"]
        command += ["--inbox", str(self.inbox), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env=self.env)
        assert self.process.stdout is not None
        assert json.loads(self.process.stdout.readline())["inbox"] == self.inbox.name

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def create(self, data: bytes, sha256: str | None = None, **more: str) -> httpx.Response:
        """Begin an upload of these bytes."""
        headers = {**TUS, **self.auth, **metadata(data, sha256), **more}
        return httpx.post(self.uploads, headers=headers)

    def begin(self, data: bytes, sha256: str | None = None) -> str:
        """Address of a new upload of these bytes."""
        answer = self.create(data, sha256)
        assert answer.status_code == 201, answer.text
        return self.url + answer.headers["Location"]

    def patch(self, upload: str, offset: int, data: bytes, **more: str) -> httpx.Response:
        headers = {**BODY, **self.auth, "Upload-Offset": str(offset), **more}
        return httpx.patch(upload, headers=headers, content=data, timeout=60)

    def head(self, upload: str) -> httpx.Response:
        return httpx.head(upload, headers={**TUS, **self.auth}, timeout=60)

    def offset(self, upload: str) -> int:
        answer = self.head(upload)
        assert answer.status_code == 200, answer.headers
        return int(answer.headers["Upload-Offset"])


def metadata(data: bytes, sha256: str | None = None) -> dict[str, str]:
    """Headers that declare these bytes."""
    hashed = sha256 or hashlib.sha256(data).hexdigest()
    pairs = {"filename": "drive.mp4", "sha256": hashed}
    told = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Length": str(len(data)), "Upload-Metadata": told}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start a service with the settings that are given; it is stopped after the test."""
    started: list[Service] = []

    def start(**settings: object) -> Service:
        service = Service(tmp_path, **settings)  # type: ignore[arg-type]
        service.start()
        started.append(service)
        return service

    yield start
    for service in started:
        service.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service with the usual settings for the tests of a file."""
    service = Service(tmp_path_factory.mktemp("shared"))
    service.start()
    yield service
    service.stop()
