"""Packing vehicle crops into canvases of one size, and bringing boxes back.

One inference a vehicle would cost most where vehicles are small and many; a few of them share
a canvas instead, at native scale or enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from voirie.arrays import Ints, Ints32, Pixels
from voirie.nets.boxes import Boxes
from voirie.nets.yolo import PAD

SIDE_PX = 320
"""Side of a canvas: the size at which the plate network is trained."""
GAP_PX = 6
SMALL_PX = 96
"""A crop narrower than this is enlarged, as far as `LARGEST_ENLARGEMENT`."""
LARGEST_ENLARGEMENT = 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a crop lies: canvas, corner and scale (canvas px per picture px)."""

    canvas: int
    x: int
    y: int
    width: int
    height: int
    scale_x: float
    scale_y: float
    left: int
    top: int


def crop_scale(width_px: float, height_px: float) -> float:
    """Scale at which a crop enters the canvas.

    Examples
    --------
    >>> crop_scale(48, 40), crop_scale(200, 150), crop_scale(640, 300)
    (2.0, 1.0, 0.5)
    """
    longest = max(width_px, height_px)
    wanted = min(LARGEST_ENLARGEMENT, max(1.0, SMALL_PX / width_px))
    return float(min(wanted, SIDE_PX / longest))


def pack(pixels: Pixels, crops: Ints32) -> tuple[Pixels, list[Place]]:
    """Lay crops of a picture on shelves of as few canvases as first fit gives.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` uint8.
    crops
        ``(N, 4)`` corners inside the picture, none empty.

    Returns
    -------
    canvases
        ``(K, 320, 320, 3)`` uint8, grey where nothing lies.
    places
        One a crop, in the order of ``crops``.
    """
    sizes = []
    for left, top, right, bottom in crops:
        scale = crop_scale(right - left, bottom - top)
        sizes.append(
            (
                min(SIDE_PX, max(1, round((right - left) * scale))),
                min(SIDE_PX, max(1, round((bottom - top) * scale))),
            )
        )
    places: list[Place | None] = [None] * len(crops)
    # A shelf is (canvas, y, height, next free x); tall crops first make few shelves.
    shelves: list[list[int]] = []
    floors: list[int] = []
    for i in sorted(range(len(crops)), key=lambda k: (-sizes[k][1], k)):
        width, height = sizes[i]
        shelf = next((s for s in shelves if s[2] >= height and s[3] + width <= SIDE_PX), None)
        if shelf is None:
            canvas = next((k for k, y in enumerate(floors) if y + height <= SIDE_PX), None)
            if canvas is None:
                canvas = len(floors)
                floors.append(0)
            shelf = [canvas, floors[canvas], height, 0]
            shelves.append(shelf)
            floors[canvas] += height + GAP_PX
        left, top, right, bottom = (int(v) for v in crops[i])
        places[i] = Place(
            shelf[0],
            shelf[3],
            shelf[1],
            width,
            height,
            width / (right - left),
            height / (bottom - top),
            left,
            top,
        )
        shelf[3] += width + GAP_PX
    laid = [p for p in places if p is not None]
    canvases = np.full((len(floors), SIDE_PX, SIDE_PX, 3), PAD, np.uint8)
    for place, (left, top, right, bottom) in zip(laid, crops, strict=True):
        way = cv2.INTER_AREA if place.scale_x < 1 else cv2.INTER_LINEAR
        canvases[
            place.canvas, place.y : place.y + place.height, place.x : place.x + place.width
        ] = cv2.resize(
            pixels[top:bottom, left:right], (place.width, place.height), interpolation=way
        )
    return canvases, laid


def unpack(found: list[Boxes], places: list[Place]) -> tuple[Boxes, Ints]:
    """Boxes of canvases in the pixels of the picture, with the crop each belongs to.

    A box belongs to the crop that holds its centre; one between two crops is dropped.
    """
    parts: list[Boxes] = []
    owners: list[Ints] = []
    for i, place in enumerate(places):
        boxes = found[place.canvas]
        if len(boxes) == 0:
            continue
        cx = (boxes.xyxy[:, 0] + boxes.xyxy[:, 2]) / 2 - place.x
        cy = (boxes.xyxy[:, 1] + boxes.xyxy[:, 3]) / 2 - place.y
        mine = boxes[(cx >= 0) & (cx < place.width) & (cy >= 0) & (cy < place.height)]
        if len(mine) == 0:
            continue
        corner = np.array([place.x, place.y] * 2, np.float32)
        size = np.array([place.width, place.height] * 2, np.float32)
        scale = np.array([place.scale_x, place.scale_y] * 2, np.float32)
        origin = np.array([place.left, place.top] * 2, np.float32)
        xyxy = np.clip(mine.xyxy - corner, 0, size) / scale + origin
        parts.append(Boxes(xyxy.astype(np.float32), mine.score, mine.cls))
        owners.append(np.full(len(mine), i, np.int64))
    if not parts:
        return Boxes.none(), np.zeros(0, np.int64)
    return Boxes.joined(parts), np.concatenate(owners)
