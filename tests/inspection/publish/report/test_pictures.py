"""Pictures of the report: certified, small, stored once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from inspection.publish.bundle import Bundle
from inspection.publish.report.pictures import MOST_PICTURES, WIDTH_PX, Album
from voirie.errors import NotCertified
from voirie.folder import SurveyFolder
from voirie.wording import Wording

FR = Wording("fr")


def shown(album: Album) -> list[str]:
    """Pictures that carry a finding, in order."""
    return album.bundle.findings["picture_id"].dropna().unique().tolist()


def test_a_picture_stands_once_and_its_boxes_name_their_codes(made: Path) -> None:
    album = Album(Bundle(SurveyFolder(made)))
    picture = shown(album)[0]
    first, again = (album.figure(picture, "alt", FR) for _ in range(2))
    assert first == again
    assert re.findall(r'width="(\d+)" height="(\d+)" href="data', album.definitions()) == [
        (str(WIDTH_PX), "495")
    ]
    frame = picture.rpartition("/")[2]
    views = album.bundle.views
    codes = views.loc[views["frame_id"] == frame, "code"].tolist()
    assert codes and sorted(re.findall(r">(\w+)</text>", first)) == sorted(codes)


def test_there_is_room_for_so_many_and_no_more(made: Path) -> None:
    album = Album(Bundle(SurveyFolder(made)))
    pictures = album.bundle.frames["picture_id"].dropna().tolist()
    for picture in pictures[:MOST_PICTURES]:
        assert album.has(picture)
        album.figure(picture, "alt", FR)
    assert album.has(pictures[0]) and not album.has(pictures[MOST_PICTURES])


def test_a_picture_that_was_changed_is_refused(made: Path, tmp_path: Path) -> None:
    folder = SurveyFolder(Path(shutil.copytree(made, tmp_path / "survey")))
    album = Album(Bundle(folder))
    picture = shown(album)[0]
    path = folder.picture(*picture.split("/"))
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(NotCertified):
        album.figure(picture, "alt", FR)


def test_without_a_certificate_there_is_nothing_to_show(made: Path, tmp_path: Path) -> None:
    folder = SurveyFolder(Path(shutil.copytree(made, tmp_path / "survey")))
    folder.certificate.unlink()
    album = Album(Bundle(folder))
    assert not album.has(shown(album)[0]) and not album.has(None)
