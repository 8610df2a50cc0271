"""Pixels not yet safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from voirie.arrays import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """A decoded picture that may show people and plates.

    It has no way to be saved and refuses to be pickled: it lives in one process, between the
    decoder and the anonymiser.

    Attributes
    ----------
    pixels
        Shape (height, width, 3), uint8, BGR.
    pts_s
        Presentation time in seconds from the first picture of its file; 0 for a still.
    index
        Rank in its file, in presentation order; 0 for a still.
    source
        Name of the file, without its folder.
    """

    pixels: Pixels
    pts_s: float
    index: int
    source: str

    def __reduce__(self) -> NoReturn:
        raise TypeError("a RawFrame may hold people and plates: it never leaves its process")

    def __repr__(self) -> str:
        height, width = self.pixels.shape[:2]
        return f"RawFrame({self.source} #{self.index}, {width}x{height}, {self.pts_s:.3f} s)"
