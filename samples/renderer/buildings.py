"""Walls, roofs, rails, posts and poles: the built things beside the road."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import fractal, generator, smooth, white
from .site import Colour, Site

Image = NDArray[np.uint8]

WALL_PX_M = 0.02


def _window(
    image: Image,
    x: int,
    y: int,
    wide: int,
    high: int,
    shutter: Colour,
    rng: np.random.Generator,
) -> None:
    cv2.rectangle(image, (x - 4, y - 4), (x + wide + 4, y + high + 5), (176, 186, 190), -1)
    cv2.rectangle(image, (x, y), (x + wide, y + high), (62, 54, 46), -1)
    sky = np.linspace(120, 50, high)[:, None]
    image[y : y + high, x : x + wide] = np.dstack([sky * 1.05, sky, sky * 0.92]).astype(np.uint8)
    cv2.line(image, (x + wide // 2, y), (x + wide // 2, y + high), (196, 200, 202), 2)
    cv2.line(image, (x, y + high // 2), (x + wide, y + high // 2), (196, 200, 202), 1)
    cv2.rectangle(image, (x, y), (x + wide, y + 5), (40, 36, 32), -1)
    if rng.random() < 0.85:
        for left in (x - wide // 2 - 5, x + wide + 5):
            cv2.rectangle(image, (left, y - 1), (left + wide // 2, y + high + 1), shutter, -1)
            for row in range(y + 4, y + high, 5):
                cv2.line(
                    image,
                    (left + 2, row),
                    (left + wide // 2 - 2, row),
                    tuple(int(0.8 * c) for c in shutter),
                    1,
                )


def facade(site: Site, name: str, width_m: float, height_m: float, gable: bool) -> Image:
    """Return a rendered wall with windows; a gable is cut to the roof's slope."""
    rng = generator(site.seed, "facade", name, gable)
    tint = generator(site.seed, "house", name)
    plaster = np.array(site.plasters[int(tint.integers(len(site.plasters)))], np.float32)
    shutter = site.shutters[int(tint.integers(len(site.shutters)))]
    rows, cols = round(height_m / WALL_PX_M), round(width_m / WALL_PX_M)
    stain = 0.045 * fractal(rng, rows, cols, 60.0, 5) + 0.02 * white(rng, rows, cols)
    run = 0.03 * smooth(rng, 1, cols, 9.0) * np.linspace(1, 0, rows)[:, None]
    image = np.clip(plaster * (1 + stain + run)[..., None], 0, 255).astype(np.uint8)
    foot = round(0.5 / WALL_PX_M)
    image[-foot:] = (image[-foot:] * 0.82).astype(np.uint8)
    if gable:
        _window(image, cols // 2 - 22, rows - round(3.9 / WALL_PX_M), 44, 56, shutter, rng)
    else:
        count = max(2, int(width_m / 2.7))
        pitch = cols / count
        door = int(rng.integers(count))
        for index in range(count):
            x = int((index + 0.5) * pitch) - 24
            _window(image, x, rows - round(4.9 / WALL_PX_M), 48, 66, shutter, rng)
            if index == door:
                top = rows - round(2.15 / WALL_PX_M)
                cv2.rectangle(
                    image, (x, top), (x + 50, rows - 3), tuple(int(c) for c in shutter), -1
                )
                cv2.rectangle(image, (x, top), (x + 50, rows - 3), (60, 60, 60), 2)
            else:
                _window(image, x, rows - round(2.3 / WALL_PX_M), 48, 70, shutter, rng)
    alpha = np.full((rows, cols), 255, np.uint8)
    if gable:
        eave = round((height_m - 2.1) / WALL_PX_M)
        alpha[: rows - eave] = 0
        roof = np.array([[0, rows - eave], [cols // 2, 0], [cols, rows - eave]])
        cv2.fillPoly(alpha, [roof], 255, cv2.LINE_AA)
        cv2.polylines(image, [roof], False, (60, 84, 120), 9)
    return np.dstack([image, alpha])


def roof(seed: int, name: str, width_m: float, slope_m: float) -> Image:
    """Return canal tiles."""
    rng = generator(seed, "roof", name)
    rows, cols = round(slope_m / WALL_PX_M), round(width_m / WALL_PX_M)
    wave = 0.16 * np.sin(np.arange(cols) * 2 * np.pi / 11.0)[None, :]
    step = -0.14 * (np.mod(np.arange(rows), 16) < 3)[:, None]
    tile = cv2.resize(
        white(rng, rows // 16 + 1, cols // 11 + 1), (cols, rows), interpolation=cv2.INTER_NEAREST
    )
    light = 1 + wave + step + 0.10 * tile + 0.06 * fractal(rng, rows, cols, 50.0, 4)
    image = np.array([84.0, 112, 168]) * light[..., None]
    return np.dstack([np.clip(image, 0, 255), np.full((rows, cols), 255)]).astype(np.uint8)


def wall(seed: int, name: str, width_m: float, height_m: float) -> Image:
    """Return a low garden wall of rubble stone."""
    rng = generator(seed, "wall", name)
    rows, cols = round(height_m / WALL_PX_M), round(width_m / WALL_PX_M)
    stones = fractal(rng, rows, cols, 12.0, 3, 0.7)
    joints = np.abs(stones) < 0.13
    light = 1 + 0.12 * stones - 0.25 * joints
    image = np.array([138.0, 152, 160]) * light[..., None]
    image[:5] = (170, 176, 180)
    return np.dstack([np.clip(image, 0, 255), np.full((rows, cols), 255)]).astype(np.uint8)


def guardrail() -> Image:
    """Return 4 m of steel guardrail, 0.75 m high at 1 cm a pixel."""
    image = np.zeros((75, 400, 4), np.uint8)
    for x in (2, 202):
        cv2.rectangle(image, (x, 10), (x + 9, 75), (104, 106, 106, 255), -1)
    for row in range(31):
        light = 158 + 52 * np.sin((row / 31 * 2.0 + 0.15) * 2 * np.pi)
        image[4 + row, :] = (light, light, light * 0.985, 255)
    image[:, ::100, :3] = (image[:, ::100, :3] * 0.8).astype(np.uint8)
    return image


def delineator() -> Image:
    """Return a white marker post with its red band and grey reflector (J6-like), 1 m high."""
    image = np.zeros((200, 36, 4), np.uint8)
    cv2.rectangle(image, (5, 4), (31, 200), (224, 226, 226, 255), -1)
    cv2.rectangle(image, (5, 30), (31, 66), (60, 56, 60, 255), -1)
    cv2.rectangle(image, (13, 34), (23, 62), (176, 196, 214, 255), -1)
    shade = np.linspace(1.0, 0.72, 36)[None, :, None]
    image[..., :3] = (image[..., :3] * shade).astype(np.uint8)
    return image


def pole(seed: int, name: str) -> Image:
    """Return a wooden line pole, 8 m high."""
    rng = generator(seed, "pole", name)
    image = np.zeros((800, 60, 4), np.uint8)
    cv2.fillPoly(
        image, [np.array([[20, 800], [23, 8], [37, 8], [41, 800]])], (70, 84, 96, 255), cv2.LINE_AA
    )
    cv2.rectangle(image, (2, 26), (58, 36), (80, 90, 98, 255), -1)
    for x in (8, 30, 52):
        cv2.rectangle(image, (x - 3, 14), (x + 3, 27), (150, 146, 140, 255), -1)
    light = np.linspace(1.15, 0.7, 60)[None, :] * (1 + 0.08 * smooth(rng, 800, 60, 5.0))
    image[..., :3] = np.clip(image[..., :3] * light[..., None], 0, 255)
    return image


def post() -> Image:
    """Return a galvanised sign post, 8 cm wide, 3.4 m high, at 1 cm a pixel across 0.5 cm."""
    image = np.zeros((340, 16, 4), np.uint8)
    light = 150 + 60 * np.sin(np.linspace(0.3, 2.9, 16))
    image[..., :3] = light[None, :, None].astype(np.uint8)
    image[..., 3] = 255
    return image
