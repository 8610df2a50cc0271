"""Trees, hedges and tufts of grass as pictures with fractal edges, lit from above."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import fractal, generator, smooth, smoothstep, white

Image = NDArray[np.uint8]


def _leaves(
    rng: np.random.Generator,
    rows: int,
    cols: int,
    centres: NDArray[np.float64],
    radius: float,
    green: NDArray[np.float64],
    size: float,
) -> Image:
    """Paint clusters of leaves round centres (row, col), dark below and inside, light on top."""
    colour = np.zeros((rows, cols, 3), np.float32)
    alpha = np.zeros((rows, cols), np.float32)
    order = np.argsort(rng.random(len(centres)))
    top = centres[:, 0].min()
    span = max(float(np.ptp(centres[:, 0])), 1.0)
    for index in order:
        row, col = centres[index]
        high = 1 - (row - top) / span
        for _ in range(int(rng.integers(26, 44))):
            angle, way = rng.uniform(0, 2 * np.pi), radius * np.sqrt(rng.random())
            r, c = row + way * np.sin(angle) * 0.8, col + way * np.cos(angle)
            lift = -np.sin(angle) * way / radius
            light = 0.50 + 0.28 * high + 0.30 * lift + 0.12 * rng.normal()
            tone = green * np.clip(light, 0.22, 1.35) * (1 + 0.05 * rng.normal(size=3))
            axes = (
                max(1, int(size * rng.uniform(0.7, 1.5))),
                max(1, int(size * rng.uniform(0.4, 0.9))),
            )
            place = (int(c), int(r))
            spin = float(rng.uniform(0, 180))
            paint = tuple(float(value) for value in np.clip(tone, 0, 255))
            cv2.ellipse(colour, place, axes, spin, 0, 360, paint, -1)
            cv2.ellipse(alpha, place, axes, spin, 0, 360, 255.0, -1)
    return np.dstack([colour, alpha]).clip(0, 255).astype(np.uint8)


def tree(seed: int, name: str) -> Image:
    """Return a broad-leaved tree, 5 m wide and 8 m high at 1.25 cm a pixel."""
    rng = generator(seed, "tree", name)
    rows, cols = 640, 420
    green = np.array([44.0, 106.0, 92.0]) * rng.uniform(0.8, 1.1) + rng.normal(0, 5, 3)
    centres: list[tuple[float, float]] = []
    crown_r, crown_c = rows * rng.uniform(0.36, 0.42), cols / 2
    wide, high = cols * rng.uniform(0.30, 0.36), rows * rng.uniform(0.27, 0.31)
    while len(centres) < 150:
        angle, way = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        bump = 1 + 0.16 * np.sin(3 * angle + rng.normal() * 0.2) + 0.1 * np.sin(5 * angle)
        centres.append(
            (
                crown_r + high * way * bump * np.sin(angle),
                crown_c + wide * way * bump * np.cos(angle),
            )
        )
    points = np.array(centres)
    points = points[np.argsort(-points[:, 0])]
    image = np.zeros((rows, cols, 4), np.uint8)
    trunk = int(rng.integers(9, 15))
    base = cols // 2 + int(rng.normal(0, 6))
    shape = np.array(
        [
            [base - trunk, rows],
            [base - trunk // 2, int(crown_r)],
            [base + trunk // 2, int(crown_r)],
            [base + trunk, rows],
        ]
    )
    cv2.fillPoly(image, [shape], (52, 62, 70, 255), cv2.LINE_AA)
    for _ in range(9):
        end = points[int(rng.integers(len(points)))]
        start = (base, int(rng.uniform(crown_r, rows * 0.72)))
        cv2.line(image, start, (int(end[1]), int(end[0])), (46, 55, 62, 255), 4, cv2.LINE_AA)
    bark = 1 + 0.2 * smooth(rng, rows, cols, 4.0)
    image[..., :3] = np.clip(image[..., :3] * bark[..., None], 0, 255)
    back = _leaves(rng, rows, cols, points[:60], 34.0, green * 0.62, 4.5)
    front = _leaves(rng, rows, cols, points[30:], 30.0, green, 4.0)
    for layer in (back, front):
        cover = layer[..., 3:] > 0
        image = np.where(cover, layer, image)
    return image


def cypress(seed: int, name: str) -> Image:
    """Return a slim conifer, 2.5 m wide and 8 m high."""
    rng = generator(seed, "cypress", name)
    rows, cols = 640, 210
    height = rng.random(170)
    half = (0.10 + 0.9 * np.sqrt(height)) * cols * 0.3
    centres = np.stack(
        [rows * (0.05 + 0.9 * height), cols / 2 + half * rng.uniform(-1, 1, 170)], axis=-1
    )
    return _leaves(rng, rows, cols, centres, 20.0, np.array([42.0, 78.0, 60.0]), 3.5)


def hedge(seed: int, name: str) -> Image:
    """Return a hedge with a ragged top, 8 m wide and 2 m high at 1.5 cm a pixel."""
    rng = generator(seed, "hedge", name)
    rows, cols = 133, 533
    green = np.array([40.0, 92.0, 78.0]) * rng.uniform(0.85, 1.1)
    top = rows * (
        0.30 + 0.10 * np.interp(np.arange(cols), np.linspace(0, cols, 14), rng.normal(0, 1, 14))
    )
    col = rng.uniform(0, cols, 330)
    low = top[col.astype(int).clip(0, cols - 1)]
    row = low + (rows * 1.02 - low) * rng.random(330) ** 0.8
    image = _leaves(rng, rows, cols, np.stack([row, col], -1), 12.0, green, 2.6)
    image[int(rows * 0.9) :, :, :3] = image[int(rows * 0.9) :, :, :3] * 0.7
    return image


def bush(seed: int, name: str) -> Image:
    """Return a round bush, 2.4 m wide and 2 m high at 1.5 cm a pixel."""
    rng = generator(seed, "bush", name)
    rows, cols = 133, 160
    angle, way = rng.uniform(0, 2 * np.pi, 110), np.sqrt(rng.random(110))
    row = rows * (0.58 + 0.38 * way * np.sin(angle))
    col = cols * (0.5 + 0.40 * way * np.cos(angle) * (1 + 0.15 * np.sin(3 * angle)))
    green = np.array([40.0, 92.0, 78.0]) * rng.uniform(0.85, 1.1)
    return _leaves(rng, rows, cols, np.stack([row, col], -1), 12.0, green, 2.6)


def wood(seed: int, name: str) -> Image:
    """Return the edge of a distant wood, 60 m wide and 12 m high at 10 cm a pixel."""
    rng = generator(seed, "wood", name)
    rows, cols = 120, 600
    ridge = rows * (0.42 - 0.13 * fractal(rng, 2, cols, 60.0, 5)[0])
    ends = np.minimum(np.arange(cols), np.arange(cols)[::-1]).astype(np.float32)
    ridge = rows - (rows - ridge) * smoothstep(-10, 70, ends) ** 0.5
    yy = np.arange(rows)[:, None]
    ragged = 3.0 * np.clip(smooth(rng, rows, cols, 3.0), -1.5, 1.5)
    alpha = smoothstep(-1.5, 1.5, (yy - ridge[None, :]).astype(np.float32) + ragged)
    crowns = fractal(rng, rows, cols, 22.0, 4, 0.8)
    up = np.clip((yy - ridge[None, :]) / rows, 0, 1)
    light = 0.82 - 0.5 * up + 0.17 * crowns + 0.06 * white(rng, rows, cols)
    green = np.array([50.0, 88.0, 76.0])
    colour = np.clip(green * light[..., None], 0, 255)
    return np.dstack([colour, 255 * alpha]).astype(np.uint8)


def tuft(seed: int, name: str) -> Image:
    """Return a clump of grass, 0.9 m wide and 0.55 m high at 4 mm a pixel."""
    rng = generator(seed, "tuft", name)
    rows, cols = 137, 225
    image = np.zeros((rows, cols, 4), np.uint8)
    dry = rng.random() < 0.4
    for _ in range(190):
        base = cols / 2 + rng.normal(0, cols * 0.17)
        lean = (base - cols / 2) * 0.5 + rng.normal(0, 16)
        tall = rows * np.clip(rng.normal(0.55, 0.2), 0.15, 0.98)
        t = np.linspace(0, 1, 7)
        x = base + lean * t**2
        y = rows - tall * t
        light = rng.uniform(0.6, 1.2)
        tone = np.array([76, 136, 140]) if dry and rng.random() < 0.6 else np.array([48, 108, 96])
        colour = (*(float(v) for v in np.clip(tone * light, 0, 255)), 255.0)
        points = np.stack([x, y], -1).round().astype(np.int32)
        cv2.polylines(image, [points], False, colour, 2 if rng.random() < 0.4 else 1, cv2.LINE_AA)
    if rng.random() < 0.35:
        for _ in range(12):
            spot = (int(rng.uniform(0.2, 0.8) * cols), int(rng.uniform(0.2, 0.6) * rows))
            flower = (
                (225.0, 240.0, 245.0, 255.0) if rng.random() < 0.6 else (60.0, 205.0, 235.0, 255.0)
            )
            cv2.circle(image, spot, 2, flower, -1)
    return image
