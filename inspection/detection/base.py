"""What every detector has in common: where it looks, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from anonymize import PublicFrame, SafeFrame
from voirie.arrays import Floats32, Ints, Ints32


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture, seen at a scale.

    Attributes
    ----------
    name
        What it is for.
    x1_px, y1_px, x2_px, y2_px
        The rectangle, right and bottom outside.
    longest_px
        Its longer side is scaled to this many pixels.
    """

    name: str
    x1_px: int
    y1_px: int
    x2_px: int
    y2_px: int
    longest_px: int


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What a detector saw in a batch of frames, as arrays of one length.

    Attributes
    ----------
    frame
        Index of the frame in the batch.
    xyxy
        Boxes in stored pixels, shape (n, 4).
    score
        Scores.
    label
        Index into the model's classes.
    """

    frame: Ints
    xyxy: Floats32
    score: Floats32
    label: Ints32


class Detector(Protocol):
    """Anything that finds things in sealed or public frames."""

    classes: tuple[str, ...]

    def detect(
        self, frames: Sequence[SafeFrame | PublicFrame], regions: Sequence[Sequence[Region]]
    ) -> Detections:
        """Find things; `regions` holds the rectangles of each frame."""
        ...
