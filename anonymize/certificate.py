"""The certificate: which pictures were sealed, by what, and how much of each was destroyed.

``certificate.json`` is a small header: what sealed the pictures, their number, and the SHA-256 of
``tables/certificate.parquet``, which has one row a picture. Both lie in the folder of the
pictures, be it a survey folder or one that ``voirie anonymize`` wrote.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import cast

from anonymize.mask import Mask
from anonymize.safeframe import SafeFrame, admit, decode_picture
from anonymize.sealer import SealerSettings, settings_of
from voirie.errors import NotCertified
from voirie.files import read_json
from voirie.ids import sha256_of
from voirie.media.stills import STILL_SUFFIXES
from voirie.tables.stream import SortedTable

SCHEMA = "voirie.certificate/2"
NAME = "certificate.json"
SUMS = "pictures.sha256"
TABLE = "certificate"
TABLES_FOLDER = "tables"
PICTURES = "pictures"
"""Folder of a survey that holds sealed pictures and nothing else."""
TABLE_FILE = f"{TABLES_FOLDER}/{TABLE}.parquet"


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

    def row(self) -> dict[str, object]:
        """The entry as a row of the table: rectangles one after the other."""
        row: dict[str, object] = asdict(self)
        return row | {
            "mask": list(chain.from_iterable(self.mask)),
            "destroyed": list(chain.from_iterable(self.destroyed)),
        }

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> Entry:
        """The entry that `row` wrote.

        Raises
        ------
        NotCertified
            When its rectangles are not four numbers each.
        """
        told = dict(row)
        for name in ("mask", "destroyed"):
            flat = cast("list[int] | None", told[name])
            if flat is None or len(flat) % 4:
                raise NotCertified(
                    f"the {name} of the certificate is not four numbers a rectangle",
                    str(told["file"]),
                    "seal the pictures again",
                )
            told[name] = [flat[start : start + 4] for start in range(0, len(flat), 4)]
        return cls(**told)  # type: ignore[arg-type]


class Certificate:
    """A certificate as opened from a folder; its rows stay on disk, however many they are.

    Parameters
    ----------
    root
        Folder that the file names are relative to.
    settings
        What sealed the pictures.
    failed
        Frames that could not be sealed and were left out.
    destroyed_pct
        Mean share of the pixels that were overwritten.
    table
        The table of the pictures.
    """

    def __init__(
        self,
        root: Path,
        settings: SealerSettings,
        failed: int,
        destroyed_pct: float,
        table: SortedTable,
    ) -> None:
        self.root, self.settings = root, settings
        self.failed, self.destroyed_pct = failed, destroyed_pct
        self._table = table

    @classmethod
    def read(cls, folder: Path) -> Certificate:
        """The certificate of a folder.

        Raises
        ------
        NotCertified
            When there is none, it cannot be read, or its table is not the one of its header.
        """
        path = folder / NAME
        try:
            stored = read_json(path)
            if not isinstance(stored, dict):
                raise ValueError("it is no object")
            if stored["schema"] != SCHEMA:
                raise ValueError(f"schema {stored['schema']}")
            if sha256_of(folder / TABLE_FILE) != stored["table_sha256"]:
                raise ValueError(f"{TABLE_FILE} is not the table that it names")
            settings = settings_of(stored)
            counts, share = stored["frames"], float(stored["destroyed_pct"])
            table = SortedTable(TABLE, folder / TABLES_FOLDER)
            if int(counts["sealed"]) != len(table):
                raise ValueError(f"it counts {counts['sealed']} pictures, its table {len(table)}")
            return cls(folder, settings, int(counts["failed"]), share, table)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise NotCertified(
                f"it has no certificate that can be read ({error})", path, "seal the pictures again"
            ) from error

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Entry]:
        return map(Entry.of_row, self._table)

    def find(self, file: str) -> Entry | None:
        """The entry of a file inside the folder, None where the certificate does not name it."""
        row = self._table.find(file)
        return None if row is None else Entry.of_row(row)

    def names(self, file: str) -> bool:
        """Whether it names a file inside the folder."""
        return self.find(file) is not None

    def entry(self, path: Path) -> Entry:
        """The entry of a picture.

        Raises
        ------
        NotCertified
            When the certificate does not name it.
        """
        whole, root = path.resolve(), self.root.resolve()
        inside = whole.is_relative_to(root)
        entry = self.find(whole.relative_to(root).as_posix()) if inside else None
        if entry is None:
            raise NotCertified("the certificate does not name this picture", path, "seal it first")
        return entry

    def verify(self) -> None:
        """Hash every picture again, and look for others.

        Raises
        ------
        NotCertified
            At the first one that is missing, changed, or stands there unnamed.
        """
        self.verify_named()
        for path in unnamed_in(self.root, self.names):
            raise NotCertified("the certificate does not name this picture", path, "remove it")

    def verify_named(self) -> None:
        """Hash every picture again, whatever stands beside them.

        Raises
        ------
        NotCertified
            At the first one that is missing or changed.
        """
        for entry in self:
            path = self.root / entry.file
            if not path.is_file() or sha256_of(path) != entry.sha256:
                raise _changed(path)


def unnamed_in(folder: Path, is_named: Callable[[str], bool]) -> Iterator[Path]:
    """Pictures of a folder, and all else in its `pictures/`, that a certificate does not name.

    A link counts as what it is, so that nothing outside the folder is looked at.

    Parameters
    ----------
    folder
        Where the certificate lies.
    is_named
        Whether a file is named, by its path inside the folder with forward slashes.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     for file in ("a.jpg", "b.jpg", "notes.txt"):
    ...         _ = Path(name, file).write_bytes(b"")
    ...     [path.name for path in unnamed_in(Path(name), lambda file: file == "a.jpg")]
    ['b.jpg']
    """
    for here, folders, files in os.walk(folder):
        inside = Path(here).relative_to(folder)
        links = [name for name in folders if Path(here, name).is_symlink()]
        for name in sorted(files + links):
            file = inside / name
            counts = file.parts[0] == PICTURES or file.suffix.lower() in STILL_SUFFIXES
            if counts and not is_named(file.as_posix()):
                yield folder / file


def remove_unnamed(folder: Path, is_named: Callable[[str], bool]) -> None:
    """Remove what `unnamed_in` finds, and the folders that this leaves empty."""
    for path in list(unnamed_in(folder, is_named)):
        path.unlink()
        for above in path.parents:
            if above == folder or any(above.iterdir()):
                break
            above.rmdir()


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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from anonymize import CertificateWriter, SealerSettings
    >>> settings = SealerSettings("solid fill", "whole", {}, 0.5, ())
    >>> with TemporaryDirectory() as folder:
    ...     certificate = CertificateWriter(Path(folder), settings).finish()
    ...     certified_bytes(Path("a.jpg"), certificate)
    Traceback (most recent call last):
    voirie.errors.NotCertified: a.jpg: the certificate does not name this picture; seal it first.
    """
    return _bytes(path, certificate.entry(path))


def _bytes(path: Path, entry: Entry) -> bytes:
    if not path.is_file():  # a pipe in its place would be waited for
        raise _changed(path)
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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from anonymize import CertificateWriter, SealerSettings
    >>> settings = SealerSettings("solid fill", "whole", {}, 0.5, ())
    >>> with TemporaryDirectory() as folder:
    ...     certificate = CertificateWriter(Path(folder), settings).finish()
    ...     reopen(Path("a.jpg"), certificate)
    Traceback (most recent call last):
    voirie.errors.NotCertified: a.jpg: the certificate does not name this picture; seal it first.
    """
    entry = certificate.entry(path)
    pixels = decode_picture(path, _bytes(path, entry))
    mask = Mask.from_list(entry.height_px, entry.width_px, entry.mask)
    destroyed = Mask.from_list(entry.height_px, entry.width_px, entry.destroyed)
    if pixels.shape[:2] != (entry.height_px, entry.width_px):
        raise _changed(path)
    return admit(pixels, entry.pts_s, entry.index, entry.source, mask, destroyed)


def _changed(path: Path) -> NotCertified:
    return NotCertified(
        "it is not the picture that was sealed", path, "restore it from a copy, or seal again"
    )
