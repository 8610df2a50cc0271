from pathlib import Path

import cv2
import numpy as np
import pytest

from anonymize import CertificateWriter, Sealer
from anonymize.folders import Sources, pictures_of, seal_folder, seal_picture
from voirie.errors import ConfigurationError, EmptyInput, NotDecodable


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    grey = np.full((64, 96, 3), 120, np.uint8)
    for name in ("b.png", "deep/a.JPG"):
        (folder / name).write_bytes(cv2.imencode(name[-4:].lower(), grey)[1].tobytes())
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_pictures_are_found_at_any_depth_and_named_as_jpeg(pictures: Path) -> None:
    assert list(pictures_of(pictures)) == ["b.jpg", "deep/a.jpg"]


def test_two_pictures_of_one_name_are_refused(pictures: Path) -> None:
    (pictures / "b.jpg").write_bytes((pictures / "deep/a.JPG").read_bytes())
    with pytest.raises(ConfigurationError, match="same name"):
        pictures_of(pictures)


def test_a_folder_without_pictures_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput):
        pictures_of(tmp_path)


def test_what_cannot_be_read_is_counted_and_ends_nothing(
    pictures: Path, tmp_path: Path, sealer: Sealer
) -> None:
    (pictures / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(NotDecodable):
        seal_picture(pictures / "cut.jpg", 0, sealer)
    writer = CertificateWriter(tmp_path / "out", sealer.settings)
    told: list[tuple[int, int]] = []
    with Sources(tmp_path / "sources.jsonl") as sources:
        report = seal_folder(
            pictures_of(pictures),
            writer,
            sources,
            sealer,
            lambda done, total: told.append((done, total)),
        )
    assert (report.sealed, list(report.failed)) == (2, ["cut.jpg"])
    assert told == [(1, 3), (2, 3), (3, 3)]
