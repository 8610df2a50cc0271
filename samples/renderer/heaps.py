"""Dumped things: sacks, a mattress, rubble, tyres, an old machine; drawn from solids."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from .noise import fractal, generator, smooth
from .solids import Figure, Image, render

KINDS = ("sacks", "mattress", "rubble", "tyres", "appliance")


def heap(seed: int, name: str, kind: str) -> tuple[Image, float, float]:
    """Return picture, width and height in metres of one heap."""
    rng = generator(seed, "heap", name)
    width, height = 2.8, 1.6
    figure = Figure()
    if kind in {"sacks", "appliance"}:
        _sacks(figure, rng, 11 if kind == "sacks" else 5)
    if kind == "appliance":
        for x in np.linspace(-0.22, 0.22, 9):
            figure.rod(
                (x - 0.35, 0.05, -0.1),
                (x - 0.35, 0.86, -0.1),
                0.06,
                0.06,
                (206, 208, 206),
                0.02,
                0.1,
            )
        figure.rod((-0.35, 0.48, 0.0), (-0.35, 0.49, 0.0), 0.2, 0.2, (120, 112, 104), 0.0, 0.5)
    if kind == "tyres":
        for _ in range(5):
            x, y, z = rng.uniform(-0.75, 0.75), rng.uniform(0.28, 0.42), rng.uniform(-0.4, 0.4)
            lean, spin = rng.uniform(0.35, 0.9), rng.uniform(-0.5, 0.5)
            turns = np.linspace(0, 2 * np.pi, 26)
            ring = [
                (
                    x + 0.25 * np.cos(t) * np.cos(spin),
                    y + 0.25 * np.sin(t) * lean,
                    z - 0.25 * np.sin(t) * (1 - lean) + 0.25 * np.cos(t) * np.sin(spin),
                )
                for t in turns
            ]
            for a, b in pairwise(ring):
                figure.rod(a, b, 0.085, 0.085, (46, 45, 44), 0.04, 0.1)
    if kind == "rubble":
        for _ in range(150):
            out = rng.normal(0, 0.48)
            top = max(0.03, 0.55 - 0.5 * abs(out)) * rng.random()
            tone = rng.choice([96, 128, 158, 176])
            warm = rng.choice([1.0, 0.82, 0.6], p=[0.55, 0.25, 0.2])
            size = rng.uniform(0.03, 0.11)
            at = (out, top + 0.04, rng.uniform(-0.4, 0.4) * (1 - top))
            end = (at[0] + rng.normal(0, size), at[1] + rng.normal(0, size * 0.4), at[2])
            figure.rod(
                at, end, size, size * 0.8, (tone * warm * 0.9, tone * (0.5 + 0.5 * warm), tone), 0.3
            )
    image = render(figure, width, height, rng, 0.004, rough=0.5)
    if kind == "mattress":
        image = _mattress(rng)
        extra = Figure()
        _sacks(extra, rng, 4)
        over = render(extra, width, height, rng, 0.004, rough=0.5)
        image = np.where(over[..., 3:] > 60, over, image)
    return image, width, height


def _sacks(figure: Figure, rng: np.random.Generator, count: int) -> None:
    tones = (
        (36, 34, 34),
        (40, 38, 38),
        (150, 96, 40),
        (212, 214, 214),
        (60, 110, 60),
        (44, 42, 42),
    )
    for index in range(count):
        tone = tones[int(rng.integers(len(tones)))]
        x = rng.normal(0, 0.45)
        y = 0.22 if index < 7 else 0.52
        z = rng.uniform(-0.35, 0.35)
        size = rng.uniform(0.2, 0.29)
        figure.rod(
            (x, y, z), (x + rng.normal(0, 0.06), y + 0.10, z), size, size * 0.75, tone, 0.22, 0.4
        )
        figure.rod(
            (x, y + size * 0.8, z),
            (x + rng.normal(0, 0.04), y + size * 1.25, z),
            0.06,
            0.09,
            tone,
            0.2,
            0.3,
        )


def _mattress(rng: np.random.Generator) -> Image:
    """Return a stained mattress that leans on its side."""
    rows, cols = 400, 700
    flat = np.full((300, 500, 3), (196, 206, 212), np.float32)
    stain = np.clip(fractal(rng, 300, 500, 120.0, 5) * 0.5, 0, 1)[..., None]
    flat = flat * (1 - 0.5 * stain) + np.array([84, 118, 140]) * 0.5 * stain
    yy, xx = np.mgrid[0:300, 0:500]
    quilt = 1 + 0.05 * np.sin((xx + yy) / 14) * np.sin((xx - yy) / 14)
    flat *= quilt[..., None] * (1 + 0.03 * smooth(rng, 300, 500, 30.0))[..., None]
    flat[:14] *= 0.75
    flat[-30:] *= 0.7
    source = np.array([[0, 0], [500, 0], [500, 300], [0, 300]], np.float32)
    target = np.array([[120, 130], [560, 90], [600, 392], [90, 396]], np.float32)
    move = cv2.getPerspectiveTransform(source, target)
    out = cv2.warpPerspective(np.clip(flat, 0, 255).astype(np.uint8), move, (cols, rows))
    alpha = cv2.warpPerspective(np.full((300, 500), 255, np.uint8), move, (cols, rows))
    side = np.array([[560, 90], [600, 84], [640, 386], [600, 392]])
    cv2.fillPoly(out, [side], (128, 140, 150))
    cv2.fillPoly(alpha, [side], 255)
    return np.dstack([out, alpha])
