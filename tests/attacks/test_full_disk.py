"""A disk that fills is told as such, whichever file of a survey is written, and nothing is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gis.exports.geopackage import write_gpkg
from inspection.publish.csv_files import write_m3, write_plan
from inspection.publish.report.page import write_report
from voirie.errors import DiskFull
from voirie.folder import SurveyFolder

PAGE = 4096
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


@pytest.mark.parametrize("table", ["sections", "works"])
def test_so_it_is_with_tables(table: str, made: Path, disk: Path) -> None:
    rows, folder = SurveyFolder(made).read(table), SurveyFolder(disk)
    folder.tables.mkdir()
    (disk / "other").write_bytes(b"a page")
    resized(disk, PAGE)
    with pytest.raises(DiskFull, match=f"{table}.parquet"):
        folder.write(table, rows)
    assert not list(folder.tables.iterdir())
