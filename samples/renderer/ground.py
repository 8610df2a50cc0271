"""One picture of sky and ground: rays marched to the terrain, textures looked up by distance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .alignment import GRID_M, Alignment
from .asphalt import HALF_STRIP_M
from .camera import HEIGHT_PX, WIDTH_PX, View
from .noise import Float
from .plan import WET_M
from .strips import LEVELS, STRIP_FROM_M, WATER_M, level_path
from .verge import (
    GRAIN_LEVELS,
    GRAIN_M,
    HALF_MAP_M,
    MAP_ACROSS_M,
    MAP_LEVELS,
    STRIP_TO_M,
)

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

NODE_PX = 16
FAR_M = 900.0
NEUTRAL = np.full(4, 128.0)
RANGES = np.geomspace(2.2, FAR_M, 64)
_U, _V = np.meshgrid(
    np.arange(0, WIDTH_PX + NODE_PX, NODE_PX, dtype=float),
    np.arange(0, HEIGHT_PX + NODE_PX, NODE_PX, dtype=float),
)


@dataclass
class Land:
    """Sky and ground of one frame.

    Attributes
    ----------
    image
        BGR.
    distance_m
        Distance of the ground at every pixel, 0 in the sky.
    film
        Share of water that mirrors, at every pixel; None where all is dry.
    """

    image: Image
    distance_m: Float
    film: Float | None


@dataclass
class Ground:
    """Textures of a pass, and the drawing of one frame of them."""

    road: Alignment
    folder: Path
    ground_map: Image
    grain: list[Image]
    sky: Image
    water: Float
    haze: tuple[float, float, float] = (206.0, 198.0, 188.0)
    haze_m: float = 700.0

    def __post_init__(self) -> None:
        self.levels = [
            np.load(level_path(self.folder, k), mmap_mode="r") for k in range(len(LEVELS))
        ]
        self.maps = []
        for low, along in MAP_LEVELS:
            rows = round((STRIP_TO_M - STRIP_FROM_M) / along)
            shrink = 1 if low < 40 else 2 if low < 90 else 4
            self.maps.append(
                cv2.resize(
                    self.ground_map,
                    (self.ground_map.shape[1] // shrink, rows),
                    interpolation=cv2.INTER_AREA,
                )
            )
        self.hazy = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
        self.hazy[:] = self.haze

    def _march(self, view: View) -> tuple[Array, Array, Array, Array, Array]:
        """Return 1/r, (s - s0)/r, d/r on the nodes, and azimuth and elevation for the sky."""
        origin, ray = view.rays(_U, _V)
        flat = np.hypot(ray[..., 0], ray[..., 1])
        slope = ray[..., 2] / flat
        east, north = ray[..., 0] / flat, ray[..., 1] / flat
        look = slope < 0.06
        rows = np.flatnonzero(look.any(axis=1))
        first = int(rows[0]) if len(rows) else _U.shape[0]
        part = slice(first, None)
        ex, nx, sl, org = east[part], north[part], slope[part], origin[part]
        x = org[..., 0, None] + ex[..., None] * RANGES
        y = org[..., 1, None] + nx[..., None] * RANGES
        shape = x.shape
        col = ((x - self.road.grid_x0_m) / GRID_M).astype(np.float32).reshape(-1, shape[-1])
        row = ((y - self.road.grid_y0_m) / GRID_M).astype(np.float32).reshape(-1, shape[-1])
        below = cv2.remap(
            self.road.grid_z, col, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ).reshape(shape)
        over = org[..., 2, None] + sl[..., None] * RANGES - below
        hit = over < 0
        index = np.argmax(hit, axis=-1)
        found = hit.any(axis=-1)
        index = np.clip(index, 1, len(RANGES) - 1)
        low, high = RANGES[index - 1], RANGES[index]
        fine = [self._exact(org, ex, nx, sl, low), self._exact(org, ex, nx, sl, high)]
        f_low, f_high = fine[0][0], fine[1][0]
        share = np.clip(f_low / np.where(np.abs(f_low - f_high) > 1e-9, f_low - f_high, 1.0), 0, 1)
        r = low + (high - low) * share
        for _ in range(2):
            f_mid, _, _ = self._exact(org, ex, nx, sl, r)
            left = f_mid > 0
            low, f_low = np.where(left, r, low), np.where(left, f_mid, f_low)
            high, f_high = np.where(left, high, r), np.where(left, f_high, f_mid)
            gap = np.where(np.abs(f_low - f_high) > 1e-9, f_low - f_high, 1.0)
            r = low + (high - low) * np.clip(f_low / gap, 0, 1)
        _, s, d = self._exact(org, ex, nx, sl, r)
        q = np.full(_U.shape, -1.0)
        q[:] = -np.maximum(slope, 0.0005) / 1.3
        a, b = np.ones(_U.shape), np.zeros(_U.shape)
        q[part] = np.where(found, 1 / r, q[part])
        mid_s = float(self.road.road(np.array([view.pose.x_m]), np.array([view.pose.y_m]))[0][0])
        a[part] = np.where(found, (s - mid_s) / r, 0.0)
        b[part] = np.where(found, d / r, 0.0)
        _fill_down(a, np.asarray(found), first)
        _fill_down(b, np.asarray(found), first)
        azimuth = np.arctan2(
            ray[..., 0] * np.cos(view.pose.heading_rad)
            - ray[..., 1] * np.sin(view.pose.heading_rad),
            ray[..., 0] * np.sin(view.pose.heading_rad)
            + ray[..., 1] * np.cos(view.pose.heading_rad),
        )
        self.mid_s_m = mid_s
        return q, a, b, azimuth, np.arctan(slope)

    def _exact(
        self, origin: Array, east: Array, north: Array, slope: Array, r: Array
    ) -> tuple[Array, Array, Array]:
        x, y = origin[..., 0] + east * r, origin[..., 1] + north * r
        s, d = self.road.road(x, y)
        z = self.road.height_m(s, np.clip(d, -70, 70))
        return origin[..., 2] + slope * r - z, s, d

    def draw(self, view: View) -> Land:
        """Return sky and ground."""
        q, a, b, azimuth, elevation = self._march(view)
        ground_rows = np.flatnonzero((q > 0).any(axis=1))
        top = max(0, (int(ground_rows[0]) - 1) * NODE_PX)
        image = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
        low_sky = min(HEIGHT_PX, self._sky_bottom(q))
        image[:low_sky] = self._draw_sky(view, azimuth, elevation, low_sky)
        inverse = _grow(q)[top:]
        distance = np.where(inverse > 1 / FAR_M, 1 / np.maximum(inverse, 1 / FAR_M), 0)
        distance = distance.astype(np.float32)
        s = (_grow(a)[top:] * distance + np.float32(self.mid_s_m - STRIP_FROM_M)).astype(np.float32)
        d = (_grow(b)[top:] * distance).astype(np.float32)
        land = self._draw_land(distance, s, d)
        clear = distance[:, ::128].max(axis=1) < 25
        far = int(np.argmax(clear)) if clear.any() else len(distance)
        share = cv2.exp(distance[:far] * np.float32(-1 / self.haze_m))
        if far:
            land[:far] = cv2.blendLinear(land[:far], self.hazy[top : top + far], share, 1 - share)
        sky_rows = max(low_sky - top, 0)
        if sky_rows:
            np.copyto(
                image[top:low_sky], land[:sky_rows], where=(distance[:sky_rows] > 0)[..., None]
            )
        image[max(top, low_sky) :] = land[sky_rows:]
        full = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        full[top:] = distance
        return Land(image, full, self._film(top, distance, s, d))

    def _film(self, top: int, distance: Float, s: Float, d: Float) -> Float | None:
        """Return the share of open water at every pixel, None where all is dry."""
        on_road = (distance > 0) & (np.abs(d) < HALF_STRIP_M - 0.9)
        if not (on_road & (s + STRIP_FROM_M > WET_M[0]) & (s + STRIP_FROM_M < WET_M[1])).any():
            return None
        film = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        film[top:] = on_road * cv2.remap(
            self.water,
            (d + HALF_STRIP_M) / WATER_M - 0.5,
            (s - np.float32(WET_M[0] - STRIP_FROM_M)) / WATER_M - 0.5,
            cv2.INTER_LINEAR,
        )
        return film

    def _sky_bottom(self, q: Array) -> int:
        rows = np.flatnonzero((q <= 1 / FAR_M).any(axis=1))
        return (int(rows[-1]) + 2) * NODE_PX if len(rows) else 0

    def _draw_sky(self, view: View, azimuth: Array, elevation: Array, rows: int) -> Image:
        height, width = self.sky.shape[:2]
        turn = azimuth + view.pose.heading_rad % (2 * np.pi)
        col = turn / (2 * np.pi) * (width - 1440)
        col = col + 720
        row = (np.radians(45) - elevation) / np.radians(50) * (height - 1)
        count = rows // NODE_PX + 2
        sky = cv2.remap(
            self.sky,
            _grow(col[:count], rows),
            _grow(row[:count], rows),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(sky, dtype=np.uint8)

    def _draw_land(self, distance: Float, s: Float, d: Float) -> Image:
        rows = distance.shape[0]
        land = np.zeros((rows, WIDTH_PX, 3), np.uint8)
        middle = np.median(np.where(distance > 0, distance, FAR_M)[:, ::64], axis=1)
        self._bands(land, middle, s, d)
        asphalt = np.zeros((rows, WIDTH_PX, 3), np.uint8)
        on_road = (np.abs(d) < HALF_STRIP_M) & (distance > 0)
        edges = [low for low, _, _ in LEVELS] + [1e9]
        for k, (_, along, cols) in enumerate(LEVELS):
            band = np.flatnonzero((middle >= edges[k]) & (middle < edges[k + 1]))
            if len(band) == 0:
                continue
            r0, r1 = int(band[0]), int(band[-1]) + 1
            used = np.flatnonzero(on_road[r0:r1].any(axis=0))
            if len(used) == 0:
                continue
            c0, c1 = int(used[0]), int(used[-1]) + 1
            part_s, part_d = s[r0:r1, c0:c1], d[r0:r1, c0:c1]
            valid = on_road[r0:r1, c0:c1]
            low = max(int(part_s[valid].min() / along) - 2, 0)
            high = min(int(part_s[valid].max() / along) + 3, self.levels[k].shape[0])
            if high - low < 2:
                continue
            texture = np.ascontiguousarray(self.levels[k][low:high])
            asphalt[r0:r1, c0:c1] = cv2.remap(
                texture,
                (part_d + HALF_STRIP_M) * (cols / (2 * HALF_STRIP_M)) - 0.5,
                part_s / along - (0.5 + low),
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        share = np.clip((HALF_STRIP_M - 0.05 - np.abs(d)) / 0.3, 0, 1).astype(np.float32)
        share *= on_road
        return np.asarray(cv2.blendLinear(asphalt, land, share, 1 - share), dtype=np.uint8)

    def _bands(self, land: Image, middle: Array, s: Float, d: Float) -> None:
        """Fill the ground beside the road: coarse colours times fine grain."""
        edges = [low for low, _ in MAP_LEVELS] + [1e9]
        rough = np.zeros(land.shape[:2], np.uint8)
        for k, (_, along) in enumerate(MAP_LEVELS):
            band = np.flatnonzero((middle >= edges[k]) & (middle < edges[k + 1]))
            if len(band):
                cut = slice(int(band[0]), int(band[-1]) + 1)
                shrink = self.ground_map.shape[1] / self.maps[k].shape[1]
                full = cv2.remap(
                    self.maps[k],
                    (d[cut] + HALF_MAP_M) / (MAP_ACROSS_M * shrink) - 0.5,
                    s[cut] / along - 0.5,
                    cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REFLECT,
                )
                land[cut], rough[cut] = full[..., :3], full[..., 3]
        edges = [low for low, _, _ in GRAIN_LEVELS] + [1e9]
        for k, (_, along, across) in enumerate(GRAIN_LEVELS):
            band = np.flatnonzero((middle >= edges[k]) & (middle < edges[k + 1]))
            if len(band):
                cut = slice(int(band[0]), int(band[-1]) + 1)
                u, v = d[cut] * np.float32(1 / GRAIN_M), s[cut] * np.float32(1 / GRAIN_M)
                u -= np.floor(u)
                v -= np.floor(v)
                u *= np.float32(GRAIN_M / across)
                v *= np.float32(GRAIN_M / along)
                u += np.float32(0.5)
                v += np.float32(0.5)
                grain = cv2.remap(self.grain[k], u, v, cv2.INTER_LINEAR)
                plain = cv2.merge([rough[cut]] * 3)
                mixed = cv2.multiply(
                    cv2.subtract(grain, NEUTRAL, dtype=cv2.CV_16S),
                    plain,
                    scale=1 / 255,
                    dtype=cv2.CV_16S,
                )
                land[cut] = cv2.multiply(
                    land[cut], cv2.add(mixed, NEUTRAL, dtype=cv2.CV_8U), scale=1 / 128
                )


def _fill_down(table: Array, found: NDArray[np.bool_], first: int) -> None:
    """Give nodes above the land the value of the nearest node below, so that edges stay smooth."""
    rows = table.shape[0]
    for row in range(rows - 2, first - 1, -1):
        miss = ~found[row - first]
        table[row, miss] = table[row + 1, miss]
    for row in range(first - 1, -1, -1):
        table[row] = table[row + 1]


def _grow(nodes: Array, rows: int = HEIGHT_PX) -> Float:
    """Bring node values to every pixel, linearly."""
    move = np.array([[1 / NODE_PX, 0, 0], [0, 1 / NODE_PX, 0]])
    return np.asarray(
        cv2.warpAffine(
            nodes.astype(np.float32),
            move,
            (WIDTH_PX, rows),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )
