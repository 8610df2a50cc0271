import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize import Certificate, CertificateWriter, SafeFrame, Sealer, reopen
from anonymize.certificate import NAME, SUMS, TABLE_FILE
from tests.anonymize.conftest import SEALED
from voirie.errors import NotCertified
from voirie.media import RawFrame


def test_a_certified_picture_comes_back_with_its_mask(folder: Path, safe: SafeFrame) -> None:
    certificate = Certificate.read(folder)
    certificate.verify()
    back = reopen(folder / SEALED[0], certificate)
    assert back.mask.to_list() == safe.mask.to_list()
    assert (back.source, back.index, back.pts_s) == (safe.source, safe.index, safe.pts_s)
    assert back.destroyed_pct == pytest.approx(safe.destroyed_pct, abs=1e-3)
    assert np.abs(back.pixels.astype(int) - safe.pixels).mean() < 3


@pytest.mark.parametrize("at", [2, 200, -3])
def test_a_changed_byte_is_refused(folder: Path, at: int) -> None:
    path = folder / SEALED[0]
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
    shutil.copy(folder / SEALED[0], stray)
    outside = tmp_path / "a.jpg"
    shutil.copy(folder / SEALED[0], outside)
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
    assert stored["schema"] == "voirie.certificate/2"
    table = pd.read_parquet(folder / TABLE_FILE)
    assert str(tmp_path) not in text + table.to_csv()
    told = {*stored, *table.columns}
    assert not {"faces", "plates", "persons", "counts"} & told


def test_the_header_is_small_and_vouches_for_the_table(folder: Path) -> None:
    stored = json.loads((folder / NAME).read_text("utf-8"))
    table = folder / TABLE_FILE
    assert stored["table"] == TABLE_FILE
    assert stored["table_sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert stored["frames"] == {"sealed": 2, "failed": 0}
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(bytes(data))
    with pytest.raises(NotCertified, match="not the table that it names"):
        Certificate.read(folder)


def _vouched(folder: Path, table: pa.Table, **how: bool) -> None:
    """Put a table under the header as if it were the one that was sealed."""
    pq.write_table(table, folder / TABLE_FILE, **how)
    stored = json.loads((folder / NAME).read_text("utf-8"))
    stored["table_sha256"] = hashlib.sha256((folder / TABLE_FILE).read_bytes()).hexdigest()
    (folder / NAME).write_text(json.dumps(stored), "utf-8")


def test_a_table_that_cannot_be_looked_up_is_no_certificate(folder: Path) -> None:
    table = pq.read_table(folder / TABLE_FILE)
    _vouched(folder, table, write_statistics=False)
    with pytest.raises(NotCertified, match="does not tell the bounds of file"):
        Certificate.read(folder)
    at = table.column_names.index("mask")
    _vouched(folder, table.set_column(at, "mask", pa.array(["1,2,3,4"] * table.num_rows)))
    with pytest.raises(NotCertified, match="its column mask has another type"):
        Certificate.read(folder)
    three = pa.array([[1, 2, 3]] * table.num_rows, pa.list_(pa.int32()))
    _vouched(folder, table.set_column(at, "mask", three))
    with pytest.raises(NotCertified, match="not four numbers a rectangle"):
        reopen(folder / SEALED[0], Certificate.read(folder))


@pytest.mark.parametrize("text", ["[]", "7", "null", '"a"', '{"schema": []}'])
def test_a_header_of_another_shape_is_no_certificate(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, "utf-8")
    with pytest.raises(NotCertified, match="no certificate that can be read"):
        Certificate.read(folder)


def test_a_certificate_tells_its_pictures_in_order(folder: Path, safe: SafeFrame) -> None:
    certificate = Certificate.read(folder)
    assert len(certificate) == 2
    assert [entry.file for entry in certificate] == list(SEALED)
    first = certificate.find(SEALED[0])
    assert first is not None and first.destroyed == safe.destroyed.to_list()
    assert certificate.find("pictures/p/aa.jpg") is None
    assert certificate.destroyed_pct == pytest.approx(safe.destroyed_pct, abs=1e-3)


@pytest.mark.parametrize("stray", ["pictures/p/stray.bin", "deep/clear.JPG", "c.png"])
def test_a_picture_that_stands_there_unnamed_is_found(folder: Path, stray: str) -> None:
    certificate = Certificate.read(folder)
    certificate.verify()
    (folder / stray).parent.mkdir(exist_ok=True)
    shutil.copy(folder / SEALED[0], folder / stray)
    with pytest.raises(NotCertified, match="does not name") as refused:
        certificate.verify()
    assert refused.value.path == str(folder / stray)


def test_a_header_that_counts_otherwise_than_its_table_is_refused(folder: Path) -> None:
    stored = json.loads((folder / NAME).read_text("utf-8"))
    stored["frames"]["sealed"] = 3
    (folder / NAME).write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(NotCertified, match="counts 3 pictures, its table 2"):
        Certificate.read(folder)


def test_files_carry_no_metadata(folder: Path) -> None:
    data = (folder / SEALED[0]).read_bytes()
    assert b"Exif" not in data and b"http" not in data


def test_a_certificate_that_would_stop_us_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    for content in ("[" * 200_000, "[]", '"voirie"', '{"schema": {}}'):
        path.write_text(content, "utf-8")
        with pytest.raises(NotCertified, match="no certificate that can be read"):
            Certificate.read(tmp_path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NotCertified, match="no regular file"):
        Certificate.read(tmp_path)
