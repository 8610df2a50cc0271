"""Training pictures on disk, in the folder layout that ultralytics reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from voirie.arrays import Floats32, Pixels
from voirie.errors import NotDecodable
from voirie.media.stills import Still, read_still
from voirie.nets.boxes import Labels

# The grey with which the letterbox pads. A region filled with it carries no evidence either way.
PAD_GREY = 114
LARGEST_CLASS = 10_000
FARTHEST = 10.0
"""Shares of the picture: labels of public sets stick out of it, some far."""
LABEL_REMEDY = "write a line a box: class, centre across and down, width, height, as shares"


@dataclass(frozen=True)
class Sample:
    """One training picture.

    Attributes
    ----------
    name : str
        Stem of the file names, unique within a split.
    image : ndarray of uint8, (height, width, 3)
        Pixels in BGR order.
    boxes : ndarray of float32, (n, 5)
        Class index, then left, top, right, bottom in pixels.
    """

    name: str
    image: Pixels
    boxes: Labels


def no_boxes() -> Labels:
    """Return an empty box table."""
    return np.zeros((0, 5), np.float32)


def read_image(path: Path) -> Pixels:
    """Read a colour picture.

    Raises
    ------
    EmptyInput, NotDecodable
        Where it is none.
    """
    return read_still(Still(path, 0)).pixels


def read_boxes(path: Path, width_px: int, height_px: int) -> Labels:
    """Read a YOLO label file as pixel boxes; columns after the fifth are ignored.

    Raises
    ------
    NotDecodable
        Where a line is no box.
    """
    if not path.exists():
        return no_boxes()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotDecodable("this is no label file that can be read", path, LABEL_REMEDY) from error
    rows = [_row(line, number, path) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        return no_boxes()
    table = np.asarray(rows, np.float32)
    centre = table[:, 1:3] * (width_px, height_px)
    half = table[:, 3:5] * (width_px, height_px) / 2
    return np.hstack([table[:, :1], centre - half, centre + half]).astype(np.float32)


def _row(line: str, number: int, path: Path) -> list[float]:
    """Class, centre and size of one line."""
    try:
        row = [float(value) for value in line.split()[:5]]
    except ValueError:
        row = []
    known = len(row) == 5 and row[0] in range(LARGEST_CLASS)
    if not known or not all(abs(value) <= FARTHEST for value in row[1:]):
        raise NotDecodable(f"line {number} is no box", path, LABEL_REMEDY)
    return row


def read_folder(folder: Path, split: str) -> Iterator[Sample]:
    """Yield the pictures of ``folder/images/split`` with ``folder/labels/split``, by name.

    Raises
    ------
    NotDecodable
        Where there is no such folder, or what lies in it is no picture or no label.
    """
    pictures = folder / "images" / split
    if not pictures.is_dir():
        raise NotDecodable("there is no such folder", pictures, "give the folder of the data sets")
    for path in sorted(pictures.iterdir()):
        image = read_image(path)
        height_px, width_px = image.shape[:2]
        label = folder / "labels" / split / f"{path.stem}.txt"
        yield Sample(path.stem, image, read_boxes(label, width_px, height_px))


def crop(sample: Sample, left: int, top: int, width_px: int, height_px: int, keep: float) -> Sample:
    """Cut a window out of a picture, with the boxes of which at least ``keep`` is inside.

    Boxes that are cut harder are painted grey, so that half an object is never background.
    """
    height, width = sample.image.shape[:2]
    left, top = max(0, min(left, width - 1)), max(0, min(top, height - 1))
    right, bottom = min(width, left + width_px), min(height, top + height_px)
    image = sample.image[top:bottom, left:right].copy()
    if not len(sample.boxes):
        return Sample(sample.name, image, no_boxes())
    moved = sample.boxes.copy()
    moved[:, 1:] -= (left, top, left, top)
    inside = moved.copy()
    inside[:, [1, 3]] = inside[:, [1, 3]].clip(0, right - left)
    inside[:, [2, 4]] = inside[:, [2, 4]].clip(0, bottom - top)
    share = area(inside) / np.maximum(area(moved), 1e-6)
    for box in inside[(share > 0) & (share < keep)]:
        grey_out(image, box[1:])
    return Sample(sample.name, image, inside[share >= keep])


def area(boxes: Labels) -> Floats32:
    """Area of each box of a (n, 5) table in square pixels; zero where the box is inverted."""
    sides = np.maximum(boxes[:, 3:5] - boxes[:, 1:3], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def grey_out(image: Pixels, box: Floats32) -> None:
    """Paint the rectangle left, top, right, bottom in the padding grey, in place."""
    left, top = np.floor(box[:2]).astype(int).clip(0)
    right, bottom = np.ceil(box[2:]).astype(int).clip(0)
    image[top:bottom, left:right] = PAD_GREY


def on_canvas(sample: Sample, side_px: int) -> Sample:
    """Pad a picture smaller than ``side_px`` to a square, so that the loader does not enlarge it.

    The place on the canvas follows from the name: the object must not always stand in the middle.
    """
    height_px, width_px = sample.image.shape[:2]
    wide, tall = max(side_px, width_px), max(side_px, height_px)
    if (wide, tall) == (width_px, height_px):
        return sample
    draw = np.random.default_rng(stable_number(sample.name))
    left = int(draw.integers(0, wide - width_px + 1))
    top = int(draw.integers(0, tall - height_px + 1))
    image = np.full((tall, wide, 3), PAD_GREY, np.uint8)
    image[top : top + height_px, left : left + width_px] = sample.image
    boxes = sample.boxes.copy()
    boxes[:, 1:] += np.asarray((left, top, left, top), np.float32)
    return Sample(sample.name, image, boxes)


def stable_number(text: str) -> int:
    """Return a number that is the same for this text on every machine and in every run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def write_sample(folder: Path, split: str, sample: Sample) -> None:
    """Write picture (JPEG, quality 95) and label of one sample below ``folder``."""
    height_px, width_px = sample.image.shape[:2]
    rows = []
    for cls, left, top, right, bottom in sample.boxes.tolist():
        centre_x, centre_y = (left + right) / 2 / width_px, (top + bottom) / 2 / height_px
        wide, tall = (right - left) / width_px, (bottom - top) / height_px
        rows.append(f"{int(cls)} {centre_x:.6f} {centre_y:.6f} {wide:.6f} {tall:.6f}\n")
    images, labels = folder / "images" / split, folder / "labels" / split
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    target = images / f"{sample.name}.jpg"
    if not cv2.imwrite(str(target), sample.image, [cv2.IMWRITE_JPEG_QUALITY, 95]):
        raise OSError(f"cannot write {target}")
    (labels / f"{sample.name}.txt").write_text("".join(rows))


def write_index(folder: Path, classes: Sequence[str]) -> Path:
    """Write the ``data.yaml`` that ultralytics asks for, and return its path."""
    names = "".join(f"  {index}: {name}\n" for index, name in enumerate(classes))
    index_file = folder / "data.yaml"
    index_file.write_text(
        f"path: {folder.resolve()}\ntrain: images/train\nval: images/val\nnames:\n{names}"
    )
    return index_file
