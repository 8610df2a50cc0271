"""Figures of a detector: recall, precision and average precision at a fixed overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from inspection.evaluate.reader import Detect, Found, intersection, iou
from voirie.arrays import Bools, Floats32, Pixels

Truth = Floats32
"""Rows of class index, left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Figures:
    """How well one class, or several taken as one, is found.

    Attributes
    ----------
    truths, found : int
        Labelled boxes, and boxes found at the threshold.
    recall, precision : float
        At the threshold; NaN where there is nothing to divide by.
    ap50 : float
        Area under the precision-recall curve (all points, monotone envelope) over all scores
        the detector hands out.
    """

    truths: int
    found: int
    recall: float
    precision: float
    ap50: float


def detection_figures(
    detect: Detect,
    pictures: Iterable[tuple[Pixels, Truth]],
    classes: Sequence[int],
    threshold: float,
    min_iou: float = 0.5,
) -> Figures:
    """Measure ``detect`` on labelled pictures; the listed classes count as one.

    Parameters
    ----------
    detect : callable
        Pictures to boxes. For a true AP its own threshold must be low (0.01 or less).
    pictures : iterable of (image, truth)
        Labelled pictures, read one at a time.
    classes : sequence of int
        Classes measured, the same in ``truth`` and in what is found.
    threshold : float
        Score from which a box counts for recall and precision.
    min_iou : float
        Overlap from which a box found is the one labelled.
    """
    hits: list[Bools] = []
    scores: list[Floats32] = []
    truths = 0
    for image, truth in pictures:
        wanted = truth[np.isin(truth[:, 0], classes)][:, 1:5]
        found = detect([image])[0]
        found = found[np.isin(found[:, 5], classes)]
        found = found[np.argsort(-found[:, 4], kind="stable")]
        hits.append(_match(found, wanted, min_iou))
        scores.append(found[:, 4])
        truths += len(wanted)
    hit = np.concatenate(hits) if hits else np.zeros(0, bool)
    score = np.concatenate(scores) if scores else np.zeros(0, np.float32)
    over = score >= threshold
    right, called = int(hit[over].sum()), int(over.sum())
    return Figures(
        truths,
        called,
        right / truths if truths else float("nan"),
        right / called if called else float("nan"),
        average_precision(hit, score, truths),
    )


def _match(found: Found, wanted: Truth, min_iou: float) -> Bools:
    """Tell which boxes found, best score first, are the first one on a labelled box."""
    hit = np.zeros(len(found), bool)
    if not len(wanted):
        return hit
    overlap = iou(found[:, :4], wanted)
    free = np.ones(len(wanted), bool)
    for index in range(len(found)):
        best = int(np.where(free, overlap[index], -1).argmax())
        if free[best] and overlap[index, best] >= min_iou:
            hit[index], free[best] = True, False
    return hit


def average_precision(hit: Bools, score: Floats32, truths: int) -> float:
    """Area under the envelope of precision over recall.

    Examples
    --------
    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]), 2)
    0.8333333333333333
    """
    if not truths:
        return float("nan")
    order = np.argsort(-score, kind="stable")
    right = np.cumsum(hit[order])
    precision = right / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float((envelope * hit[order]).sum() / truths)


def covered_share(boxes: Truth, covers: Found, grow_share: float) -> Floats32:
    """Largest share of each box that lies inside one single cover, grown on every side.

    Parameters
    ----------
    boxes : ndarray, (n, 4)
        Left, top, right, bottom in pixels.
    covers : ndarray, (m, 4 or more)
        The covers.
    grow_share : float
        Growth of a cover on each side, as a share of its width and height.
    """
    if not len(boxes) or not len(covers):
        return np.zeros(len(boxes), np.float32)
    sides = covers[:, 2:4] - covers[:, :2]
    grown = np.hstack([covers[:, :2] - grow_share * sides, covers[:, 2:4] + grow_share * sides])
    sizes = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-9)
    return np.asarray((intersection(boxes, grown) / sizes[:, None]).max(axis=1), np.float32)


def plates_gated(
    detect: Detect,
    pictures: Iterable[tuple[Pixels, Truth]],
    vehicles: Sequence[int],
    grow_share: float = 0.05,
    min_share: float = 0.99,
) -> tuple[int, int]:
    """Count the labelled plates that lie in a vehicle box, and all of them.

    A plate outside every vehicle box is never looked at again: this is the upper bound of what the
    second stage can find.

    Returns
    -------
    tuple of int
        Plates gated, plates labelled.
    """
    gated = total = 0
    for image, truth in pictures:
        found = detect([image])[0]
        cars = found[np.isin(found[:, 5], vehicles)]
        share = covered_share(truth[:, 1:5], cars, grow_share)
        gated += int((share >= min_share).sum())
        total += len(truth)
    return gated, total
