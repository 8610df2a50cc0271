"""How fast an inbox takes uploads, beside a plain copy of the same bytes to the same disk.

`python -m bench.uploads [FOLDER]`: twenty vehicles at once send 50 MB each to a real service on
this machine, at most 5 MB/s each and then as fast as they can; then one sends 1 GB. Printed beside
it: twenty plain copies of the same bytes, each waited for on the disk, and the memory of the
service before and at its highest.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

from api.uploads.accounts import TokenBook

MB = 1_000_000
AT_ONCE = 20
BLOCK = 1 << 16


def paced(data: bytes, rate: float | None) -> Iterator[bytes]:
    """The bytes in blocks, at most so many a second."""
    start_s = time.perf_counter()
    for offset in range(0, len(data), BLOCK):
        if rate is not None:
            time.sleep(max(0.0, start_s + offset / rate - time.perf_counter()))
        yield data[offset : offset + BLOCK]


def send(port: int, token: str, data: bytes, rate: float | None) -> None:
    pairs = f"sha256 {b64encode(hashlib.sha256(data).hexdigest().encode()).decode()}"
    asking = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {token}"}
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    declared = {"Upload-Length": str(len(data)), "Upload-Metadata": pairs}
    link.request("POST", "/api/v1/uploads", headers=asking | declared)
    made = link.getresponse()
    made.read()
    adding = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    told = asking | adding | {"Content-Length": str(len(data))}
    link.request("PATCH", made.headers["Location"], body=paced(data, rate), headers=told)
    done = link.getresponse()
    assert done.status == 204 and done.headers["Voirie-Confirmed-Sha256"], done.read()
    link.close()


def copy(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        for offset in range(0, len(data), BLOCK):
            file.write(data[offset : offset + BLOCK])
        file.flush()
        os.fsync(file.fileno())


def at_once(works: list[Callable[[], None]]) -> float:
    """Seconds that works take, each in a thread."""
    threads = [threading.Thread(target=work) for work in works]
    start_s = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start_s


def resident_mb(process: int, field: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1000


def measure(folder: Path, size: int) -> dict[str, float]:
    inbox = folder / "inbox"
    inbox.mkdir()
    token = TokenBook(inbox).add("bench")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "voirie", "serve", "--json", "--inbox", str(inbox)]
    env = {**os.environ, "VOIRIE_INBOX_KEYS": str(folder / "keys")}
    figures: dict[str, float] = {}
    with subprocess.Popen(
        [*command, "--port", str(port)], env=env, stdout=subprocess.PIPE
    ) as service:
        try:
            assert service.stdout is not None
            service.stdout.readline()
            send(port, token, os.urandom(MB), None)
            figures["memory_before_mb"] = resident_mb(service.pid, "VmRSS")
            total = AT_ONCE * size / MB
            for name, rate in (("paced", 5.0 * MB), ("free", None)):
                films = [os.urandom(size) for _ in range(AT_ONCE)]
                works = [lambda d=d, r=rate: send(port, token, d, r) for d in films]
                figures[f"uploads_{name}_mb_s"] = total / at_once(works)
                copies = [
                    lambda d=d, k=k, n=name: copy(folder / f"{n}{k}", d)
                    for k, d in enumerate(films)
                ]
                figures[f"copies_{name}_mb_s"] = total / at_once(copies)
            one = os.urandom(AT_ONCE * size // 2)
            figures["one_upload_mb_s"] = (
                len(one) / MB / at_once([lambda: send(port, token, one, None)])
            )
            figures["one_copy_mb_s"] = len(one) / MB / at_once([lambda: copy(folder / "one", one)])
            figures["memory_highest_mb"] = resident_mb(service.pid, "VmHWM")
        finally:
            service.kill()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="on the disk that is measured")
    parser.add_argument("--mb", type=int, default=50, help="of each of the twenty uploads")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        figures = measure(Path(folder), options.mb * MB)
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
