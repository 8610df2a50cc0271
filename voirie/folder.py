"""The survey folder: whole under its name, or absent; work happens beside it."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

from voirie.errors import ConfigurationError, NotASurvey
from voirie.files import disk_errors, read_json, write_json
from voirie.partial import (
    MARK,
    STATE,
    claim,
    empty_out,
    is_unfinished,
    make_folder,
    mark_of,
    partial_of,
    put_in_place,
    refuse_foreign,
    repair,
    tell_filled,
)
from voirie.runsheet import RunSheet
from voirie.stages import Stage
from voirie.tables import read_table, write_table
from voirie.tables.declared import GeoTableName

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

SHEET_SCHEMA = "voirie.run/1"
NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EMLINK}


@dataclass(frozen=True, slots=True)
class SurveyFolder:
    """Paths inside a survey folder and the way its tables are read and written."""

    root: Path

    @property
    def pictures(self) -> Path:
        """Sealed pictures, one folder a pass."""
        return self.root / "pictures"

    @property
    def tables(self) -> Path:
        """The tables: the truth."""
        return self.root / "tables"

    @property
    def certificate(self) -> Path:
        """Certificate of the anonymiser."""
        return self.root / "certificate.json"

    @property
    def run_sheet(self) -> Path:
        """Run sheet."""
        return self.root / "run.json"

    @property
    def inputs(self) -> Path:
        """The rules that were used: rating scheme, price list, families, budgets, vehicles."""
        return self.root / "inputs"

    def rules(self, name: str) -> Path | None:
        """The rules of a name that a run kept (`scheme`, ...), None where there are none."""
        return next(iter(sorted(self.inputs.glob(f"{name}.*"))), None)

    @property
    def state(self) -> Path:
        """What is needed to resume; it exists in a partial folder only."""
        return self.root / STATE

    def picture(self, pass_id: str, frame_id: str) -> Path:
        """Path of a sealed picture."""
        return self.pictures / pass_id / f"{frame_id}.jpg"

    @overload
    def read(self, table: GeoTableName) -> gpd.GeoDataFrame: ...
    @overload
    def read(self, table: str) -> pd.DataFrame: ...
    def read(self, table: str) -> pd.DataFrame:
        """Read a table, typed as declared."""
        return read_table(table, self.tables)

    def write(self, table: str, frame: pd.DataFrame) -> None:
        """Replace a table atomically."""
        self.tables.mkdir(parents=True, exist_ok=True)
        write_table(table, frame, self.tables)


def open_survey(path: Path) -> SurveyFolder:
    """A whole survey folder.

    Raises
    ------
    NotASurvey
        When the folder is absent, partial or something else.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     Path(place, "tables").mkdir()
    ...     write_json(Path(place, "run.json"), {})
    ...     open_survey(Path(place)).run_sheet.name
    'run.json'
    """
    folder = SurveyFolder(path)
    if is_unfinished(path):
        raise NotASurvey(
            "this is unfinished work", path, "run the same command again, and give what it makes"
        )
    if not folder.run_sheet.is_file() or not folder.tables.is_dir():
        partial = partial_of(path.absolute())
        remedy = (
            f"{partial.name} is unfinished: run the same command again"
            if partial.is_dir()
            else "give the folder that a run wrote"
        )
        raise NotASurvey("this is not a whole survey folder", path, remedy)
    return folder


def check_place(target: Path) -> None:
    """Refuse a place that holds somebody else's files; only our own folders are ever touched.

    Raises
    ------
    ConfigurationError
        When the target, or the folder beside it where the work happens, is not ours.
    """
    if os.path.lexists(target) and not is_survey(target):
        if not target.is_dir() or any(target.iterdir()):
            raise ConfigurationError(
                "it exists and is no survey folder", target, "choose another --out"
            )
    refuse_foreign(target, "survey")


def take_up(target: Path) -> None:
    """Finish what a kill left half done at a target, and refuse a place that is not ours.

    Raises
    ------
    ConfigurationError
        As `check_place`.
    """
    repair(target)
    check_place(target)
    if is_survey(target):
        with suppress(OSError):  # what a kill leaves of it at the very last; absent as a rule
            (target / STATE).rmdir()


def is_survey(folder: Path) -> bool:
    """Whether a folder holds the run sheet of a survey, and not just a file of that name."""
    try:
        sheet = read_json(folder / "run.json")
    except (OSError, ValueError):
        return False
    return isinstance(sheet, dict) and sheet.get("schema") == SHEET_SCHEMA and "run_id" in sheet


def begin(target: Path) -> SurveyFolder:
    """Open the partial folder of a target: resume it, or start it from the finished one.

    A finished folder is hard-linked into the partial one (copied, where the file system has no
    such links), so that stages whose inputs have not changed are skipped; tables and pictures are
    only ever replaced, never written in place.

    Raises
    ------
    ConfigurationError
        When the target or its partial folder is something else than ours.
    OutputNotWritable
        When nothing can be written there.
    """
    with disk_errors(target):
        take_up(target)
        if target.is_dir() and not is_survey(target):
            target.rmdir()
        folder = SurveyFolder(claim(target, "survey"))
        mark = mark_of(folder.root)
        if mark is None or not mark.filled:
            empty_out(folder.root)  # of what a kill left of the links below
            if target.is_dir():
                shutil.copytree(
                    target,
                    folder.root,
                    symlinks=True,
                    copy_function=_link,
                    ignore=shutil.ignore_patterns(STATE, MARK),
                    dirs_exist_ok=True,
                )
                restore_state(folder)
            tell_filled(folder.root)
        for inner in (folder.pictures, folder.tables):
            make_folder(inner)
        probe = folder.root / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    return folder


def restore_state(folder: SurveyFolder) -> None:
    """Rebuild the resume state of a finished folder from its run sheet.

    Records are believed once what they speak of is found; a sheet that cannot be read has none.
    """
    try:
        sheet = RunSheet.model_validate(read_json(folder.run_sheet))
    except (OSError, ValueError):
        return
    known = [record for record in sheet.stages if record.stage in list(Stage)]
    for record in known:
        write_json(folder.state / f"{record.stage}.json", record.model_dump(mode="json"))


def _link(source: str, to: str) -> None:
    """Give a file a second name; where the file system knows no such thing, a copy."""
    try:
        os.link(source, to)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copy2(source, to)


def finish(folder: SurveyFolder, target: Path) -> SurveyFolder:
    """Give the partial folder its final name; an earlier folder gives way at once."""
    put_in_place(folder.root, target)
    return SurveyFolder(target)
