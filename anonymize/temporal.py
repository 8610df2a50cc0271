"""Holding: what is found for sure in a neighbouring frame is destroyed in this one too.

A network that sees a plate in nine frames of ten leaves it readable in the tenth. People are held
however doubtful they are: small ones flicker at the edge of being seen.
"""

from __future__ import annotations

import numpy as np

from anonymize.finders import PrivacyDetections
from voirie.nets.boxes import Boxes, iou, share_inside

MAX_GAP_S = 0.2
"""Further away in time a box has moved too far to say anything."""
SURE = 0.25
"""Plates and faces that score at least this are carried: their doubts are not worth spreading."""
SAME_VEHICLE_IOU = 0.4
GROWTH = 1.2
COVERED = 0.9


def carried(here: PrivacyDetections, there: PrivacyDetections) -> Boxes:
    """Boxes to destroy here because of what a neighbour shows.

    A plate moves with its vehicle where the vehicle is recognised here; anything else stays
    where it is and grows.

    Parameters
    ----------
    here
        What this frame shows.
    there
        What the neighbour shows.
    """
    plates = there.plates[there.plates.score >= SURE]
    others = Boxes.joined([there.people, there.faces[there.faces.score >= SURE]])
    wanted = Boxes.joined([_moved_with_vehicles(plates, here, there), others.inflated(GROWTH)])
    if len(wanted) == 0:
        return wanted
    done = share_inside(wanted.xyxy, here.regions().xyxy)
    missing = np.asarray(np.all(done < COVERED, axis=1), np.bool_)
    return wanted[missing]


def _moved_with_vehicles(plates: Boxes, here: PrivacyDetections, there: PrivacyDetections) -> Boxes:
    if len(plates) == 0 or len(there.vehicles) == 0 or len(here.vehicles) == 0:
        return plates.inflated(GROWTH)
    inside = share_inside(plates.xyxy, there.vehicles.xyxy)
    owner = inside.argmax(axis=1)
    match = iou(there.vehicles.xyxy, here.vehicles.xyxy)
    partner = match.argmax(axis=1)[owner]
    sure = (inside.max(axis=1) >= COVERED) & (match.max(axis=1)[owner] >= SAME_VEHICLE_IOU)
    a, b = there.vehicles.xyxy[owner], here.vehicles.xyxy[partner]
    size_a, size_b = a[:, 2:] - a[:, :2], b[:, 2:] - b[:, :2]
    ratio = np.tile(size_b / np.maximum(size_a, 1e-6), 2)
    moved = (plates.xyxy - np.tile(a[:, :2], 2)) * ratio + np.tile(b[:, :2], 2)
    xyxy = np.where(sure[:, None], moved, plates.xyxy).astype(np.float32)
    return Boxes(xyxy, plates.score, plates.cls).inflated(GROWTH)
