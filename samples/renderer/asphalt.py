"""The road's own skin: stones and binder, wheel paths, markings, kerbs, shoulders."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .alignment import Alignment
from .noise import Float, fractal, generator, smoothstep, wave, white
from .plan import CROSSWALK_M, SURFACES, VILLAGE_M
from .stamps import PIXEL_M

HALF_STRIP_M = 4.0
TILE_M = 50.0
ROWS = int(TILE_M / PIXEL_M)
COLS = int(2 * HALF_STRIP_M / PIXEL_M)
POOL_ROWS = 6000
FIRST_TILE = -1
LAST_TILE = 41  # tiles FIRST_TILE .. LAST_TILE - 1
MACRO_ROWS, MACRO_COLS = ROWS // 40, COLS // 40


@dataclass
class Pools:
    """Large noise rasters from which every tile takes a different part.

    ``tone`` and ``hue`` cover the whole road, so that no tile begins with a step that would pass
    for a joint.
    """

    fine: Float
    coarse: Float
    grass: Float
    tone: Float
    hue: Float

    def slow(self, field: Float, index: int) -> Float:
        """Return a tile's part of ``tone`` or ``hue`` at full resolution."""
        row = (index - FIRST_TILE) * MACRO_ROWS
        margin = 2  # the neighbours' rows, so that both sides of a joint see the same curve
        padded = np.pad(field, ((margin, margin), (0, 0)), mode="edge")
        part = padded[row : row + MACRO_ROWS + 2 * margin]
        col, at = np.meshgrid(
            (np.arange(COLS, dtype=np.float32) + 0.5) * MACRO_COLS / COLS - 0.5,
            (np.arange(ROWS, dtype=np.float32) + 0.5) * MACRO_ROWS / ROWS - 0.5 + margin,
        )
        return np.asarray(
            cv2.remap(part, col, at, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        )


def make_pools(seed: int) -> Pools:
    """Draw the noise pools once a render."""
    rng = generator(seed, "asphalt pool")

    def stones(size: float) -> Float:
        noise = white(rng, POOL_ROWS, COLS)
        band = cv2.GaussianBlur(noise, (0, 0), size) - cv2.GaussianBlur(noise, (0, 0), size * 2.2)
        band /= band.std()
        return np.where(band > 0, band, 0.7 * band).astype(np.float32)

    octave = fractal(rng, POOL_ROWS, COLS, 10.0, 3, 0.8)
    fine = 9.0 * stones(0.75) + 4.5 * octave
    coarse = 9.5 * stones(1.0) + 4.5 * octave
    blades = white(rng, POOL_ROWS, COLS)
    blades = np.asarray(cv2.GaussianBlur(blades, (0, 0), sigmaX=1.0, sigmaY=3.0), np.float32)
    grass = 20.0 * blades / blades.std() + 14.0 * fractal(rng, POOL_ROWS, COLS, 40.0, 4)
    rows = (LAST_TILE - FIRST_TILE) * MACRO_ROWS
    tone = 4.5 * fractal(rng, rows, MACRO_COLS, 10.0, 3)
    tone += 3.0 * fractal(rng, rows, MACRO_COLS, 50.0, 2)
    hue = 0.012 * fractal(rng, rows, MACRO_COLS, 12.0, 3)
    return Pools(fine, coarse, grass.astype(np.float32), tone, hue)


def _cut(rng: np.random.Generator, pool: Float, rows: int) -> Float:
    """Take ``rows`` rows of a pool, turned over and shifted at random."""
    parts = []
    left = rows
    while left > 0:
        count = min(left, 3400)
        start = int(rng.integers(0, POOL_ROWS - count))
        part = pool[start : start + count]
        if rng.random() < 0.5:
            part = part[::-1]
        if rng.random() < 0.5:
            part = part[:, ::-1]
        parts.append(np.roll(part, int(rng.integers(0, COLS)), axis=1))
        left -= count
    return np.concatenate(parts)


def _surface(s_m: float) -> str:
    return next(kind for low, high, kind in SURFACES if low <= s_m < high)


TONE = {"BB": 106.0, "ES": 121.0, "ECF": 92.0}


def base_tile(road: Alignment, seed: int, pools: Pools, index: int) -> tuple[Float, Float, Float]:
    """Return grey value, share of vegetation and share of paint of one 50 m tile."""
    rng = generator(seed, "tile", index)
    s0 = index * TILE_M
    s = s0 + (np.arange(ROWS, dtype=np.float32) + 0.5) * PIXEL_M
    d = (np.arange(COLS, dtype=np.float32) + 0.5) * PIXEL_M - HALF_STRIP_M
    half = road.half_width_m(s.astype(np.float64)).astype(np.float32)
    grey = np.empty((ROWS, COLS), np.float32)
    kinds = [_surface(float(at)) for at in s[::200]]
    low_row = 0
    for start in range(len(kinds)):
        row1 = min((start + 1) * 200, ROWS)
        if start + 1 < len(kinds) and kinds[start + 1] == kinds[low_row // 200]:
            continue
        kind = kinds[low_row // 200]
        pool = pools.fine if kind != "ES" else pools.coarse
        grey[low_row:row1] = _cut(rng, pool, row1 - low_row) + TONE[kind]
        low_row = row1
    grey += pools.slow(pools.tone, index)
    across = np.zeros((1, COLS), np.float32)
    centre = float(half.mean()) / 2
    for lane in (-1, 1):
        off = d - lane * centre
        for path in (-0.87, 0.87):
            across += 6.0 * np.exp(-((off - path) ** 2) / (2 * 0.26**2))
        across -= 7.5 * np.exp(-(off**2) / (2 * 0.22**2))
    # waves of a tile's own die out at its ends, where the next tile has others
    taper = np.clip(np.minimum(np.arange(ROWS), ROWS - 1 - np.arange(ROWS)) / 400, 0, 1)
    grey += across * (1 + 0.25 * taper * wave(rng, ROWS, 1500.0, 3))[:, None]
    seam = np.exp(-((d - 0.03) ** 2) / (2 * 0.012**2))
    grey -= 16.0 * seam * smoothstep(-0.6, 0.6, taper * wave(rng, ROWS, 900.0))[:, None]
    _stains(rng, grey)
    paint = _markings(road, seed, index, s, d, half)
    grey = grey * (1 - paint) + (206.0 + 0.55 * (grey - 106.0)) * paint
    plants = _edges(road, seed, index, pools, s, d, half, grey)
    return grey, plants, paint


def _stains(rng: np.random.Generator, grey: Float) -> None:
    """Oil drops, bleeding binder and tyre marks: dark, soft, harmless."""
    for _ in range(14):
        row, col = int(rng.integers(0, ROWS)), int(rng.integers(150, COLS - 150))
        size = int(rng.integers(8, 45))
        part = grey[max(row - 3 * size, 0) : row + 3 * size, col - 3 * size : col + 3 * size]
        if part.size == 0 or min(part.shape) < 8:
            continue
        yy, xx = np.mgrid[0 : part.shape[0], 0 : part.shape[1]].astype(np.float32)
        radius = np.hypot(yy - part.shape[0] / 2, xx - part.shape[1] / 2) / size
        radius += 0.25 * fractal(rng, part.shape[0], part.shape[1], size * 0.8, 3)
        part *= 1 - float(rng.uniform(0.06, 0.2)) * np.exp(-(radius**2))


def _markings(road: Alignment, seed: int, index: int, s: Float, d: Float, half: Float) -> Float:
    """Return the share of paint: dashed axis, dashed edges, crossing and stop bars, all worn."""
    rng = generator(seed, "paint", index)
    paint = np.zeros((ROWS, COLS), np.float32)
    curve = np.abs(road._at(road.curvature, s.astype(np.float64))) > 1 / 230
    village = (s > VILLAGE_M[0]) & (s < VILLAGE_M[1])
    crest = (s > 838) & (s < 930)
    dash = (np.mod(s, 13.0) < 3.0) | curve | crest
    near_cross = np.abs(s - CROSSWALK_M - 2) < 9
    narrow = s < 180
    axis = dash & ~near_cross & ~(narrow & ~(np.mod(s, 13.0) < 3.0))
    middle = np.clip((0.06 - np.abs(d)) / PIXEL_M + 0.5, 0, 1)
    paint[axis] = middle
    edge_on = (np.mod(s + 1.0, 6.5) < 3.0) & ~village & ~narrow
    for side in (-1, 1):
        place = side * (half - 0.16)
        line = np.clip((0.075 - np.abs(d[None, :] - place[:, None])) / PIXEL_M + 0.5, 0, 1)
        paint = np.maximum(paint, line * edge_on[:, None])
    cross = (s > CROSSWALK_M) & (s < CROSSWALK_M + 3.0)
    bars = (np.mod(d[None, :] + 0.25, 1.0) < 0.5) & (np.abs(d[None, :]) < half[:, None] - 0.2)
    paint = np.maximum(paint, (bars & cross[:, None]).astype(np.float32))
    worn = cv2.resize(
        fractal(rng, ROWS // 4, COLS // 4, 22.0, 4), (COLS, ROWS), interpolation=cv2.INTER_LINEAR
    )
    left = smoothstep(-1.55, -0.55, worn + 0.5 * wave(rng, ROWS, 2500.0)[:, None])
    tracks = np.zeros(COLS, np.float32)
    for lane in (-1, 1):
        for path in (-0.87, 0.87):
            tracks += np.exp(-((d - lane * 1.45 - path) ** 2) / (2 * 0.25**2))
    return np.asarray(paint * left * (0.9 - 0.3 * np.clip(tracks, 0, 1)), dtype=np.float32)


def _edges(
    road: Alignment,
    seed: int,
    index: int,
    pools: Pools,
    s: Float,
    d: Float,
    half: Float,
    grey: Float,
) -> Float:
    """Lay kerb and footpath in the village, gravel and grass elsewhere; give the plants' share."""
    rng = generator(seed, "edge", index)
    plants = np.zeros((ROWS, COLS), np.float32)
    village = smoothstep(VILLAGE_M[0] - 1, VILLAGE_M[0], s) * (
        1 - smoothstep(VILLAGE_M[1], VILLAGE_M[1] + 1, s)
    )
    for side in (-1, 1):
        cols = np.flatnonzero(side * d > 2.4)
        band = slice(int(cols[0]), int(cols[-1]) + 1)
        out = side * d[None, band] - half[:, None]
        ragged = 0.10 * wave(rng, ROWS, 260.0, 5)[:, None] + 0.05 * cv2.resize(
            fractal(rng, ROWS // 8, len(cols) // 4, 6.0, 3), (len(cols), ROWS)
        )
        gravel = smoothstep(-0.03, 0.06, out + 0.35 * ragged) * (1 - village)[:, None]
        stones = _cut(rng, pools.coarse, ROWS)[:, band]
        part = grey[:, band]
        part[:] = part * (1 - gravel) + (126.0 + 1.5 * stones) * gravel
        green = smoothstep(0.10, 0.34, out + 1.1 * ragged) * (1 - village)[:, None]
        weeds = smoothstep(1.25, 1.6, out * 1.1 + 6.5 * ragged) * (1 - village)[:, None]
        plants[:, band] = np.maximum(green, 0.8 * weeds)
        kerb = smoothstep(0.0, 0.01, out) * village[:, None]
        gutter = np.exp(-((out + 0.04) ** 2) / (2 * 0.05**2)) * village[:, None]
        part *= 1 - 0.28 * gutter
        part[:] = part * (1 - kerb) + (158.0 + 0.5 * stones) * kerb
        face = ((out > 0.0) & (out < 0.035)).astype(np.float32) * village[:, None]
        part *= 1 - 0.4 * face
        block = (np.mod(s, 1.0) < 0.012)[:, None] & (out > 0) & (out < 0.18)
        part *= np.where(block & (village[:, None] > 0.5), 0.7, 1.0)
        path = smoothstep(0.17, 0.19, out) * village[:, None]
        part[:] = part * (1 - path) + (132.0 + 0.9 * stones) * path
    return plants
