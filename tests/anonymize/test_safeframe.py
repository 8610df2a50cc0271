"""The doors through which pixels pass."""

import copy
import pickle
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

import anonymize
from anonymize import Mask, PublicFrame, SafeFrame, Sealer, encode
from anonymize.safeframe import decode_picture, public
from voirie.errors import ConfigurationError, NotDecodable
from voirie.media import RawFrame


def test_there_is_no_door_but_the_three(sealer: Sealer, plain_frame: RawFrame) -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    for kind in (SafeFrame, PublicFrame):
        with pytest.raises(TypeError, match="not made by hand"):
            kind(pixels, 0.0, 0, "x", Mask.of(32, 32, []))
    safe = sealer.seal(plain_frame)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(safe)
    with pytest.raises(ValueError, match="read-only"):
        safe.pixels[0, 0] = 0
    with pytest.raises(AttributeError):
        safe.pixels = pixels  # type: ignore[misc]


def test_only_the_doors_call_admit() -> None:
    house = Path(anonymize.__file__).parent.parent
    callers = {
        path.relative_to(house).as_posix()
        for package in ("anonymize", "api", "gis", "inspection", "planning", "voirie")
        for path in (house / package).rglob("*.py")
        if re.search(r"\badmit\(|safeframe import .*\badmit\b|\b_DOOR\b", path.read_text("utf-8"))
    }
    assert callers <= {
        "anonymize/safeframe.py",
        "anonymize/sealer.py",
        "anonymize/certificate.py",
    }


def test_a_public_frame_states_source_and_licence_and_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.full((40, 50, 3), 9, np.uint8))
    frame = public(path, "RDD2022", "CC BY-SA 4.0")
    assert (frame.source, frame.licence) == ("RDD2022", "CC BY-SA 4.0")
    with pytest.raises(ConfigurationError):
        public(path, "RDD2022", " ")
    with pytest.raises(TypeError, match="SafeFrame"):
        encode(frame)  # type: ignore[arg-type]
    path.write_bytes(b"no picture")
    with pytest.raises(NotDecodable):
        public(path, "RDD2022", "CC BY-SA 4.0")


def test_a_picture_that_cannot_be_read_is_told_apart_from_one_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotDecodable, match="cannot be read"):
        decode_picture(tmp_path / "none.jpg")
    (tmp_path / "empty.jpg").write_bytes(b"")
    with pytest.raises(NotDecodable, match="no picture that can be decoded"):
        decode_picture(tmp_path / "empty.jpg")
