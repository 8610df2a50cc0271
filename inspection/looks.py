"""Where a detector looks: rectangles of a picture at a scale, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anonymize import PublicFrame, SafeFrame
from inspection.camera import CameraPose
from voirie.nets import Boxes, YoloDetector
from voirie.nets.boxes import iou

NEAR_M = 3.2
FAR_M = 22.0
HALF_ROAD_M = 3.2
SAME_BOX_IOU = 0.6


@dataclass(frozen=True, slots=True)
class Look:
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

    frame: NDArray[np.int64]
    xyxy: NDArray[np.float32]
    score: NDArray[np.float32]
    label: NDArray[np.int32]


class Detector(Protocol):
    """Anything that finds things in sealed or public frames."""

    classes: tuple[str, ...]

    def detect(
        self, frames: Sequence[SafeFrame | PublicFrame], looks: Sequence[Sequence[Look]]
    ) -> Detections:
        """Find things; `looks` holds the rectangles of each frame."""
        ...


class OpenVinoDetector:
    """YOLO through OpenVINO on the processor.

    Parameters
    ----------
    net
        The network with its pre- and post-processing.
    threshold
        Lowest score kept, by class.
    """

    def __init__(self, net: YoloDetector, threshold: NDArray[np.float32]) -> None:
        self.classes = net.classes
        self._net = net
        self._threshold = threshold

    def detect(
        self, frames: Sequence[SafeFrame | PublicFrame], looks: Sequence[Sequence[Look]]
    ) -> Detections:
        """See `Detector.detect`; what two classes or two looks call one thing is kept once."""
        parts: list[Boxes] = []
        owner: list[NDArray[np.int64]] = []
        for rank, (frame, rectangles) in enumerate(zip(frames, looks, strict=True)):
            found = Boxes.joined([self._look(frame, look) for look in rectangles])
            found = _once(found[found.score >= self._threshold[found.cls]])
            parts.append(found)
            owner.append(np.full(len(found), rank, dtype=np.int64))
        joined = Boxes.joined(parts)
        return Detections(
            np.concatenate(owner) if owner else np.zeros(0, dtype=np.int64),
            joined.xyxy,
            joined.score,
            joined.cls,
        )

    def _look(self, frame: SafeFrame | PublicFrame, look: Look) -> Boxes:
        crop = frame.pixels[look.y1_px : look.y2_px, look.x1_px : look.x2_px]
        lowest = float(self._threshold.min())
        found = self._net.detect(np.ascontiguousarray(crop), look.longest_px, lowest)
        return found.moved(look.x1_px, look.y1_px)


def _once(found: Boxes) -> Boxes:
    """The best of boxes that lie on each other, whatever their class."""
    order = np.argsort(-found.score, kind="stable")
    overlap = iou(found.xyxy[order], found.xyxy[order])
    kept: list[int] = []
    for rank in range(len(order)):
        if not kept or float(overlap[rank, kept].max()) <= SAME_BOX_IOU:
            kept.append(rank)
    return found[np.sort(order[kept])]


def whole(name: str, longest_px: int) -> Callable[[int, int, CameraPose | None], Look]:
    """The whole frame at one size, whatever the camera."""

    def look(width_px: int, height_px: int, pose: CameraPose | None) -> Look:
        return Look(name, 0, 0, width_px, height_px, longest_px)

    return look


def road(width_px: int, height_px: int, pose: CameraPose | None) -> Look:
    """The lane ahead, from a few metres to where a crack is no longer a pixel wide.

    Without a camera's pose the whole frame is seen, as survey vehicles film it.
    """
    if pose is None:
        return Look("road", 0, 0, width_px, height_px, 640)
    _, top = pose.pixels(FAR_M, 0.0)
    _, bottom = pose.pixels(NEAR_M, 0.0)
    left, _ = pose.pixels(NEAR_M + 2.0, -HALF_ROAD_M)
    right, _ = pose.pixels(NEAR_M + 2.0, HALF_ROAD_M)
    y1 = int(np.clip(top, 0, height_px - 64))
    y2 = int(np.clip(bottom, y1 + 64, height_px))
    x1 = int(np.clip(left, 0, width_px - 64))
    x2 = int(np.clip(right, x1 + 64, width_px))
    return Look("road", x1, y1, x2, y2, 960)
