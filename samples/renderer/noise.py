"""Seeded randomness and fractal noise, the raw material of every texture."""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


def generator(seed: int, *names: object) -> np.random.Generator:
    """Return a generator that depends on the seed and the names alone.

    Parameters
    ----------
    seed
        Seed of the whole render.
    names
        Words that name the thing to be drawn; the same words give the same numbers.
    """
    text = "/".join([str(seed), *(str(name) for name in names)])
    digest = hashlib.sha256(text.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def white(rng: np.random.Generator, rows: int, cols: int) -> Float:
    """Return white normal noise as float32."""
    return rng.standard_normal((rows, cols), dtype=np.float32)


def smooth(rng: np.random.Generator, rows: int, cols: int, cell_px: float) -> Float:
    """Return noise of unit deviation whose grain is about ``cell_px`` wide.

    Parameters
    ----------
    rng
        Source of randomness.
    rows, cols
        Size of the result.
    cell_px
        Distance between two independent values.
    """
    small_rows = max(2, round(rows / cell_px) + 3)
    small_cols = max(2, round(cols / cell_px) + 3)
    small = white(rng, small_rows, small_cols)
    big = cv2.resize(small, (cols, rows), interpolation=cv2.INTER_CUBIC)
    deviation = float(big.std())
    return np.asarray(big / max(deviation, 1e-6), dtype=np.float32)


def fractal(
    rng: np.random.Generator,
    rows: int,
    cols: int,
    cell_px: float,
    octaves: int = 4,
    gain: float = 0.55,
) -> Float:
    """Return fractal noise of unit deviation; each octave has half the grain of the last."""
    total = np.zeros((rows, cols), np.float32)
    weight = 1.0
    cell = cell_px
    for _ in range(octaves):
        if cell < 1.2:
            break
        total += weight * smooth(rng, rows, cols, cell)
        weight *= gain
        cell /= 2.0
    deviation = float(total.std())
    return np.asarray(total / max(deviation, 1e-6), dtype=np.float32)


def wave(rng: np.random.Generator, length: int, cell: float, octaves: int = 4) -> Float:
    """Return a one-dimensional fractal curve of unit deviation."""
    total = np.zeros(length, np.float32)
    weight = 1.0
    at = np.arange(length, dtype=np.float32)
    for octave in range(octaves):
        step = max(cell / 2**octave, 1.0)
        count = int(length / step) + 4
        knots = rng.standard_normal(count)
        where = at / step
        index = where.astype(np.int64)
        part = where - index
        ease = part * part * (3.0 - 2.0 * part)
        total += weight * (knots[index] * (1.0 - ease) + knots[index + 1] * ease).astype(np.float32)
        weight *= 0.5
    return np.asarray(total / max(float(total.std()), 1e-6), dtype=np.float32)


def smoothstep(low: float, high: float, value: NDArray[Any]) -> Float:
    """Return 0 below ``low``, 1 above ``high`` and a smooth rise between."""
    part = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part), dtype=np.float32)
