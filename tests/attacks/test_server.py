"""`voirie serve` as it is started, attacked: what no browser sends, links to files elsewhere."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.made_survey import build
from voirie.cli import main

pytestmark = pytest.mark.slow
SECRET = "a file of the system"


@dataclass(frozen=True)
class Service:
    """Where a service is, and what it says on its error stream."""

    url: str
    log: Path

    def answer(self, raw: bytes, *, breaks_off: bool = False) -> bytes:
        """What comes back for some bytes, until the other side closes."""
        port = int(self.url.rstrip("/").rpartition(":")[2])
        got = b""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            with suppress(OSError):  # it may have closed already, which is its right
                client.sendall(raw)
                if breaks_off:
                    client.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while part := client.recv(65536):
                    got += part
        return got


@contextmanager
def started(survey: Path, log: Path, *words: str) -> Iterator[Service]:
    command = [sys.executable, "-m", "voirie", "serve", str(survey), "--port", "0", "--json"]
    with (
        log.open("wb") as errors,
        subprocess.Popen([*command, *words], stdout=subprocess.PIPE, stderr=errors) as server,
    ):
        assert server.stdout is not None
        try:
            yield Service(json.loads(server.stdout.readline())["url"], log)
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey whose report, and a picture, are links to a file elsewhere."""
    place = tmp_path_factory.mktemp("served")
    secret = place / "secret.jpg"
    secret.write_text(SECRET, "utf-8")
    survey = build(place / "survey")
    picture = next((survey / "pictures").rglob("*.jpg"))
    picture.unlink()
    picture.symlink_to(secret)
    (survey / "report.html").symlink_to(secret)
    return survey


@pytest.fixture(scope="module")
def service(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with started(folder, tmp_path_factory.mktemp("log") / "log") as running:
        yield running


HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
RAW = {
    "one header of a megabyte": HEAD + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "a hundred thousand headers": HEAD + b"X: x\r\n" * 100_000 + b"\r\n",
    "an address of a megabyte": b"GET /"
    + b"x" * 1_000_000
    + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": HEAD + b"Host: evil.example\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": HEAD
    + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length of a terabyte": HEAD + b"Content-Length: 1000000000000\r\n\r\nab",
    "a length below nothing": HEAD + b"Content-Length: -1\r\n\r\n",
    "a chunk without end": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab",
    "bytes of zero": b"\0" * 4096,
    "a hello in TLS": bytes.fromhex("16030100a5010000a10303") + b"x" * 200,
    "a hello in HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade": HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "a tunnel": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a hundred at once": (HEAD + b"\r\n") * 100,
}


@pytest.mark.parametrize("what", RAW)
def test_what_no_browser_sends_stops_nothing(service: Service, what: str) -> None:
    got = service.answer(RAW[what], breaks_off=True)
    assert b"Traceback" not in got and b" 500 " not in got
    assert httpx.get(f"{service.url}healthz", timeout=30).status_code == 200
    assert service.log.stat().st_size < 10_000


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/pictures/../../secret.jpg", "/pictures/..%2f..%2fsecret.jpg",
        "/pictures/%2e%2e/%2e%2e/secret.jpg", "/pictures//etc/passwd", "/pictures/%00",
        "/pictures/..\\..\\secret.jpg", "/pictures/%ff%fe", "/sections?bbox=nan,nan,nan,nan",
        "/sections?limit=99999999999999999999", "/sections?offset=-1",
        "/sections?bbox=" + "1," * 3000 + "1",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_survey(service: Service, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    got = service.answer(request.encode("latin-1"))
    assert got.startswith(b"HTTP/1.1 4") and b"root:" not in got
    assert SECRET.encode() not in got and b"Traceback" not in got


def test_no_link_is_followed(service: Service, folder: Path) -> None:
    (linked,) = (path for path in (folder / "pictures").rglob("*.jpg") if path.is_symlink())
    picture = linked.relative_to(folder / "pictures").with_suffix("").as_posix()
    for path in ("", f"pictures/{picture}"):
        answer = httpx.get(service.url + path, timeout=30)
        assert answer.status_code in {403, 404} and SECRET not in answer.text


def test_every_address_however_it_is_written_is_told(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "voirie", "serve", str(folder), "--port", "0"]
    log = tmp_path / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [*command, "--host", "0"], stdout=subprocess.PIPE, stderr=errors, text=True
        ) as server,
    ):
        assert server.stdout is not None
        said = server.stdout.readline()
        port = int(said.partition("http://0.0.0.0:")[2].partition("/")[0])
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30).status_code == 200
        server.terminate()
        server.wait(timeout=60)
    assert log.read_text("utf-8") == "Anyone on this network can read it.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "1e9"), ("PORT", "9" * 5000), ("PORT", "\udcff"), ("PORT", "80;ls"),
        ("HOST", "\udcff\udcfe"), ("HOST", "*"), ("HOST", "a" * 300), ("HOST", "$(id)"),
        ("NAMES", "*"), ("NAMES", "\udcff"), ("NAMES", "a b"),
    ],
)  # fmt: skip
def test_a_setting_that_is_none_is_refused_in_one_line(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
) -> None:
    for other in ("PORT", "HOST", "NAMES"):
        monkeypatch.delenv(f"VOIRIE_SERVE_{other}", raising=False)
    monkeypatch.setenv(f"VOIRIE_SERVE_{name}", value)
    assert os.environ[f"VOIRIE_SERVE_{name}"] == value
    assert main(["serve", str(folder)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("voirie: ") and said.count("\n") == 1
    assert "mistake of ours" not in said
