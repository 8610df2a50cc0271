"""Figures of a detector: recall, precision and average precision at a fixed overlap.

Matching and average precision are those of the COCO evaluation (faster-coco-eval): precision at
101 steps of recall, each the best at that recall or beyond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from inspection.evaluate.detector import Detect
from voirie.arrays import Floats, Floats32, Pixels
from voirie.nets.boxes import Boxes, Labels, share_inside

MOST_BOXES = 300
"""A detector hands out no more than this for one picture, and all are judged."""


@dataclass(frozen=True)
class Figures:
    """How well one class, or several taken as one, is found.

    Attributes
    ----------
    truths, found
        Labelled boxes, and boxes found at the threshold.
    recall, precision
        At the threshold; NaN where there is nothing to divide by.
    average_precision
        Over all scores that the detector hands out; NaN without a labelled box.
    """

    truths: int
    found: int
    recall: float
    precision: float
    average_precision: float


def detection_figures(
    pictures: Iterable[tuple[Boxes, Labels]],
    classes: Sequence[int],
    threshold: float,
    min_iou: float = 0.5,
) -> Figures:
    """Judge what was found on labelled pictures; the listed classes count as one.

    Parameters
    ----------
    pictures
        What was found on each picture, and what is labelled there. For a true average precision
        the detector's own threshold must be low (0.01 or less).
    classes
        Classes judged, the same in both.
    threshold
        Score from which a box counts for recall and precision.
    min_iou
        Overlap from which a box found is the one labelled.
    """
    found: list[Boxes] = []
    wanted: list[Floats32] = []
    for boxes, labels in pictures:
        found.append(boxes.of_classes(classes))
        wanted.append(labels[np.isin(labels[:, 0], classes), 1:5])
    over = [boxes[boxes.score >= threshold] for boxes in found]
    truths, called = sum(map(len, wanted)), sum(map(len, over))
    _, recall = _coco(over, wanted, min_iou)
    precision_by_recall, _ = _coco(found, wanted, min_iou)
    right = round(recall * truths) if truths else 0
    return Figures(
        truths,
        called,
        recall,
        right / called if called else float("nan"),
        float(precision_by_recall.mean()) if truths else float("nan"),
    )


def _coco(
    found: Sequence[Boxes], wanted: Sequence[Floats32], min_iou: float
) -> tuple[Floats, float]:
    """Precision at 101 steps of recall, and the recall reached, by the COCO evaluation."""
    if not any(map(len, wanted)):
        return np.full(101, np.nan), float("nan")
    if not any(map(len, found)):
        return np.zeros(101), 0.0
    from faster_coco_eval import COCO, COCOeval_faster

    truth = COCO()
    truth.dataset = {
        "images": [{"id": picture} for picture in range(len(wanted))],
        "categories": [{"id": 1, "name": "thing"}],
        "annotations": [
            {**_rectangle(box), "image_id": picture, "id": number, "iscrowd": 0}
            for number, (picture, box) in enumerate(
                ((p, box) for p, boxes in enumerate(wanted) for box in boxes), start=1
            )
        ],
    }
    truth.createIndex()
    results = truth.loadRes(
        [
            {**_rectangle(box), "image_id": picture, "score": float(score)}
            for picture, boxes in enumerate(found)
            for box, score in zip(boxes.xyxy, boxes.score, strict=True)
        ]
    )
    judge = COCOeval_faster(truth, results, iouType="bbox", print_function=lambda *_: None)
    judge.params.iouThrs = np.asarray([min_iou])
    judge.params.areaRng, judge.params.areaRngLbl = [[0.0, 1e12]], ["all"]
    judge.params.maxDets = [MOST_BOXES]
    judge.evaluate()
    judge.accumulate()
    precision = np.asarray(judge.eval["precision"], np.float64)[0, :, 0, 0, 0]
    return precision, float(judge.eval["recall"][0, 0, 0, 0])


def _rectangle(box: Floats32) -> dict[str, object]:
    """Category and place of a box as COCO writes them."""
    left, top, right, bottom = (float(v) for v in box)
    sides = right - left, bottom - top
    return {"category_id": 1, "bbox": [left, top, *sides], "area": sides[0] * sides[1]}


def covered_share(boxes: Floats32, covers: Boxes, grow_share: float) -> Floats32:
    """Largest share of each box that lies inside one single cover, grown on every side.

    Parameters
    ----------
    boxes
        ``(N, 4)``: left, top, right, bottom in pixels.
    covers
        The covers.
    grow_share
        Growth of a cover on each side, as a share of its width and height.

    Returns
    -------
    ndarray
        ``(N,)``, 0 where there is no cover.
    """
    grown = covers.inflated(1 + 2 * grow_share)
    return np.asarray(share_inside(boxes, grown.xyxy).max(axis=1, initial=0.0), np.float32)


def plates_gated(
    detect: Detect,
    pictures: Iterable[tuple[Pixels, Labels]],
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
    for image, labels in pictures:
        cars = detect(image).of_classes(vehicles)
        share = covered_share(labels[:, 1:5], cars, grow_share)
        gated += int((share >= min_share).sum())
        total += len(labels)
    return gated, total
