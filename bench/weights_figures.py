"""What is measured of each network on its val pictures; ``bench.weights`` prints it.

Plates in gate boxes, gated plates and faces are measured on whole pictures as they were
published; the rest on the val pictures of training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import cv2
import numpy as np

from bench.weights_pass import Figure, Pass, Subject, decoded, val_pictures, whole_pictures
from inspection.detection.sign_values import LEAST_HEIGHT_PX
from inspection.evaluate.detector import Detect, detector_of
from inspection.evaluate.figures import covered_share, plates_gated
from inspection.fusion.sign_values import LEAST_READ
from inspection.train.classifier import as_input
from inspection.train.folders import PAD_GREY, Sample, read_folder
from inspection.train.privacy_data import PLATE_INPUT_PX
from inspection.train.recipes import PAVEMENT, RECIPES, TRAFFIC
from inspection.train.sign_data import CROP_FOLDERS, FRENCH_PREFIX, classifier_crops
from voirie.arrays import Floats32, Pixels
from voirie.nets.backend import Net
from voirie.nets.boxes import Boxes, share_inside
from voirie.nets.figures import FigureReader
from voirie.nets.registry import INPUT_FORMATS
from voirie.taxonomy import load_taxonomy

GATE_SCORE = 0.1
GATE_LOOKS_PX = (640, 1280)
PERSON = 0
VEHICLES = (1, 2, 3, 4, 5)
FACE_INSIDE = 0.95  # share of a face in one person box,
FACE_GROWN = 0.05  # grown by this share of its sides on each side

PLATE_LOOK_GROWN = 0.08  # a vehicle box before it is cut out
PLATE_LOOK_SCORE = 0.03
PLATE_FOUND = 0.80  # share of a plate in one box,
PLATE_GROWN = 0.15  # grown by this share of its sides on each side
PLATE_THRESHOLDS = (0.05, 0.1, 0.2, 0.3)
NIGHT_SKY_LUMA = 60  # mean of the upper quarter, 0 to 255

POTHOLE = PAVEMENT.index("pothole")
CRACKS = tuple(i for i in range(len(PAVEMENT)) if i != POTHOLE)
CRACK_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3)
ROAD_WITHOUT_CRACK = "290RS150131"
FALSE_CRACK_SCORE = 0.05
FALSE_CRACK_IOU = 0.5

SIGN_FRAME_PX = 1360  # longer side of a GTSDB frame: native scale
SIGN_PHOTO_PX = 640  # of a photograph of fr_sy32
SIGN_LARGE_PX = 20  # from here on a sign must be found
SIGN_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3)
DUMPING_THRESHOLDS = (0.05, 0.1, 0.15, 0.2)
NO_SIGN = len(CROP_FOLDERS)

NOTHING: Floats32 = np.zeros(0, np.float32)


def folders_needed(role: str) -> tuple[str, ...]:
    """Folders below the data root without which a role cannot be measured."""
    if role in ("sign_types", "sign_values"):
        return ("signs/gtsdb",)
    if role == "signs":
        return RECIPES["signs_experimental"].sources  # measured abroad as well
    return RECIPES[role].sources


BOTH_OVERLAPS = MappingProxyType({"ap50": 0.5, "ap30": 0.3})


def gate(subject: Subject) -> Iterator[Figure]:
    """Plates in a vehicle box at both looks, faces in a person box at the first."""
    privacy = subject.data / "privacy"
    drive = "plates_bucharest, held-out blocks", privacy / "plates_bucharest", "train", True
    photos = "plates_openimages val", privacy / "plates_openimages", "val", False
    for look_px in GATE_LOOKS_PX:
        detect = subject.detector(look_px, GATE_SCORE)
        for data, folder, split, held_out in (drive, photos):
            pictures = ((s.image, s.boxes) for s in whole_pictures(folder, split, held_out))
            gated, total = plates_gated(detect, pictures, VEHICLES)
            yield Figure(data, "", look_px, GATE_SCORE, "gated", total, share(gated, total))
    detect = subject.detector(GATE_LOOKS_PX[0], GATE_SCORE)
    widths, inside = [NOTHING], [NOTHING]
    for sample in whole_pictures(privacy / "faces_crowds", "val"):
        people = detect(sample.image).of_classes([PERSON])
        inside.append(covered_share(sample.boxes[:, 1:5], people, FACE_GROWN))
        widths.append(widths_px(sample))
    width, good = np.concatenate(widths), np.concatenate(inside) >= FACE_INSIDE
    bands = ((20, np.inf, ">= 20 px"), (10, 20, "10-20 px"), (0, 10, "< 10 px"))
    for low, high, name in bands:
        of = (width >= low) & (width < high)
        data, n = f"faces_crowds val, faces {name} wide", int(of.sum())
        value = share(int(good[of].sum()), n)
        yield Figure(data, "", GATE_LOOKS_PX[0], GATE_SCORE, "in_person_box", n, value)


def share(part: int, whole: int) -> float:
    """``part`` of ``whole``; NaN of nothing."""
    return part / whole if whole else float("nan")


def plates(subject: Subject) -> Iterator[Figure]:
    """Plates found as the chain finds them, by width; then on the crops kept back."""
    first = detector_of(subject.gate, TRAFFIC, GATE_LOOKS_PX[0], GATE_SCORE)
    second = subject.detector(PLATE_INPUT_PX, PLATE_LOOK_SCORE)
    privacy = subject.data / "privacy"
    drive = list(whole_pictures(privacy / "plates_bucharest", "train", held_out=True))
    sources = {
        "plates_bucharest held-out, by day": [s for s in drive if not by_night(s.image)],
        "plates_bucharest held-out, by night": [s for s in drive if by_night(s.image)],
        "plates_openimages val": list(whole_pictures(privacy / "plates_openimages", "val")),
    }
    bands = ((40, np.inf, ">= 40 px"), (20, 40, "20-40 px"), (12, 20, "12-20 px"))
    for name, samples in sources.items():
        widths, scores = [NOTHING], [NOTHING]
        for sample in samples:
            scores.append(plate_scores(sample, first, second))
            widths.append(widths_px(sample))
        width, score = np.concatenate(widths), np.concatenate(scores)
        for low, high, band in bands:
            of = score[(width >= low) & (width < high)]
            for threshold in subject.at(PLATE_THRESHOLDS) if len(of) else ():
                value = float((of >= threshold).mean())
                data = f"{name}, {band}, in gate boxes"
                yield Figure(data, "", None, threshold, "recall", len(of), value)
    detect = subject.detector(PLATE_INPUT_PX)
    crops = val_pictures("plates", subject.data)
    once = Pass("plates_crops, held-out photographs", crops, detect)
    yield from once.figures("", (0,), subject.at(PLATE_THRESHOLDS), BOTH_OVERLAPS)


def widths_px(sample: Sample) -> Floats32:
    """Width of each labelled box."""
    return np.asarray(sample.boxes[:, 3] - sample.boxes[:, 1], np.float32)


def by_night(image: Pixels) -> bool:
    """Tell whether a frame was taken by night, by its sky."""
    return float(image[: image.shape[0] // 4].mean()) < NIGHT_SKY_LUMA


def plate_scores(sample: Sample, first: Detect, second: Detect) -> Floats32:
    """Best score of a box that holds each labelled plate; 0 where none does."""
    vehicles = first(sample.image).of_classes(VEHICLES)
    found = Boxes.joined([look(sample.image, box, second) for box in vehicles.xyxy])
    held = share_inside(sample.boxes[:, 1:5], found.inflated(1 + 2 * PLATE_GROWN).xyxy)
    best = np.where(held >= PLATE_FOUND, found.score, 0).max(axis=1, initial=0)
    return np.asarray(best, np.float32)


def look(image: Pixels, vehicle: Floats32, detect: Detect) -> Boxes:
    """Plates in one vehicle, in pixels of the picture: cut out, shrunk or padded to the input."""
    left, top, right, bottom = (float(v) for v in vehicle)
    wide, tall = PLATE_LOOK_GROWN * (right - left), PLATE_LOOK_GROWN * (bottom - top)
    x, y = max(0, int(left - wide)), max(0, int(top - tall))
    far_x = min(image.shape[1], int(right + wide))
    far_y = min(image.shape[0], int(bottom + tall))
    cut = image[y:far_y, x:far_x]
    if min(cut.shape[:2]) < 4:
        return Boxes.none()
    scale = min(1.0, PLATE_INPUT_PX / max(cut.shape[:2]))
    if scale != 1:
        small = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cut = np.asarray(small, np.uint8)
    sides = max(PLATE_INPUT_PX, cut.shape[0]), max(PLATE_INPUT_PX, cut.shape[1])
    canvas = np.full((*sides, 3), PAD_GREY, np.uint8)
    canvas[: cut.shape[0], : cut.shape[1]] = cut
    found = detect(canvas)
    return Boxes(found.xyxy / np.float32(scale), found.score, found.cls).moved(x, y)


def pavement(subject: Subject) -> Iterator[Figure]:
    """Potholes, any crack, each type of crack, and cracks called on a road without one."""
    pictures = val_pictures("pavement", subject.data)  # both pavement roles have the same
    detect = subject.detector(subject.imgsz_px)
    once = Pass("dnit val, road rectangle", pictures, detect)
    thresholds = subject.at(CRACK_THRESHOLDS)
    yield from once.figures("pothole", (POTHOLE,), thresholds, BOTH_OVERLAPS)
    yield from once.figures("any crack", CRACKS, thresholds, BOTH_OVERLAPS)
    for index in CRACKS:
        yield from once.figures(PAVEMENT[index], (index,), ())
    detect = subject.detector(subject.imgsz_px, FALSE_CRACK_SCORE, FALSE_CRACK_IOU)
    road = [jpeg for name, jpeg, _ in pictures if ROAD_WITHOUT_CRACK in name]
    scores = Boxes.joined([detect(decoded(jpeg)) for jpeg in road]).of_classes(CRACKS).score
    data = f"dnit val, road {ROAD_WITHOUT_CRACK} (no crack), {len(road)} frames"
    for threshold in thresholds:
        value = share(int((scores >= threshold).sum()), len(road))
        what = "false crack boxes a frame"
        yield Figure(data, what, None, threshold, "boxes_a_frame", len(road), value)


def signs(subject: Subject) -> Iterator[Figure]:
    """Signs of any family as one class, then by family: German frames, then French photographs."""
    pictures = val_pictures("signs_experimental", subject.data)  # both sign roles have the same
    french = [kept for kept in pictures if kept[0].startswith(FRENCH_PREFIX)]
    german = [kept for kept in pictures if not kept[0].startswith(FRENCH_PREFIX)]
    frames = f"gtsdb val, whole frames at native scale ({SIGN_FRAME_PX} px)"
    photos = f"fr_sy32 val, whole photographs ({SIGN_PHOTO_PX} px)"
    families = RECIPES["signs"].classes
    everything, thresholds = range(len(families)), subject.at(SIGN_THRESHOLDS)
    for name, look_px, kept in ((frames, SIGN_FRAME_PX, german), (photos, SIGN_PHOTO_PX, french)):
        once = Pass(name, kept, subject.detector(look_px))
        yield from once.figures("any family, classes as one", everything, thresholds)
        what = f"any family, signs >= {SIGN_LARGE_PX} px"
        yield from once.large_figures(what, everything, thresholds, SIGN_LARGE_PX)
        for index, family in enumerate(families):
            yield from once.figures(family, (index,), subject.at(()))


def dumping(subject: Subject) -> Iterator[Figure]:
    """Waste at the roadside."""
    detect = subject.detector(subject.imgsz_px)
    once = Pass("riyadh val", val_pictures("dumping", subject.data), detect)
    yield from once.figures("", (0,), subject.at(DUMPING_THRESHOLDS), BOTH_OVERLAPS)


def sign_types(subject: Subject) -> Iterator[Figure]:
    """Types told right on labelled boxes, and crops without sign told to be none."""
    net = Net(subject.file.read_bytes(), INPUT_FORMATS["classify"])
    numbers, crops = zip(*classifier_crops(subject.data, "val"), strict=True)
    scores = net.run(np.stack([as_input(crop)[..., ::-1] for crop in crops]))[0]
    truth = np.asarray(numbers)
    right, sign = scores.argmax(axis=1) == truth, truth != NO_SIGN
    for threshold in (None, *subject.at(())):
        of = sign & (scores.max(axis=1) >= (threshold or 0.0))
        value = share(int(right[of].sum()), int(of.sum()))
        data = "gtsdb val, labelled boxes"
        yield Figure(data, "", None, threshold, "right", int(of.sum()), value)
    n = int((~sign).sum())
    value = share(int(right[~sign].sum()), n)
    yield Figure("gtsdb val, crops without sign", "", None, None, "right", n, value)


def sign_values(subject: Subject) -> Iterator[Figure]:
    """Limits read, and other signs taken for one: each sign of GTSDB once, none trained on."""
    reader = FigureReader(Net(subject.file.read_bytes(), INPUT_FORMATS["pp-ocr"]))
    allowed = load_taxonomy().sign_values["B14"]
    names = list(CROP_FOLDERS)
    rows = [
        (names[int(label)].removeprefix("speed_limit_"), box[3] - box[1], chances)
        for split in ("train", "val")
        for sample in read_folder(subject.data / "signs" / "gtsdb", split)
        for label, box, chances in zip(
            sample.boxes[:, 0],
            sample.boxes[:, 1:],
            reader.likelihoods(sample.image, sample.boxes[:, 1:], allowed),
            strict=True,
        )
    ]
    truth = np.array([name for name, _, _ in rows])
    height, chances = np.array([row[1] for row in rows]), np.stack([row[2] for row in rows])
    limit, big = np.isin(truth, allowed), height >= LEAST_HEIGHT_PX
    right = np.array(allowed)[chances.argmax(axis=1)] == truth
    for threshold in subject.at((LEAST_READ,)):
        read = big & (chances.max(axis=1) >= threshold)
        for data, name, of, which in (
            ("gtsdb, speed limits", "given", limit, read),
            ("gtsdb, speed limits", "right", limit & read, right),
            ("gtsdb, other signs", "given", ~limit, read),
        ):
            value = share(int(which[of].sum()), int(of.sum()))
            yield Figure(data, "", None, threshold, name, int(of.sum()), value)


MEASURES: Mapping[str, Callable[[Subject], Iterator[Figure]]] = MappingProxyType(
    {
        "gate": gate,
        "plates": plates,
        "pavement": pavement,
        "pavement_experimental": pavement,
        "signs": signs,
        "signs_experimental": signs,
        "dumping": dumping,
        "sign_types": sign_types,
        "sign_values": sign_values,
    }
)
