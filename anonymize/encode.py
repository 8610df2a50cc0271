"""Writing sealed pixels: JPEG without any metadata, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import cv2

from anonymize.safeframe import SafeFrame
from voirie.files import disk_errors, write_bytes

QUALITY = 88
LOWEST_QUALITY = 60
QUALITY_STEP = 7
BYTES_AT_1080P = 250_000
PIXELS_AT_1080P = 1920 * 1080


def byte_limit(height_px: int, width_px: int) -> int:
    """Most bytes a stored picture should take: 250 kB, more above 1080p in proportion."""
    return int(BYTES_AT_1080P * max(1.0, height_px * width_px / PIXELS_AT_1080P))


def encode(frame: SafeFrame) -> bytes:
    """JPEG of a sealed frame: quality 88, less where it would be too large, no EXIF.

    Parameters
    ----------
    frame
        Sealed; anything else is refused.

    Raises
    ------
    TypeError
        When it is not a `SafeFrame`.

    Examples
    --------
    >>> import numpy as np
    >>> from voirie.media import RawFrame
    >>> raw = RawFrame(np.full((16, 16, 3), 90, np.uint8), 0.0, 0, "a.mp4")
    >>> encode(raw)
    Traceback (most recent call last):
    TypeError: only a SafeFrame is encoded, not a RawFrame
    """
    if not isinstance(frame, SafeFrame):
        raise TypeError(f"only a SafeFrame is encoded, not a {type(frame).__name__}")
    limit = byte_limit(*frame.pixels.shape[:2])
    for quality in range(QUALITY, LOWEST_QUALITY - 1, -QUALITY_STEP):
        done, data = cv2.imencode(".jpg", frame.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("the picture cannot be encoded")
        if data.size <= limit:
            break
    return data.tobytes()


def save(frame: SafeFrame, path: Path) -> bytes:
    """Write a sealed frame as JPEG and return the bytes written.

    The file appears whole under its name or not at all.

    Raises
    ------
    TypeError
        When it is not a `SafeFrame`.
    DiskFull, OutputNotWritable
        When the disk does not take it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> from voirie.media import RawFrame
    >>> raw = RawFrame(np.full((16, 16, 3), 90, np.uint8), 0.0, 0, "a.mp4")
    >>> with TemporaryDirectory() as folder:
    ...     try:
    ...         save(raw, Path(folder) / "a.jpg")
    ...     except TypeError as error:
    ...         print(error, list(Path(folder).iterdir()))
    only a SafeFrame is encoded, not a RawFrame []
    """
    data = encode(frame)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, data)
    return data
