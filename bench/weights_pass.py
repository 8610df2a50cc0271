"""Val pictures of a network, and one pass of a detector over them with its figures.

The pictures are those of training: the generators of ``inspection.train`` make them, and they
are kept as JPEG of the quality of the training folder, in memory only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from inspection.evaluate.detector import Detect, detector_of
from inspection.evaluate.figures import detection_figures
from inspection.train.datasets import SAMPLES
from inspection.train.folders import Sample, read_folder
from inspection.train.privacy_data import is_held_out
from voirie.arrays import Floats32, Pixels
from voirie.nets.boxes import Boxes, Labels, suppress

JPEG_QUALITY = 95  # as `inspection.train.folders.write_sample` stores them

LOWEST_SCORE = 0.005  # for a true average precision
ONE_THING_IOU = 0.6  # of boxes of several classes that are taken as one class


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes
    ----------
    data, what
        Pictures, and what is looked for on them where there are several things, in the words
        of ``models.toml``.
    look_px
        Longer side of the picture as the network sees it, where there are several.
    threshold
        Score from which a box counts; None where the figure is over all scores.
    name
        ``recall``, ``precision``, ``ap50``, ``gated`` ...: the key in ``models.toml``.
    n
        Labelled things, frames or crops that the figure is a share of.
    value
        The share, or the count a frame; NaN where there is nothing to divide by.
    """

    data: str
    what: str
    look_px: int | None
    threshold: float | None
    name: str
    n: int
    value: float


@dataclass(frozen=True)
class Subject:
    """What is measured.

    Attributes
    ----------
    file, classes, imgsz_px
        ONNX file of the network, the names of its outputs and the size it was trained at.
    gate
        ONNX file of the first stage, in whose boxes plates are searched.
    data
        Root of the public data sets.
    thresholds
        Scores measured at besides those fixed here.
    """

    file: Path
    classes: tuple[str, ...]
    imgsz_px: int
    gate: Path
    data: Path
    thresholds: tuple[float, ...] = ()

    def detector(
        self, longest_px: int, threshold: float = LOWEST_SCORE, max_iou: float = ONE_THING_IOU
    ) -> Detect:
        """The network at one size and threshold; by default for a true average precision."""
        return detector_of(self.file, self.classes, longest_px, threshold, max_iou)

    def at(self, usual: Iterable[float]) -> list[float]:
        """All scores measured at."""
        return sorted({*usual, *self.thresholds})


Kept = tuple[str, Pixels, Labels]
"""Name, JPEG and labels of a val picture."""


@cache
def val_pictures(role: str, data: Path) -> list[Kept]:
    """The val pictures of a role, as training prepares them."""
    kept = []
    for split, sample in SAMPLES[role](data, None):
        if split == "val":
            jpeg = cv2.imencode(".jpg", sample.image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
            kept.append((sample.name, np.asarray(jpeg, np.uint8), sample.boxes))
    return kept


def decoded(jpeg: Pixels) -> Pixels:
    """The pixels of a picture that was kept."""
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)


def whole_pictures(folder: Path, split: str, held_out: bool = False) -> Iterator[Sample]:
    """Pictures as they were published; of the drive only the blocks kept back."""
    return (s for s in read_folder(folder, split) if not held_out or is_held_out(s.name))


def as_one(found: Boxes, classes: Sequence[int]) -> Boxes:
    """The boxes of some classes as boxes of the first of them, one a thing."""
    some = found.of_classes(classes)
    return suppress(Boxes(some.xyxy, some.score, np.full_like(some.cls, classes[0])), ONE_THING_IOU)


def longer_side_px(xyxy: Floats32) -> Floats32:
    """Longer side of each box."""
    return np.asarray((xyxy[:, 2:4] - xyxy[:, :2]).max(axis=1, initial=0), np.float32)


class Pass:
    """One pass of a detector over the val pictures of a role.

    Parameters
    ----------
    data : str
        The pictures, in the words of ``models.toml``.
    pictures : sequence
        As `val_pictures` returns them.
    detect : callable
        With a low threshold.
    """

    def __init__(self, data: str, pictures: Sequence[Kept], detect: Detect) -> None:
        self.data = data
        self.truths = [boxes for _, _, boxes in pictures]
        self.found = [detect(decoded(jpeg)) for _, jpeg, _ in pictures]

    def figures(
        self,
        what: str,
        classes: Sequence[int],
        thresholds: Sequence[float],
        overlaps: Mapping[str, float] = MappingProxyType({"ap50": 0.5}),
    ) -> Iterator[Figure]:
        """Yield AP at each overlap, then recall and precision (IoU 0.5) at each threshold."""
        found = (as_one(boxes, classes) for boxes in self.found)
        pictures = list(zip(found, self.truths, strict=True))
        for name, overlap in overlaps.items():
            all_scores = detection_figures(pictures, classes, 1.0, overlap)
            value = all_scores.average_precision
            yield Figure(self.data, what, None, None, name, all_scores.truths, value)
        for threshold in thresholds:
            at = detection_figures(pictures, classes, threshold)
            for name, value in (("recall", at.recall), ("precision", at.precision)):
                yield Figure(self.data, what, None, threshold, name, at.truths, value)

    def large_figures(
        self, what: str, classes: Sequence[int], thresholds: Sequence[float], side_px: float
    ) -> Iterator[Figure]:
        """Yield recall of large things, and precision of large boxes, at each threshold.

        A large box on a small thing is right, and a small box may find a large thing: only what
        is asked for is large, not what answers. The longer side counts.
        """
        large = copy(self)
        large.truths = [t[longer_side_px(t[:, 1:5]) >= side_px] for t in self.truths]
        recalls = large.figures(what, classes, thresholds, {})
        large = copy(self)
        large.found = [f[longer_side_px(f.xyxy) >= side_px] for f in self.found]
        precisions = large.figures(what, classes, thresholds, {})
        yield from (figure for figure in recalls if figure.name == "recall")
        yield from (figure for figure in precisions if figure.name == "precision")
