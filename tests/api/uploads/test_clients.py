"""Clients that others wrote, and links that are cut at random bytes."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from api.uploads.router import CONFIRMED
from tests.api.uploads.conftest import Service
from tests.api.uploads.made_uploads import contents
from tests.api.uploads.test_router import _opened

JS = """
const tus = require(process.argv[1]), fs = require('fs')
const [, , url, token, path, sha256] = process.argv
const file = fs.readFileSync(path)
let cut = false
const upload = new tus.Upload(file, {
  endpoint: url, chunkSize: 700000, retryDelays: [0, 0, 100, 1000],
  headers: { Authorization: 'Bearer ' + token }, metadata: { filename: 'a.mp4', sha256 },
  onError: (error) => { console.error(String(error)); process.exit(1) },
  onSuccess: () => console.log(upload.url),
  onProgress: (sent) => {
    if (!cut && sent > 1500000) { cut = true; upload.abort().then(() => upload.start()) }
  },
})
upload.start()
"""


def test_a_link_cut_fifty_times_at_random_bytes(shared: Service) -> None:
    chance = random.Random(50)
    data = chance.randbytes(6_000_000)
    upload = shared.begin(data)
    for _ in range(50):
        offset = shared.offset(upload)
        with _opened(shared, upload, offset, len(data) - offset) as link:
            link.sendall(data[offset : offset + chance.randrange(100_000)])
    offset = shared.offset(upload)
    answer = shared.patch(upload, offset, data[offset:])
    assert answer.headers[CONFIRMED] == hashlib.sha256(data).hexdigest()


def test_tuspy_goes_on_after_each_stop(shared: Service, tmp_path: Path) -> None:
    client = pytest.importorskip("tusclient.client", reason="tuspy is not installed")
    data = random.Random(51).randbytes(3_000_000)
    film = tmp_path / "a.mp4"
    film.write_bytes(data)
    told = {"filename": "a.mp4", "sha256": hashlib.sha256(data).hexdigest()}
    place = None
    for stop in (1, 999_999, 2_000_001, len(data)):
        tus = client.TusClient(f"{shared.uploads}", headers=shared.auth)
        with film.open("rb") as file:
            uploader = tus.uploader(file_stream=file, chunk_size=400_000, metadata=told, url=place)
            uploader.upload(stop_at=stop)
        place = uploader.url
    assert shared.head(place).headers[CONFIRMED] == told["sha256"]
    assert data in contents(shared.inbox, shared.keys)


def test_tus_js_client_goes_on_after_a_stop(shared: Service, tmp_path: Path) -> None:
    module = os.environ.get("VOIRIE_TUS_JS", "")
    if shutil.which("node") is None or not module or not Path(module).is_dir():
        pytest.skip("node or tus-js-client is missing (npm install; VOIRIE_TUS_JS names it)")
    data = random.Random(52).randbytes(5_000_000)
    film = tmp_path / "a.mp4"
    film.write_bytes(data)
    words = [module, shared.uploads, shared.token, str(film), hashlib.sha256(data).hexdigest()]
    done = subprocess.run(["node", "-e", JS, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert data in contents(shared.inbox, shared.keys)
