"""What the realism gates share: pictures, boxes, detectors, one line of their table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voirie.arrays import Pixels

os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")

import av
import numpy as np

Box = tuple[float, float, float, float]
Found = tuple[str, float, Box]


@dataclass
class Gate:
    """One line of the table."""

    name: str
    value: str
    want: str
    passed: bool | None


def overlap(a: Box, b: Box) -> float:
    """Return the intersection over the union of two boxes."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def covered(inner: Box, outer: Box) -> float:
    """Return the share of ``inner`` that lies in ``outer``."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = max((inner[2] - inner[0]) * (inner[3] - inner[1]), 1e-9)
    return max(wide, 0.0) * max(high, 0.0) / area


def read(path: Path, every: int) -> dict[int, Pixels]:
    """Return every n-th frame of a video, BGR, by its number."""
    out = {}
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % every == 0:
                out[number] = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    return out


@dataclass(frozen=True)
class Detector:
    """A model, the names of its classes, and the row from which it is shown the picture."""

    model: Any
    names: dict[int, str]
    top_px: int = 0

    def find(self, image: Pixels, size: int, conf: float) -> list[Found]:
        """Return names, confidences and boxes in the whole picture's pixels."""
        top = round(self.top_px * image.shape[0] / 720)
        shown = np.ascontiguousarray(image[top:])
        found = self.model.predict(shown, imgsz=size, conf=conf, verbose=False, device="cpu")[
            0
        ].boxes
        rows = zip(found.cls.tolist(), found.conf.tolist(), found.xyxy.tolist(), strict=True)
        return [
            (self.names[int(k)], float(c), (b[0], b[1] + top, b[2], b[3] + top)) for k, c, b in rows
        ]


def open_model(path: Path, classes: list[str] | None = None, top_px: int = 0) -> Detector:
    """Open weights; ``classes`` stands in for names that the file does not carry."""
    from ultralytics import YOLO  # type: ignore[attr-defined,unused-ignore]

    model = YOLO(str(path), task="detect")
    return Detector(model, dict(enumerate(classes)) if classes else dict(model.names), top_px)
