"""The gates on defects: how sure nets are of rendered damage, beside real damage."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from bench.realism_reading import Box, Detector, Found, Gate, covered, overlap, read
from voirie.arrays import Pixels

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOOD_ROAD = SHARED / "data" / "video" / "carnd" / "solidWhiteRight.mp4"
SURVEY = SHARED / "data" / "pavement" / "dnit"
# a thing counts from this many pixels as the net sees it, on its shorter side
SURVEY_PX, LEAST_PX = 640, 6.0
FIRE_CONF, NEAR_M, FAR_M = 0.15, 4.0, 9.0  # the near band of the vision rules
WIDTH_PX, ROAD_TOP_PX, ROAD_SIZE_PX = (
    1280,
    340,
    960,
)  # the road as `inspection.detection.regions.road` cuts it
REAL_SHARE = 0.8
CLEAN_FACTOR, CLEAN_FLOOR = 1.5, 0.30
CLEAN_M = (1010.0, 1290.0)
CRACKS = {
    *("D00", "D10", "D20", "crack_unspecified"),
    *("longitudinal_crack", "transverse_crack", "alligator_crack"),
}
# what a net may call a class; crack types are a rule of thumb in the labels, and no person's
DAMAGE_NAMES = {
    "pothole": {"D40", "pothole"},
    "alligator_crack": CRACKS,
    "longitudinal_crack": CRACKS,
    "transverse_crack": CRACKS,
}
CLASS_OF = {
    "NDP": "pothole",
    "FAI": "alligator_crack",
    "FAH": "alligator_crack",
    "FLB": "longitudinal_crack",
    "FLH": "longitudinal_crack",
    "FTR": "transverse_crack",
}
LOOK_ALIKES = {"PON", "JOINT", "MANHOLE"}


def _short_side(box: Box) -> float:
    return min(box[2] - box[0], box[3] - box[1])


def ground_box(
    item: dict[str, Any], row: list[float], camera: dict[str, Any], pitch_deg: float
) -> Box | None:
    """Return the box of what of an outline lies 4 to 9 m ahead, on a flat road."""
    points = np.array(item["polygon"])
    if len(points) < 3:
        return None
    heading = np.radians(row[5])
    dx, dy = points[:, 0] - row[3], points[:, 1] - row[4]
    outline = shapely.make_valid(
        shapely.Polygon(
            np.stack(
                [
                    dx * np.cos(heading) - dy * np.sin(heading),
                    dx * np.sin(heading) + dy * np.cos(heading),
                ],
                axis=-1,
            )
        )
    )
    part = shapely.clip_by_rect(outline, -6.0, NEAR_M, 6.0, FAR_M)
    if part.area < 0.6 * min(outline.area, 0.3):
        return None
    side, ahead = shapely.get_coordinates(part).T
    pitch = np.radians(pitch_deg)
    deep = ahead * np.cos(pitch) + camera["height_m"] * np.sin(pitch)
    down = camera["height_m"] * np.cos(pitch) - ahead * np.sin(pitch)
    x, y = side / deep, down / deep
    square = x * x + y * y
    bend = 1 + camera["k1"] * square + camera["k2"] * square**2
    u, v = (
        camera["cx"] + camera["focal_px"] * x * bend,
        camera["cy"] + camera["focal_px"] * y * bend,
    )
    if u.min() < 5 or u.max() > 1275 or v.max() > 685:
        return None
    return float(u.min()), float(v.min()), float(u.max()), float(v.max())


def top_confidence(wanted: list[Box], names: set[str], found: list[Found]) -> float:
    """Return the best score of a box that lies on one of the wanted ones, 0 where none does."""
    scores = [
        conf
        for got, conf, other in found
        if got in names and any(overlap(b, other) > 0.1 or covered(b, other) > 0.6 for b in wanted)
    ]
    return max(scores, default=0.0)


def near_things(
    truth: dict[str, Any], name: str, number: int, codes: set[str]
) -> list[tuple[str, Box]]:
    """Return code and box of what lies 4 to 9 m ahead in a frame."""
    row = truth["passes"][name]["trajectory"][number]
    # the road's slope turns with the car: mounting and shocks are left
    pitch = _relative(truth, name, number, truth["passes"][name]["pitch_deg"][number])
    out = []
    for item in truth["objects"]:
        if item["code"] in codes and abs(item["axis_m"] - row[2]) < 30:
            box = ground_box(item, row, truth["camera"], pitch)
            if box is not None and _short_side(box) * ROAD_SIZE_PX / WIDTH_PX >= LEAST_PX:
                out.append((item["code"], box))
    return out


def damage_gates(
    model: Detector,
    label: str,
    frames: dict[str, dict[int, Pixels]],
    truth: dict[str, Any],
    survey: list[tuple[Pixels, list[tuple[str, Box]]]],
    judge: bool,
) -> list[Gate]:
    """Return how sure a damage net is of rendered defects, beside real ones, and of clean road.

    Only a ``judge`` can fail the drive; of other nets the figures are shown.
    """
    drawn: dict[str, list[float]] = defaultdict(list)
    clean: list[tuple[int, int]] = []
    for name, pictures in frames.items():
        for number, image in pictures.items():
            near = near_things(truth, name, number, set(CLASS_OF))
            is_clean = CLEAN_M[0] < truth["passes"][name]["trajectory"][number][2] < CLEAN_M[1]
            if not near and not is_clean:
                continue
            found = model.find(image, ROAD_SIZE_PX, 0.01)
            for kind in {CLASS_OF[code] for code, _ in near}:
                boxes = [box for code, box in near if CLASS_OF[code] == kind]
                drawn[kind].append(top_confidence(boxes, DAMAGE_NAMES[kind], found))
            if is_clean:
                alike = [box for _, box in near_things(truth, name, number, LOOK_ALIKES)]
                called = [box for _, conf, box in found if conf >= FIRE_CONF and 400 < box[3] < 690]
                on_alike = sum(any(overlap(box, b) > 0.05 for b in alike) for box in called)
                clean.append((len(called) - on_alike, on_alike))
    real: dict[str, list[float]] = defaultdict(list)
    for image, labels in survey:
        found = replace(model, top_px=0).find(image, SURVEY_PX, 0.01)
        for kind in {kind for kind, _ in labels} & set(DAMAGE_NAMES):
            boxes = [box for other, box in labels if other == kind]
            real[kind].append(top_confidence(boxes, DAMAGE_NAMES[kind], found))
    gates = []
    for kind in DAMAGE_NAMES:
        if not drawn[kind] or not real[kind]:
            gates.append(Gate(f"{label}: {kind}", "skipped: no pictures", "", None))
            continue
        mean, wanted = float(np.mean(drawn[kind])), REAL_SHARE * float(np.mean(real[kind]))
        gates.append(
            Gate(
                f"{label}: {kind}, mean top confidence",
                f"{mean:.2f} in {len(drawn[kind])} frames"
                f" (real val: {np.mean(real[kind]):.2f} in {len(real[kind])})",
                f">= {wanted:.2f}",
                mean >= wanted if judge else None,
            )
        )
    if clean:
        bare, alike_rate = (float(value) for value in np.mean(clean, axis=0))
        good = _good_road_rate(model)
        limit = max(CLEAN_FACTOR * (good or 0.0), CLEAN_FLOOR)
        gates.append(
            Gate(
                f"{label}: boxes a frame, clean road",
                f"{bare:.2f}, and {alike_rate:.2f} on seals, joints, covers"
                f" (real good road: {good})",
                f"<= {limit:.2f}",
                bare <= limit if judge else None,
            )
        )
    return gates


def survey_val() -> list[tuple[Pixels, list[tuple[str, Box]]]]:
    """Return every second real val frame of the survey set, cut as nets are trained on it."""
    from inspection.train.recipes import PAVEMENT
    from inspection.train.road_data import pavement_samples

    if not SURVEY.exists():
        return []
    out = []
    for split, sample in pavement_samples(SURVEY.parents[1]):
        if split == "val":
            boxes = [
                (
                    PAVEMENT[int(row[0])],
                    (float(row[1]), float(row[2]), float(row[3]), float(row[4])),
                )
                for row in sample.boxes
                if min(row[3] - row[1], row[4] - row[2]) >= LEAST_PX
            ]
            out.append((sample.image, boxes))
    return out[::2]


def _relative(truth: dict[str, Any], name: str, number: int, pitch_deg: float) -> float:
    """Return the pitch against the road: the absolute one less the slope of the last second."""
    table = np.array(truth["passes"][name]["pitch_deg"])
    low, high = max(number - 12, 0), min(number + 13, len(table))
    return float(truth["camera"]["pitch_deg"] + pitch_deg - table[low:high].mean())


def _good_road_rate(model: Detector) -> float | None:
    if not GOOD_ROAD.exists():
        return None
    pictures = read(GOOD_ROAD, 10)
    return round(
        float(
            np.mean(
                [
                    sum(
                        1
                        for _, _, b in model.find(image, ROAD_SIZE_PX, FIRE_CONF)
                        if b[3] > image.shape[0] * 0.55
                    )
                    for image in pictures.values()
                ]
            )
        ),
        2,
    )
