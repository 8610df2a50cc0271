from pathlib import Path

import numpy as np
import pytest

from anonymize import SafeFrame, encode
from anonymize.encode import byte_limit, save
from anonymize.mask import Mask
from anonymize.safeframe import admit
from voirie.errors import OutputNotWritable
from voirie.media import RawFrame


def passed(pixels: np.ndarray) -> SafeFrame:
    none = Mask.of(*pixels.shape[:2], [])
    return admit(pixels, 0.0, 0, "x", none, none)


def test_a_noisy_picture_is_written_smaller() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    grain = (noise // 8 + 100).astype(np.uint8)
    assert len(encode(passed(grain))) <= byte_limit(720, 1280) * 1.2
    assert byte_limit(1080, 1920) == 250_000
    assert byte_limit(2160, 3840) == 1_000_000


def test_raw_pixels_are_never_written(tmp_path: Path, plain_frame: RawFrame) -> None:
    with pytest.raises(TypeError, match="SafeFrame"):
        save(plain_frame, tmp_path / "a.jpg")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_picture_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    frame = passed(np.full((64, 64, 3), 90, np.uint8))
    assert save(frame, tmp_path / "in" / "a.jpg") == (tmp_path / "in" / "a.jpg").read_bytes()
    (tmp_path / "taken.jpg").mkdir()
    with pytest.raises(OutputNotWritable):
        save(frame, tmp_path / "taken.jpg")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputNotWritable):
        save(frame, tmp_path / "file" / "a.jpg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "in", "taken.jpg"]
