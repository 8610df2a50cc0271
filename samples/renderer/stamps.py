"""Small rasters that are laid over the asphalt: cracks, alligators, potholes, patches, seals.

A stamp changes the road by ``road * multiply + add``. Rows run along ``s``, columns along ``d``.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from .noise import Float, fractal, generator, smooth, white
from .plan import Defect
from .site import Sun

PIXEL_M = 0.00625
EYE_SLOPE = 1.32 / 6.5  # the camera's height over the distance at which a hole is best seen
FINE = 2  # cracks are drawn at twice the resolution


@dataclass
class Stamp:
    """A raster on the road, its corner in road coordinates, and the mask that is the truth."""

    s0_m: float
    d0_m: float
    multiply: Float
    add: Float
    mask: NDArray[np.uint8]


def _canvas(defect: Defect, pad_m: float) -> tuple[int, int, float, float]:
    s0, d0 = defect.s_from_m - pad_m, defect.d_m - defect.half_m - pad_m
    rows = int(np.ceil((defect.s_to_m + pad_m - s0) / PIXEL_M))
    cols = int(np.ceil((defect.d_m + defect.half_m + pad_m - d0) / PIXEL_M))
    return rows, cols, s0, d0


def _polyline(image: NDArray[np.uint8], points: Float, width_m: Float, value: int = 255) -> None:
    """Draw a line of changing width; points are (col, row) in stamp pixels."""
    shift = 4
    fixed = np.round(points * FINE * 2**shift).astype(np.int32)
    for index in range(len(points) - 1):
        thick = max(1, round(float(width_m[index]) / PIXEL_M * FINE))
        start, end = fixed[index], fixed[index + 1]
        cv2.line(
            image,
            (int(start[0]), int(start[1])),
            (int(end[0]), int(end[1])),
            value,
            thick,
            cv2.LINE_AA,
            shift,
        )


def _walk(rng: np.random.Generator, count: int, spread: float, pull: float) -> Float:
    """Return the sideways wander of a crack, in metres, every 3 cm."""
    kicks = rng.normal(0, spread, count)
    angle, offset = 0.0, 0.0
    path = np.zeros(count, np.float32)
    for index in range(count):
        angle = 0.93 * angle + kicks[index] - pull * offset
        offset += 0.03 * np.tan(np.clip(angle, -1.1, 1.1))
        path[index] = offset
    return path


def _widths(rng: np.random.Generator, count: int, median_m: float, gaps: float) -> Float:
    """Return a width for each step; zero where the crack has closed."""
    curve = np.cumsum(rng.normal(0, 0.2, count))
    curve -= np.linspace(0, curve[-1], count)
    width = median_m * np.exp(np.clip(curve * 0.5, -0.8, 0.8))
    closed = smooth(rng, 1, count, 14.0)[0] > np.quantile(smooth(rng, 1, 400, 14.0), 1 - gaps)
    width[closed] *= 0.35
    width = np.minimum(width, 2.0 * median_m)
    return width.astype(np.float32)


def _finish_cracks(
    rng: np.random.Generator,
    fine: NDArray[np.uint8],
    s0: float,
    d0: float,
    sun: Sun,
    core: float,
    ravelled: float = 1.0,
) -> Stamp:
    """Turn a fine drawing of open cracks into a stamp with dark core, spalled rim and lit edge."""
    rows, cols = fine.shape[0] // FINE, fine.shape[1] // FINE
    cover = cv2.resize(fine, (cols, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    near = cv2.GaussianBlur(cover, (0, 0), 3.0)
    ragged = np.clip(0.75 + 0.35 * smooth(rng, rows, cols, 2.0), 0.2, 1.3)
    cover = np.clip(cover * 1.15 * ragged, 0, 1)
    grad_s = cv2.Sobel(near, cv2.CV_32F, 0, 1, ksize=3)
    grad_d = cv2.Sobel(near, cv2.CV_32F, 1, 0, ksize=3)
    lit = np.clip((grad_s * sun.along + grad_d * sun.across) * 0.5, -0.12, 0.12)
    spall = np.clip(near - 0.04, 0, 0.25) * (0.35 + 0.3 * smooth(rng, rows, cols, 3.0))
    multiply = (1.0 - core * cover) * (1.0 + np.clip(spall, -0.1, 0.16) * 1.0 + lit)
    dirt = cv2.GaussianBlur(cover, (0, 0), 9.0)
    multiply *= 1.0 - np.clip(dirt * 0.55 * ravelled, 0, 0.14 * ravelled)
    mask = (cover > 0.25).astype(np.uint8)
    return Stamp(s0, d0, multiply.astype(np.float32), np.zeros((rows, cols, 3), np.float32), mask)


def _side_branches(
    rng: np.random.Generator, fine: NDArray[np.uint8], points: Float, median_m: float, every: int
) -> None:
    for start in range(8, len(points) - 8, every):
        if rng.random() < 0.45:
            continue
        count = int(rng.integers(5, 16))
        turn = float(rng.choice([-1, 1]) * rng.uniform(0.4, 1.0))
        base = points[min(start + 1, len(points) - 1)] - points[start]
        heading = np.arctan2(base[0], base[1]) + turn
        here = points[start].copy()
        way = [here.copy()]
        for _ in range(count):
            heading += rng.normal(0, 0.22)
            here = here + np.array([np.sin(heading), np.cos(heading)]) * 0.03 / PIXEL_M
            way.append(here.copy())
        taper = np.linspace(0.7, 0.3, len(way)) * median_m
        _polyline(fine, np.array(way, np.float32), taper.astype(np.float32))


def crack_along(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a longitudinal crack with its gaps, doubled strands and side branches."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.25)
    fine = np.zeros((rows * FINE, cols * FINE), np.uint8)
    count = int((defect.s_to_m - defect.s_from_m) / 0.03)
    median = (0.006, 0.010, 0.015)[defect.severity - 1]
    wander = np.clip(_walk(rng, count, 0.10, 0.45), -defect.half_m - 0.1, defect.half_m + 0.1)
    along = (0.25 + 0.03 * np.arange(count)) / PIXEL_M
    across = (defect.d_m - d0 + wander) / PIXEL_M
    points = np.stack([across, along], axis=-1).astype(np.float32)
    width = _widths(rng, count, median, 0.22)
    _polyline(fine, points, width)
    if defect.severity >= 2:
        low = int(rng.uniform(0.1, 0.5) * count)
        high = min(count, low + int(rng.uniform(0.2, 0.45) * count))
        second = points[low:high].copy()
        second[:, 0] += (
            rng.choice([-1, 1]) * 0.07 / PIXEL_M + _walk(rng, high - low, 0.12, 0.3) / PIXEL_M
        )
        _polyline(fine, second, width[low:high] * 0.6)
        _side_branches(rng, fine, points, median, 30)
    defect.length_m, defect.width_m = count * 0.03, float(np.mean(width))
    return _finish_cracks(rng, fine, s0, d0, sun, 0.74)


def crack_across(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a transverse crack over most of a lane."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.25)
    fine = np.zeros((rows * FINE, cols * FINE), np.uint8)
    count = int(2 * defect.half_m / 0.03)
    median = (0.010, 0.018, 0.029)[defect.severity - 1]
    skew = rng.uniform(-0.12, 0.12) * np.linspace(-1, 1, count)
    wander = np.clip(_walk(rng, count, 0.13, 0.2), -0.3, 0.3) + skew
    across = (0.25 + 0.03 * np.arange(count)) / PIXEL_M
    along = ((defect.s_to_m - defect.s_from_m) / 2 + 0.25 + wander) / PIXEL_M
    points = np.stack([across, along], axis=-1).astype(np.float32)
    width = _widths(rng, count, median, 0.15)
    _polyline(fine, points, width)
    if defect.severity >= 2:
        _side_branches(rng, fine, points, median, 16)
    defect.length_m, defect.width_m = 2 * defect.half_m, float(np.mean(width))
    return _finish_cracks(rng, fine, s0, d0, sun, 0.78, 1.8)


def alligator(defect: Defect, seed: int, sun: Sun) -> Stamp:
    """Paint a net of cracks: jittered Voronoi cells, broken toward the rim, sunken and stained."""
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.3)
    fine = np.zeros((rows * FINE, cols * FINE), np.uint8)
    height, width = rows * PIXEL_M, cols * PIXEL_M
    cell = float(rng.uniform(0.10, 0.16))
    gx, gy = np.meshgrid(
        np.arange(-cell, width + cell, cell), np.arange(-cell, height + cell, cell)
    )
    seeds = np.stack([gx.ravel(), gy.ravel()], -1) + rng.uniform(-0.46, 0.46, (gx.size, 2)) * cell
    mid_d, mid_s = width / 2, height / 2
    reach_d, reach_s = defect.half_m, (defect.s_to_m - defect.s_from_m) / 2
    bulge = smooth(rng, 64, 8, 8.0)

    def inside(x: float, y: float) -> float:
        """Return 0 in the middle and 1 on the ragged rim."""
        row = int(np.clip(y / height * 63, 0, 63))
        col = int(np.clip(x / width * 7, 0, 7))
        reach = 1.0 + 0.16 * float(bulge[row, col])
        return max(abs(x - mid_d) / reach_d, (abs(y - mid_s) / reach_s) ** 3) / reach

    edges = shapely.voronoi_polygons(
        shapely.MultiPoint(seeds), only_edges=True, extend_to=shapely.box(0, 0, width, height)
    )
    lines = [line for line in shapely.get_parts(edges) if line.length < 1.2]
    pairs = [
        (part[i], part[i + 1])
        for part in (np.asarray(line.coords) for line in lines)
        for i in range(len(part) - 1)
    ]
    median = (0.006, 0.011, 0.017)[defect.severity - 1]
    field = np.zeros((rows, cols), np.uint8)
    ajar = np.pad(smooth(rng, rows, cols, 0.7 / PIXEL_M), ((0, 99), (0, 99)), mode="edge")
    for start, end in pairs:
        rim = inside(*((start + end) / 2))
        if rim > 1.0 or rng.random() < 0.06 + 0.4 * rim**2:
            continue
        steps = max(2, int(np.hypot(*(end - start)) / 0.03))
        way = start + (end - start) * np.linspace(0, 1, steps + 1)[:, None]
        way[1:-1] += rng.normal(0, 0.007, (steps - 1, 2))
        # some parts of a net stand open, others are hair cracks still
        wide = median * np.exp(rng.normal(-0.2, 0.5)) * (1.3 - 0.7 * rim)
        wide *= np.exp(0.45 * float(ajar[tuple(((start + end) / 2 / PIXEL_M).astype(int)[::-1])]))
        _polyline(fine, (way / PIXEL_M).astype(np.float32), np.full(steps + 1, wide, np.float32))
        mid = (start + end) / 2 / PIXEL_M
        cv2.circle(field, (int(mid[0]), int(mid[1])), int(cell * 0.62 / PIXEL_M), 1, -1)
    count = int((defect.s_to_m - defect.s_from_m) / 0.03)
    for side in (-0.35, 0.25):
        run = np.stack(
            [
                (mid_d + side * reach_d * 1.6 + _walk(rng, count, 0.1, 0.2)) / PIXEL_M,
                (0.3 + 0.03 * np.arange(count)) / PIXEL_M,
            ],
            axis=-1,
        ).astype(np.float32)
        _polyline(fine, run, _widths(rng, count, median * 1.15, 0.3))
    stamp = _finish_cracks(rng, fine, s0, d0, sun, 0.74)
    soft = cv2.GaussianBlur(field.astype(np.float32), (0, 0), 14.0)
    plates = 1.0 + 0.05 * smooth(rng, rows, cols, cell / PIXEL_M) * soft
    stamp.multiply *= (plates * (1.0 - 0.13 * soft)).astype(np.float32)
    lost = (fractal(rng, rows, cols, 16.0, 3) > 1.75) & (field > 0)
    if defect.severity == 3:
        stamp.multiply[lost] *= 0.62
    stamp.mask = field
    defect.length_m = defect.s_to_m - defect.s_from_m
    defect.width_m = 2 * defect.half_m
    return stamp


def shadow_of(height_m: Float, sun: Sun, reach_m: float) -> Float:
    """Return how far each pixel lies in cast shadow, by marching toward the sun."""
    flat = max(float(np.hypot(sun.along, sun.across)), 1e-6)
    rise = sun.up / flat
    shade = np.zeros_like(height_m)
    steps = 30
    for step in range(1, steps + 1):
        way = reach_m * step / steps
        move = np.array(
            [[1, 0, -sun.across / flat * way / PIXEL_M], [0, 1, -sun.along / flat * way / PIXEL_M]]
        )
        there = cv2.warpAffine(
            height_m,
            move,
            height_m.shape[::-1],
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        over = (there - height_m - rise * way) / 0.006
        shade = np.maximum(shade, np.clip(over, 0, 1))
    return np.asarray(cv2.GaussianBlur(shade, (0, 0), 0.8), dtype=np.float32)


def look_into(down_m: Float, way: int) -> Float:
    """Return how many rows farther the eye meets the ground than it would on a flat road.

    The road is painted flat, so what a hole hides and shows is painted with it: an eye at
    ``EYE_SLOPE`` sees past the near rim, and the far wall fills much of the hole.

    Parameters
    ----------
    down_m
        Depth below the road, positive, at each pixel.
    way
        +1 where the eye travels along increasing ``s``, -1 for the other way.
    """
    rows, cols = down_m.shape
    xx, yy = np.meshgrid(np.arange(cols, dtype=np.float32), np.arange(rows, dtype=np.float32))
    far = np.zeros((rows, cols), np.float32)
    open_yet = np.ones((rows, cols), bool)
    for step in range(1, int(float(down_m.max()) / EYE_SLOPE / PIXEL_M) + 2):
        there = cv2.remap(
            down_m, xx, yy + way * step, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        open_yet &= there > step * PIXEL_M * EYE_SLOPE
        far[open_yet] = step
    return far * way


def pothole(defect: Defect, seed: int, sun: Sun, way: int) -> Stamp:
    """Paint a hole: ragged outline, broken walls, base course, occlusion, cast shadow, gravel.

    ``way`` is that of the eye, as in :func:`look_into`.
    """
    rng = generator(seed, "stamp", defect.id)
    rows, cols, s0, d0 = _canvas(defect, 0.45)
    yy, xx = np.mgrid[0:rows, 0:cols].astype(np.float32) * PIXEL_M
    reach_s, reach_d = (defect.s_to_m - defect.s_from_m) / 2, defect.half_m
    dy, dx = (yy - rows * PIXEL_M / 2) / reach_s, (xx - cols * PIXEL_M / 2) / reach_d
    angle = np.arctan2(dy, dx)
    outline = np.ones_like(angle)
    for harmonic in range(2, 15):
        outline += (
            0.22 / harmonic**1.05 * rng.normal() * np.cos(harmonic * angle + rng.uniform(0, 6.3))
        ).astype(np.float32)
    radius = np.hypot(dx, dy) / np.maximum(outline, 0.45)
    radius += 0.05 * fractal(rng, rows, cols, 9.0, 3)
    mask = (radius < 1.0).astype(np.uint8)
    depth = defect.depth_m
    inward = cv2.distanceTransform(mask, cv2.DIST_L2, 5) * PIXEL_M
    outward = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5) * PIXEL_M
    bottom = 1.0 + 0.16 * fractal(rng, rows, cols, 34.0, 2)
    steep = 0.02 + 0.02 * (1 + smooth(rng, rows, cols, 50.0)).clip(0, 2)
    down = depth * (1 - np.exp(-inward / steep)) * bottom * (mask > 0)
    stones = cv2.GaussianBlur(white(rng, rows, cols), (0, 0), 2.2)
    stones = np.asarray(stones / stones.std(), dtype=np.float32)
    height = -down + np.where(mask > 0, 0.0, -0.012 * np.exp(-outward / 0.05)).astype(np.float32)
    grad_s = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / (8 * PIXEL_M)
    grad_d = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / (8 * PIXEL_M)
    norm = np.sqrt(1 + grad_s**2 + grad_d**2)
    facing = (sun.up - grad_s * sun.along - grad_d * sun.across) / norm / sun.up
    direct = np.clip(facing, 0.1, 1.35) * (1 - shadow_of(height.astype(np.float32), sun, 0.32))
    smooth_down = cv2.GaussianBlur(down, (0, 0), 2.0)
    open_sky = 0.45 + 0.55 * np.exp(-np.maximum(smooth_down, 0) / 0.045)
    light = 0.42 * open_sky + 0.58 * direct * (0.5 + 0.5 * open_sky)
    inside = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    soil = np.array([128.0, 134.0, 138.0], np.float32)
    if rng.random() < 0.4:
        soil = np.array([108.0, 124.0, 134.0], np.float32)
    soil = soil * (0.95 + 0.12 * fractal(rng, rows, cols, 30.0, 3))[..., None]
    # broken asphalt shows in the walls, darker than its worn top
    wall = np.clip(np.hypot(grad_s, grad_d) / 0.9 - 0.35, 0, 1)[..., None]
    soil = soil * (1 - wall) + np.array([58.0, 59.0, 60.0]) * wall
    seen = soil * light[..., None]
    multiply = 1.0 - inside
    ring = np.exp(-outward / 0.04) * (1 - inside)
    broken = (smooth(rng, rows, cols, 4.0) > 0.1).astype(np.float32)
    multiply *= 1.0 + 0.38 * ring * broken - 0.30 * ring * (1 - broken)
    multiply *= 1.0 - 0.14 * np.exp(-outward / 0.12) * (1 - inside)
    cracked = np.abs(radius - 1.28 - 0.06 * smooth(rng, rows, cols, 20.0)) < 0.018
    multiply[cracked & (smooth(rng, rows, cols, 26.0) > 0.1)] *= 0.55
    rough = 0.05 if defect.extra.get("water") else 0.2
    if defect.extra.get("water"):
        pool = cv2.GaussianBlur(
            ((down > depth * 0.62) & (mask > 0)).astype(np.float32), (0, 0), 2.5
        )
        sky = (
            np.array([196.0, 182.0, 168.0], np.float32)
            * (0.62 + 0.03 * smooth(rng, rows, cols, 60))[..., None]
        )
        seen = seen * (1 - 0.85 * pool[..., None]) + sky * (0.62 * pool)[..., None]
        down = np.minimum(down, depth * 0.62)
    xx, yy = np.meshgrid(np.arange(cols, dtype=np.float32), np.arange(rows, dtype=np.float32))
    yy += look_into(cv2.GaussianBlur(down, (0, 0), 1.6), way)
    seen = cv2.remap(seen.astype(np.float32), xx, yy, cv2.INTER_LINEAR)
    # stones are laid on last: stretched with the wall they would look like fibres
    add = seen * (inside * (1 + rough * np.clip(stones, -1.6, 2.2)))[..., None]
    _gravel(rng, multiply, add, outward, light_up=1.0)
    defect.area_m2 = float(mask.sum()) * PIXEL_M**2
    defect.length_m = defect.s_to_m - defect.s_from_m
    defect.width_m = 2 * defect.half_m
    return Stamp(s0, d0, multiply.astype(np.float32), add.astype(np.float32), mask)


def _gravel(
    rng: np.random.Generator, multiply: Float, add: Float, outward: Float, light_up: float
) -> None:
    """Scatter loose stones round a hole, more to the side where wheels throw them."""
    rows, cols = multiply.shape
    for _ in range(int(rng.integers(25, 70))):
        row, col = int(rng.integers(3, rows - 3)), int(rng.integers(3, cols - 3))
        away = float(outward[row, col])
        if away <= 0 or rng.random() > np.exp(-away / 0.16):
            continue
        size = int(rng.integers(1, 3))
        tone = float(rng.uniform(95, 165)) * light_up
        low_r, low_c = row - size, col - size
        multiply[low_r : row + size, low_c : col + size] = 0.15
        add[low_r : row + size, low_c : col + size] = np.array([0.88, 0.97, 1.0]) * tone * 0.85
        multiply[row + size : row + size + 1, low_c : col + size] *= 0.5


def fixed_severity(defect: Defect, seed: int) -> None:
    """Draw depth and water of a pothole; severity follows from its measures."""
    rng = generator(seed, "depth", defect.id)
    if defect.code == "NDP":
        defect.depth_m = float(rng.uniform(0.03, 0.085))
        size = 2 * defect.half_m
        defect.severity = 1 if size < 0.42 else 2 if size < 0.65 else 3
        if defect.id.endswith("7"):
            defect.extra["water"] = 1.0
