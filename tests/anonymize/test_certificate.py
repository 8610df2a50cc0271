import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anonymize import Certificate, CertificateWriter, SafeFrame, Sealer, reopen
from anonymize.certificate import JOURNAL, NAME, SUMS
from voirie.errors import NotCertified
from voirie.media import RawFrame

PICTURES = ("pictures/p/a.jpg", "pictures/p/b.jpg")


@pytest.fixture
def safe(sealer: Sealer, face_frame: RawFrame) -> SafeFrame:
    return sealer.seal(face_frame)


@pytest.fixture
def folder(tmp_path: Path, sealer: Sealer, safe: SafeFrame) -> Path:
    writer = CertificateWriter(tmp_path / "s", sealer.settings)
    for file in PICTURES:
        writer.store(safe, file)
    writer.finish()
    return tmp_path / "s"


def test_a_certified_picture_comes_back_with_its_mask(folder: Path, safe: SafeFrame) -> None:
    certificate = Certificate.read(folder)
    certificate.verify()
    back = reopen(folder / PICTURES[0], certificate)
    assert back.mask.to_list() == safe.mask.to_list()
    assert (back.source, back.index, back.pts_s) == (safe.source, safe.index, safe.pts_s)
    assert back.destroyed_pct == pytest.approx(safe.destroyed_pct, abs=1e-3)
    assert np.abs(back.pixels.astype(int) - safe.pixels).mean() < 3


@pytest.mark.parametrize("at", [2, 200, -3])
def test_a_changed_byte_is_refused(folder: Path, at: int) -> None:
    path = folder / PICTURES[0]
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    certificate = Certificate.read(folder)
    with pytest.raises(NotCertified, match="not the picture"):
        reopen(path, certificate)
    with pytest.raises(NotCertified):
        certificate.verify()


def test_what_the_certificate_does_not_name_is_refused(folder: Path, tmp_path: Path) -> None:
    certificate = Certificate.read(folder)
    stray = folder / "pictures/p/stray.jpg"
    shutil.copy(folder / PICTURES[0], stray)
    outside = tmp_path / "a.jpg"
    shutil.copy(folder / PICTURES[0], outside)
    for path in (stray, outside, folder / "pictures/none.jpg"):
        with pytest.raises(NotCertified):
            reopen(path, certificate)
    with pytest.raises(NotCertified):
        Certificate.read(tmp_path)


def test_swapped_pictures_are_refused(
    tmp_path: Path, sealer: Sealer, safe: SafeFrame, plain_frame: RawFrame
) -> None:
    writer = CertificateWriter(tmp_path, sealer.settings)
    writer.store(safe, "a.jpg")
    writer.store(sealer.seal(plain_frame), "b.jpg")
    certificate = writer.finish()
    shutil.copy(tmp_path / "b.jpg", tmp_path / "a.jpg")
    with pytest.raises(NotCertified):
        reopen(tmp_path / "a.jpg", certificate)


def test_sums_are_in_the_format_of_sha256sum(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_certificate_names_no_class_and_no_place(folder: Path, tmp_path: Path) -> None:
    text = (folder / NAME).read_text("utf-8")
    stored = json.loads(text)
    assert stored["schema"] == "voirie.certificate/1"
    assert str(tmp_path) not in text
    assert not {"faces", "plates", "persons", "counts"} & set(stored["pictures"][0])


def test_files_carry_no_metadata(folder: Path) -> None:
    data = (folder / PICTURES[0]).read_bytes()
    assert b"Exif" not in data and b"http" not in data


def test_a_run_that_was_cut_off_is_taken_up(
    tmp_path: Path, sealer: Sealer, safe: SafeFrame
) -> None:
    first = CertificateWriter(tmp_path, sealer.settings)
    for file in PICTURES:
        first.store(safe, file)
    first.close()
    journal = tmp_path / JOURNAL
    text = journal.read_text("utf-8")
    journal.write_text(text[: len(text) - 40], encoding="utf-8")  # the second line is cut
    second = CertificateWriter(tmp_path, sealer.settings)
    assert [second.has(f) for f in PICTURES] == [True, False]
    second.store(safe, PICTURES[1])
    second.finish()
    assert not journal.exists()
    third = CertificateWriter(tmp_path, sealer.settings)  # a finished folder is taken over too
    assert all(third.has(f) for f in PICTURES)
    third.close()


def test_pictures_of_other_settings_or_changed_ones_are_sealed_again(
    folder: Path, sealer: Sealer
) -> None:
    other = CertificateWriter(folder, replace(sealer.settings, people="head"))
    assert not any(other.has(f) for f in PICTURES)
    other.close()
    (folder / JOURNAL).unlink()
    (folder / PICTURES[0]).write_bytes(b"changed")
    same = CertificateWriter(folder, sealer.settings)
    assert [same.has(f) for f in PICTURES] == [False, True]
    same.close()
