"""What light does between the scene and the sensor: smear of motion, mirror of a wet road."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, WIDTH_PX
from .noise import Float

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

FULL_SUN_EXPOSURE_S = 1 / 900
LEAST_SMEAR_PX = 0.5
ROUGHNESS = 0.7  # share of a smooth mirror that a film on coarse asphalt keeps
_U, _V = np.meshgrid(np.arange(WIDTH_PX, dtype=np.float32), np.arange(HEIGHT_PX, dtype=np.float32))


def exposure_s(gain: float) -> float:
    """Return how long the shutter stays open: most of the gain in the shade is time."""
    return FULL_SUN_EXPOSURE_S * gain**3


def smear(image: Image, distance_m: Float, way_m: float, ahead_px: Array) -> Image:
    """Return the mean of what the sensor sees while the camera advances by ``way_m``.

    Parameters
    ----------
    image
        Radiance, BGR.
    distance_m
        Distance of the ground at every pixel; 0 in the sky, which does not move.
    way_m
        How far the vehicle drives while the shutter is open.
    ahead_px
        Pixel of the point that it drives to; everything flows away from it.
    """
    share = np.zeros_like(distance_m)
    np.divide(way_m, distance_m, out=share, where=distance_m > 0)
    reach = share.max(axis=1) * np.maximum(np.abs(_V[:, 0] - ahead_px[1]), WIDTH_PX / 2)
    rows = np.flatnonzero(reach > LEAST_SMEAR_PX)
    if len(rows) == 0:
        return image
    cut = slice(int(rows[0]), int(rows[-1]) + 1)
    half = share[cut] / 2
    du, dv = (_U[cut] - ahead_px[0]) * half, (_V[cut] - ahead_px[1]) * half
    total = image[cut].astype(np.float32) * 0.5
    for sign in (-1, 1):
        total += 0.25 * cv2.remap(
            image,
            (_U[cut] + sign * du).astype(np.float32),
            (_V[cut] + sign * dv).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    out = image.copy()
    out[cut] = np.round(total)
    return out


def mirror(
    image: Image, film: Float, distance_m: Float, horizon_px: float, height_m: float
) -> None:
    """Let a film of water show what stands beyond it, upside down, in place.

    The share of light follows Schlick's approximation for water: little below the car, most of it
    at grazing angles.

    Parameters
    ----------
    image
        The finished scene, BGR.
    film
        Share of each pixel that is open wet road, 0 to 1.
    distance_m
        Distance of the ground at every pixel.
    horizon_px
        Row of the horizon.
    height_m
        Height of the camera.
    """
    rows = np.flatnonzero(film.max(axis=1) > 0.02)
    if len(rows) == 0:
        return
    cut = slice(int(rows[0]), int(rows[-1]) + 1)
    source = (2 * horizon_px - _V[cut]).astype(np.float32)
    seen = cv2.remap(image, _U[cut], source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.GaussianBlur(seen, (0, 0), sigmaX=2.0, sigmaY=7.0)
    far = np.maximum(distance_m[cut], 1.0)
    share = 0.02 + 0.98 * (1 - height_m / np.hypot(far, height_m)) ** 5
    share = (share * ROUGHNESS * film[cut]).astype(np.float32)
    image[cut] = cv2.blendLinear(seen, np.ascontiguousarray(image[cut]), share, 1 - share)
