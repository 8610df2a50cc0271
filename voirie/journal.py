"""What long work has done so far, one line an item, so that it can be taken up again."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class Journal:
    """An append-only file of JSON objects, one a line; none of them is kept in memory.

    Each line begins with the CRC-32 of its object. A line that is not as it was written, and
    whatever stands after it, is forgotten. An entry that `add` has taken survives a power cut.

    Parameters
    ----------
    path
        The file; it is made when the first entry comes.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "done.jsonl"
    >>> with Journal(path) as journal:
    ...     places = [journal.add({"item": 1}), journal.add({"item": 2})]
    >>> with Journal(path) as journal:
    ...     list(journal), journal.at(places[1])
    ([{'item': 1}, {'item': 2}], {'item': 2})
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        if not path.is_file():
            return
        whole = 0
        with path.open("rb") as file:
            for line in file:
                if _entry(line) is None:
                    break
                whole += len(line)
        os.truncate(path, whole)

    def items(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """Entries in order, each with its place for `at`."""
        if not self._path.is_file():
            return
        place = 0
        with self._path.open("rb") as file:
            for line in file:
                entry = _entry(line)
                if entry is not None:
                    yield place, entry
                place += len(line)

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        return (entry for _, entry in self.items())

    def at(self, place: int) -> Mapping[str, object]:
        """The entry at a place that `add` or `items` gave."""
        file = self._opened()
        file.seek(place)
        entry = _entry(file.readline())
        if entry is None:
            raise ValueError(f"no entry begins at {place}")
        return entry

    def add(self, entry: Mapping[str, object]) -> int:
        """Keep an entry for good, and tell its place; what it speaks of must be on disk before."""
        place = self._opened().seek(0, os.SEEK_END)
        self.extend([entry])
        return place

    def extend(self, entries: Iterable[Mapping[str, object]]) -> None:
        """Keep many entries for good, which is quicker than one by one."""
        file = self._opened()
        for entry in entries:
            file.write(_line(entry))
        file.flush()
        os.fsync(file.fileno())

    def close(self) -> None:
        """Close the file; whoever reads or adds opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _opened(self) -> BinaryIO:
        """The file; in this mode all that is written goes to its end, wherever was read."""
        if self._file is None:
            self._file = self._path.open("a+b")
        return self._file


def _line(entry: Mapping[str, object]) -> bytes:
    text = json.dumps(entry, ensure_ascii=False).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _entry(line: bytes) -> Mapping[str, object] | None:
    """The object of a whole line, None where something else stands."""
    head, _, text = line.partition(b" ")
    text = text.removesuffix(b"\n")
    if line != b"%s %s\n" % (head, text) or head != b"%08x" % zlib.crc32(text):
        return None
    entry: Mapping[str, object] = json.loads(text)
    return entry
