"""Training pictures for the networks that inspect: pavement, waste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from inspection.train.folders import Sample, crop, read_folder
from voirie.arrays import Pixels

# The survey vehicle looks down: below this share of the height all is road. With the width it
# makes a rectangle of 2:1, so that no part of the network's input is padding.
ROAD_TOP_SHARE = 0.2
ROAD_WIDTH_PX = 640
ROAD_HEIGHT_PX = 320

# The agency's watermark, in shares of width and height from the left and the top.
WATERMARK = (0.835, 0.0, 1.0, 0.11)

# A box of which less is left after a cut is painted over instead of being kept.
KEEP_SHARE = 0.4


def pavement_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample): the road rectangle of each frame, watermark masked."""
    for split in ("train", "val"):
        for sample in read_folder(data / "pavement" / "dnit", split):
            yield split, road_rectangle(replace(sample, image=without_watermark(sample.image)))


def without_watermark(image: Pixels) -> Pixels:
    """Fill the watermark with the colour of the strip below it.

    Left in, the network learns that frames with those letters hold damage.
    """
    height_px, width_px = image.shape[:2]
    left, right = round(WATERMARK[0] * width_px), round(WATERMARK[2] * width_px)
    top, bottom = round(WATERMARK[1] * height_px), round(WATERMARK[3] * height_px)
    below = image[bottom : bottom + max(4, bottom // 4), left:right]
    masked = image.copy()
    masked[top:bottom, left:right] = below.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    return masked


def road_rectangle(sample: Sample) -> Sample:
    """Cut the road out of a survey frame and bring it to the size the network is trained at."""
    height_px, width_px = sample.image.shape[:2]
    top = round(ROAD_TOP_SHARE * height_px)
    # Frames are 551 or 560 rows high: the same aspect for all lets the loader shuffle.
    tall = min(height_px - top, width_px // 2)
    top = height_px - tall
    cut = crop(sample, 0, top, width_px, tall, KEEP_SHARE)
    size = (ROAD_WIDTH_PX, ROAD_HEIGHT_PX)
    image = cv2.resize(cut.image, size, interpolation=cv2.INTER_AREA)
    boxes = cut.boxes.copy()
    boxes[:, [1, 3]] *= ROAD_WIDTH_PX / width_px
    boxes[:, [2, 4]] *= ROAD_HEIGHT_PX / tall
    return Sample(sample.name, np.asarray(image, np.uint8), boxes)


# Class of ``dumping/riyadh`` that is waste; the others are not for this network.
RIYADH_GARBAGE = 0


def dumping_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample) for waste at the roadside, one class."""
    for split in ("train", "val"):
        for sample in read_folder(data / "dumping" / "riyadh", split):
            waste = sample.boxes[sample.boxes[:, 0] == RIYADH_GARBAGE]
            yield split, replace(sample, boxes=waste)
    yield from (
        ("train", sample) for sample in read_folder(data / "dumping" / "malta_bags", "train")
    )
