"""A record is believed while all that its stage wrote is there, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspection.pipeline.outputs import hashes_of, is_whole, remove_strays, written_by
from voirie.folder import SurveyFolder
from voirie.runsheet import StageRecord
from voirie.stages import Stage
from voirie.tables import TABLES


@pytest.fixture
def planned(made: Path, tmp_path: Path) -> tuple[SurveyFolder, StageRecord]:
    folder = SurveyFolder(tmp_path / "s")
    shutil.copytree(made / "tables", folder.tables)
    files = hashes_of(Stage.PLAN, folder)
    return folder, StageRecord(stage="plan", fingerprint="", files=files)


def test_every_table_is_written_by_one_stage() -> None:
    written = [file for stage in Stage for file in written_by(stage) if file.startswith("tables/")]
    assert sorted(written) == sorted(f"tables/{name}.parquet" for name in TABLES)


@pytest.mark.parametrize("data", [None, b"", b"something else"])
@pytest.mark.parametrize("file", written_by(Stage.PLAN))
def test_a_file_that_is_lost_or_another_undoes_its_stage(
    file: str, data: bytes | None, planned: tuple[SurveyFolder, StageRecord]
) -> None:
    folder, record = planned
    assert is_whole(record, folder)
    (folder.root / file).unlink()
    if data is not None:
        (folder.root / file).write_bytes(data)
    assert not is_whole(record, folder)


def test_a_record_that_names_no_files_is_not_believed(
    planned: tuple[SurveyFolder, StageRecord],
) -> None:
    folder, record = planned
    assert not is_whole(record.model_copy(update={"files": {}}), folder)


def test_what_no_certificate_names_is_removed_and_undoes_nothing(
    made: Path, tmp_path: Path
) -> None:
    folder = SurveyFolder(tmp_path / "s")
    shutil.copytree(made, folder.root)
    for name in ("captures", "clocks"):
        (folder.tables / f"{name}.parquet").write_bytes(b"")  # hashed, and not read
    before = sorted(folder.pictures.rglob("*"))
    record = StageRecord(stage="ingest", fingerprint="", files=hashes_of(Stage.INGEST, folder))
    (folder.pictures / "deep").mkdir()
    (folder.pictures / "deep" / ".DS_Store").write_bytes(b"of a file manager")
    assert is_whole(record, folder)
    remove_strays(folder)
    assert sorted(folder.pictures.rglob("*")) == before
    next(folder.pictures.rglob("*.jpg")).write_bytes(b"another")
    assert not is_whole(record, folder)
