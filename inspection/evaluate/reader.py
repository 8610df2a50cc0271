"""A small OpenVINO reader of YOLO exports, so that figures do not depend on the product's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from voirie.arrays import Floats32, Pixels

Found = Floats32
"""Rows of left, top, right, bottom in pixels of the picture, score, class index."""

Detect = Callable[[Sequence[Pixels]], list[Found]]

PAD_GREY = 114
STRIDE_PX = 32


def letterbox(image: Pixels, longest_px: int, square: bool) -> tuple[Pixels, float, int, int]:
    """Scale to ``longest_px`` and pad with grey to a square or to multiples of the stride.

    Returns
    -------
    tuple
        The padded picture, the scale, and the padding at the left and at the top in pixels.
    """
    height_px, width_px = image.shape[:2]
    scale = longest_px / max(height_px, width_px)
    wide, tall = round(width_px * scale), round(height_px * scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(image, (wide, tall), interpolation=how) if scale != 1 else image
    full_x = longest_px if square else -(-wide // STRIDE_PX) * STRIDE_PX
    full_y = longest_px if square else -(-tall // STRIDE_PX) * STRIDE_PX
    left, top = (full_x - wide) // 2, (full_y - tall) // 2
    canvas = np.full((full_y, full_x, 3), PAD_GREY, np.uint8)
    canvas[top : top + tall, left : left + wide] = small
    return canvas, scale, left, top


def decode(raw: Floats32, threshold: float, max_iou: float, most: int = 300) -> Found:
    """Turn one raw output (4 + classes, anchors) into boxes, suppressed class by class."""
    scores = raw[4:].max(axis=0)
    kept = scores >= threshold
    centre, half = raw[:2, kept], raw[2:4, kept] / 2
    table = np.vstack([centre - half, centre + half, scores[kept], raw[4:, kept].argmax(axis=0)])
    found = table.T.astype(np.float32)
    found = found[np.argsort(-found[:, 4], kind="stable")][:3000]
    chosen: list[int] = []
    left = np.arange(len(found))
    while len(left) and len(chosen) < most:
        first, others = left[0], left[1:]
        chosen.append(int(first))
        same = found[others, 5] == found[first, 5]
        overlap = iou(found[first : first + 1, :4], found[others, :4])[0]
        left = others[~(same & (overlap > max_iou))]
    return found[chosen]


def iou(one: Floats32, other: Floats32) -> Floats32:
    """Intersection over union of each box of ``one`` with each of ``other``."""
    shared = intersection(one, other)
    sizes_one = (one[:, 2] - one[:, 0]) * (one[:, 3] - one[:, 1])
    sizes_other = (other[:, 2] - other[:, 0]) * (other[:, 3] - other[:, 1])
    union = sizes_one[:, None] + sizes_other[None] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)


def intersection(one: Floats32, other: Floats32) -> Floats32:
    """Shared area of each box of ``one`` with each of ``other`` in square pixels."""
    corner = np.maximum(one[:, None, :2], other[None, :, :2])
    far = np.minimum(one[:, None, 2:4], other[None, :, 2:4])
    sides = np.maximum(far - corner, 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def openvino_detector(
    model: Path, longest_px: int, threshold: float, max_iou: float = 0.6, square: bool = False
) -> Detect:
    """Return a function from BGR pictures to boxes, run by OpenVINO on the processor."""
    import openvino

    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(str(model)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )

    def detect(images: Sequence[Pixels]) -> list[Found]:
        results = []
        for image in images:
            canvas, scale, left, top = letterbox(image, longest_px, square)
            tensor = canvas[None, ..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 255
            raw = compiled(np.ascontiguousarray(tensor))[0][0]
            found = decode(raw, threshold, max_iou)
            found[:, [0, 2]] = (found[:, [0, 2]] - left) / scale
            found[:, [1, 3]] = (found[:, [1, 3]] - top) / scale
            height_px, width_px = image.shape[:2]
            found[:, [0, 2]] = found[:, [0, 2]].clip(0, width_px)
            found[:, [1, 3]] = found[:, [1, 3]].clip(0, height_px)
            results.append(found)
        return results

    return detect
