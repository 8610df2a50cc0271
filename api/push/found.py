"""What is sent of a path: films and tracks of a folder, or a certified survey as one archive."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from voirie.errors import EmptyInput
from voirie.files import replacing

SUFFIXES = frozenset(
    ".mp4 .mov .avi .mkv .ts .m4v .mts .360 .insv .h264 .gpx .nmea .gps .srt .geojson .csv".split()
)
"""Films and tracks; what else lies on a memory card stays there."""


def is_survey(path: Path) -> bool:
    """Whether a folder is a whole survey, whose pictures are sealed.

    Examples
    --------
    >>> is_survey(Path("nowhere"))
    False
    """
    return (path / "run.json").is_file() and (path / "certificate.json").is_file()


def files_of(path: Path) -> Iterator[Path]:
    """Files to send of a path, in order; links are not followed.

    Examples
    --------
    >>> list(files_of(Path("drive.mp4")))
    [PosixPath('drive.mp4')]
    """
    if not path.is_dir():
        yield path
        return
    for here, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            found = Path(here, name)
            if (
                found.suffix.lower() in SUFFIXES
                and not name.startswith(".")
                and not found.is_symlink()
            ):
                yield found


def archive(survey: Path, place: Path) -> Path:
    """A certified survey folder as one file, the same for the same content.

    Every picture is hashed first: nothing goes out that the certificate does not name.

    Parameters
    ----------
    survey
        A whole survey folder.
    place
        Folder of the archive.

    Raises
    ------
    NotCertified
        When a picture is not the one that was sealed, or stands there unnamed.
    """
    from anonymize import Certificate

    Certificate.read(survey).verify()
    files = sorted(
        found for found in survey.rglob("*") if found.is_file() and not found.is_symlink()
    )
    if not files:
        raise EmptyInput("the survey holds no file", survey, "run it again")
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{survey.resolve().name}.survey.tar"
    with replacing(path) as partial, tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
        for found in files:
            inside = tarfile.TarInfo(found.relative_to(survey).as_posix())
            inside.size = found.stat().st_size
            with found.open("rb") as file:
                tar.addfile(inside, file)
    return path
