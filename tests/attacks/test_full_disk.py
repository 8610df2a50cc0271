"""A disk that fills is told as such, whichever file of a survey is written, and nothing is lost."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gis.exports.geopackage import write_gpkg
from gis.network import read_network
from inspection.publish.csv_files import write_m3, write_plan
from inspection.publish.report.page import write_report
from voirie.errors import DiskFull, OutputNotWritable
from voirie.folder import SurveyFolder

PAGE = 4096
ROOT = Path(__file__).resolve().parents[2]
Checks = dict[str, dict[str, str]]
Writer = Callable[[Path, Path], object]
WRITERS: dict[str, Writer] = {
    "survey.gpkg": lambda survey, out: write_gpkg(survey / "tables", out),
    "m3_section.csv": write_m3,
    "plan.csv": lambda survey, out: write_plan(survey / "tables", out),
    "report.html": write_report,
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, whose size `resized` sets."""
    place = tmp_path / "disk"
    place.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("this test mounts a small disk, which needs root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def resized(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


@pytest.mark.parametrize("name", WRITERS)
def test_each_published_file_is_whole_or_the_disk_is_told_to_be_full(
    name: str, made: Path, tmp_path: Path, disk: Path
) -> None:
    write, out = WRITERS[name], disk / name
    write(made, tmp_path / name)
    size = (tmp_path / name).stat().st_size
    out.write_bytes(b"of the run before")
    for share in (0.0, 0.1, 0.5, 0.9) if name == "survey.gpkg" else (0.5,):
        resized(disk, PAGE + int(size * share) // PAGE * PAGE)
        with pytest.raises(DiskFull) as told:
            write(made, out)
        # Beside a CSV stands its French form, which may be the one that finds no room.
        names = {name, name.replace(".csv", "_fr.csv")}
        assert Path(str(told.value.path)).name in names and told.value.exit_code == 2
        assert out.read_bytes() == b"of the run before"
        assert list(disk.iterdir()) == [out]
    resized(disk, 4 * size + 16 * PAGE)
    write(made, out)
    assert out.read_bytes() == (tmp_path / name).read_bytes()


def doctor(disk: Path, at: tuple[str, ...], **environment: str) -> tuple[int, Checks, str]:
    """Exit code of `voirie doctor`, its checks by name, and what it said on the error stream.

    It runs on that disk, which stands in for some folders of the system.
    """
    hidden = " && ".join(f"mount --bind {shlex.quote(str(disk))} {place}" for place in at)
    command = f"{hidden} && exec {shlex.quote(sys.executable)} -m voirie doctor --json"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": "/tmp"} | environment,
        cwd=disk,
        capture_output=True,
        text=True,
        check=False,
    )
    checks = json.loads(done.stdout)["checks"]
    return done.returncode, {check["name"]: check for check in checks}, done.stderr


def test_a_network_whose_private_copy_finds_no_room_is_told(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(ROOT / "samples" / "drive" / "network.gpkg", tmp_path / "n.gpkg"))
    logged = sqlite3.connect(path)
    logged.execute("PRAGMA journal_mode = WAL")
    logged.close()
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    resized(disk, 2 * PAGE)
    with pytest.raises(OutputNotWritable, match="no room") as told:
        read_network(path)
    assert told.value.path == str(path) and "TMPDIR" in str(told.value.remedy)
    assert list(disk.iterdir()) == []


@pytest.mark.slow
def test_the_doctor_tells_that_temporary_files_and_the_cache_find_no_room(disk: Path) -> None:
    (disk / "cache").mkdir()
    resized(disk, 4 * PAGE)
    code, checks, said = doctor(disk, ("/var/tmp", "/tmp"), VOIRIE_CACHE="/tmp/cache")
    assert code == 0 and said == ""
    assert checks["cache"]["state"] == "warning" and "VOIRIE_CACHE" in checks["cache"]["remedy"]
    assert checks["temporary files"]["state"] == "warning"
    assert "TMPDIR" in checks["temporary files"]["remedy"]
    assert checks["disk"]["state"] == "warning"


@pytest.mark.slow
def test_the_doctor_looks_at_a_home_that_is_only_read(disk: Path) -> None:
    (disk / "home").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    code, checks, said = doctor(disk, ("/mnt",), HOME="/mnt/home", XDG_CACHE_HOME="")
    assert code == 0 and said == ""
    assert checks["cache"]["state"] == "warning" and "Read-only" in checks["cache"]["detail"]
    assert checks["temporary files"]["state"] == "ok"


@pytest.mark.parametrize("table", ["sections", "works"])
def test_so_it_is_with_tables(table: str, made: Path, disk: Path) -> None:
    rows, folder = SurveyFolder(made).read(table), SurveyFolder(disk)
    folder.tables.mkdir()
    (disk / "other").write_bytes(b"a page")
    resized(disk, PAGE)
    with pytest.raises(DiskFull, match=f"{table}.parquet"):
        folder.write(table, rows)
    assert not list(folder.tables.iterdir())
