"""Machine labels of vehicles and people, remade from two scales of the starting network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspection.evaluate.reader import Detect, Found, intersection, iou
from inspection.train.folders import PAD_GREY
from voirie.arrays import Floats32, Pixels

# A box is taken as true from this score on, or where both scales see it.
SURE = 0.25
# Below this score a box of the start is noise.
DOUBTFUL = 0.10
SAME_OBJECT_IOU = 0.55
PERSON = 0


@dataclass(frozen=True)
class MachineLabels:
    """What two scales say about one picture.

    Attributes
    ----------
    sure, doubtful : ndarray of float32, (n, 6)
        Left, top, right, bottom in pixels, score, class.
    """

    sure: Found
    doubtful: Found


def label(image: Pixels, coarse: Detect, fine: Detect) -> MachineLabels:
    """Merge the boxes of a coarse and a fine look at one picture.

    At 640 px near vehicles are found that 1,280 px loses; far people the other way round.
    """
    both = [coarse([image])[0], fine([image])[0]]
    scale = np.repeat([0, 1], [len(found) for found in both])
    boxes = np.vstack(both)
    order = np.argsort(-boxes[:, 4], kind="stable")
    boxes, scale = boxes[order], scale[order]
    person = boxes[:, 5] == PERSON
    alike = (iou(boxes[:, :4], boxes[:, :4]) > SAME_OBJECT_IOU) & (person[:, None] == person[None])
    taken = np.zeros(len(boxes), bool)
    sure: list[Found] = []
    doubtful: list[Found] = []
    for index in range(len(boxes)):
        if taken[index]:
            continue
        group = alike[index] & ~taken
        taken |= group
        seen_twice = len(set(scale[group].tolist())) == 2
        (sure if boxes[index, 4] >= SURE or seen_twice else doubtful).append(boxes[index])
    empty = np.zeros((0, 6), np.float32)
    return MachineLabels(
        np.asarray(sure, np.float32) if sure else empty,
        np.asarray(doubtful, np.float32) if doubtful else empty,
    )


def hide_doubtful(image: Pixels, labels: MachineLabels) -> Pixels:
    """Paint doubtful boxes grey, so that they are neither object nor background in the loss.

    Where one overlaps a sure box the sure box stays visible; one that lies mostly inside a sure
    box is part of it and is left alone.
    """
    hidden = np.zeros(image.shape[:2], bool)
    for box in labels.doubtful:
        size = float((box[2] - box[0]) * (box[3] - box[1]))
        inside = intersection(box[None, :4], labels.sure[:, :4]).max(initial=0.0)
        if inside < 0.5 * size:
            hidden[_window(box)] = True
    for box in labels.sure:
        hidden[_window(box)] = False
    shown = image.copy()
    shown[hidden] = PAD_GREY
    return shown


def _window(box: Floats32) -> tuple[slice, slice]:
    left, top = np.floor(box[:2]).astype(int).clip(0)
    right, bottom = np.ceil(box[2:4]).astype(int).clip(0)
    return slice(int(top), int(bottom)), slice(int(left), int(right))
