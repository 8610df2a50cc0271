"""Training pictures for the networks of the anonymiser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from inspection.evaluate.detector import detector_of
from inspection.train.folders import (
    Sample,
    crop,
    no_boxes,
    on_canvas,
    read_boxes,
    read_folder,
    stable_number,
)
from inspection.train.machine_labels import DOUBTFUL, hide_doubtful, label
from inspection.train.recipes import TRAFFIC
from voirie.nets.boxes import Labels

PLATE_CROP_PX = 384
PLATE_INPUT_PX = 320

# Blocks of the drive through Bucharest that are measured on and never trained on. The drive goes
# from day into night; these blocks leave both lights on both sides.
HELD_OUT_BLOCKS = (0, 400, 700, 1100, 1300)
BLOCK_LENGTH = 100


def is_held_out(name: str) -> bool:
    """Tell whether a Bucharest frame (name ends in ``_t_<number>``) belongs to a held-out block."""
    found = re.search(r"_t_(\d+)$", name)
    if found is None:
        raise ValueError(f"no time in the name {name!r}")
    return int(found.group(1)) // BLOCK_LENGTH * BLOCK_LENGTH in HELD_OUT_BLOCKS


def image_of_crop(name: str) -> str:
    """Return the id of the photograph a crop of ``plates_crops`` was cut from."""
    return name.rsplit("_", 1)[0]


def plate_samples(data: Path) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample) for the plate network: crops at native scale, and crops without plate.

    A tenth of the samples has no plate on purpose: what looks like a plate at 20 px is a sign, a
    shop front or a road marking.
    """
    for sample in read_folder(data / "privacy" / "plates_crops", "train"):
        held_out = stable_number(image_of_crop(sample.name)) % 20 == 0
        yield "val" if held_out else "train", on_canvas(sample, PLATE_INPUT_PX)
    for sample in read_folder(data / "privacy" / "plates_openimages", "train"):
        for window in around_boxes(sample, PLATE_CROP_PX):
            yield "train", on_canvas(window, PLATE_INPUT_PX)
    bucharest = data / "privacy" / "plates_bucharest"
    vehicles = data / "privacy" / "pseudo_traffic" / "plates_bucharest"
    for sample in read_folder(bucharest, "train"):
        if is_held_out(sample.name):
            continue
        height_px, width_px = sample.image.shape[:2]
        boxes = read_boxes(vehicles / f"{sample.name}.txt", width_px, height_px)
        for window in around_vehicles(sample, boxes[boxes[:, 0] != 0]):
            yield "train", on_canvas(window, PLATE_INPUT_PX)
    for sample in crops_without_plate(data):
        yield "train", on_canvas(sample, PLATE_INPUT_PX)


def around_boxes(sample: Sample, side_px: int) -> Iterator[Sample]:
    """Cut a square at native scale round each labelled box, the box anywhere in it.

    A box wider than half the square gets a window three times its width instead.
    """
    draw = np.random.default_rng(stable_number(sample.name))
    for index, (_, left, top, right, bottom) in enumerate(sample.boxes.tolist()):
        side = int(max(side_px, 3 * (right - left)))
        slack_x, slack_y = max(1.0, side - (right - left)), max(1.0, side - (bottom - top))
        x = int(left - draw.uniform(0.1, 0.9) * slack_x)
        y = int(top - draw.uniform(0.1, 0.9) * slack_y)
        cut = crop(sample, max(0, x), max(0, y), side, side, keep=0.6)
        yield Sample(f"{sample.name}_{index}", cut.image, cut.boxes)


def around_vehicles(sample: Sample, vehicles: Labels) -> Iterator[Sample]:
    """Cut each vehicle that carries a labelled plate, grown by 15 %, at native scale.

    Vehicles without a labelled plate are left out: far plates of this drive are unlabelled.
    """
    for index, (_, left, top, right, bottom) in enumerate(vehicles.tolist()):
        wide, tall = right - left, bottom - top
        cut = crop(
            sample,
            max(0, int(left - 0.15 * wide)),
            max(0, int(top - 0.15 * tall)),
            int(1.3 * wide),
            int(1.3 * tall),
            keep=0.6,
        )
        if len(cut.boxes):
            yield Sample(f"{sample.name}_v{index}", cut.image, cut.boxes)


def crops_without_plate(data: Path) -> Iterator[Sample]:
    """Yield pictures of what is no plate: signs, faces in crowds, road.

    Sets without a stated licence are left out: the blur of a public body may not rest on them.
    """
    sources: Iterable[tuple[str, int, int]] = (
        ("signs/gtsdb", 2, 160),
        ("privacy/faces_crowds", 6, 320),
        ("pavement/dnit", 25, 320),
    )
    for folder, every, side_px in sources:
        for number, sample in enumerate(read_folder(data / folder, "train")):
            if number % every or not len(sample.boxes):
                continue
            first = Sample(sample.name, sample.image, sample.boxes[:1])
            for window in around_boxes(first, side_px):
                yield Sample(f"none_{window.name}", window.image, no_boxes())


# Folder and how many of its pictures are taken: one in so many. Riyadh would do too, but states no
# licence.
STREET_PICTURES = (
    ("privacy/plates_bucharest", 1),
    ("privacy/plates_openimages", 1),
    ("signs/gtsdb", 3),
    ("privacy/faces_crowds", 4),
)


def gate_samples(data: Path, labeller: Path | None) -> Iterator[tuple[str, Sample]]:
    """Yield (split, sample) for the first stage: street pictures with remade machine labels.

    ``labeller`` is the ONNX export of the start, already with the classes of the gate.
    """
    if labeller is None:
        raise ValueError("the gate is trained on machine labels: a labeller is needed")
    coarse = detector_of(labeller, TRAFFIC, 640, DOUBTFUL)
    fine = detector_of(labeller, TRAFFIC, 1280, DOUBTFUL)
    for folder, every in STREET_PICTURES:
        for number, sample in enumerate(read_folder(data / folder, "train")):
            held_out = folder.endswith("bucharest") and is_held_out(sample.name)
            if number % every or held_out:
                continue
            labels = label(sample.image, coarse, fine)
            image = hide_doubtful(sample.image, labels)
            split = "val" if stable_number(sample.name) % 20 == 0 else "train"
            yield split, Sample(sample.name, image, labels.sure.labels())
