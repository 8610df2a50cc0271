"""Storing sealed pictures, and writing their certificate.

While a run lasts, a journal grows by one line a picture, written after the picture itself;
`CertificateWriter.finish` turns it into the table, the header and ``pictures.sha256``. What the
journal does not name was not finished and is sealed again. Names and places in the journal are
all that is kept in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
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
    remove_unnamed,
)
from anonymize.encode import save
from anonymize.safeframe import SafeFrame
from anonymize.sealer import SealerSettings, settings_of
from voirie import __version__
from voirie.errors import NotCertified
from voirie.files import disk_errors, replacing, write_json
from voirie.ids import sha256_of
from voirie.journal import Journal
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
        """Where in the journal the entry of a picture stands, by file."""
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._journal = self._begin()
            for place, value in self._journal.items():
                if (entry := _entry(value)) is not None:
                    self._places[entry.file] = place
            self.keep(file for file in self._places if self._is_unchanged(file))

    def _begin(self) -> Journal:
        """The journal of equal settings, else a new one of what a finished certificate names."""
        path = self.folder / JOURNAL
        journal = Journal(path)
        if not _sealed_by(journal, self.settings):
            with replacing(path) as partial, Journal(partial) as fresh:
                fresh.extend([asdict(self.settings)])
                fresh.extend(asdict(entry) for entry in _finished(self.folder, self.settings))
        return journal

    def _is_unchanged(self, file: str) -> bool:
        entry, picture = _entry(self._journal.at(self._places[file])), self.folder / file
        return entry is not None and picture.is_file() and sha256_of(picture) == entry.sha256

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
            self._places[file] = self._journal.add(asdict(entry))
        return entry

    def keep(self, files: Iterable[str]) -> None:
        """Forget pictures that are not among these; their files are not touched."""
        wanted = set(files)
        self._places = {file: place for file, place in self._places.items() if file in wanted}

    def remove_uncertified(self) -> None:
        """Remove every picture of the folder that is not named here, and folders left empty.

        Pictures of an earlier try whose source was withdrawn, or that other settings sealed, are
        none of this certificate's: whoever gets the folder gets them too.
        """
        with disk_errors(self.folder):
            remove_unnamed(self.folder, self.has)

    def close(self) -> None:
        """Stop in the middle: the journal stays, and a second writer takes it over."""
        self._journal.close()

    def finish(self) -> Certificate:
        """Write the table, ``pictures.sha256`` and the header, in this order; the journal goes.

        Pictures that are no longer there are left out.
        """
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
            self.close()
            (self.folder / JOURNAL).unlink()
        return Certificate.read(self.folder)

    def _rows(self, sums: IO[str], shares: list[float]) -> Iterator[dict[str, object]]:
        """Rows of the pictures that are there, by file; each adds its line to the sums."""
        for file in sorted(self._places):
            entry = _entry(self._journal.at(self._places[file]))
            if entry is not None and (self.folder / file).is_file():
                sums.write(f"{entry.sha256}  {file}\n")
                shares.append(entry.destroyed_pct)
                yield entry.row()


def _finished(folder: Path, settings: SealerSettings) -> Iterator[Entry]:
    try:
        finished = Certificate.read(folder)
    except NotCertified:
        return
    if finished.settings == settings:
        yield from finished


def _sealed_by(journal: Journal, settings: SealerSettings) -> bool:
    """Whether a journal begins with these settings."""
    try:
        return settings_of(next(iter(journal))) == settings
    except (StopIteration, KeyError, TypeError):
        return False


def _entry(value: Mapping[str, object]) -> Entry | None:
    """A picture that the journal names; None for its first line, which holds the settings."""
    try:
        return Entry(**value)  # type: ignore[arg-type]
    except TypeError:
        return None
