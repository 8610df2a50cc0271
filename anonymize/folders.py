"""Sealing a picture or a folder of pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anonymize.certificate_writer import CertificateWriter
from anonymize.safeframe import SafeFrame
from anonymize.sealer import Sealer
from voirie.errors import ConfigurationError, EmptyInput, FrameNotSealed, InputUnusable
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


def seal_folder(
    pictures: dict[str, Path],
    writer: CertificateWriter,
    sealer: Sealer,
    tell: Callable[[int, int], None],
) -> FolderReport:
    """Seal every picture that the certificate does not hold yet, and finish it.

    A picture that cannot be read or sealed is an entry of the report and ends nothing. What an
    earlier try left and this one does not certify is removed before anything else.

    Raises
    ------
    AnonymiserUnfit
        When too many failed.
    """
    failed: dict[str, str] = {}
    writer.keep(pictures)
    writer.remove_uncertified()
    for index, (name, path) in enumerate(pictures.items()):
        if not writer.has(name):
            try:
                writer.store(seal_picture(path, index, sealer), name)
            except (InputUnusable, FrameNotSealed) as error:
                failed[name] = str(error)
        tell(index + 1, len(pictures))
    writer.failed = len(failed)
    done = writer.finish()
    writer.remove_uncertified()
    return FolderReport(len(done), failed, done.destroyed_pct)


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
