from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anonymize import Sealer, encode
from anonymize.selftest import FACE_BOX
from voirie.errors import (
    AnonymiserUnfit,
    FrameNotSealed,
)
from voirie.media import RawFrame
from voirie.nets import Models, load_models


def test_a_face_is_destroyed_and_the_raw_frame_is_left_alone(
    sealer: Sealer, face_frame: RawFrame
) -> None:
    before = face_frame.pixels.copy()
    safe = sealer.seal(face_frame)
    assert np.array_equal(face_frame.pixels, before)
    assert safe.mask.share_of([FACE_BOX])[0] > 0.95
    inside = safe.pixels[100:200, 120:200].reshape(-1, 3)
    assert np.ptp(inside, axis=0).max() == 0
    assert 5 < safe.destroyed_pct < 60
    assert (safe.source, safe.index, safe.pts_s) == ("drawn.png", 0, 0.0)


def test_a_frame_with_nothing_in_it_passes_unchanged(sealer: Sealer, plain_frame: RawFrame) -> None:
    safe = sealer.seal(plain_frame)
    assert np.array_equal(safe.pixels, plain_frame.pixels)
    assert safe.destroyed_pct == 0.0


def test_the_same_frame_gives_the_same_bytes(models: Models, face_frame: RawFrame) -> None:
    assert encode(Sealer(models).seal(face_frame)) == encode(Sealer(models).seal(face_frame))


def test_what_a_neighbour_shows_is_held(
    sealer: Sealer, face_frame: RawFrame, plain_frame: RawFrame
) -> None:
    shown = replace(face_frame, pts_s=0.04, index=1)
    assert sealer.seal(plain_frame, after=[shown]).mask.share_of([FACE_BOX])[0] > 0.9
    far = replace(face_frame, pts_s=0.5, index=9)
    assert sealer.seal(plain_frame, after=[far]).destroyed_pct == 0.0


BROKEN = RawFrame(np.zeros((4, 4, 3), np.uint8), 0.0, 0, "broken.png")


def test_two_bad_frames_are_counted_and_the_third_of_three_ends_it(sealer: Sealer) -> None:
    for _ in range(2):
        with pytest.raises(FrameNotSealed):
            sealer.seal(BROKEN)
    with pytest.raises(AnonymiserUnfit, match="3 of 3"):
        sealer.seal(BROKEN)


def test_the_share_is_of_the_frames_that_are_expected(models: Models) -> None:
    sealer = Sealer(models, expected_frames=1000)
    for _ in range(5):
        with pytest.raises(FrameNotSealed):
            sealer.seal(BROKEN)
    with pytest.raises(AnonymiserUnfit):
        sealer.seal(BROKEN)
    assert (sealer.sealed, sealer.failed) == (0, 6)


def test_missing_weights_are_an_unfit_anonymiser(tmp_path: Path) -> None:
    with pytest.raises(AnonymiserUnfit) as raised:
        Sealer(load_models_or_unfit(tmp_path / "none"))
    assert raised.value.exit_code == 5


def load_models_or_unfit(folder: Path) -> Models:
    """An empty register: the folder is there, nothing is registered in it."""
    folder.mkdir()
    (folder / "models.toml").write_text("[models]\n", encoding="utf-8")
    return load_models(folder)


def test_a_register_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(tmp_path / "nowhere"))
    with pytest.raises(AnonymiserUnfit) as raised:
        Sealer()
    assert raised.value.path is not None
