"""What is destroyed of what was found: paddings, heads, and the plate band of a vehicle.

All figures are measured on the training parts of public sets (``bench/blur.py`` prints what
they give on the parts kept back).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from voirie.arrays import Bools, Floats32
from voirie.nets.boxes import Boxes

People = Literal["whole", "head"]

FACE_PAD = (0.22, 0.12, 0.26, 0.30)
"""Left, top, right, bottom, as shares of the face box: CenterFace sits high on a face, and
leaves the chin and the side away from the camera out."""
FACE_PAD_PX = 1.0
PLATE_GROWTH = (1.25, 1.4)
PERSON_GROWTH = (1.35, 1.13)
PERSON_PAD_PX = 2.0
"""The gate leaves out feet, elbows and the wheels of who rides: with a growth of 1.08 and 1.05 the
boxes of people found on unseen rendered roads kept 3 to 12 % of their pixels clear."""
FAR_PAD_PX = (6.0, 8.0)
FAR_PAD_TALL_PX = 60.0
"""Who is less tall than this is grown by more pixels across and along, the full number where the
box is next to nothing: of people 20 to 40 px tall the gate often sees only the trunk."""
HEAD_GROWTH = 1.08
HEAD_ROWS = (-0.04, 0.30)
"""Rows of a standing person's box that hold the head."""
CROUCHED_ROWS = (-0.05, 0.55)
"""The same where the box is not tall: seated, cut off, or several people."""
STANDING_ASPECT = 1.6
RIDER_RISE = 0.10
"""A helmet often sticks out of the box of a rider, by this share of its height."""

BAND_MIN_WIDTH_PX = 60
"""Below this the plate is under about 18 px wide and cannot be read."""
BAND_MIN_SCORE = 0.25
BAND_MAX_ASPECT = 1.9
"""A longer vehicle is seen from the side and shows no plate."""
BAND_COLUMNS = (0.18, 0.82)
BAND_ROWS = (0.38, 0.90)
TWO_WHEELER_BAND_PX = 40
"""The plate of a two-wheeler takes a third of its width, that of a car a quarter or less."""
LOW_BAND_COLUMNS = (0.10, 0.90)
LOW_BAND_ROWS = (0.70, 0.98)
"""Buses and lorries are so tall that a plate at the height of any other lies lower in their box,
and often beside the middle."""


def padded_faces(faces: Boxes) -> Boxes:
    """Faces grown so that 95 % of a labelled face lies inside."""
    left, top, right, bottom = FACE_PAD
    width, height = faces.width, faces.height
    grow = np.stack(
        [
            -(left * width + FACE_PAD_PX),
            -(top * height + FACE_PAD_PX),
            right * width + FACE_PAD_PX,
            bottom * height + FACE_PAD_PX,
        ],
        axis=1,
    )
    return Boxes((faces.xyxy + grow).astype(np.float32), faces.score, faces.cls)


def padded_plates(plates: Boxes) -> Boxes:
    """Plates grown by what boxes are usually off by, and one pixel."""
    grown = plates.inflated(*PLATE_GROWTH)
    edge = np.array([-1, -1, 1, 1], np.float32)
    return Boxes(grown.xyxy + edge, grown.score, grown.cls)


def people_regions(people: Boxes, two_wheelers: Boxes, how: People) -> Boxes:
    """What is destroyed of people: the whole box, or the rows that hold the head."""
    if len(people) == 0:
        return people
    rise = np.where(_touches(people.xyxy, two_wheelers.xyxy), RIDER_RISE, 0.0)
    xyxy = people.xyxy.copy()
    xyxy[:, 1] -= (rise * people.height).astype(np.float32)
    risen = Boxes(xyxy, people.score, people.cls)
    if how == "whole":
        grown = risen.inflated(*PERSON_GROWTH)
        return Boxes(grown.xyxy + _person_pad(risen.height), grown.score, grown.cls)
    standing = risen.height > STANDING_ASPECT * risen.width
    low = np.where(standing, HEAD_ROWS[0], CROUCHED_ROWS[0])
    high = np.where(standing, HEAD_ROWS[1], CROUCHED_ROWS[1])
    heads = risen.xyxy.copy()
    heads[:, 1] = risen.xyxy[:, 1] + low * risen.height
    heads[:, 3] = risen.xyxy[:, 1] + high * risen.height
    return Boxes(heads, people.score, people.cls).inflated(HEAD_GROWTH, 1.0)


def _person_pad(tall_px: Floats32) -> Floats32:
    """Pixels that the edges of people's boxes move by, shape (N, 4)."""
    small = np.clip(1.0 - tall_px / FAR_PAD_TALL_PX, 0.0, 1.0)[:, None]
    out = PERSON_PAD_PX + small * np.array(FAR_PAD_PX)
    return np.concatenate([-out, out], axis=1).astype(np.float32)


def _touches(a: Floats32, b: Floats32) -> Bools:
    if len(b) == 0:
        return np.zeros(len(a), np.bool_)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    overlap: Bools = np.all(high > low, axis=2)
    return np.asarray(np.any(overlap, axis=1), np.bool_)


def plate_bands(vehicles: Boxes, two_wheelers: Boxes, tall: Boxes) -> Boxes:
    """The safety net: the band that holds the plate of a vehicle, whether one was found or not.

    It never yields to a plate: a lamp or a sticker on the bumper is taken for one, hardly less
    sure than a true plate is, and would keep the true one clear.

    Parameters
    ----------
    vehicles
        All vehicles of the picture but our own.
    two_wheelers
        Whatever was called a bicycle or a motorcycle: from behind they are narrow.
    tall
        Whatever was called a bus or a lorry.

    Returns
    -------
    bands
        One or two a vehicle that is near, certain and not seen from the side.

    Examples
    --------
    >>> bus = Boxes.of([0, 0, 100, 100], 0.9)
    >>> plate_bands(bus, Boxes.none(), bus).xyxy.round().tolist()
    [[18.0, 38.0, 82.0, 90.0], [10.0, 70.0, 90.0, 98.0]]
    """
    return Boxes.joined(
        [
            _bands(vehicles, BAND_MIN_WIDTH_PX, BAND_COLUMNS, BAND_ROWS),
            _bands(two_wheelers, TWO_WHEELER_BAND_PX, BAND_COLUMNS, BAND_ROWS),
            _bands(tall, BAND_MIN_WIDTH_PX, LOW_BAND_COLUMNS, LOW_BAND_ROWS),
        ]
    )


def _bands(
    vehicles: Boxes, least_px: float, columns: tuple[float, float], rows: tuple[float, float]
) -> Boxes:
    near = (vehicles.width >= least_px) & (vehicles.score >= BAND_MIN_SCORE)
    facing = vehicles.width <= BAND_MAX_ASPECT * vehicles.height
    shown = vehicles[near & facing]
    x, y, w, h = shown.xyxy[:, 0], shown.xyxy[:, 1], shown.width, shown.height
    xyxy = np.stack(
        [x + columns[0] * w, y + rows[0] * h, x + columns[1] * w, y + rows[1] * h], axis=1
    )
    return Boxes(xyxy.astype(np.float32), shown.score, shown.cls)
