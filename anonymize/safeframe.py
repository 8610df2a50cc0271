"""Pixels that have passed, and the doors through which they do.

A `SafeFrame` comes from `Sealer.seal` or from `reopen` (certificate.py); a `PublicFrame` from
`public`. Calling either class raises `TypeError`: code that holds one knows how it came about.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn, final

import cv2
import numpy as np

from anonymize.mask import Mask
from voirie.arrays import Pixels
from voirie.errors import ConfigurationError, NotDecodable

_DOOR = object()


class _Frame:
    """What sealed and public pixels have in common: read-only, and not to be pickled."""

    __slots__ = ("_index", "_mask", "_pixels", "_pts_s", "_source")

    def __init__(
        self,
        pixels: Pixels,
        pts_s: float,
        index: int,
        source: str,
        mask: Mask,
        *,
        door: object = None,
    ) -> None:
        if door is not _DOOR:
            raise TypeError(
                f"{type(self).__name__} is not made by hand: use Sealer.seal, reopen or public"
            )
        own = pixels.view()
        own.flags.writeable = False
        self._pixels, self._pts_s, self._index = own, pts_s, index
        self._source, self._mask = source, mask

    @property
    def pixels(self) -> Pixels:
        """Read-only ``(H, W, 3)`` uint8 BGR."""
        return self._pixels

    @property
    def pts_s(self) -> float:
        """Presentation time in seconds; 0 for a still."""
        return self._pts_s

    @property
    def index(self) -> int:
        """Rank of the frame in its source."""
        return self._index

    @property
    def source(self) -> str:
        """Name of the file it came from, without folder; of the data set if public."""
        return self._source

    @property
    def mask(self) -> Mask:
        """What was destroyed or hides the road, without classes."""
        return self._mask

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is not pickled: save it and reopen it")

    def __repr__(self) -> str:
        height, width = self._pixels.shape[:2]
        return f"{type(self).__name__}({self._source!r}, {self._index}, {width}x{height})"


@final
class SafeFrame(_Frame):
    """A frame in which faces, people and plates are destroyed."""

    __slots__ = ("_destroyed",)
    _destroyed: Mask

    @property
    def destroyed(self) -> Mask:
        """What was overwritten; `mask` also holds what only hides the road."""
        return self._destroyed

    @property
    def destroyed_pct(self) -> float:
        """Share of the picture's pixels that were overwritten, in per cent."""
        return self._destroyed.area_pct


@final
class PublicFrame(_Frame):
    """A picture of a published research set: read by detect, evaluate and train only."""

    __slots__ = ("_licence",)
    _licence: str

    @property
    def licence(self) -> str:
        """Under which the set is published."""
        return self._licence


Readable = SafeFrame | PublicFrame
"""What a detector may look at."""


def admit(
    pixels: Pixels, pts_s: float, index: int, source: str, mask: Mask, destroyed: Mask
) -> SafeFrame:
    """Make a `SafeFrame`. For `Sealer.seal` and `reopen` alone; a test looks who calls it."""
    frame = SafeFrame(pixels, pts_s, index, source, mask, door=_DOOR)
    frame._destroyed = destroyed
    return frame


def public(path: Path, source: str, licence: str) -> PublicFrame:
    """A picture of a published research set, as it is.

    Parameters
    ----------
    path
        The picture file.
    source
        Name of the set and who published it.
    licence
        Under which it may be used.

    Raises
    ------
    ConfigurationError
        When source or licence is blank: a picture of unknown origin is sealed like any other.
    NotDecodable
        When the file is no picture.

    Examples
    --------
    >>> public(Path("samples/drive/contact.jpg"), "rendered sample", "AGPL-3.0").licence
    'AGPL-3.0'
    >>> public(Path("a.jpg"), "", "AGPL-3.0")
    Traceback (most recent call last):
    voirie.errors.ConfigurationError: a.jpg: a public picture needs the name of its set and its \
licence; state both.
    """
    if not source.strip() or not licence.strip():
        raise ConfigurationError(
            "a public picture needs the name of its set and its licence", path, "state both"
        )
    pixels = decode_picture(path)
    mask = Mask.of(pixels.shape[0], pixels.shape[1], [])
    frame = PublicFrame(pixels, 0.0, 0, source, mask, door=_DOOR)
    frame._licence = licence
    return frame


def decode_picture(path: Path, data: bytes | None = None) -> Pixels:
    """Pixels of a picture file, upright.

    Parameters
    ----------
    path
        The file; named in the error, and read unless ``data`` holds its bytes.
    data
        Bytes already read.

    Raises
    ------
    NotDecodable
        When the bytes are no picture.
    """
    try:
        held = path.read_bytes() if data is None else data
    except OSError as error:
        raise NotDecodable(
            f"it cannot be read ({error.strerror})", path, "check the path"
        ) from error
    pixels = cv2.imdecode(np.frombuffer(held, np.uint8), cv2.IMREAD_COLOR) if held else None
    if pixels is None:
        raise NotDecodable("it is no picture that can be decoded", path, "copy it again")
    return np.asarray(pixels, np.uint8)
