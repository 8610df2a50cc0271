"""The whole road as strips of texture, one for each range of viewing distance.

A camera at 1.3 m sees a centimetre across but a metre along at forty metres. Every level of a
strip is averaged over just that footprint, so that the far road neither shimmers nor invents
cracks.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.lib.format as npy
from numpy.typing import NDArray

from .alignment import Alignment
from .asphalt import (
    COLS,
    FIRST_TILE,
    HALF_STRIP_M,
    LAST_TILE,
    ROWS,
    TILE_M,
    Pools,
    base_tile,
    make_pools,
)
from .lookalikes import joint, manhole, patch, sealed_crack
from .noise import Float, fractal, generator, smoothstep
from .plan import WET_M, Defect
from .site import Light, Sun
from .stamps import PIXEL_M, Stamp, alligator, crack_across, crack_along, pothole

Image = NDArray[np.uint8]

STRIP_FROM_M = FIRST_TILE * TILE_M
WATER_M = 0.05
# distance in metres from which a level serves, metres a row along, pixels across
LEVELS = (
    (0.0, 0.0125, 1280),
    (4.6, 0.02, 1280),
    (6.2, 0.04, 1100),
    (8.6, 0.08, 800),
    (12.0, 0.15625, 560),
    (17.0, 0.3125, 400),
    (24.0, 0.625, 280),
    (34.0, 1.25, 200),
    (48.0, 2.5, 140),
    (68.0, 5.0, 100),
    (96.0, 10.0, 70),
)


def make_stamp(defect: Defect, seed: int, sun: Sun, way: int) -> Stamp:
    """Paint one thing as an eye that drives ``way`` sees it; its measures are written into it."""
    if defect.code == "NDP":
        return pothole(defect, seed, sun, way)
    painters = {
        "FLB": crack_along,
        "FLH": crack_along,
        "FTR": crack_across,
        "FAI": alligator,
        "FAH": alligator,
        "REP": patch,
        "PON": sealed_crack,
        "JOINT": joint,
        "MANHOLE": manhole,
    }
    return painters[defect.code](defect, seed, sun)


def _lay(stamp: Stamp, image: Float, s0_m: float, scale: Float) -> None:
    """Lay a stamp over a BGR tile, cut to the tile."""
    row = round((stamp.s0_m - s0_m) / PIXEL_M)
    col = round((stamp.d0_m + HALF_STRIP_M) / PIXEL_M)
    rows, cols = stamp.multiply.shape
    r0, r1 = max(row, 0), min(row + rows, ROWS)
    c0, c1 = max(col, 0), min(col + cols, COLS)
    if r0 >= r1 or c0 >= c1:
        return
    cut = (slice(r0 - row, r1 - row), slice(c0 - col, c1 - col))
    part = image[r0:r1, c0:c1]
    part *= stamp.multiply[cut][..., None]
    part += stamp.add[cut] * scale


def paint_tile(
    road: Alignment,
    seed: int,
    pools: Pools,
    index: int,
    defects: list[Defect],
    light: Light,
    shade: Float,
) -> Image:
    """Return one lit tile, BGR; ``shade`` is the share of direct sun, at any resolution."""
    grey, plants, _ = base_tile(road, seed, pools, index)
    s0 = index * TILE_M
    sun = light.on_road(float(road.heading_rad(np.array([s0 + TILE_M / 2]))[0]))
    image = np.empty((ROWS, COLS, 3), np.float32)
    tint = pools.slow(pools.hue, index)
    for channel, weight in enumerate((0.985, 1.0, 1.012)):
        image[..., channel] = grey * weight
    image[..., 0] *= 1 - tint
    image[..., 2] *= 1 + tint
    tone = np.ones(3, np.float32)
    for defect in defects:
        if defect.s_to_m + 1.0 < s0 or defect.s_from_m - 1.0 > s0 + TILE_M:
            continue
        _lay(make_stamp(defect, seed, sun, light.way), image, s0, tone)
    if plants.any():
        blades = pools.grass[:3400]
        blades = np.concatenate([blades, blades[::-1], blades])[:ROWS]
        green = np.array([52.0, 98.0, 92.0], np.float32)
        for channel in range(3):
            leaf = green[channel] + blades * (0.55, 0.95, 0.9)[channel]
            image[..., channel] += plants * (leaf - image[..., channel])
    _wet(seed, s0, image)
    dark = 1 - (1 - light.shade) * (1 - cv2.resize(shade, (COLS, ROWS)))
    for channel, blue in enumerate((0.10, 0.02, -0.02)):
        image[..., channel] *= (dark + blue * (1 - dark)) * (light.gain * light.tint[channel])
    return np.clip(image, 0, 255).astype(np.uint8)


def water(seed: int) -> Float:
    """Return how much of the wet stretch is under a film, every ``WATER_M``; ruts hold most."""
    rows = round((WET_M[1] - WET_M[0]) / WATER_M)
    cols = round(2 * HALF_STRIP_M / WATER_M)
    rng = generator(seed, "water")
    d = (np.arange(cols, dtype=np.float32) + 0.5) * WATER_M - HALF_STRIP_M
    ruts = np.exp(-((np.abs(np.abs(d) - 1.42) - 0.87) ** 2) / (2 * 0.3**2))
    deep = fractal(rng, rows, cols, 50.0, 4) + 1.1 * ruts[None, :] - 0.35
    ends = np.minimum(np.arange(rows), rows - 1 - np.arange(rows)) * WATER_M / 6.0
    return np.asarray(smoothstep(-0.5, 0.9, deep) * np.clip(ends, 0, 1)[:, None], dtype=np.float32)


def _wet(seed: int, s0: float, image: Float) -> None:
    """Darken the wet stretch under the trees, most where water stands."""
    s = s0 + (np.arange(ROWS, dtype=np.float32) + 0.5) * PIXEL_M
    damp = np.clip(np.minimum(s - WET_M[0], WET_M[1] - s) / 6.0, 0, 1)
    if damp.max() <= 0:
        return
    d = (np.arange(COLS, dtype=np.float32) + 0.5) * PIXEL_M - HALF_STRIP_M
    col, row = np.meshgrid((d + HALF_STRIP_M) / WATER_M - 0.5, (s - WET_M[0]) / WATER_M - 0.5)
    film = cv2.remap(water(seed), col, row, cv2.INTER_LINEAR)
    image *= (1 - 0.25 * damp[:, None] - 0.17 * film)[..., None]


def level_path(folder: Path, level: int) -> Path:
    """Return the file of one level."""
    return folder / f"road_{level}.npy"


def make_levels(folder: Path) -> None:
    """Create the empty files that the painters fill."""
    count = LAST_TILE - FIRST_TILE
    for level, (_, along, cols) in enumerate(LEVELS):
        shape = (count * round(TILE_M / along), cols, 3)
        npy.open_memmap(level_path(folder, level), "w+", dtype=np.uint8, shape=shape)


def paint_strips(
    road: Alignment,
    seed: int,
    folder: Path,
    tiles: list[int],
    defects: list[Defect],
    light: Light,
    shade_map: Float,
    shade_step_m: float,
) -> None:
    """Paint some tiles into the level files; ``shade_map`` covers the strip from its start."""
    pools = make_pools(seed)
    files = [np.load(level_path(folder, k), mmap_mode="r+") for k in range(len(LEVELS))]
    for index in tiles:
        start = round((index - FIRST_TILE) * TILE_M / shade_step_m)
        part = shade_map[start : start + round(TILE_M / shade_step_m)]
        image = paint_tile(road, seed, pools, index, defects, light, part)
        for file, (_, along, cols) in zip(files, LEVELS, strict=True):
            rows = round(TILE_M / along)
            small = cv2.resize(image, (cols, rows), interpolation=cv2.INTER_AREA)
            at = (index - FIRST_TILE) * rows
            file[at : at + rows] = small
        for file in files:
            file.flush()
