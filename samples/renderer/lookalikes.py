"""Stamps of what is no open damage: patches, sealed cracks, joints, manholes."""

from __future__ import annotations

import cv2
import numpy as np

from .noise import fractal, generator, smooth, white
from .plan import Defect
from .site import Sun
from .stamps import PIXEL_M, Stamp, _canvas, _walk


def patch(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a patch: new asphalt in a cut rectangle, sealed or raw rim, slightly proud."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.15)
    corners = np.array(
        [
            [0.15, 0.15],
            [cols * PIXEL_M - 0.15, 0.15],
            [cols * PIXEL_M - 0.15, rows * PIXEL_M - 0.15],
            [0.15, rows * PIXEL_M - 0.15],
        ]
    )
    corners += rng.uniform(-0.05, 0.05, (4, 2))
    mask = np.zeros((rows, cols), np.uint8)
    cv2.fillPoly(mask, [np.round(corners / PIXEL_M * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    ragged = 0.012 * smooth(rng, rows, cols, 12.0)
    inward = cv2.distanceTransform(mask, cv2.DIST_L2, 5) * PIXEL_M
    outward = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5) * PIXEL_M
    signed = inward - outward + ragged
    inside = np.clip(signed / 0.012 + 0.5, 0, 1).astype(np.float32)
    tone = 74.0 if rng.random() < 0.65 else 122.0
    grain = cv2.GaussianBlur(white(rng, rows, cols), (0, 0), 0.9)
    grain = 11.0 * grain / grain.std() + 4.0 * fractal(rng, rows, cols, 60.0, 3)
    grey = tone + grain
    edge = np.exp(-np.abs(signed) / 0.018)
    if rng.random() < 0.5:
        grey = grey * (1 - 0.55 * edge)
    else:
        grey = grey * (1 - 0.3 * edge * (smooth(rng, rows, cols, 9.0) > 0))
    lit = (
        cv2.Sobel(inside, cv2.CV_32F, 0, 1) * sun.along
        + cv2.Sobel(inside, cv2.CV_32F, 1, 0) * sun.across
    )
    grey = grey * (1 - 0.05 * np.clip(lit, -1, 1))
    add = grey[..., None] * np.array([0.98, 0.99, 1.0]) * inside[..., None]
    multiply = (1 - inside) * (1 - 0.35 * edge * (outward < 0.03))
    defect.area_m2 = float(mask.sum()) * PIXEL_M**2
    defect.length_m, defect.width_m = defect.s_to_m - defect.s_from_m, 2 * defect.half_m
    return Stamp(s0, d0, multiply.astype(np.float32), add.astype(np.float32), mask)


def sealed_crack(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a bridged crack: a black glossy band about 6 cm wide, with ragged flow at its rims."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.25)
    across = bool(defect.extra.get("across"))
    span = 2 * defect.half_m if across else defect.s_to_m - defect.s_from_m
    count = int(span / 0.03)
    wander = _walk(rng, count, 0.045, 0.4)
    run = (0.25 + 0.03 * np.arange(count)) / PIXEL_M
    mid = (rows if across else cols) / 2 + wander / PIXEL_M
    points = np.stack([run, mid] if across else [mid, run], axis=-1)
    band = np.zeros((rows, cols), np.uint8)
    for index in range(count - 1):
        wide = round(float((0.058 + 0.016 * np.sin(index / 7.0) + rng.normal(0, 0.004)) / PIXEL_M))
        a, b = points[index].astype(int), points[index + 1].astype(int)
        cv2.line(band, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 255, max(wide, 3))
    cover = cv2.GaussianBlur(band.astype(np.float32) / 255, (0, 0), 0.9)
    gloss = np.clip(smooth(rng, rows, cols, 14.0), -1, 2)
    tone = 46.0 + 5.0 * gloss + 5.0 * white(rng, rows, cols)
    add = (tone * cover)[..., None] * np.array([1.04, 1.0, 0.97])
    defect.length_m, defect.width_m = count * 0.03, 0.06
    return Stamp(
        s0,
        d0,
        (1 - cover).astype(np.float32),
        add.astype(np.float32),
        (cover > 0.5).astype(np.uint8),
    )


def joint(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a straight construction joint: a tight line, one side a shade darker."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.3)
    yy = np.arange(rows, dtype=np.float32)[:, None] - rows / 2 + 1.2 * smooth(rng, 1, cols, 60.0)
    line = np.exp(-((yy / 1.3) ** 2)) * (0.75 + 0.25 * smooth(rng, rows, cols, 8.0))
    step = 1.0 - 0.05 * np.clip(yy / 2, 0, 1) * np.exp(-np.abs(yy) / 40.0)
    multiply = step * (1 - 0.5 * np.clip(line, 0, 1))
    defect.length_m, defect.width_m = 2 * defect.half_m, 0.01
    mask = (line > 0.4).astype(np.uint8)
    return Stamp(s0, d0, multiply.astype(np.float32), np.zeros((rows, cols, 3), np.float32), mask)


def manhole(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a round cast-iron cover in its frame, set in a ring of mortar."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.25)
    yy, xx = np.mgrid[0:rows, 0:cols].astype(np.float32)
    dy, dx = (yy - rows / 2) * PIXEL_M, (xx - cols / 2) * PIXEL_M
    radius = np.hypot(dx, dy)
    frame = np.clip((0.36 - radius) / 0.006 + 0.5, 0, 1)
    turn = rng.uniform(0, 1.5)
    a, b = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    studs = ((np.mod(a, 0.06) < 0.036) ^ (np.mod(b, 0.06) < 0.036)).astype(np.float32)
    tone = np.where(radius < 0.265, 74.0 + 26.0 * studs, 96.0)
    tone = np.where((radius > 0.285) & (radius < 0.303), 36.0, tone)
    tone = tone + 6.0 * white(rng, rows, cols) + 7.0 * smooth(rng, rows, cols, 20.0)
    mortar = np.clip((0.46 + 0.02 * smooth(rng, rows, cols, 25.0) - radius) / 0.02, 0, 1)
    multiply = (1 - frame) * (1 - 0.22 * mortar)
    colour = np.array([0.90, 0.97, 1.03]) if rng.random() < 0.5 else np.array([0.97, 1.0, 1.0])
    add = (tone * frame)[..., None] * colour
    defect.length_m = defect.width_m = 0.72
    return Stamp(
        s0, d0, multiply.astype(np.float32), add.astype(np.float32), (frame > 0.5).astype(np.uint8)
    )
