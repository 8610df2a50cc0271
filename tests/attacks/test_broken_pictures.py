"""Pictures whose bytes, EXIF block among them, no camera writes; labels that nobody would write."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given

from inspection.train.folders import read_boxes, read_folder
from inspection.train.sign_data import read_codes
from tests.attacks.spoiling import (
    flipped_bytes,
    read_or_refused,
    seeds,
    spoiled_bytes,
    trying,
    within_a_minute,
)
from voirie.errors import InputUnusable, VoirieError
from voirie.media.stills import Still, read_still

EXIF = bytes.fromhex(
    # Two directories: orientation 6, then a thumbnail of which the bytes lie elsewhere.
    "ffe1005445786966000049492a0008000000"
    "0200120103000100000006000000698704000100000026000000"
    "32000000"
    "0100869207000800000040000000" + "00000000"
    "0100010204000100000048000000" + "00000000" + "6162636465666768" + "00" * 4
)
SHAPES = {(24, 40, 3), (40, 24, 3)}


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A JPEG with an EXIF block."""
    pixels = np.random.default_rng(7).integers(0, 256, (24, 40, 3), dtype=np.uint8)
    plain = cv2.imencode(".jpg", pixels)[1].tobytes()
    block = EXIF[:2] + (len(EXIF) - 2).to_bytes(2, "big") + EXIF[4:]
    return plain[:2] + block + plain[2:]


def test_the_block_is_read(picture: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(picture)
    assert read_still(Still(path, 0)).pixels.shape == (40, 24, 3)  # turned by its tag


def test_a_block_of_other_bytes_turns_a_picture_or_does_not(picture: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"

    @trying(quick=200)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        start, end = 4, 2 + len(EXIF)
        path.write_bytes(picture[:start] + block_of(picture[start:end], chance) + picture[end:])
        read_or_refused(lambda path: read_still(Still(path, 0)), path)

    tries()


def block_of(block: bytes, chance: random.Random) -> bytes:
    """Other bytes in as many: what follows stays a picture where the length of the block stays."""
    other = flipped_bytes(block, chance)[: len(block)]
    return other.ljust(len(block), b"\xff")


def test_any_orientation_is_one_of_two_shapes(picture: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    at = picture.index(bytes.fromhex("1201030001000000")) + 8
    for value in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 65535):
        path.write_bytes(picture[:at] + value.to_bytes(2, "little") + picture[at + 2 :])
        assert read_still(Still(path, 0)).pixels.shape in SHAPES


def test_a_picture_of_other_bytes_is_read_or_refused(picture: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"

    @trying(quick=100)
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        spoil = chance.choice([flipped_bytes, spoiled_bytes])
        path.write_bytes(spoil(picture, chance))
        read_or_refused(lambda path: read_still(Still(path, 0)), path)

    tries()


LABELS = b"0 0.5 0.5 0.25 0.5\n1 0.25 0.25 0.1 0.1 0.9\n\n2 0.9 0.9 0.2 0.2\n"


def test_labels_of_other_bytes_are_boxes_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    @trying(quick=200)
    @given(seeds)
    def tries(seed: int) -> None:
        path.write_bytes(spoiled_bytes(LABELS, random.Random(seed)))
        with within_a_minute():
            try:
                boxes = read_boxes(path, 640, 360)
            except VoirieError as error:
                told = str(error)
                assert isinstance(error, InputUnusable)
                assert told.isprintable() and "a.txt" in told
                return
        assert boxes.shape[1] == 5 and np.isfinite(boxes).all()

    tries()


@pytest.mark.parametrize("content", [b"no", b"GIF89a", b"\xff\xd8\xff\xe1\xff\xff", b"RIFF"])
def test_a_training_picture_that_is_none_is_named(content: bytes, tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / part / "train").mkdir(parents=True)
    (tmp_path / "images" / "train" / "a.jpg").write_bytes(content)
    with pytest.raises(InputUnusable, match="no picture") as told:
        list(read_folder(tmp_path, "train"))
    assert str(told.value.path).endswith("a.jpg")


def test_a_folder_of_pictures_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputUnusable, match="no such folder"):
        list(read_folder(tmp_path, "train"))


CODES = b"gtsrb_class,iisr_code,value\n0,B14,20\n1,B14,30\n14,AB4,\n"


def test_codes_of_other_bytes_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "signs" / "gtsrb_to_iisr.csv"
    path.parent.mkdir()
    with pytest.raises(InputUnusable, match="cannot be read"):
        read_codes(tmp_path)

    @trying(quick=100)
    @given(seeds)
    def tries(seed: int) -> None:
        path.write_bytes(spoiled_bytes(CODES, random.Random(seed)))
        read_or_refused(lambda _: read_codes(tmp_path), path)

    tries()
