"""Registration plates of the SIV kind with numbers that cannot exist.

The letters I, O and U are never issued; every number here holds one of them in each pair.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import fractal, generator

Image = NDArray[np.uint8]

WIDTH_M = 0.52
HEIGHT_M = 0.11


def number(seed: int, name: str) -> str:
    """Return an invented number."""
    rng = generator(seed, "number", name)
    never, others = "IOU", "ABCDEFGHJKLMNPQRSTVWXYZ"
    pair = [never[int(rng.integers(3))] + others[int(rng.integers(23))] for _ in range(2)]
    return f"{pair[0]}-{int(rng.integers(1, 1000)):03d}-{pair[1][::-1]}"


def plate(seed: int, name: str, dirt: float = 0.15, square: bool = False) -> Image:
    """Return a plate as BGRA at 1 mm a pixel: 520 x 110 mm, or 210 x 130 mm for two wheels."""
    rng = generator(seed, "plate", name)
    words = number(seed, name)
    rows, cols = (130, 210) if square else (110, 520)
    image = np.full((rows, cols, 3), 232, np.uint8)
    band = 26 if square else 44
    blue = (150, 66, 12)
    image[:, :band] = blue
    image[:, -band:] = blue
    face = cv2.FontFace("sans")
    for turn in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        spot = (int(band / 2 + band * 0.28 * np.cos(turn)), int(28 + band * 0.28 * np.sin(turn)))
        cv2.circle(image, spot, 2, (40, 200, 240), -1, cv2.LINE_AA)
    cv2.putText(image, "F", (band // 2 - 7, rows - 18), (240, 240, 240), face, 26, 700)
    lines = [words[:6], words[7:]] if square else [words]
    size = 52 if square else 100
    for index, line in enumerate(lines):
        area = np.zeros((160, 900, 3), np.uint8)
        cv2.putText(area, line, (20, 120), (255, 255, 255), face, size, 600)
        x, y, w, h = cv2.boundingRect(area[..., 0])
        wide = min(cols - 2 * band - 16, int(w * 1.0))
        high = 44 if square else 78
        glyph = cv2.resize(
            area[y : y + h, x : x + w, 0], (wide, high), interpolation=cv2.INTER_AREA
        )
        x0 = (cols - wide) // 2
        y0 = (14 + index * 58) if square else (rows - high) // 2
        share = glyph[..., None] / 255.0
        part = image[y0 : y0 + high, x0 : x0 + wide]
        part[:] = (part * (1 - share) + 28 * share).astype(np.uint8)
    cv2.rectangle(image, (0, 0), (cols - 1, rows - 1), (60, 60, 60), 3)
    mud = np.clip(fractal(rng, rows, cols, 60.0, 5) * 0.5 + 0.1, 0, 1)[..., None] * dirt
    out = image * (1 - mud) + np.array([70.0, 92, 108]) * mud
    return np.dstack([np.clip(out, 0, 255), np.full((rows, cols), 255)]).astype(np.uint8)
