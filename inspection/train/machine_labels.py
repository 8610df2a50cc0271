"""Machine labels of vehicles and people, remade from two scales of the starting network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspection.evaluate.detector import Detect
from inspection.train.folders import PAD_GREY
from voirie.arrays import Floats32, Pixels
from voirie.nets.boxes import Boxes, iou, share_inside

# A box is taken as true from this score on, or where both scales see it.
SURE = 0.25
# Below this score a box of the start is noise.
DOUBTFUL = 0.10
SAME_OBJECT_IOU = 0.55
PERSON = 0


@dataclass(frozen=True)
class MachineLabels:
    """What two scales say about one picture: what is there, and what may be."""

    sure: Boxes
    doubtful: Boxes


def label(image: Pixels, coarse: Detect, fine: Detect) -> MachineLabels:
    """Merge the boxes of a coarse and a fine look at one picture.

    At 640 px near vehicles are found that 1,280 px loses; far people the other way round.
    """
    looks = [coarse(image), fine(image)]
    scale = np.repeat([0, 1], [len(found) for found in looks])
    boxes = Boxes.joined(looks)
    order = np.argsort(-boxes.score, kind="stable")
    boxes, scale = boxes[order], scale[order]
    person = boxes.cls == PERSON
    alike = (iou(boxes.xyxy, boxes.xyxy) > SAME_OBJECT_IOU) & (person[:, None] == person[None])
    taken = np.zeros(len(boxes), bool)
    best = np.zeros(len(boxes), bool)
    seen_twice = np.zeros(len(boxes), bool)
    for index in range(len(boxes)):
        if taken[index]:
            continue
        group = alike[index] & ~taken
        taken |= group
        best[index] = True
        seen_twice[index] = len(set(scale[group].tolist())) == 2
    sure = best & (seen_twice | (boxes.score >= SURE))
    return MachineLabels(boxes[sure], boxes[best & ~sure])


def hide_doubtful(image: Pixels, labels: MachineLabels) -> Pixels:
    """Paint doubtful boxes grey, so that they are neither object nor background in the loss.

    Where one overlaps a sure box the sure box stays visible; one that lies mostly inside a sure
    box is part of it and is left alone.
    """
    hidden = np.zeros(image.shape[:2], bool)
    inside = share_inside(labels.doubtful.xyxy, labels.sure.xyxy).max(axis=1, initial=0.0)
    for box in labels.doubtful.xyxy[inside < 0.5]:
        hidden[_window(box)] = True
    for box in labels.sure.xyxy:
        hidden[_window(box)] = False
    shown = image.copy()
    shown[hidden] = PAD_GREY
    return shown


def _window(box: Floats32) -> tuple[slice, slice]:
    left, top = np.floor(box[:2]).astype(int).clip(0)
    right, bottom = np.ceil(box[2:]).astype(int).clip(0)
    return slice(int(top), int(bottom)), slice(int(left), int(right))
