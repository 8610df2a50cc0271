"""Sealing that stops and goes on: the journal, and what a finished certificate leaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from anonymize import Certificate, SafeFrame, Sealer
from anonymize.certificate import NAME, SUMS, TABLE_FILE
from anonymize.certificate_writer import JOURNAL, CertificateWriter
from tests.anonymize.conftest import SEALED
from voirie.errors import NotCertified


def test_a_run_that_was_cut_off_is_taken_up(
    tmp_path: Path, sealer: Sealer, safe: SafeFrame
) -> None:
    first = CertificateWriter(tmp_path, sealer.settings)
    for file in SEALED:
        first.store(safe, file)
    first.close()
    journal = tmp_path / JOURNAL
    text = journal.read_text("utf-8")
    journal.write_text(text[: len(text) - 40], encoding="utf-8")  # the second line is cut
    second = CertificateWriter(tmp_path, sealer.settings)
    assert [second.has(f) for f in SEALED] == [True, False]
    second.store(safe, SEALED[1])
    second.finish()
    assert not journal.exists()
    third = CertificateWriter(tmp_path, sealer.settings)  # a finished folder is taken over too
    assert all(third.has(f) for f in SEALED)
    third.close()


def test_pictures_of_other_settings_or_changed_ones_are_sealed_again(
    folder: Path, sealer: Sealer
) -> None:
    other = CertificateWriter(folder, replace(sealer.settings, people="head"))
    assert not any(other.has(f) for f in SEALED)
    other.close()
    (folder / JOURNAL).unlink()
    (folder / SEALED[0]).write_bytes(b"changed")
    same = CertificateWriter(folder, sealer.settings)
    assert [same.has(f) for f in SEALED] == [False, True]
    same.close()


def test_what_was_stored_twice_or_has_gone_is_told_as_it_is(
    tmp_path: Path, sealer: Sealer, safe: SafeFrame
) -> None:
    writer = CertificateWriter(tmp_path, sealer.settings)
    for file in ("b.jpg", "a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        writer.store(safe, file)
    writer.close()
    (tmp_path / "c.jpg").unlink()
    again = CertificateWriter(tmp_path, sealer.settings)
    assert [again.has(f"{name}.jpg") for name in "abcd"] == [True, True, False, True]
    again.keep(["a.jpg", "b.jpg"])
    certificate = again.finish()
    assert [entry.file for entry in certificate] == ["a.jpg", "b.jpg"]
    assert [line.split()[1] for line in (tmp_path / SUMS).read_text().splitlines()] == [
        "a.jpg",
        "b.jpg",
    ]
    assert not list(tmp_path.rglob("*.partial"))


def test_a_certificate_of_nothing_can_be_read(tmp_path: Path, sealer: Sealer) -> None:
    writer = CertificateWriter(tmp_path, sealer.settings)
    writer.failed = 3
    writer.finish()
    certificate = Certificate.read(tmp_path)
    assert (len(certificate), certificate.failed, certificate.destroyed_pct) == (0, 3, 0.0)


@pytest.mark.parametrize("lost", [NAME, TABLE_FILE])
def test_a_certificate_that_lost_a_part_is_none(folder: Path, lost: str) -> None:
    (folder / lost).unlink()
    with pytest.raises(NotCertified):
        Certificate.read(folder)


def test_a_picture_that_changed_under_its_journal_is_never_certified(
    tmp_path: Path, sealer: Sealer, safe: SafeFrame
) -> None:
    writer = CertificateWriter(tmp_path, sealer.settings)
    for file in SEALED:
        writer.store(safe, file)
    writer.close()
    (tmp_path / SEALED[0]).write_bytes(b"changed")
    for _ in range(2):
        again = CertificateWriter(tmp_path, sealer.settings)
        assert [again.has(f) for f in SEALED] == [False, True]
        again.close()
    last = CertificateWriter(tmp_path, sealer.settings)
    assert [entry.file for entry in last.finish()] == [SEALED[1]]


def test_a_stop_under_other_settings_leaves_the_certificate_to_be_taken_up(
    folder: Path, sealer: Sealer
) -> None:
    CertificateWriter(folder, replace(sealer.settings, people="head")).close()
    same = CertificateWriter(folder, sealer.settings)
    assert all(same.has(f) for f in SEALED)
    same.close()
