"""The certificate: which pictures were sealed, by what, and how much of each was destroyed.

While a run lasts, a journal grows by one line a picture, written after the picture itself;
`CertificateWriter.finish` turns it into ``certificate.json`` and ``pictures.sha256``. What the
journal does not name was not finished and is sealed again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from anonymize.encode import save
from anonymize.mask import Mask
from anonymize.safeframe import SafeFrame, admit, decode_picture
from anonymize.sealer import SealerSettings, UsedModel
from voirie import __version__
from voirie.errors import NotCertified
from voirie.folder import disk_errors, write_json, write_text
from voirie.ids import sha256_of

SCHEMA = "voirie.certificate/1"
NAME = "certificate.json"
SUMS = "pictures.sha256"
JOURNAL = "certificate.journal"


@dataclass(frozen=True, slots=True)
class Entry:
    """A sealed picture.

    Attributes
    ----------
    file
        Path inside the folder, with forward slashes.
    sha256
        Of the file, in hexadecimal.
    width_px, height_px
        Size of the picture.
    pts_s, index, source
        Which frame it is; ``source`` without folder.
    destroyed_pct
        Share of the pixels that were overwritten.
    mask
        Rectangles that were destroyed or hide the road, without classes.
    destroyed
        Those that were destroyed.
    """

    file: str
    sha256: str
    width_px: int
    height_px: int
    pts_s: float
    index: int
    source: str
    destroyed_pct: float
    mask: list[list[int]]
    destroyed: list[list[int]]


class Certificate:
    """A certificate as read from a folder.

    Parameters
    ----------
    root
        Folder that the file names are relative to.
    settings
        What sealed the pictures.
    entries
        By file name.
    failed
        Frames that could not be sealed and were left out.
    """

    def __init__(
        self, root: Path, settings: SealerSettings, entries: dict[str, Entry], failed: int
    ) -> None:
        self.root, self.settings, self.entries, self.failed = root, settings, entries, failed

    @classmethod
    def read(cls, folder: Path) -> Certificate:
        """The certificate of a folder.

        Raises
        ------
        NotCertified
            When there is none, or it cannot be read.
        """
        path = folder / NAME
        try:
            stored = json.loads(path.read_text("utf-8"))
            if stored["schema"] != SCHEMA:
                raise ValueError(f"schema {stored['schema']}")
            entries = {e["file"]: Entry(**e) for e in stored["pictures"]}
            return cls(folder, _settings(stored), entries, stored["frames"]["failed"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotCertified(
                "it has no certificate that can be read", path, "seal the pictures again"
            ) from error

    def entry(self, path: Path) -> Entry:
        """The entry of a picture.

        Raises
        ------
        NotCertified
            When the certificate does not name it.
        """
        try:
            name = path.resolve().relative_to(self.root.resolve()).as_posix()
            return self.entries[name]
        except (ValueError, KeyError):
            raise NotCertified(
                "the certificate does not name this picture", path, "seal it first"
            ) from None

    def verify(self) -> None:
        """Hash every picture again.

        Raises
        ------
        NotCertified
            At the first one that is missing or changed.
        """
        for entry in self.entries.values():
            path = self.root / entry.file
            if not path.is_file() or sha256_of(path) != entry.sha256:
                raise _changed(path)


def certified_bytes(path: Path, certificate: Certificate) -> bytes:
    """Bytes of a sealed picture, read once: what is hashed is what is handed over.

    Parameters
    ----------
    path
        The picture.
    certificate
        Of its folder.

    Raises
    ------
    NotCertified
        When the certificate does not name the file, or its SHA-256 is another.
    """
    entry = certificate.entry(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _changed(path) from error
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise _changed(path)
    return data


def reopen(path: Path, certificate: Certificate) -> SafeFrame:
    """A sealed picture from disk.

    Parameters
    ----------
    path
        The picture.
    certificate
        Of its folder; what is hashed is what is decoded.

    Raises
    ------
    NotCertified
        When the certificate does not name the file, or its SHA-256 is another.
    """
    entry = certificate.entry(path)
    pixels = decode_picture(path, certified_bytes(path, certificate))
    mask = Mask.from_list(entry.height_px, entry.width_px, entry.mask)
    destroyed = Mask.from_list(entry.height_px, entry.width_px, entry.destroyed)
    if pixels.shape[:2] != (entry.height_px, entry.width_px):
        raise _changed(path)
    return admit(pixels, entry.pts_s, entry.index, entry.source, mask, destroyed)


def _changed(path: Path) -> NotCertified:
    return NotCertified(
        "it is not the picture that was sealed", path, "restore it from a copy, or seal again"
    )


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
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self.entries = {
                entry.file: entry
                for entry in _earlier(folder, settings)
                if (folder / entry.file).is_file()
                and sha256_of(folder / entry.file) == entry.sha256
            }
            self._journal = self._begin()

    def _begin(self) -> TextIO:
        lines = [asdict(self.settings), *(asdict(e) for e in self.entries.values())]
        write_text(self.folder / JOURNAL, "".join(_line(v) for v in lines))
        return (self.folder / JOURNAL).open("a", encoding="utf-8")

    def has(self, file: str) -> bool:
        """Whether a picture is already there, sealed with these settings and unchanged."""
        return file in self.entries

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
            self._journal.write(_line(asdict(entry)))
            self._journal.flush()
            os.fsync(self._journal.fileno())
        self.entries[file] = entry
        return entry

    def keep(self, files: Iterable[str]) -> None:
        """Forget pictures that are not among these; their files are not touched."""
        wanted = set(files)
        self.entries = {f: e for f, e in self.entries.items() if f in wanted}

    def close(self) -> None:
        """Stop in the middle: the journal stays, and a second writer takes it over."""
        self._journal.close()

    def finish(self) -> Certificate:
        """Write ``certificate.json`` and ``pictures.sha256``; the journal goes.

        Pictures that are no longer there are left out.
        """
        self.close()
        present = {
            file: self.entries[file]
            for file in sorted(self.entries)
            if (self.folder / file).is_file()
        }
        shares = [e.destroyed_pct for e in present.values()]
        with disk_errors(self.folder):
            write_json(
                self.folder / NAME,
                {
                    "schema": SCHEMA,
                    "made_by": f"voirie {__version__}",
                    **asdict(self.settings),
                    "frames": {"sealed": len(present), "failed": self.failed},
                    "destroyed_pct": round(sum(shares) / len(shares), 3) if shares else 0.0,
                    "pictures": [asdict(e) for e in present.values()],
                },
            )
            write_text(
                self.folder / SUMS, "".join(f"{e.sha256}  {f}\n" for f, e in present.items())
            )
            (self.folder / JOURNAL).unlink()
        return Certificate(self.folder, self.settings, present, self.failed)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _earlier(folder: Path, settings: SealerSettings) -> list[Entry]:
    """Entries of an unfinished journal, else of a finished certificate, of the same settings."""
    try:
        lines = (folder / JOURNAL).read_text("utf-8").splitlines()
        if lines:
            if _settings(json.loads(lines[0])) != settings:
                return []
            return [e for e in map(_entry, lines[1:]) if e is not None]
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        return []
    try:
        finished = Certificate.read(folder)
    except NotCertified:
        return []
    return list(finished.entries.values()) if finished.settings == settings else []


def _entry(line: str) -> Entry | None:
    """An entry of the journal; None for the line that a crash cut off."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _settings(stored: dict[str, Any]) -> SealerSettings:
    return SealerSettings(
        stored["method"],
        stored["people"],
        stored["thresholds"],
        stored["hold_s"],
        tuple(UsedModel(**m) for m in stored["models"]),
    )
