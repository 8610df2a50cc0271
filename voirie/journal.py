"""What long work has done so far, one line an item, so that it can be taken up again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class Journal:
    """An append-only file of JSON objects, one a line.

    A line that a crash cut off, and whatever stands after it, is forgotten. An entry that `add`
    has taken survives a power cut.

    Parameters
    ----------
    path
        The file; it is made when the first entry comes.

    Attributes
    ----------
    entries
        What the file holds, in order.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "done.jsonl"
    >>> with Journal(path) as journal:
    ...     journal.add({"item": 1})
    >>> Journal(path).entries
    [{'item': 1}]
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.entries: list[Mapping[str, object]] = []
        whole = 0
        if not path.is_file():
            return
        for line in path.read_bytes().splitlines(keepends=True):
            entry = _entry(line)
            if entry is None:
                break
            self.entries.append(entry)
            whole += len(line)
        os.truncate(path, whole)

    def add(self, entry: Mapping[str, object]) -> None:
        """Keep an entry for good; what it speaks of must be on disk before."""
        if self._file is None:
            self._file = self._path.open("ab")
        self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries.append(entry)

    def close(self) -> None:
        """Close the file; the next entry opens it again."""
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


def _entry(line: bytes) -> Mapping[str, object] | None:
    """The object of a whole line, None where a crash left something else."""
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
