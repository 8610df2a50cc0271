"""Stills: one picture file, or a folder of them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from voirie.errors import EmptyInput, NotDecodable
from voirie.media.frames import RawFrame

STILL_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"})
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
MOST_PIXELS = 100_000_000
"""A larger picture is no still of a camera, and would take gigabytes to decode."""
MOST_BYTES = 500_000_000


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
    files = sorted(
        path
        for path in folder.iterdir()
        # A pipe, a device or a link to nothing is no picture, whatever its name.
        if path.suffix.lower() in STILL_SUFFIXES and path.is_file()
    )
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
        When it is no regular file, no picture, or larger than any camera's.

    Examples
    --------
    >>> read_still(list_stills(Path("samples/drive"))[0]).source
    'contact.jpg'
    """
    path = still.path
    if not path.is_file():
        raise NotDecodable("this is no regular file", path, "give the picture itself")
    if path.stat().st_size > MOST_BYTES:
        raise NotDecodable(f"it has more than {MOST_BYTES // 10**6} MB", path, "make it smaller")
    _refuse_huge(path)
    data = np.fromfile(path, dtype=np.uint8)
    if data.size == 0:
        raise EmptyInput("the file holds no byte", path, "copy it again from the camera")
    # The picture is turned as its orientation tag says; no other tag is read.
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if pixels is None:
        raise NotDecodable("this is no picture that can be read", still.path, "copy it again")
    return RawFrame(pixels.astype(np.uint8, copy=False), 0.0, still.index, still.path.name)


def _refuse_huge(path: Path) -> None:
    """Refuse by the header alone what would take gigabytes to decode."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns; ours refuses
            with Image.open(path, formats=FORMATS) as picture:
                huge = picture.width * picture.height > MOST_PIXELS
    except Image.DecompressionBombError:
        huge = True
    # ultralytics, where it is loaded, lets Pillow look for a library that nobody needs here.
    except (OSError, ValueError, SyntaxError, ImportError):
        return  # the decoder tells what is wrong with it
    if huge:
        raise NotDecodable(
            f"it has more than {MOST_PIXELS // 10**6} million pixels", path, "make it smaller"
        )
