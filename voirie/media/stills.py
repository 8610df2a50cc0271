"""Stills: one picture file, or a folder of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from voirie.errors import EmptyInput, NotDecodable
from voirie.media.frames import RawFrame

STILL_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"})


@dataclass(frozen=True, slots=True)
class Still:
    """A picture file of a folder, in name order."""

    path: Path
    index: int


def list_stills(folder: Path) -> list[Still]:
    """Picture files of a folder in name order.

    Raises
    ------
    EmptyInput
        When the folder holds none.

    Examples
    --------
    >>> [(still.path.name, still.index) for still in list_stills(Path("samples/drive"))]
    [('contact.jpg', 0)]
    """
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in STILL_SUFFIXES)
    if not files:
        raise EmptyInput(
            "the folder holds no picture",
            folder,
            f"give one of {', '.join(sorted(STILL_SUFFIXES))}",
        )
    return [Still(path, index) for index, path in enumerate(files)]


def read_still(still: Still) -> RawFrame:
    """Decode one picture file.

    Raises
    ------
    EmptyInput
        When the file holds no byte.
    NotDecodable
        When it is no picture.

    Examples
    --------
    >>> read_still(list_stills(Path("samples/drive"))[0]).source
    'contact.jpg'
    """
    data = np.fromfile(still.path, dtype=np.uint8)
    if data.size == 0:
        raise EmptyInput("the file holds no byte", still.path, "copy it again from the camera")
    # The picture is turned as its orientation tag says; no other tag is read.
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if pixels is None:
        raise NotDecodable("this is no picture that can be read", still.path, "copy it again")
    return RawFrame(pixels.astype(np.uint8, copy=False), 0.0, still.index, still.path.name)
