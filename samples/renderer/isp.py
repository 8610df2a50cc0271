"""From light to pixels: exposure, veil, windscreen, bonnet, vignette, lens blur, noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, WIDTH_PX
from .noise import Float, fractal, generator

Image = NDArray[np.uint8]
NOISE_ROOM = 200
LENS_BLUR_PX = 0.62
SHARPEN, SHARPEN_PX = 0.5, 1.2


class Isp:
    """The camera's own processing, and the car it looks out of."""

    def __init__(self, seed: int, name: str) -> None:
        rng = generator(seed, "isp", name)
        yy, xx = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
        radius = np.hypot((xx - 640) / 735, (yy - 360) / 735)
        self.vignette = cv2.merge([np.round(255 * (1 - 0.22 * radius**2.2)).astype(np.uint8)] * 3)
        rows, cols = HEIGHT_PX + NOISE_ROOM, WIDTH_PX + NOISE_ROOM
        grey = rng.standard_normal((rows, cols), dtype=np.float32)
        colour = rng.standard_normal((rows // 2, cols // 2, 3)).astype(np.float32)
        colour = np.asarray(cv2.resize(colour, (cols, rows)), dtype=np.float32)
        self.noise = np.round(16 * (grey[..., None] * 0.95 + 0.45 * colour)).astype(np.int16)
        self._windscreen(rng)
        self._bonnet(rng)
        self.seed, self.name = seed, name

    def _windscreen(self, rng: np.random.Generator) -> None:
        """A faint mirror image of the dashboard, and a little dirt."""
        yy, xx = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
        veil = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        edge = 610 + 26 * np.sin((xx - 300) / 420)
        veil += 5.0 * np.exp(-(((yy - edge) / 9) ** 2)) + 3.2 * np.clip((yy - edge) / 90, 0, 1)
        paper = (np.abs(xx - 930 - 0.25 * (yy - 560)) < 95) & (np.abs(yy - 560) < 34)
        veil += 5.5 * cv2.GaussianBlur(paper.astype(np.float32), (0, 0), 6)
        dirt = np.clip(fractal(rng, HEIGHT_PX, WIDTH_PX, 240.0, 5) - 0.9, 0, 2) * 1.6
        self.veil = cv2.merge([np.round(veil + dirt).astype(np.uint8)] * 3)

    def _bonnet(self, rng: np.random.Generator) -> None:
        """The own bonnet at the lower edge."""
        xx = np.arange(WIDTH_PX, dtype=np.float32)
        top = HEIGHT_PX - 31 + 21 * ((xx - 655) / 640) ** 2
        yy = np.arange(HEIGHT_PX, dtype=np.float32)[:, None]
        self.bonnet_share = np.clip(yy - top[None, :] + 0.5, 0, 1)
        depth = np.clip(yy - top[None, :], 0, 60)
        light = 62 + 70 * np.exp(-depth / 5.0) + 16 * np.sin((xx[None, :] - 200) / 300)
        light += 2.0 * fractal(rng, HEIGHT_PX, WIDTH_PX, 160.0, 3)
        self.bonnet = np.dstack([light * 1.12, light * 0.98, light * 0.92]).astype(np.float32)
        self.low_row = int(top.min()) - 1
        self.bonnet_mask = self.bonnet_share > 0.5

    def develop(self, image: Image, gain: float, haze_veil: float, frame: int) -> Image:
        """Return the finished picture.

        Parameters
        ----------
        image
            Radiance as drawn.
        gain
            Exposure, 1 = as drawn.
        haze_veil
            Light that the sun scatters in the lens, in grey levels.
        frame
            Number of the frame, which chooses the noise.
        """
        part = image[self.low_row :]
        share = self.bonnet_share[self.low_row :, :, None]
        part[:] = part * (1 - share) + self.bonnet[self.low_row :] * share
        level = np.arange(256, dtype=np.float32) * np.float32(1.1 * gain)
        level = level * (1 - haze_veil / 330) + haze_veil
        # a soft shoulder keeps clouds from burning out
        level = np.where(level > 205, 205 + 50 * np.tanh((level - 205) / 58), level)
        curve = np.clip(np.round(level), 0, 255).astype(np.uint8)
        light = cv2.multiply(cv2.LUT(image, curve), self.vignette, scale=1 / 255)
        light = cv2.add(light, self.veil)
        rng = generator(self.seed, "noise", self.name, frame)
        y, x = (int(value) for value in rng.integers(0, NOISE_ROOM - 2, 2))
        noise = self.noise[y : y + HEIGHT_PX, x : x + WIDTH_PX]
        light = cv2.GaussianBlur(light, (0, 0), LENS_BLUR_PX)
        soft = cv2.GaussianBlur(light, (0, 0), SHARPEN_PX)
        light = cv2.addWeighted(light, 1 + SHARPEN, soft, -SHARPEN, 0)
        amount = 0.7 / 16 * min(max(gain, 0.8), 1.8)
        return np.asarray(
            cv2.addWeighted(light, 1.0, noise, amount, 0, dtype=cv2.CV_8U), dtype=np.uint8
        )


def exposure(sun_ahead: Float, times: NDArray[np.float64], lag_s: float = 0.5) -> Float:
    """Return the gain of every frame: what is ahead, followed with a lag."""
    want = 1.0 / (0.42 + 0.58 * sun_ahead) ** 0.8
    out = np.empty_like(want)
    state = float(want[0])
    for index, value in enumerate(want):
        step = float(times[index] - times[index - 1]) if index else 0.0
        state += (float(value) - state) * (1 - np.exp(-step / lag_s))
        out[index] = state
    return np.asarray(np.clip(out, 0.8, 1.75), dtype=np.float32)
