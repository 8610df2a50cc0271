"""Storing sealed pictures, and writing their certificate.

While a run lasts, a journal grows by one line a picture, written after the picture itself;
`CertificateWriter.finish` turns it into the table, the header and ``pictures.sha256``. What the
journal does not name was not finished and is sealed again. Names and places in the journal are
all that is kept in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO

from anonymize.certificate import (
    NAME,
    SCHEMA,
    SUMS,
    TABLE,
    TABLE_FILE,
    TABLES_FOLDER,
    Certificate,
    Entry,
)
from anonymize.encode import save
from anonymize.safeframe import SafeFrame
from anonymize.sealer import SealerSettings, settings_of
from voirie import __version__
from voirie.errors import NotCertified
from voirie.files import disk_errors, replacing, write_json
from voirie.ids import sha256_of
from voirie.tables.stream import write_sorted

JOURNAL = "certificate.journal"


class CertificateWriter:
    """Stores sealed pictures in a folder and keeps its certificate; resumes where it stopped.

    Parameters
    ----------
    folder
        Where ``certificate.json`` will lie. Pictures that an earlier journal or certificate
        names are taken over if they were sealed by equal settings and are unchanged.
    settings
        Of the sealer in use.
    """

    def __init__(self, folder: Path, settings: SealerSettings) -> None:
        self.folder, self.settings = folder, settings
        self.failed = 0
        self._places: dict[str, int] = {}
        """Where in the journal the line of a picture begins, by file."""
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._journal = self._begin()

    def _begin(self) -> IO[bytes]:
        """A journal of what is taken over, under its name once it is whole."""
        path = self.folder / JOURNAL
        with replacing(path) as partial, partial.open("wb") as journal:
            journal.write(_line(asdict(self.settings)))
            for entry in _earlier(self.folder, self.settings):
                picture = self.folder / entry.file
                if picture.is_file() and sha256_of(picture) == entry.sha256:
                    self._places[entry.file] = journal.tell()
                    journal.write(_line(asdict(entry)))
        return path.open("ab")

    def has(self, file: str) -> bool:
        """Whether a picture is already there, sealed with these settings and unchanged."""
        return file in self._places

    def store(self, frame: SafeFrame, file: str) -> Entry:
        """Write a sealed frame as JPEG and name it in the journal.

        Parameters
        ----------
        frame
            Sealed.
        file
            Path inside the folder, with forward slashes, ending in ``.jpg``.

        Raises
        ------
        TypeError
            When the frame is no `SafeFrame`.
        DiskFull, OutputNotWritable
            When the disk does not take it.
        """
        data = save(frame, self.folder / file)
        height, width = frame.pixels.shape[:2]
        entry = Entry(
            file,
            hashlib.sha256(data).hexdigest(),
            width,
            height,
            frame.pts_s,
            frame.index,
            frame.source,
            round(frame.destroyed_pct, 3),
            frame.mask.to_list(),
            frame.destroyed.to_list(),
        )
        with disk_errors(self.folder):
            place = self._journal.tell()
            self._journal.write(_line(asdict(entry)))
            self._journal.flush()
            os.fsync(self._journal.fileno())
        self._places[file] = place
        return entry

    def keep(self, files: Iterable[str]) -> None:
        """Forget pictures that are not among these; their files are not touched."""
        wanted = set(files)
        self._places = {file: place for file, place in self._places.items() if file in wanted}

    def close(self) -> None:
        """Stop in the middle: the journal stays, and a second writer takes it over."""
        self._journal.close()

    def finish(self) -> Certificate:
        """Write the table, ``pictures.sha256`` and the header, in this order; the journal goes.

        Pictures that are no longer there are left out.
        """
        self.close()
        shares: list[float] = []
        with disk_errors(self.folder):
            (self.folder / TABLES_FOLDER).mkdir(exist_ok=True)
            with (
                replacing(self.folder / SUMS) as partial,
                partial.open("w", encoding="utf-8") as lines,
            ):
                write_sorted(TABLE, self._rows(lines, shares), self.folder / TABLES_FOLDER)
            write_json(
                self.folder / NAME,
                {
                    "schema": SCHEMA,
                    "made_by": f"voirie {__version__}",
                    **asdict(self.settings),
                    "frames": {"sealed": len(shares), "failed": self.failed},
                    "destroyed_pct": round(sum(shares) / len(shares), 3) if shares else 0.0,
                    "table": TABLE_FILE,
                    "table_sha256": sha256_of(self.folder / TABLE_FILE),
                },
            )
            (self.folder / JOURNAL).unlink()
        return Certificate.read(self.folder)

    def _rows(self, sums: IO[str], shares: list[float]) -> Iterator[dict[str, object]]:
        """Rows of the pictures that are there, by file; each adds its line to the sums."""
        with (self.folder / JOURNAL).open("rb") as journal:
            for file in sorted(self._places):
                journal.seek(self._places[file])
                entry = _entry(journal.readline())
                if entry is not None and (self.folder / file).is_file():
                    sums.write(f"{entry.sha256}  {file}\n")
                    shares.append(entry.destroyed_pct)
                    yield entry.row()


def _line(value: dict[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def _earlier(folder: Path, settings: SealerSettings) -> Iterator[Entry]:
    """Entries of an unfinished journal, else of a finished certificate, of the same settings.

    A picture that was stored twice comes once, as it was stored last.
    """
    try:
        journal = (folder / JOURNAL).open("rb")
    except FileNotFoundError:
        yield from _finished(folder, settings)
        return
    with journal:
        if not _sealed_by(journal.readline(), settings):
            return
        places: dict[str, int] = {}
        while line := journal.readline():
            entry = _entry(line)
            if entry is not None:
                places[entry.file] = journal.tell() - len(line)
        for place in places.values():
            journal.seek(place)
            entry = _entry(journal.readline())
            if entry is not None:
                yield entry


def _finished(folder: Path, settings: SealerSettings) -> Iterator[Entry]:
    try:
        finished = Certificate.read(folder)
    except NotCertified:
        return
    if finished.settings == settings:
        yield from finished


def _sealed_by(line: bytes, settings: SealerSettings) -> bool:
    try:
        return settings_of(json.loads(line)) == settings
    except (ValueError, KeyError, TypeError):
        return False


def _entry(line: bytes) -> Entry | None:
    """An entry of the journal; None for the line that a crash cut off."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
