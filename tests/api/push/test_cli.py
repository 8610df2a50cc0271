"""`voirie push` against a real service, which is away now and then."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from api.push.cli import _token_of
from tests.api.uploads.conftest import Service
from tests.api.uploads.made_uploads import contents
from voirie.errors import ConfigurationError


def command(service: Service, folder: Path, *words: str) -> list[str]:
    token = folder / "token"
    token.write_text(service.token + "\n")
    start = [sys.executable, "-m", "voirie", "push", *words, "--to", service.url, "--json"]
    return [*start, "--token-file", str(token), "--history", str(folder / "history.sqlite")]


def pushed(service: Service, folder: Path, *words: str) -> tuple[int, list[dict[str, str]]]:
    done = subprocess.run(command(service, folder, *words), capture_output=True, text=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_drive_is_sent_once_and_removed_only_where_that_is_said(tmp_path: Path) -> None:
    service = Service(tmp_path)
    drive = tmp_path / "drive"
    drive.mkdir()
    films = [random.Random(k).randbytes(300_000 + k) for k in (1, 2)]
    for k, data in enumerate(films):
        (drive / f"{k}.mp4").write_bytes(data)
    # Nobody answers: told, nothing lost.
    code, told = pushed(service, tmp_path, str(drive), "--patience-s", "0")
    assert code == 4 and [line["state"] for line in told] == ["waits", "waits"]
    service.start()
    try:
        code, told = pushed(service, tmp_path, str(drive))
        assert code == 0
        assert [line["detail"] for line in told] == [hashlib.sha256(d).hexdigest() for d in films]
        assert pushed(service, tmp_path, str(drive)) == (0, [])
        assert len(list(drive.iterdir())) == 2
        assert pushed(service, tmp_path, str(drive), "--remove-after") == (0, [])
        assert list(drive.iterdir()) == []
        assert sorted(contents(service.inbox, service.keys)) == sorted(films)
    finally:
        service.stop()


def test_it_goes_on_after_the_service_was_killed(tmp_path: Path) -> None:
    service = Service(tmp_path)
    film = tmp_path / "long.mp4"
    data = random.Random(3).randbytes(40_000_000)
    film.write_bytes(data)
    service.start()
    try:
        with subprocess.Popen(
            command(service, tmp_path, str(film)), stdout=subprocess.PIPE
        ) as push:
            sealed = service.inbox / "uploads"
            while not any(path.stat().st_size > 1_000_000 for path in sealed.glob("*")):
                if push.poll() is not None:
                    break
            service.kill()
            service.start()
            out, _ = push.communicate(timeout=60)
        assert push.returncode == 0
        assert json.loads(out.splitlines()[-1])["state"] == "confirmed"
        assert contents(service.inbox, service.keys) == [data]
    finally:
        service.stop()


def test_a_token_that_is_not_known_removes_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path)
    film = tmp_path / "a.mp4"
    film.write_bytes(b"road")
    service.token = "voirie_other"
    service.start()
    try:
        code, told = pushed(service, tmp_path, str(film), "--remove-after")
    finally:
        service.stop()
    assert (code, told[0]["state"], os.listdir(service.inbox / "uploads")) == (4, "refused", [])
    assert film.exists()


@pytest.mark.parametrize("text", ["", "two words", "\x07"])
def test_a_file_without_a_token_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "token").write_text(text)
    with pytest.raises(ConfigurationError, match="no token"):
        _token_of(tmp_path / "token")
