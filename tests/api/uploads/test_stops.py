"""Kills at random moments, a full disk: nothing is half accepted, and the client goes on."""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.uploads.router import CONFIRMED
from tests.api.uploads.conftest import Service
from tests.api.uploads.made_uploads import contents

KILLS = 6


@pytest.mark.slow
def test_a_service_killed_at_random_moments_makes_one_right_file(tmp_path: Path) -> None:
    chance = random.Random(7)
    data = chance.randbytes(60_000_000)
    service = Service(tmp_path)
    service.start()
    try:
        upload = service.begin(data)
        done = threading.Event()
        told: list[int] = []

        def push() -> None:
            """A client that goes on where the service says, whatever happens to it."""
            while not done.is_set():
                try:
                    answer = service.head(upload)
                    offset = int(answer.headers["Upload-Offset"])
                    told.append(offset)
                    if CONFIRMED in answer.headers:
                        done.set()
                        return
                    # Slow enough that kills fall into the middle of a body.
                    parts = (
                        data[start : start + 65_536] for start in range(offset, len(data), 65_536)
                    )
                    headers = {
                        "Tus-Resumable": "1.0.0",
                        "Content-Type": "application/offset+octet-stream",
                        "Upload-Offset": str(offset),
                        "Content-Length": str(len(data) - offset),
                        **service.auth,
                    }
                    httpx.patch(upload, headers=headers, content=_slowly(parts), timeout=30)
                except httpx.HTTPError:
                    done.wait(0.05)

        client = threading.Thread(target=push)
        client.start()
        for _ in range(KILLS):
            done.wait(chance.uniform(0.1, 3.5))
            service.kill()
            service.start()
        assert done.wait(120)
        client.join()
    finally:
        done.set()
        service.stop()
    assert told == sorted(told), "what was told to be safe was safe"
    assert len(set(told)) > 2
    assert contents(service.inbox, service.keys) == [data]
    assert len(list((service.inbox / "uploads").iterdir())) == 1


def _slowly(parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part
        time.sleep(0.008)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_507_and_the_upload_goes_on_once_there_is_room(
    tmp_path: Path, small_disk: Path
) -> None:
    data = random.Random(8).randbytes(5_000_000)
    service = Service(tmp_path, inbox=small_disk / "inbox")
    service.start()
    try:
        assert service.create(bytes(20_000_000)).status_code == 507
        upload = service.begin(data)
        ballast = small_disk / "ballast"
        # Somebody else fills the disk after the upload was let in.
        ballast.write_bytes(bytes(5_500_000))
        answer = service.patch(upload, 0, data)
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:voirie:problem:disk-full")
        offset = service.offset(upload)
        assert offset < len(data)
        ballast.unlink()
        assert service.patch(upload, offset, data[offset:]).headers[CONFIRMED]
        assert contents(service.inbox, service.keys) == [data]
    finally:
        service.stop()
