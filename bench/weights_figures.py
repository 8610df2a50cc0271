"""What is measured of each network on its val pictures; ``bench.weights`` prints it.

The pictures are those of training: the generators of ``inspection.train`` make them, and they
are kept as JPEG of the quality of the training folder, in memory only. Plates in gate boxes,
gated plates and faces are measured on whole pictures as they were published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from inspection.evaluate.detector import Detect, detector_of
from inspection.evaluate.figures import covered_share, detection_figures, plates_gated
from inspection.train.classifier import as_input
from inspection.train.datasets import SAMPLES
from inspection.train.folders import PAD_GREY, Sample, read_folder
from inspection.train.privacy_data import PLATE_INPUT_PX, is_held_out
from inspection.train.recipes import PAVEMENT, RECIPES, TRAFFIC
from inspection.train.sign_data import CROP_FOLDERS, FRENCH_PREFIX, classifier_crops
from voirie.arrays import Floats32, Pixels
from voirie.nets.backend import Net
from voirie.nets.boxes import Boxes, Labels, share_inside, suppress
from voirie.nets.registry import FEEDS

JPEG_QUALITY = 95  # as `inspection.train.folders.write_sample` stores them

LOWEST_SCORE = 0.005  # for a true average precision
ONE_THING_IOU = 0.6  # of boxes of several classes that are taken as one class

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


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes
    ----------
    data, what
        Pictures, and what is looked for on them where there are several things, in the words
        of ``models.toml``.
    look_px
        Longer side of the picture as the network sees it, where there are several.
    threshold
        Score from which a box counts; None where the figure is over all scores.
    name
        ``recall``, ``precision``, ``ap50``, ``gated`` ...: the key in ``models.toml``.
    n
        Labelled things, frames or crops that the figure is a share of.
    value
        The share, or the count a frame; NaN where there is nothing to divide by.
    """

    data: str
    what: str
    look_px: int | None
    threshold: float | None
    name: str
    n: int
    value: float


@dataclass(frozen=True)
class Subject:
    """What is measured.

    Attributes
    ----------
    file, classes, imgsz_px
        ONNX file of the network, the names of its outputs and the size it was trained at.
    gate
        ONNX file of the first stage, in whose boxes plates are searched.
    data
        Root of the public data sets.
    thresholds
        Scores measured at besides those fixed here.
    """

    file: Path
    classes: tuple[str, ...]
    imgsz_px: int
    gate: Path
    data: Path
    thresholds: tuple[float, ...] = ()

    def detector(
        self, longest_px: int, threshold: float = LOWEST_SCORE, max_iou: float = ONE_THING_IOU
    ) -> Detect:
        """The network at one size and threshold; by default for a true average precision."""
        return detector_of(self.file, self.classes, longest_px, threshold, max_iou)

    def at(self, usual: Iterable[float]) -> list[float]:
        """All scores measured at."""
        return sorted({*usual, *self.thresholds})


Kept = tuple[str, Pixels, Labels]
"""Name, JPEG and labels of a val picture."""


def folders_needed(role: str) -> tuple[str, ...]:
    """Folders below the data root without which a role cannot be measured."""
    if role == "sign_types":
        return ("signs/gtsdb",)
    if role == "signs":
        return RECIPES["signs_experimental"].sources  # measured abroad as well
    return RECIPES[role].sources


@cache
def val_pictures(role: str, data: Path) -> list[Kept]:
    """The val pictures of a role, as training prepares them."""
    kept = []
    for split, sample in SAMPLES[role](data, None):
        if split == "val":
            jpeg = cv2.imencode(".jpg", sample.image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
            kept.append((sample.name, np.asarray(jpeg, np.uint8), sample.boxes))
    return kept


def decoded(jpeg: Pixels) -> Pixels:
    """The pixels of a picture that was kept."""
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)


def whole_pictures(folder: Path, split: str, held_out: bool = False) -> Iterator[Sample]:
    """Pictures as they were published; of the drive only the blocks kept back."""
    return (s for s in read_folder(folder, split) if not held_out or is_held_out(s.name))


def as_one(found: Boxes, classes: Sequence[int]) -> Boxes:
    """The boxes of some classes as boxes of the first of them, one a thing."""
    some = found.of_classes(classes)
    return suppress(Boxes(some.xyxy, some.score, np.full_like(some.cls, classes[0])), ONE_THING_IOU)


def longer_side_px(xyxy: Floats32) -> Floats32:
    """Longer side of each box."""
    return np.asarray((xyxy[:, 2:4] - xyxy[:, :2]).max(axis=1, initial=0), np.float32)


class Pass:
    """One pass of a detector over the val pictures of a role.

    Parameters
    ----------
    data : str
        The pictures, in the words of ``models.toml``.
    pictures : sequence
        As `val_pictures` returns them.
    detect : callable
        With a low threshold.
    """

    def __init__(self, data: str, pictures: Sequence[Kept], detect: Detect) -> None:
        self.data = data
        self.truths = [boxes for _, _, boxes in pictures]
        self.found = [detect(decoded(jpeg)) for _, jpeg, _ in pictures]

    def figures(
        self,
        what: str,
        classes: Sequence[int],
        thresholds: Sequence[float],
        overlaps: Mapping[str, float] = MappingProxyType({"ap50": 0.5}),
    ) -> Iterator[Figure]:
        """Yield AP at each overlap, then recall and precision (IoU 0.5) at each threshold."""
        found = (as_one(boxes, classes) for boxes in self.found)
        pictures = list(zip(found, self.truths, strict=True))
        for name, overlap in overlaps.items():
            all_scores = detection_figures(pictures, classes, 1.0, overlap)
            value = all_scores.average_precision
            yield Figure(self.data, what, None, None, name, all_scores.truths, value)
        for threshold in thresholds:
            at = detection_figures(pictures, classes, threshold)
            for name, value in (("recall", at.recall), ("precision", at.precision)):
                yield Figure(self.data, what, None, threshold, name, at.truths, value)

    def large_figures(
        self, what: str, classes: Sequence[int], thresholds: Sequence[float], side_px: float
    ) -> Iterator[Figure]:
        """Yield recall of large things, and precision of large boxes, at each threshold.

        A large box on a small thing is right, and a small box may find a large thing: only what
        is asked for is large, not what answers. The longer side counts.
        """
        large = copy(self)
        large.truths = [t[longer_side_px(t[:, 1:5]) >= side_px] for t in self.truths]
        recalls = large.figures(what, classes, thresholds, {})
        large = copy(self)
        large.found = [f[longer_side_px(f.xyxy) >= side_px] for f in self.found]
        precisions = large.figures(what, classes, thresholds, {})
        yield from (figure for figure in recalls if figure.name == "recall")
        yield from (figure for figure in precisions if figure.name == "precision")


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
    net = Net(subject.file.read_bytes(), FEEDS["classify"])
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
    }
)
