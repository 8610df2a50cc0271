"""Sealed pictures, and no other."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

import httpx

from api.dependencies import ServedSurvey
from api.routes.pictures import picture
from tests.api.conftest import serving
from voirie.tables import read_table


def test_a_sealed_picture_comes_as_it_was_sealed(url: str, survey: Path) -> None:
    row = read_table("findings", survey / "tables").iloc[0]
    answer = httpx.get(f"{url}/pictures/{row['picture_id']}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == (survey / "pictures" / f"{row['picture_id']}.jpg").read_bytes()


def test_a_changed_picture_is_not_opened(survey: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(survey, folder)
    table = read_table("findings", folder / "tables")
    path = folder / "pictures" / f"{table['picture_id'].iloc[0]}.jpg"
    path.write_bytes(path.read_bytes() + b"\0")
    with serving(folder) as url:
        answer = httpx.get(f"{url}/pictures/{table['picture_id'].iloc[0]}")
        other = table["picture_id"][table["picture_id"] != table["picture_id"].iloc[0]].iloc[0]
        assert httpx.get(f"{url}/pictures/{other}").status_code == 200
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:voirie:problem:not-certified"
    assert str(tmp_path) not in answer.text


def test_a_picture_is_read_and_hashed_once_and_never_decoded(survey: Path) -> None:
    served = ServedSurvey.open(survey)
    picture_id, path = next(iter(served.pictures.items()))
    assert served.certificate.entry(path)
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, what: object) -> None:
        if event == "c_call":
            calls[getattr(what, "__name__", "")] += 1
        elif event == "call" and frame.f_code.co_name == "read_bytes":
            calls["read_bytes"] += 1

    sys.setprofile(count)
    try:
        answer = picture(picture_id, served)
    finally:
        sys.setprofile(None)
    assert answer.body == path.read_bytes()
    assert calls["openssl_sha256"] == 1
    assert calls["read_bytes"] == 1
    assert calls["imdecode"] == 0
