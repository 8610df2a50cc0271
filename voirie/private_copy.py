"""Reading a GeoPackage without changing it: SQLite writes into what it opens."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from voirie.errors import NotDecodable, OutputNotWritable
from voirie.files import breaks_lines


@contextmanager
def unchanged_by_reading(path: Path) -> Iterator[Path]:
    """A GeoPackage that may be read without a byte of the given file changing.

    SQLite merges a write-ahead log, and rolls an unfinished journal back, into the file that it
    opens, also to read. Where there is one the file is read from a private copy, with what the
    log holds.

    Raises
    ------
    NotDecodable
        When its path is one that another file would be read by.
    OutputNotWritable
        When there is no room for the copy.

    Examples
    --------
    >>> with unchanged_by_reading(Path("samples/drive/network.gpkg")) as path:
    ...     path.name
    'network.gpkg'
    """
    if breaks_lines(path):
        raise NotDecodable("its path has a tab or a line break", path, "give it another name")
    with path.open("rb") as file:
        header = file.read(20)
    # Bytes 18 and 19 of the header: 2 says that the file is written through a log.
    logged = header[:6] == b"SQLite" and 2 in header[18:20]
    beside = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    waiting = [other for other in beside if other.is_file()]
    if not logged and not waiting:
        yield path
        return
    with ExitStack() as kept:
        try:
            private = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            for file_of_it in (path, *waiting):
                shutil.copyfile(file_of_it, private / file_of_it.name)
        except OSError as error:
            raise OutputNotWritable(
                f"it is read from a copy, for which there is no room ({error.strerror or error})",
                path,
                "free some room for temporary files, or set TMPDIR to a folder that has some",
            ) from error
        yield private / path.name
