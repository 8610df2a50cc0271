"""Pictures lie under the name of their content, and go out only as they were sealed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from inspection.store.database import Store
from inspection.store.ingest import add_survey
from inspection.store.pictures import FOLDER, held, keep, picture_of, place, sweep, whole_picture
from voirie.errors import NotCertified, NotFound
from voirie.folder import SurveyFolder


def test_a_torn_file_is_written_again(tmp_path: Path) -> None:
    data = b"sealed" * 100
    sha256 = hashlib.sha256(data).hexdigest()
    path = place(tmp_path, sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\0" * len(data))
    keep(data, sha256, tmp_path)
    keep(data, sha256, tmp_path)
    assert whole_picture(tmp_path, sha256) == data
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_changed_file_does_not_go_out(store: Store, made: Path) -> None:
    add_survey(store, made, "Ariège")
    picture = SurveyFolder(made).read("findings")["picture_id"].iloc[0]
    sealed = picture_of(store, 1, picture)
    path = place(store.root, hashlib.sha256(sealed).hexdigest())
    path.write_bytes(sealed + b"\0")
    with pytest.raises(NotCertified, match="not the picture that was sealed"):
        picture_of(store, 1, picture)
    path.unlink()
    with pytest.raises(NotCertified):
        picture_of(store, 1, picture)
    with pytest.raises(NotFound):
        picture_of(store, 1, "../../etc/passwd")


def test_what_no_survey_holds_is_swept_away(store: Store, made: Path) -> None:
    add_survey(store, made, "Ariège")
    kept = sorted((store.root / FOLDER).rglob("*.jpg"))
    stray = b"left by a kill"
    with held(store.root):
        keep(stray, hashlib.sha256(stray).hexdigest(), store.root)
    assert sweep(store) == 1
    assert sorted((store.root / FOLDER).rglob("*.jpg")) == kept
