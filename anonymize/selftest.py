"""See that the models find what they must before the first frame.

A hash says that a file is the registered one, not that it sees. Networks whose weights are
zero, NaN or cut loose from their input answer every picture alike, so two pictures must be
answered differently; a drawn face must be found; and in a rendered street (no real person or
vehicle is in it) a person, a face, a vehicle and its plate must be found by the whole search, at
the thresholds in force.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from anonymize.finders import Finder
from voirie.arrays import Floats32, Pixels
from voirie.errors import AnonymiserUnfit
from voirie.nets import Boxes, YoloDetector
from voirie.nets.boxes import iou, share_inside

SIDE_PX = 320
FACE_BOX = (98, 66, 222, 226)
FACE_IOU = 0.3
STREET = Path(__file__).with_name("selftest.jpg")
STREET_CORES = {
    "people": (490, 85, 535, 130),
    "faces": (505, 90, 533, 118),
    "vehicles": (245, 150, 340, 210),
    "plates": (286, 175, 318, 188),
}
"""What must lie inside a box of each kind: of a person the head, which goes in either way."""
CORE_INSIDE = 0.8
ANSWER_DIFFERS = 1e-3
"""Least mean change of a network's answer between the two pictures, relative to its size."""


def check(finder: Finder) -> None:
    """Refuse a finder that does not see.

    Raises
    ------
    AnonymiserUnfit
        When a network gives NaN, answers two pictures alike, or misses what the test shows.
    """
    try:
        for role, detector in (("gate", finder.gate), ("plates", finder.plates)):
            if not _answers_differ(detector):
                raise _unfit(f"the '{role}' network answers every picture alike")
        faces = finder.faces.find(drawn_face(), SIDE_PX, finder.thresholds.faces)
        seen = finder.find(street())
    except AnonymiserUnfit:
        raise
    except Exception as error:
        raise _unfit(f"a network does not run ({error})") from error
    if not _holds(faces, FACE_BOX):
        raise _unfit("the face network does not find the drawn face of the self-test")
    boxes = {
        "people": seen.people,
        "faces": seen.faces,
        "vehicles": seen.vehicles,
        "plates": seen.plates,
    }
    for what, core in STREET_CORES.items():
        inside = share_inside(np.array([core], np.float32), boxes[what].xyxy)
        if inside.max(initial=0.0) < CORE_INSIDE:
            raise _unfit(f"the {what} of the self-test's street are not found")


def _unfit(message: str) -> AnonymiserUnfit:
    return AnonymiserUnfit(message, remedy="install the weights again; nothing was written")


def _answers_differ(detector: YoloDetector) -> bool:
    grey = np.full((1, SIDE_PX, SIDE_PX, 3), 114, np.uint8)
    (plain,) = detector.raw(grey)
    (rich,) = detector.raw(_blocks()[None])
    # Boxes and scores apart: a head may sleep while the other is awake.
    return all(
        float(np.abs(a - b).mean()) > ANSWER_DIFFERS * float(np.abs(b).mean())
        for a, b in ((plain[:4], rich[:4]), (_log(plain[4:]), _log(rich[4:])))
    )


def _log(scores: Floats32) -> Floats32:
    return np.log(np.clip(scores, 1e-9, 1.0))


def _blocks() -> Pixels:
    """Blocks of chance colours in two sizes: edges and surfaces for any network."""
    chance = np.random.default_rng(20)
    small = chance.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    large = chance.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    mixed = cv2.addWeighted(
        cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_NEAREST),
        0.4,
        cv2.resize(large, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_NEAREST),
        0.6,
        0,
    )
    return np.asarray(mixed, np.uint8)


def street() -> Pixels:
    """The rendered street of the self-test, 360 x 640 px."""
    picture = cv2.imread(str(STREET), cv2.IMREAD_COLOR)
    if picture is None:
        raise _unfit(f"the picture of the self-test is missing ({STREET.name})")
    return picture.astype(np.uint8, copy=False)


def drawn_face() -> Pixels:
    """A face drawn with a few ellipses, 124 x 160 px, on grey."""
    img = np.full((SIDE_PX, SIDE_PX, 3), 110, np.uint8)
    x, y, r = 160, 150, 80
    skin, dark, brow, lip = (150, 180, 220), (30, 40, 60), (50, 60, 80), (90, 90, 190)

    def oval(dx: float, dy: float, w: float, h: float, colour: tuple[int, int, int]) -> None:
        centre = (round(x + dx * r), round(y + dy * r))
        cv2.ellipse(img, centre, (round(w * r), round(h * r)), 0, 0, 360, colour, -1, cv2.LINE_AA)

    oval(0, -0.12, 0.86, 1.0, dark)
    oval(0, 0.05, 0.74, 0.92, skin)
    for side in (-1, 1):
        oval(side * 0.30, -0.10, 0.14, 0.08, (245, 245, 245))
        oval(side * 0.30, -0.10, 0.07, 0.07, dark)
        oval(side * 0.30, -0.28, 0.17, 0.035, brow)
        oval(side * 0.08, 0.27, 0.05, 0.03, brow)
    oval(0, 0.10, 0.05, 0.20, (130, 160, 200))
    oval(0, 0.52, 0.28, 0.08, lip)
    return np.asarray(cv2.GaussianBlur(img, (0, 0), 1.5), np.uint8)


def _holds(found: Boxes, box: tuple[int, int, int, int]) -> bool:
    if len(found) == 0:
        return False
    return bool((iou(found.xyxy, np.array([box], np.float32)) > FACE_IOU).any())
