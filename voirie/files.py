"""Files that stand whole under their name, or not at all."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voirie.errors import of_system


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a full or read-only disk into one clear sentence.

    Parameters
    ----------
    path
        What the sentence names.

    Raises
    ------
    DiskFull, OutputNotWritable
        In place of the system's error.
    """
    try:
        yield
    except OSError as error:
        known = of_system(error, path)
        if known is None:
            raise
        raise known from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside a file to write to; what stands there in the end takes the file's place.

    A file that is linked elsewhere stays what it is there. A power cut takes nothing of what was
    written before from a file that came after. After an error the file is what it
    was before, and nothing is left beside it.

    Parameters
    ----------
    path
        The file to make or to replace; its folder is there.

    Yields
    ------
    pathlib.Path
        In the same folder, with the same suffix, by which libraries choose a format.

    Raises
    ------
    DiskFull, OutputNotWritable
        When the disk does not take it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note.txt"
    ...     with replacing(path) as partial:
    ...         _ = partial.write_text("whole")
    ...     path.read_text(), partial.exists()
    ('whole', False)
    """
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    with disk_errors(path):
        try:
            _remove(partial)
            yield partial
            # After a power cut a name must not stand before what it names.
            with partial.open("rb") as written:
                os.fsync(written.fileno())
            os.replace(partial, path)
            sync_folder(path.parent)
        except BaseException as error:
            if isinstance(error, OSError) and error.filename == str(partial):
                error.filename = str(path)
            with suppress(OSError):
                _remove(partial)
            raise


def breaks_lines(path: Path) -> bool:
    r"""Whether a path holds a tab or a line break.

    GDAL's reader and writer drop them, and then open another file, of somebody else it may be.

    Examples
    --------
    >>> breaks_lines(Path("/srv/a\tb/network.gpkg")), breaks_lines(Path("/srv/a b.gpkg"))
    (True, False)
    """
    return any(letter in str(path.absolute()) for letter in "\t\n\r")


def check_room(folder: Path, size: int) -> None:
    """Refuse where the disk does not take so many bytes more.

    Some libraries tell a full disk in words of their own, or not at all.

    Raises
    ------
    OSError
        As the system says it.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     check_room(Path(folder), 1000)
    """
    with tempfile.TemporaryFile(dir=folder) as probe:
        os.posix_fallocate(probe.fileno(), 0, max(size, 1))


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _remove(partial: Path) -> None:
    """Remove what a stop left, and what SQLite keeps beside a GeoPackage and would replay."""
    for end in ("", "-journal", "-wal", "-shm"):
        partial.with_name(partial.name + end).unlink(missing_ok=True)


def read_json(path: Path) -> object:
    """Content of a JSON file, whoever wrote it.

    Raises
    ------
    OSError
        When it is absent, no regular file (a pipe may never end), or cannot be read.
    ValueError
        When it is no JSON in UTF-8, or nested too deep.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_json(Path(folder) / "road.json", {"route": "D108"})
    ...     read_json(Path(folder) / "road.json")
    {'route': 'D108'}
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    try:
        content: object = json.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return content


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file at once.

    Raises
    ------
    DiskFull, OutputNotWritable
        When the disk does not take it.
    """
    with replacing(path) as partial:
        partial.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Replace a text file at once, in UTF-8 and with its line ends as they are given."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: object) -> None:
    """Replace a JSON file at once; keys keep their order.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_json(Path(folder) / "road.json", {"route": "D108", "km": 4.2})
    ...     print((Path(folder) / "road.json").read_text())
    {
     "route": "D108",
     "km": 4.2
    }
    <BLANKLINE>
    """
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
