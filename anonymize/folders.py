"""Sealing a picture or a folder of pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from anonymize.certificate_writer import CertificateWriter
from anonymize.safeframe import SafeFrame
from anonymize.sealer import Sealer
from voirie.arrays import Pixels
from voirie.errors import ConfigurationError, EmptyInput, FrameNotSealed, InputUnusable
from voirie.ids import sha256_of
from voirie.journal import Journal
from voirie.media import Still, read_still
from voirie.media.stills import STILL_SUFFIXES


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What came of a folder.

    Attributes
    ----------
    sealed
        Pictures in the certificate.
    failed
        Pictures left out, with the sentence that says why.
    destroyed_pct
        Mean share of the pixels that were overwritten.
    """

    sealed: int
    failed: dict[str, str]
    destroyed_pct: float


def pictures_of(folder: Path) -> dict[str, Path]:
    """Picture files of a folder and its sub-folders, by the name their sealed copy gets.

    Raises
    ------
    EmptyInput
        When there is none.
    ConfigurationError
        When two pictures would get the same name.
    """
    named: dict[str, Path] = {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in STILL_SUFFIXES):
        name = path.relative_to(folder).with_suffix(".jpg").as_posix()
        if name in named:
            raise ConfigurationError(
                f"it would get the same name as {named[name].name}", path, "rename one of them"
            )
        named[name] = path
    if not named:
        raise EmptyInput("the folder holds no picture", folder, "give a folder of pictures")
    return named


class Sources:
    """Which picture each sealed copy was made of, by SHA-256, so that work can be taken up.

    Parameters
    ----------
    path
        A journal; it is no part of what is handed over.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     picture = Path(folder, "a.png")
    ...     _ = picture.write_bytes(b"first")
    ...     with Sources(Path(folder, "sources.jsonl")) as sources:
    ...         sources.add("a.jpg", sha256_of(picture))
    ...     _ = picture.write_bytes(b"second")
    ...     Sources(Path(folder, "sources.jsonl")).has("a.jpg", picture)
    False
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._sha256 = {str(entry["file"]): str(entry["sha256"]) for entry in self._journal}

    def has(self, file: str, source: Path) -> bool:
        """Whether a sealed copy was made of what its source holds now."""
        return file in self._sha256 and self._sha256[file] == _sha256_of(source)

    def add(self, file: str, sha256: str) -> None:
        """Keep for good of what a copy was made; the copy must be on disk before."""
        self._journal.add({"file": file, "sha256": sha256})
        self._sha256[file] = sha256

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._journal.close()


def seal_folder(
    pictures: dict[str, Path],
    writer: CertificateWriter,
    sources: Sources,
    sealer: Sealer,
    tell: Callable[[int, int], None],
) -> FolderReport:
    """Seal every picture that the certificate does not hold yet, and finish it.

    A picture that cannot be read or sealed is an entry of the report and ends nothing. What an
    earlier try left and this one does not certify, a copy of what is another picture now included,
    is removed before anything else.

    Raises
    ------
    AnonymiserUnfit
        When too many failed.
    """
    failed: dict[str, str] = {}
    writer.keep(file for file, path in pictures.items() if sources.has(file, path))
    writer.remove_uncertified()
    for index, (name, path) in enumerate(pictures.items()):
        if not writer.has(name):
            try:
                # Before it is read: a picture that is replaced meanwhile is sealed again.
                sha256 = _sha256_of(path)
                writer.store(seal_picture(path, index, sealer), name)
                if sha256 is not None:
                    sources.add(name, sha256)
            except (InputUnusable, FrameNotSealed) as error:
                failed[name] = str(error)
        tell(index + 1, len(pictures))
    writer.failed = len(failed)
    done = writer.finish()
    writer.remove_uncertified()
    return FolderReport(len(done), failed, done.destroyed_pct)


def _sha256_of(path: Path) -> str | None:
    """SHA-256 of a picture; None for what is no regular file, which sealing tells."""
    return sha256_of(path) if path.is_file() else None


def raw_pictures(paths: Iterable[Path]) -> Iterator[Pixels]:
    """Pixels of picture files as they are shown; what is no picture is told when it is sealed."""
    for index, path in enumerate(paths):
        with suppress(InputUnusable):
            yield read_still(Still(path, index)).pixels


def seal_picture(path: Path, index: int, sealer: Sealer) -> SafeFrame:
    """Seal one picture file.

    Raises
    ------
    EmptyInput, NotDecodable
        When it is no picture.
    FrameNotSealed, AnonymiserUnfit
        As `Sealer.seal`.
    """
    return sealer.seal(read_still(Still(path, index)))
