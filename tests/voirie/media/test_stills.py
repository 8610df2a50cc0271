"""Stills: in name order, upright, and refused in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from voirie.errors import EmptyInput, NotDecodable
from voirie.media.stills import Still, list_stills, read_still

TURNED = bytes.fromhex(
    # An EXIF block that says one thing: orientation 6, turn a quarter clockwise.
    "ffe1002245786966000049492a000800000001001201030001000000060000000000000000"
)


def written(path: Path, pixels: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), pixels)
    return path


def test_pictures_come_in_name_order_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", "c.webp", "notes.txt", "track.gpx"):
        (tmp_path / name).write_bytes(b"x")
    stills = list_stills(tmp_path)
    assert [(still.path.name, still.index) for still in stills] == [
        ("a.JPG", 0),
        ("b.png", 1),
        ("c.webp", 2),
    ]


def test_a_folder_without_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"x")
    with pytest.raises(EmptyInput, match="holds no picture"):
        list_stills(tmp_path)


def test_a_still_is_read_as_it_is(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    frame = read_still(Still(written(tmp_path / "a.png", pixels), 3))
    assert np.array_equal(frame.pixels, pixels)
    assert (frame.index, frame.source, frame.pts_s) == (3, "a.png", 0.0)


def test_grey_and_transparent_pictures_become_three_colours(tmp_path: Path) -> None:
    for name, shape in (("grey.png", (5, 7)), ("clear.png", (5, 7, 4))):
        path = written(tmp_path / name, np.full(shape, 80, np.uint8))
        assert (read_still(Still(path, 0)).pixels == np.full((5, 7, 3), 80)).all()


def test_a_picture_is_turned_as_its_tag_says(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jpg", np.zeros((16, 32, 3), np.uint8))
    plain = path.read_bytes()
    assert read_still(Still(path, 0)).pixels.shape == (16, 32, 3)
    path.write_bytes(plain[:2] + TURNED + plain[2:])
    assert read_still(Still(path, 0)).pixels.shape == (32, 16, 3)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"")
    with pytest.raises(EmptyInput, match="holds no byte"):
        read_still(Still(path, 0))
    path.write_bytes(b"no picture")
    with pytest.raises(NotDecodable, match="no picture that can be read"):
        read_still(Still(path, 0))


def test_what_is_no_regular_file_is_no_picture(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").mkdir()
    (tmp_path / "c.jpg").symlink_to(tmp_path / "nowhere")
    with pytest.raises(EmptyInput, match="no picture"):
        list_stills(tmp_path)
    with pytest.raises(NotDecodable, match="no regular file"):
        read_still(Still(tmp_path / "a.jpg", 0))


@pytest.mark.parametrize("side", [11_000, 30_000])
def test_a_picture_beyond_any_camera_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (side, side)).save(path)
    with pytest.raises(NotDecodable, match="million pixels"):
        read_still(Still(path, 0))
