"""Small grey pictures of a film in passing, for who keeps numbers of them and no picture."""

from __future__ import annotations

from typing import Protocol

import av
import cv2
import numpy as np

from voirie.arrays import Pixels

BRIGHTNESS_APART = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "nv12")
"""Layouts of pictures that carry their brightness apart from the colours."""


class Watcher(Protocol):
    """Looks at small grey pictures of a film while it is decoded, and keeps numbers alone."""

    width_px: int
    height_px: int

    def wants(self, seconds: float) -> bool:
        """Whether it looks at the picture of this moment."""

    def look(self, seconds: float, grey: Pixels) -> None:
        """Look at a picture of that size; it is gone afterwards."""


def show(watcher: Watcher, seconds: float, frame: av.VideoFrame, quarter_turns: int) -> None:
    """Show a decoded picture to a watcher, upright and in its size.

    Parameters
    ----------
    watcher
        Who looks.
    seconds
        Time of the picture.
    frame
        The picture as it was decoded.
    quarter_turns
        Turns against the clock by which it is shown.
    """
    upright = np.ascontiguousarray(np.rot90(_brightness(frame), quarter_turns))
    size = (watcher.width_px, watcher.height_px)
    small = cv2.resize(upright, size, interpolation=cv2.INTER_AREA)
    watcher.look(seconds, np.asarray(small, dtype=np.uint8))


def _brightness(frame: av.VideoFrame) -> Pixels:
    """Grey pixels of a picture as it is stored; most films carry them apart from the colours."""
    if frame.format.name in BRIGHTNESS_APART:
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
        return np.asarray(rows[: frame.height, : frame.width])
    return np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)
