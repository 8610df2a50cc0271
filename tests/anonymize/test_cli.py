import hashlib
import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from anonymize import Certificate, Sealer, cli
from anonymize.selftest import drawn_face
from voirie.cli import main
from voirie.ids import sha256_of

pytestmark = pytest.mark.usefixtures("models")


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def trace(pixels: np.ndarray, shift: int) -> float:
    """Correlation of what is where the face was with the face: eyes, nose and mouth."""
    rows, columns = slice(115, 210), slice(115, 205)
    face = drawn_face()[rows, columns].astype(float)
    seen = pixels[rows, 80 + shift + 115 : 80 + shift + 205].astype(float)
    if seen.std(axis=(0, 1)).max() < 1.5:  # a flat fill and the grain of its encoding
        return 0.0
    return abs(float(np.corrcoef(seen.ravel(), face.ravel())[0, 1]))


def scene(shift: int) -> np.ndarray:
    """A drawn face on a structured ground, moved sideways."""
    rows = np.linspace(90, 130, 320)[:, None, None]
    ground = np.tile(rows, (1, 480, 3)).astype(np.uint8)
    ground[:, 80 + shift : 400 + shift] = drawn_face()
    return ground


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    cv2.imwrite(str(source / "a.png"), scene(0))
    cv2.imwrite(str(source / "sub" / "b.webp"), scene(20))
    return source


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Twelve pictures with a sound track and a title."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        out.metadata["title"] = "driver's name"
        video = out.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 480, 320, "yuv420p"
        sound = out.add_stream("aac", rate=16_000, layout="mono")
        for i in range(12):
            out.mux(video.encode(av.VideoFrame.from_ndarray(scene(2 * i), format="bgr24")))
        tone = np.sin(np.arange(1024) / 9.0).astype(np.float32)[None] / 3
        for i in range(6):
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, i * 1024, Fraction(1, 16_000)
            out.mux(sound.encode(frame))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))
    return path


def test_a_folder_is_sealed_certified_and_only_read(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    out = tmp_path / "out"
    assert main(["anonymize", str(folder), "--out", str(out)]) == 0
    assert hashes(folder) == before
    certificate = Certificate.read(out)
    certificate.verify()
    assert [entry.file for entry in certificate] == ["a.jpg", "sub/b.jpg"]
    assert trace(scene(20), 20) > 0.99
    assert trace(cv2.imread(str(out / "a.jpg")), 0) < 0.2
    assert trace(cv2.imread(str(out / "sub" / "b.jpg")), 20) < 0.2
    assert not list(tmp_path.glob("*.partial"))


def test_one_bad_picture_of_a_folder_is_left_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "c.jpg").write_bytes(b"no picture")
    out = tmp_path / "out"
    assert main(["anonymize", str(folder), "--out", str(out), "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert told["sealed"] == 2 and list(told["failed"]) == ["c.jpg"]
    assert Certificate.read(out).failed == 1


def test_one_picture(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.jpg"
    words = ["anonymize", str(folder / "a.png"), "--out", str(out), "--people", "head"]
    assert main(words) == 0
    assert trace(cv2.imread(str(out)), 0) < 0.2


def test_a_film_loses_faces_sound_and_metadata(film: Path, tmp_path: Path) -> None:
    before = sha256_of(film)
    out = tmp_path / "o.mp4"
    assert main(["anonymize", str(film), "--out", str(out)]) == 0
    assert sha256_of(film) == before
    with av.open(str(out)) as sealed:
        assert [s.type for s in sealed.streams] == ["video"]
        assert "title" not in sealed.metadata and "encoder" not in sealed.metadata
        pictures = [f.to_ndarray(format="bgr24") for f in sealed.decode(video=0)]
    assert len(pictures) == 12
    assert max(trace(p, 2 * i) for i, p in enumerate(pictures)) < 0.2
    told = json.loads((tmp_path / "o.mp4.certificate.json").read_text("utf-8"))
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["sealed"] == 12


def test_a_film_stopped_in_the_middle_leaves_nothing(film: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        cli._film(film, tmp_path / "o.mp4", "whole", stop)
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_stopped_in_the_middle_is_taken_up(folder: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        cli._folder(folder, out, "whole", stop)
    assert not out.exists()
    (first,) = (tmp_path / "out.partial").rglob("*.jpg")
    assert trace(cv2.imread(str(first)), 0) < 0.2
    written = first.stat().st_mtime_ns
    assert main(["anonymize", str(folder), "--out", str(out)]) == 0
    assert (out / "a.jpg").stat().st_mtime_ns == written
    Certificate.read(out).verify()
    assert not (out / ".state").exists() and not list(tmp_path.glob(".out*"))


def test_a_partial_folder_of_somebody_else_is_left_alone(folder: Path, tmp_path: Path) -> None:
    partial = tmp_path / "out.partial"
    partial.mkdir()
    (partial / "clear.jpg").write_bytes(b"keep me")
    before = hashes(tmp_path)
    assert main(["anonymize", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert hashes(tmp_path) == before


def test_a_picture_that_was_replaced_after_a_stop_is_sealed_again(
    folder: Path, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        cli._folder(folder, out, "whole", stop)
    written = (tmp_path / "out.partial" / "sub" / "b.jpg").stat().st_mtime_ns
    cv2.imwrite(str(folder / "a.png"), scene(40))
    assert main(["anonymize", str(folder), "--out", str(out)]) == 0
    sealed = cv2.imread(str(out / "a.jpg")).astype(int)
    # The face of the first picture began where the ground of the second one still is.
    assert np.abs(sealed[:, 82:118] - scene(40)[:, 82:118]).max() < 30
    assert trace(cv2.imread(str(out / "a.jpg")), 40) < 0.2
    assert (out / "sub" / "b.jpg").stat().st_mtime_ns == written
    Certificate.read(out).verify()


@pytest.mark.parametrize("change", ["withdrawn", "unreadable"])
def test_what_a_stopped_try_sealed_and_this_one_does_not_is_gone(
    folder: Path, tmp_path: Path, change: str
) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        cli._folder(folder, out, "whole", stop)
    assert (tmp_path / "out.partial" / "a.jpg").is_file()
    people = "whole"
    if change == "withdrawn":
        (folder / "a.png").unlink()
    else:  # sealed before with other settings, and this time it cannot be sealed at all
        (folder / "a.png").write_bytes(b"no picture")
        people = "head"
    code = 0 if change == "withdrawn" else 4
    assert main(["anonymize", str(folder), "--out", str(out), "--people", people]) == code
    assert [path.name for path in out.rglob("*.jpg")] == ["b.jpg"]
    Certificate.read(out).verify()


@pytest.mark.parametrize(
    ("out", "code"),
    [("in/out", 2), ("taken", 2), ("film.avi", 2)],
)
def test_places_that_are_refused(folder: Path, tmp_path: Path, out: str, code: int) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_bytes(b"1")
    source = folder / "a.png" if out.endswith("avi") else folder
    before = hashes(tmp_path)
    assert main(["anonymize", str(source), "--out", str(tmp_path / out)]) == code
    assert hashes(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.mp4", b""), ("x.mp4", b"rubbish" * 99), ("x.jpg", b""), ("none", None)],
)
def test_inputs_that_are_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    suffix = ".jpg" if name.endswith("jpg") else ".mp4"
    assert main(["anonymize", str(tmp_path / name), "--out", str(tmp_path / f"o{suffix}")]) == 3
    assert not list(tmp_path.glob("o*"))


def test_the_sealer_is_built_from_the_registered_weights(sealer: Sealer) -> None:
    assert {m.role for m in sealer.settings.models} == {"gate", "plates", "face"}
