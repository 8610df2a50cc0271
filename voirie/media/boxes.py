"""Boxes of MP4 and MOV files (ISO 14496-12): where they lie, and what a small one holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_KNOWN_FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
MOST_BOXES = 100_000
"""A file of more is no camera's."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, and from where to where its content lies in the file."""

    kind: bytes
    start: int
    end: int


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Boxes that follow each other between two places of a file; what is no box ends them.

    The last one may reach beyond the end, where a file was cut off.
    """
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1:
            size, content = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if size < content - start:
            return
        yield Box(kind, content, start + size)
        start += size


def content_of(path: Path, *kinds: bytes, most: int = 64_000_000) -> bytes | None:
    """What the first box along a way holds, None where there is none.

    Parameters
    ----------
    path
        The file; one that is no MP4 has no box.
    kinds
        From the outermost inwards.
    most
        Bytes that are read at most.

    Examples
    --------
    >>> content_of(Path("samples/drive/pass_a.mp4"), b"ftyp")[:4]
    b'isom'
    """
    with path.open("rb") as file:
        found = _along(file, 0, path.stat().st_size, kinds)
        if found is None:
            return None
        file.seek(found.start)
        return file.read(min(found.end - found.start, most))


def _along(file: BinaryIO, start: int, end: int, kinds: tuple[bytes, ...]) -> Box | None:
    """The first box along a way; of several on it the first that leads there."""
    for box in boxes(file, start, end):
        if box.kind == kinds[0]:
            inner = Box(box.kind, box.start, min(box.end, end))
            found = inner if len(kinds) == 1 else _along(file, inner.start, inner.end, kinds[1:])
            if found is not None:
                return found
    return None


def lacks_index(path: Path) -> bool:
    """Whether this is an MP4 or MOV file without its index: it was never closed.

    Examples
    --------
    >>> lacks_index(Path("samples/drive/pass_a.mp4"))
    False
    """
    with path.open("rb") as file:
        kinds = [box.kind for box in boxes(file, 0, path.stat().st_size)]
    return bool(kinds) and kinds[0] in _KNOWN_FIRST and b"moov" not in kinds
