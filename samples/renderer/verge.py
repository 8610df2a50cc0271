"""Everything flat beside the road: grass, ditch, fields, side roads, yards, and tree shadows.

A coarse map in road coordinates gives the colours; a fine texture that repeats gives the grain.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment
from .asphalt import LAST_TILE, TILE_M
from .network import side_roads
from .noise import Float, fractal, generator, smoothstep
from .plan import VILLAGE_M
from .strips import STRIP_FROM_M

Image = NDArray[np.uint8]

HALF_MAP_M = 60.0
MAP_ALONG_M = 0.25
MAP_ACROSS_M = 0.125
STRIP_TO_M = LAST_TILE * TILE_M
GRAIN_M = 12.8  # period of the fine texture
GRAIN_PX = 1024
# distance from, metres a row, metres a column of the fine texture
GRAIN_LEVELS = (
    (0.0, 0.0125, 0.0125),
    (5.0, 0.025, 0.0125),
    (8.0, 0.05, 0.0125),
    (12.0, 0.1, 0.0125),
    (17.0, 0.2, 0.025),
    (24.0, 0.4, 0.025),
    (34.0, 0.8, 0.05),
    (50.0, 1.6, 0.1),
    (80.0, 3.2, 0.2),
)
MAP_LEVELS = ((0.0, 0.25), (24.0, 0.5), (40.0, 1.0), (60.0, 2.0), (90.0, 5.0))
SHADE_STEP_M = 0.1


@dataclass
class Canopy:
    """A crown that shades the ground: place, radius, height above ground, density."""

    s_m: float
    d_m: float
    radius_m: float
    height_m: float
    dense: float = 0.85


def periodic(rng: np.random.Generator, size: int, low: float, high: float, slope: float) -> Float:
    """Return noise that repeats, with power between two frequencies (cycles per picture)."""
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    fy = np.fft.fftfreq(size)[:, None] * size
    fx = np.fft.rfftfreq(size)[None, :] * size
    radius = np.hypot(fy, fx)
    gain = np.where((radius >= low) & (radius <= high), np.maximum(radius, 1.0) ** slope, 0.0)
    out = np.fft.irfft2(spectrum * gain, s=(size, size))
    return np.asarray(out / out.std(), dtype=np.float32)


def grain_levels(seed: int) -> list[Image]:
    """Return the repeating grass texture at every level; 128 is neutral, one period and a rim."""
    rng = generator(seed, "grain")
    tone = 17 * periodic(rng, GRAIN_PX, 40, 512, -0.25) + 12 * periodic(rng, GRAIN_PX, 4, 80, -0.7)
    tuft = np.maximum(periodic(rng, GRAIN_PX, 10, 60, -0.4) - 0.7, 0) * 26
    warm = 2.5 * periodic(rng, GRAIN_PX, 3, 60, -0.8)
    image = np.stack([tone - tuft * 0.9 - warm, tone - tuft * 0.5, tone - tuft * 0.7 + warm], -1)
    base = np.clip(128 + image, 10, 250).astype(np.uint8)
    levels = []
    for _, along, across in GRAIN_LEVELS:
        size = (round(GRAIN_M / across), round(GRAIN_M / along))
        small = cv2.resize(base, size, interpolation=cv2.INTER_AREA)
        levels.append(np.ascontiguousarray(cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_WRAP)))
    return levels


def shade_map(seed: int, canopies: list[Canopy], light_along: Float, light_across: Float) -> Float:
    """Return the share of direct sun on the ground, rows along s, from -60 to 60 m across.

    Parameters
    ----------
    seed
        Seed of the leaf pattern.
    canopies
        Crowns that stand in the light.
    light_along, light_across
        Shift of a shadow for each metre of height, one value for each row of the map.
    """
    rows = round((STRIP_TO_M - STRIP_FROM_M) / 0.2)
    cols = round(2 * HALF_MAP_M / 0.2)
    dark = np.zeros((rows, cols), np.float32)
    for crown in canopies:
        row0 = int(np.clip((crown.s_m - STRIP_FROM_M) / 0.2, 0, rows - 1))
        s = crown.s_m + crown.height_m * float(light_along[row0])
        d = crown.d_m + crown.height_m * float(light_across[row0])
        centre = (int((d + HALF_MAP_M) / 0.2), int((s - STRIP_FROM_M) / 0.2))
        stretch = 1.0 + 0.5 * abs(float(light_along[row0]))
        radius = crown.radius_m / 0.2
        cv2.ellipse(
            dark,
            centre,
            (int(radius), int(radius * stretch)),
            0,
            0,
            360,
            crown.dense,
            -1,
            cv2.LINE_AA,
        )
    dark = np.asarray(cv2.GaussianBlur(dark, (0, 0), 3.0), dtype=np.float32)
    rng = generator(seed, "leaves")
    leaf = fractal(rng, rows, cols, 9.0, 4, 0.75)
    holes = smoothstep(-0.9, 0.5, leaf + 3.4 * (dark - 0.5))
    return np.asarray(1.0 - np.clip(holes * np.minimum(dark * 1.5, 1.0), 0, 1), dtype=np.float32)


def _fields(rng: np.random.Generator, s: Float, d: Float) -> Float:
    """Return the colours of grass, ditch and fields."""
    rows, cols = len(s), len(d)
    away = np.abs(d)[None, :]
    tone = fractal(rng, rows // 4, cols // 4, 24.0, 5)
    tone = np.asarray(
        cv2.resize(tone, (cols, rows), interpolation=cv2.INTER_CUBIC), dtype=np.float32
    )
    dry = cv2.resize(fractal(rng, rows // 8, cols // 8, 30.0, 3), (cols, rows))
    green, straw = np.array([56.0, 100, 93], np.float32), np.array([92.0, 134, 142], np.float32)
    near = smoothstep(4.2, 8.0, away) * 0.8 + 0.06
    mix = np.clip((0.45 + 0.28 * dry + 0.1 * tone) * near, 0, 1)[..., None]
    image = green * (1 - mix) + straw * mix
    image *= (1 + 0.10 * tone)[..., None]
    ditch = np.exp(-((away - 5.9 - 0.3 * dry) ** 2) / (2 * 0.35**2)) * (d > 0)[None, :]
    image *= (1 - 0.38 * ditch)[..., None]
    crops = (
        (np.array([64.0, 112, 96]), 0.05),
        (np.array([112.0, 158, 170]), 0.06),
        (np.array([84.0, 104, 124]), 0.05),
        (np.array([64.0, 118, 108]), 0.03),
        (np.array([96.0, 142, 144]), 0.04),
    )
    for side in (-1, 1):
        low = -60.0
        while low < STRIP_TO_M:
            high = low + float(rng.uniform(110, 260))
            colour, stripes = crops[int(rng.integers(len(crops)))]
            own = np.flatnonzero((s >= low) & (s < high))
            out = np.flatnonzero(side * d > 11.3)
            if len(own):
                cut = (slice(own[0], own[-1] + 1), slice(out[0], out[-1] + 1))
                rows_of = 1 + stripes * np.sin(np.abs(d[cut[1]]) * 2 * np.pi / 1.5)[None, :]
                light = rows_of * (1 + 0.06 * tone[cut]) * (1 + 0.05 * dry[cut])
                image[cut] = colour.astype(np.float32) * light[..., None]
            low = high
    return np.asarray(image, dtype=np.float32)


def ground_map(road: Alignment, seed: int, sun_share: Float, shade: float, blue: float) -> Image:
    """Return the coarse map of the ground, BGR, lit; the fourth channel tells how much grain.

    Parameters
    ----------
    road, seed
        The axis and the seed.
    sun_share
        Result of `shade_map`.
    shade, blue
        Brightness in full shade and how much bluer it is there.
    """
    rng = generator(seed, "ground")
    rows = round((STRIP_TO_M - STRIP_FROM_M) / MAP_ALONG_M)
    cols = round(2 * HALF_MAP_M / MAP_ACROSS_M)
    s = (STRIP_FROM_M + (np.arange(rows) + 0.5) * MAP_ALONG_M).astype(np.float32)
    d = ((np.arange(cols) + 0.5) * MAP_ACROSS_M - HALF_MAP_M).astype(np.float32)
    image = _fields(rng, s, d)
    village = smoothstep(VILLAGE_M[0] - 1, VILLAGE_M[0], s) * (
        1 - smoothstep(VILLAGE_M[1], VILLAGE_M[1] + 1, s)
    )
    path = village[:, None] * (np.abs(d) < 4.75)[None, :]
    yard = village[:, None] * ((np.abs(d) >= 4.75) & (np.abs(d) < 10.5))[None, :]
    gravel = fractal(rng, rows, cols, 5.0, 2)
    paved = np.zeros((rows, cols), np.float32)
    stone = np.array([130.0, 132, 134], np.float32) + 5 * gravel[..., None]
    image += path[..., None].astype(np.float32) * (stone - image)
    patches = cv2.resize(fractal(rng, rows // 30, cols // 10, 3.0, 2), (cols, rows)) > -0.3
    beige = np.array([122.0, 138, 146], np.float32) + 7 * gravel[..., None]
    np.copyto(image, beige, where=(patches * yard > 0.5)[..., None])
    np.maximum(paved, path, out=paved)
    _pave(road, rng, image, paved)
    sun = cv2.resize(sun_share, (cols, rows), interpolation=cv2.INTER_LINEAR)
    dark = 1 - (1 - shade) * (1 - sun)
    for channel, extra in enumerate((blue, 0.02, -0.02)):
        image[..., channel] *= dark + extra * (1 - dark)
    full = np.dstack([image, 255 * (1 - 0.75 * paved)])
    return np.clip(full, 0, 255).astype(np.uint8)


def _pave(road: Alignment, rng: np.random.Generator, image: Float, paved: Float) -> None:
    """Draw side roads and tracks onto the map."""
    rows, cols = image.shape[:2]
    grain = 6.0 * fractal(rng, rows, cols, 2.5, 2)
    for line in side_roads(road):
        s, d = road.road(line.x, line.y)
        left, right = _offset(s, d, line.width_m / 2)
        edge = np.concatenate([left, right[::-1]])
        points = np.stack(
            [(edge[:, 1] + HALF_MAP_M) / MAP_ACROSS_M, (edge[:, 0] - STRIP_FROM_M) / MAP_ALONG_M],
            -1,
        )
        drawn = np.zeros((rows, cols), np.uint8)
        cv2.fillPoly(drawn, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        used = np.flatnonzero(drawn.any(axis=1))
        if len(used) == 0:
            continue
        cut = slice(int(used[0]), int(used[-1]) + 1)
        mask = drawn[cut].astype(np.float32)[..., None] / 255
        tone = np.array([106.0, 107, 108], np.float32) * line.tone + grain[cut][..., None]
        image[cut] += mask * (tone - image[cut])
        np.maximum(paved[cut], mask[..., 0], out=paved[cut])


def _offset(
    s: NDArray[np.float64], d: NDArray[np.float64], half: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two edges of a ribbon in road coordinates."""
    points = np.stack([s, d], -1)
    way = np.gradient(points, axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    normal = np.stack([way[:, 1], -way[:, 0]], -1)
    return points + normal * half, points - normal * half
