"""YOLO on the processor, through OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anonymize import PublicFrame, SafeFrame
from inspection.detection.base import Detections, Region
from voirie.arrays import Floats32, Ints
from voirie.nets import Boxes, YoloDetector
from voirie.nets.boxes import iou

SAME_BOX_IOU = 0.6


class OpenVinoDetector:
    """YOLO through OpenVINO on the processor.

    Parameters
    ----------
    net
        The network with its pre- and post-processing.
    threshold
        Lowest score kept, by class.
    """

    def __init__(self, net: YoloDetector, threshold: Floats32) -> None:
        self.classes = net.classes
        self._net = net
        self._threshold = threshold

    def detect(
        self, frames: Sequence[SafeFrame | PublicFrame], regions: Sequence[Sequence[Region]]
    ) -> Detections:
        """See `Detector.detect`; what two classes or two regions call one thing is kept once."""
        parts: list[Boxes] = []
        owner: list[Ints] = []
        for rank, (frame, rectangles) in enumerate(zip(frames, regions, strict=True)):
            found = Boxes.joined([self._in_region(frame, region) for region in rectangles])
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

    def _in_region(self, frame: SafeFrame | PublicFrame, region: Region) -> Boxes:
        crop = frame.pixels[region.y1_px : region.y2_px, region.x1_px : region.x2_px]
        lowest = float(self._threshold.min())
        found = self._net.detect(np.ascontiguousarray(crop), region.longest_px, lowest)
        return found.moved(region.x1_px, region.y1_px)


def _once(found: Boxes) -> Boxes:
    """The best of boxes that lie on each other, whatever their class."""
    order = np.argsort(-found.score, kind="stable")
    overlap = iou(found.xyxy[order], found.xyxy[order])
    kept: list[int] = []
    for rank in range(len(order)):
        if not kept or float(overlap[rank, kept].max()) <= SAME_BOX_IOU:
            kept.append(rank)
    return found[np.sort(order[kept])]
