"""Attacks on the anonymiser: pictures on their side, plates that are none, a register opened up."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from anonymize.finders import Finder
from anonymize.selftest import STREET_CORES, street
from tests.made_films import turned_film
from voirie.cli import main
from voirie.media import Video
from voirie.nets import Models, load_models
from voirie.nets.boxes import share_inside


@pytest.fixture(scope="module")
def models() -> Models:
    """The shipped networks."""
    return load_models()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_phone_turned_in_its_holder_leaves_nothing_clear(tmp_path: Path, degrees: int) -> None:
    film = turned_film(tmp_path / "a.mp4", street(), degrees)
    out = tmp_path / "out.mp4"
    assert main(["anonymize", str(film), "--out", str(out)]) == 0
    with av.open(str(out)) as sealed:
        for frame in sealed.decode(video=0):
            assert frame.rotation == 0
            pixels = frame.to_ndarray(format="bgr24")
            assert pixels.shape == street().shape
            for what in ("people", "faces", "plates"):
                left, top, right, bottom = STREET_CORES[what]
                # A solid fill: next to no contrast is left, whatever was there.
                inside = pixels[top + 2 : bottom - 2, left + 2 : right - 2]
                before = street()[top + 2 : bottom - 2, left + 2 : right - 2]
                assert inside.std(axis=(0, 1)).max() < 0.3 * before.std(axis=(0, 1)).max(), what


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_film_that_lost_its_matrix_is_refused_until_it_is_given_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], degrees: int
) -> None:
    lying = turned_film(tmp_path / "a.mp4", street(), degrees, told=False)
    out = tmp_path / "out.mp4"
    assert main(["anonymize", str(lying), "--out", str(out)]) == 3
    said = capsys.readouterr().err
    assert "a.mp4: its pictures lie " in said and f"-display_rotation {degrees}" in said
    assert list(tmp_path.iterdir()) == [lying]
    # What the sentence advises: the same stream, with the matrix.
    mended = tmp_path / "b.mp4"
    with av.open(str(lying)) as film, av.open(str(mended), "w") as copy:
        stream = copy.add_stream_from_template(film.streams.video[0])
        stream.set_display_rotation(degrees)
        for packet in film.demux(film.streams.video[0]):
            if packet.size:
                packet.stream = stream
                copy.mux(packet)
    (window,) = Video(mended).windows([0], 0)
    assert np.abs(window.frame.pixels.astype(int) - street()).mean() < 4


def test_stills_on_their_side_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "stills", tmp_path / "out"
    folder.mkdir()
    for rank in range(2):
        cv2.imwrite(str(folder / f"{rank}.png"), np.rot90(street()))
    assert main(["anonymize", str(folder), "--out", str(out)]) == 3
    assert "270 degrees clockwise" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [folder]


def test_a_plate_that_is_none_leaves_the_band_on(models: Models) -> None:
    finder = Finder(models)
    left, _, _, bottom = STREET_CORES["vehicles"]
    plate = STREET_CORES["plates"]
    picture = street()
    # The true plate is too dark to be found, and a sticker low on the bumper is taken for one.
    picture[plate[1] - 4 : plate[3] + 4, plate[0] - 6 : plate[2] + 6] = (60, 60, 60)
    sticker = (left + 15, bottom - 18, left + 50, bottom - 2)
    cv2.rectangle(picture, (left + 20, bottom - 12), (left + 42, bottom - 6), (235, 235, 235), -1)
    found = finder.find(picture)
    assert share_inside(found.plates.xyxy, np.array([sticker], np.float32)).max() > 0.8
    assert share_inside(np.array([plate], np.float32), found.plates.xyxy).max() < 0.2
    assert share_inside(np.array([plate], np.float32), found.bands.xyxy).max() > 0.8


@pytest.mark.parametrize(
    ("was", "put"),
    [
        ("default = 0.1,", "default = 10.0,"),
        ("default = 0.1,", "default = nan,"),
        ("default = 0.1,", "default = -0.1,"),
        ("default = 0.1,", "default = 0.6,"),
        ('file = "gate.onnx"', 'file = "../gate.onnx"'),
        ('file = "gate.onnx"', 'file = "/etc/passwd"'),
        ('classes = ["person", ', 'classes = ["pers0n", '),
        ('classes = ["person", ', "classes = ["),
    ],
    ids=["ten", "nan", "negative", "raised", "above", "elsewhere", "renamed", "one less"],
)
def test_a_register_that_opens_the_anonymiser_is_refused(
    models: Models,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    was: str,
    put: str,
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for file in ("gate.onnx", "plates.onnx"):
        (weights / file).symlink_to(models.folder / file)
    text = (models.folder / "models.toml").read_text("utf-8")
    assert was in text
    (weights / "models.toml").write_text(text.replace(was, put, 1), "utf-8")
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(weights))
    picture, out = tmp_path / "a.png", tmp_path / "out.jpg"
    cv2.imwrite(str(picture), street())
    assert main(["anonymize", str(picture), "--out", str(out)]) == 5
    assert not out.exists()
    said = capsys.readouterr().err
    assert said.startswith("voirie: ") and "mistake of ours" not in said
