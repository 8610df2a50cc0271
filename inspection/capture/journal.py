"""What `ingest` has done so far inside a pass, one line a picture, so that it can resume."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of JSON lines; a line cut off by a crash is forgotten.

    Parameters
    ----------
    path
        The file; it is made when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: dict[str, dict[str, Any]] = {}
        whole = 0
        if path.is_file():
            for line in path.read_bytes().splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                entry = json.loads(line)
                self.entries[entry["frame_id"]] = entry
                whole += len(line)
            os.truncate(path, whole)

    def add(self, entry: dict[str, Any]) -> None:
        """Keep an entry for good; its picture must be on disk before."""
        with self._path.open("ab") as file:
            file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            file.flush()
        self.entries[entry["frame_id"]] = entry
