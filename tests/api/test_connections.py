"""Many clients that say nothing, or begin and never end, do not keep others out."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from api.connections import MOST_CONNECTIONS


def test_half_open_connections_keep_nobody_out_for_long(survey: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "voirie", "serve", str(survey), "--port", "0", "--json"]
    with (
        log.open("wb") as errors,
        contextlib.ExitStack() as opened,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as server,
    ):
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        first = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
        # The head, or the body, of what is asked after one good request never ends.
        begun = (first + b"\r\n" + first, first + b"Content-Length: 9\r\n\r\nbody")
        silent = []
        for rank in range(MOST_CONNECTIONS + 50):
            client = opened.enter_context(socket.create_connection((host, int(port)), timeout=60))
            silent.append(client)
            with contextlib.suppress(ConnectionError):
                client.sendall(begun[rank] if rank < len(begun) else b"GET / HT")
        # What is too many is closed at once, the others when they have said nothing for long.
        assert all(_ended(client) for client in silent)
        assert httpx.get(f"{url}healthz", timeout=30).status_code == 200
        server.terminate()
        server.wait(timeout=30)
    assert log.stat().st_size < 10_000


def _ended(client: socket.socket) -> bool:
    """Whether the other side closes the connection, in one way or the other."""
    try:
        while client.recv(4096):
            pass
        return True
    except ConnectionResetError:
        return True
