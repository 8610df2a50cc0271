"""Training pictures for the sign detector and for the sign classifier."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from inspection.train.folders import (
    Sample,
    crop,
    grey_out,
    no_boxes,
    read_folder,
    read_image,
    stable_number,
)
from inspection.train.recipes import SIGN_FAMILIES
from voirie.arrays import Pixels
from voirie.errors import NotDecodable
from voirie.nets.boxes import Labels

CROP_PX = 448

FRENCH = "signs/fr_sy32"
FRENCH_PREFIX = "fr_sy32_"
# The classes of ``fr_sy32`` that are signs. Its traffic lights are background, as in GTSDB.
FRENCH_FAMILIES: Mapping[str, str] = MappingProxyType(
    {"danger": "A", "interdiction": "B", "obligation": "B21", "ceder": "AB", "stop": "AB"}
)
# A sign nearer than this is learned on the whole photograph, which shows what is around it.
LARGEST_IN_WINDOW_PX = 300
# A smaller one has no shape left.
SMALLEST_SIGN_PX = 6

# Signs whose family by code differs from what they look like: the German roundabout sign is a blue
# disc like an obligation, the French AB25 is a triangle.
LOOKS_LIKE = MappingProxyType({"AB25": "B21", "AUTRE": "A"})

# ``gtsrb_crops`` names the classes otherwise than ``gtsrb_to_iisr.csv``.
CROP_FOLDERS: Mapping[str, int] = MappingProxyType(
    {
        "speed_limit_20": 0,
        "speed_limit_30": 1,
        "speed_limit_50": 2,
        "speed_limit_60": 3,
        "speed_limit_70": 4,
        "speed_limit_80": 5,
        "speed_limit_80_end": 6,
        "speed_limit_100": 7,
        "speed_limit_120": 8,
        "no_overtaking": 9,
        "no_overtaking_heavy": 10,
        "priority_intersection": 11,
        "priority_road": 12,
        "yield": 13,
        "stop": 14,
        "no_entry_vehicles": 15,
        "no_entry_heavy": 16,
        "do_not_enter": 17,
        "warning_sign": 18,
        "single_curve_left": 19,
        "single_curve_right": 20,
        "double_curve_left": 21,
        "rough_road": 22,
        "slippery_road": 23,
        "narrows_right": 24,
        "workers_in_road": 25,
        "traffic_light": 26,
        "pedestrian_warning": 27,
        "children_warning": 28,
        "cyclists_warning": 29,
        "icy_road": 30,
        "animals_warning": 31,
        "restrictions_end": 32,
        "right": 33,
        "left": 34,
        "straight": 35,
        "straight_right": 36,
        "straight_left": 37,
        "right_obstacle": 38,
        "left_obstacle": 39,
        "roundabout": 40,
        "no_overtaking_end": 41,
        "no_overtaking_heavy_end": 42,
    }
)


def read_codes(data: Path) -> list[tuple[str, str]]:
    """Return (official code, value or empty) for each of the 43 types, by type number.

    Raises
    ------
    NotDecodable
        Where the table is absent or is another.
    """
    path = data / "signs" / "gtsrb_to_iisr.csv"
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            rows = sorted(csv.DictReader(lines), key=lambda row: int(row["gtsrb_class"]))
        return [(row["iisr_code"], row["value"]) for row in rows]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise NotDecodable(
            f"the codes of the signs cannot be read ({error})", path, "give the folder of the data"
        ) from error


def family_of(code: str) -> str:
    """Return the family that an official code belongs to, by what the sign looks like.

    Examples
    --------
    >>> family_of("AB3a"), family_of("A1b"), family_of("B14"), family_of("B33"), family_of("B21a1")
    ('AB', 'A', 'B', 'B_end', 'B21')
    """
    if code in LOOKS_LIKE:
        return LOOKS_LIKE[code]
    if code.startswith(("AB", "AK")):
        return code[:2]
    if code.startswith("B21"):
        return "B21"
    if code[:3] in ("B31", "B33", "B34"):
        return "B_end"
    return code[0]


def sign_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample): German frames, then French photographs.

    To train on: windows at native scale round signs, some without any, and each photograph as a
    whole. To measure on: pictures as they were published; the names of the French ones start
    with ``FRENCH_PREFIX``.
    """
    yield from german_samples(data)
    yield from _french_samples(data)


def german_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample) of GTSDB alone: windows to train on, whole frames to measure on."""
    families = [SIGN_FAMILIES.index(family_of(code)) for code, _ in read_codes(data)]
    for split in ("train", "val"):
        for sample in read_folder(data / "signs" / "gtsdb", split):
            boxes = sample.boxes.copy()
            boxes[:, 0] = [families[int(number)] for number in boxes[:, 0]]
            sample = Sample(sample.name, sample.image, boxes)
            if split == "val":
                yield split, sample
            else:
                yield from (("train", window) for window in windows(sample))


def _french_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    names = (data / FRENCH / "classes.txt").read_text("utf-8").split()
    for split in ("train", "val"):
        for photo in read_folder(data / FRENCH, split):
            sample = signs_of_photo(photo, names)
            if split == "val":
                yield split, sample
                continue
            yield split, shrunk(sample, CROP_PX)
            yield from ((split, window) for window in windows(sample) if len(window.boxes))


def signs_of_photo(photo: Sample, names: Sequence[str]) -> Sample:
    """Return a photograph of ``fr_sy32`` with its signs by family and without its traffic lights.

    Parameters
    ----------
    photo : Sample
        Boxes with the class numbers of ``classes.txt``.
    names : sequence of str
        The lines of ``classes.txt``.
    """
    families = [FRENCH_FAMILIES.get(name) for name in names]
    is_sign = [families[int(number)] is not None for number in photo.boxes[:, 0]]
    boxes = photo.boxes[np.asarray(is_sign, bool)].copy()
    boxes[:, 0] = [SIGN_FAMILIES.index(families[int(number)] or "") for number in boxes[:, 0]]
    return Sample(f"{FRENCH_PREFIX}{photo.name}", photo.image, boxes)


def shrunk(sample: Sample, side_px: int) -> Sample:
    """Return a whole photograph whose longer side is ``side_px`` at most.

    Signs that become too small to have a shape are painted grey.
    """
    height_px, width_px = sample.image.shape[:2]
    scale = min(1.0, side_px / max(height_px, width_px))
    size = max(1, round(width_px * scale)), max(1, round(height_px * scale))
    image = np.asarray(cv2.resize(sample.image, size, interpolation=cv2.INTER_AREA), np.uint8)
    boxes = sample.boxes.copy()
    boxes[:, 1:] *= scale
    large = np.maximum(boxes[:, 3] - boxes[:, 1], boxes[:, 4] - boxes[:, 2]) >= SMALLEST_SIGN_PX
    for box in boxes[~large]:
        grey_out(image, box[1:])
    return Sample(f"{sample.name}_whole", image, boxes[large])


def windows(sample: Sample) -> Iterator[Sample]:
    """Cut windows until each sign is in one; then, in one frame of four, a window without sign."""
    draw = np.random.default_rng(stable_number(sample.name))
    height_px, width_px = sample.image.shape[:2]
    sides_px = (sample.boxes[:, 3:5] - sample.boxes[:, 1:3]).max(axis=1, initial=0)
    left_over = [i for i, side in enumerate(sides_px) if side <= LARGEST_IN_WINDOW_PX]
    while left_over:
        _, left, top, right, bottom = sample.boxes[left_over[0]].tolist()
        x = int(np.clip(left - draw.uniform(0.05, 0.95) * (CROP_PX - (right - left)), 0, width_px))
        y = int(np.clip(top - draw.uniform(0.05, 0.95) * (CROP_PX - (bottom - top)), 0, height_px))
        x, y = min(x, width_px - CROP_PX), min(y, height_px - CROP_PX)
        cut = crop(sample, x, y, CROP_PX, CROP_PX, keep=0.6)
        yield Sample(f"{sample.name}_{left_over[0]}", cut.image, cut.boxes)
        left_over = [i for i in left_over[1:] if not _inside(sample.boxes[i], x, y)]
    if draw.random() < 0.25:
        for _ in range(10):
            x = int(draw.integers(0, max(1, width_px - CROP_PX + 1)))
            y = int(draw.integers(0, max(1, height_px - CROP_PX + 1)))
            cut = crop(sample, x, y, CROP_PX, CROP_PX, keep=0.01)
            if not len(cut.boxes):
                yield Sample(f"{sample.name}_none", cut.image, no_boxes())
                break


def _inside(box: np.ndarray, x: int, y: int) -> bool:
    _, left, top, right, bottom = box.tolist()
    return bool(left >= x and top >= y and right <= x + CROP_PX and bottom <= y + CROP_PX)


def classifier_crops(data: Path, split: str) -> Iterator[tuple[int, Pixels]]:
    """Yield (type number, crop with a fifth of its size around it); 43 stands for no sign.

    ``split`` is ``train`` (crops of GTSRB, boxes of GTSDB train) or ``val`` (boxes of GTSDB val).
    """
    if split == "train":
        for name, number in CROP_FOLDERS.items():
            for path in sorted((data / "signs" / "gtsrb_crops" / name).iterdir()):
                yield number, read_image(path)
    none = len(CROP_FOLDERS)
    for sample in read_folder(data / "signs" / "gtsdb", split):
        for box in sample.boxes:
            yield int(box[0]), cut_sign(sample.image, box[1:])
        for image in crops_without_sign(sample, 2):
            yield none, image


def cut_sign(image: Pixels, box: np.ndarray, around: float = 0.1) -> Pixels:
    """Cut a square round a sign, larger by ``around`` on each side; the border is repeated."""
    left, top, right, bottom = (float(v) for v in box)
    side = max(right - left, bottom - top) * (1 + 2 * around)
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    size = max(2, round(side))
    corner = np.asarray([[1, 0, -x], [0, 1, -y]], np.float32)
    cut = cv2.warpAffine(image, corner, (size, size), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def crops_without_sign(sample: Sample, number: int) -> Iterator[Pixels]:
    """Cut squares of 20-80 px where no sign is labelled."""
    draw = np.random.default_rng(stable_number(f"none {sample.name}"))
    height_px, width_px = sample.image.shape[:2]
    while number > 0:
        side = int(draw.integers(20, 81))
        x = int(draw.integers(0, width_px - side))
        y = int(draw.integers(0, int(0.7 * height_px) - side))
        number -= 1
        if not _touches(sample.boxes, x, y, side):
            yield sample.image[y : y + side, x : x + side].copy()


def _touches(boxes: Labels, x: int, y: int, side: int) -> bool:
    apart = (
        (boxes[:, 1] > x + side) | (boxes[:, 3] < x) | (boxes[:, 2] > y + side) | (boxes[:, 4] < y)
    )
    return bool((~apart).any())
