"""The sky as a panorama: gradient, clouds, the sun's glow, far hills."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import fractal, generator, smoothstep, wave

WIDTH = 4096
RIM = 720
HEIGHT = 640


def panorama(
    seed: int, sun_bearing_deg: float, sun_up_deg: float, cover: float
) -> NDArray[np.uint8]:
    """Return the sky from -5 to 45 degrees of elevation, all bearings, with a rim on both sides.

    Parameters
    ----------
    seed
        Seed of the clouds.
    sun_bearing_deg, sun_up_deg
        Where the sun stands.
    cover
        Share of cloud, 0 to 1.
    """
    rng = generator(seed, "sky")
    up = np.radians(45 - np.linspace(0, 50, HEIGHT, dtype=np.float32))[:, None]
    top, low = np.array([214.0, 158, 104]), np.array([232.0, 220, 206])
    mix = np.exp(-np.maximum(np.degrees(up), 0) / 13.0)[..., None]
    image = (top * (1 - mix) + low * mix) * np.ones((1, WIDTH, 1))
    # clouds thin out toward the horizon as layers seen from the side
    plain = fractal(rng, 900, WIDTH, 300.0, 7, 0.58)
    high = 1.0 / np.maximum(np.sin(np.maximum(up, np.radians(1.2))), 0.02)
    row = np.clip(high * 54.0, 0, 890).astype(np.float32) * np.ones((1, WIDTH), np.float32)
    col = np.ones((HEIGHT, 1), np.float32) * np.arange(WIDTH, dtype=np.float32)
    cloud = np.asarray(cv2.remap(plain, col, row, cv2.INTER_LINEAR), dtype=np.float32)
    seam = np.linspace(0, 1, 300, dtype=np.float32)
    cloud[:, -300:] = cloud[:, -300:] * (1 - seam) + cloud[:, :1] * seam
    edge = 1.1 - 2.2 * cover
    thin = smoothstep(3.2, 8.0, np.degrees(up))
    body = (smoothstep(edge, edge + 1.1, cloud) * thin)[..., None]
    lift = smoothstep(edge + 0.2, edge + 2.2, cloud)[..., None]
    tone = np.array([244.0, 243, 242]) * (1 - lift) + np.array([198.0, 192, 188]) * lift
    image = image * (1 - 0.9 * body) + tone * 0.9 * body
    bearing = np.linspace(0, 360, WIDTH, dtype=np.float32)[None, :]
    off = np.abs((bearing - sun_bearing_deg + 180) % 360 - 180)
    away = np.hypot(off * np.cos(up), np.degrees(up) - sun_up_deg)
    glow = (150 * np.exp(-((away / 6) ** 2)) + 46 * np.exp(-away / 22))[..., None]
    image += glow
    ridge = 1.1 + 0.75 * wave(generator(seed, "hills"), WIDTH, 420.0, 6)
    ridge[-400:] = ridge[-400:] * np.linspace(1, 0, 400) + ridge[0] * np.linspace(0, 1, 400)
    for shift, lower, colour in ((1400, 0.0, (196, 178, 158)), (0, 0.8, (158, 150, 128))):
        line = np.roll(ridge, shift) - lower
        hill = (np.degrees(up) < line[None, :]).astype(np.float32)
        share = np.asarray(cv2.GaussianBlur(hill, (0, 0), 1.2))[..., None]
        image = image * (1 - share) + np.array(colour, np.float64) * share
    # below the horizon: land in the haze, where the terrain ends
    under = np.degrees(up) < 0.5
    image = np.where(under[..., None], np.array([128.0, 142, 132]), image)
    image = np.clip(image, 0, 255).astype(np.uint8)
    return np.concatenate([image[:, -RIM:], image, image[:, :RIM]], axis=1)
