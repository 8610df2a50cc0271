"""The whole road as strips of texture, one for each range of viewing distance.

A camera at 1.3 m sees a centimetre across but a metre along at forty metres. Every level of a
strip is averaged over just that footprint, so that the far road neither shimmers nor invents
cracks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.lib.format as npy
from numpy.typing import NDArray

from .alignment import Alignment
from .asphalt import COLS, HALF_STRIP_M, ROWS, TILE_M, Pools, base_tile, make_pools
from .lookalikes import joint, manhole, patch, sealed_crack
from .noise import Float, fractal, generator
from .plan import Defect
from .stamps import PIXEL_M, Stamp, Sun, alligator, crack_across, crack_along, pothole

Image = NDArray[np.uint8]

FIRST_TILE = -1
LAST_TILE = 41  # tiles FIRST_TILE .. LAST_TILE - 1
STRIP_FROM_M = FIRST_TILE * TILE_M
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


@dataclass(frozen=True)
class Light:
    """Light of a pass, in the world: bearing and height of the sun, and how hard it is."""

    bearing_deg: float
    elevation_deg: float
    shade: float = 0.44
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gain: float = 1.0

    def on_road(self, heading_rad: float) -> Sun:
        """Return the direction to the sun in road coordinates."""
        turn = np.radians(self.bearing_deg) - heading_rad
        flat = np.cos(np.radians(self.elevation_deg))
        return Sun(
            float(np.cos(turn) * flat),
            float(np.sin(turn) * flat),
            float(np.sin(np.radians(self.elevation_deg))),
        )


def make_stamp(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint one thing; its measures are written into it."""
    painters = {
        "FLB": crack_along,
        "FLH": crack_along,
        "FTR": crack_across,
        "FAI": alligator,
        "FAH": alligator,
        "NDP": pothole,
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
    rng = generator(seed, "tint", index)
    tint = 0.012 * cv2.resize(fractal(rng, 200, 32, 12.0, 3), (COLS, ROWS))
    for channel, weight in enumerate((0.985, 1.0, 1.012)):
        image[..., channel] = grey * weight
    image[..., 0] *= 1 - tint
    image[..., 2] *= 1 + tint
    tone = np.ones(3, np.float32)
    for defect in defects:
        if defect.s_to_m + 1.0 < s0 or defect.s_from_m - 1.0 > s0 + TILE_M:
            continue
        _lay(make_stamp(defect, seed, sun), image, s0, tone)
    if plants.any():
        blades = pools.grass[:3400]
        blades = np.concatenate([blades, blades[::-1], blades])[:ROWS]
        green = np.array([52.0, 98.0, 92.0], np.float32)
        for channel in range(3):
            leaf = green[channel] + blades * (0.55, 0.95, 0.9)[channel]
            image[..., channel] += plants * (leaf - image[..., channel])
    _wet(road, s0, image)
    dark = 1 - (1 - light.shade) * (1 - cv2.resize(shade, (COLS, ROWS)))
    for channel, blue in enumerate((0.10, 0.02, -0.02)):
        image[..., channel] *= (dark + blue * (1 - dark)) * (light.gain * light.tint[channel])
    return np.clip(image, 0, 255).astype(np.uint8)


def _wet(road: Alignment, s0: float, image: Float) -> None:
    """Darken the damp stretch under the trees."""
    s = s0 + (np.arange(ROWS, dtype=np.float32) + 0.5) * PIXEL_M
    wet = np.clip(np.minimum(s - 1180, 1232 - s) / 6.0, 0, 1)
    if wet.max() > 0:
        image *= (1 - 0.30 * wet)[:, None, None]


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
