"""Planes in space: textures with their own mip levels, drawn far to near, hiding what is behind."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, NEAR_M, WIDTH_PX, View

Image = NDArray[np.uint8]
Array = NDArray[np.float64]


class Texture:
    """A picture with opacity (BGRA), premultiplied, at halving sizes."""

    def __init__(self, bgra: Image) -> None:
        colour = bgra[..., :3].astype(np.float32) * (bgra[..., 3:].astype(np.float32) / 255)
        flat = np.concatenate([colour, bgra[..., 3:].astype(np.float32)], axis=-1)
        flat = cv2.copyMakeBorder(flat, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
        self.levels: list[Image] = [np.clip(flat, 0, 255).astype(np.uint8)]
        while min(flat.shape[:2]) > 8:
            size = (max(flat.shape[1] // 2, 1), max(flat.shape[0] // 2, 1))
            flat = cv2.resize(flat, size, interpolation=cv2.INTER_AREA)
            self.levels.append(np.clip(flat, 0, 255).astype(np.uint8))
        self.height, self.width = self.levels[0].shape[:2]
        self.inner = (2.0, 2.0, self.width - 2.0, self.height - 2.0)


@dataclass
class Seen:
    """A private thing in this frame: its box, its pixels, and how many are still to be seen."""

    id: str
    kind: str
    box: tuple[float, float, float, float]
    x0: int
    y0: int
    mask: NDArray[np.bool_]
    whole: float

    def fraction(self) -> float:
        """Return the visible share of the thing."""
        return float(self.mask.sum()) / max(self.whole, 1.0)


@dataclass
class Canvas:
    """The frame that is being painted."""

    image: Image
    view: View
    haze: tuple[float, float, float]
    haze_m: float
    ground_m: NDArray[np.float32]
    seen: list[Seen] = field(default_factory=list)

    def hide(self, x0: int, y0: int, cover: NDArray[np.bool_], keep: int | None = None) -> None:
        """Take pixels away from private things behind; the last ``keep`` entries are spared."""
        stop = len(self.seen) if keep is None else keep
        for thing in self.seen[:stop]:
            ax, ay = max(x0, thing.x0), max(y0, thing.y0)
            bx = min(x0 + cover.shape[1], thing.x0 + thing.mask.shape[1])
            by = min(y0 + cover.shape[0], thing.y0 + thing.mask.shape[0])
            if ax < bx and ay < by:
                thing.mask[ay - thing.y0 : by - thing.y0, ax - thing.x0 : bx - thing.x0] &= ~cover[
                    ay - y0 : by - y0, ax - x0 : bx - x0
                ]

    def blend(
        self, x0: int, y0: int, layer: Image, depth_m: float, keep: int | None = None
    ) -> None:
        """Lay a premultiplied BGRA layer over the frame, with the haze of its distance."""
        height, width = layer.shape[:2]
        part = self.image[y0 : y0 + height, x0 : x0 + width]
        if depth_m > 45.0:
            # what stands behind a crest is hidden by it
            land = self.ground_m[y0 : y0 + height, x0 : x0 + width]
            layer[(land > 0) & (land < 0.82 * depth_m - 4.0)] = 0
        alpha = layer[..., 3]
        colour = layer[..., :3]
        clear = float(np.exp(-depth_m / self.haze_m))
        if clear < 0.985:
            veil = cv2.merge([alpha] * 3)
            far = cv2.multiply(veil, np.array([*self.haze, 0.0]), scale=(1 - clear) / 255)
            colour = np.asarray(cv2.addWeighted(colour, clear, far, 1, 0), dtype=np.uint8)
        left = cv2.merge([255 - alpha] * 3)
        part[:] = cv2.add(cv2.multiply(part, left, scale=1 / 255), colour)
        if self.seen:
            self.hide(x0, y0, alpha > 128, keep)

    def mark(self, name: str, kind: str, outline: Array, whole: float | None = None) -> None:
        """Note a private thing by its outline in pixels; it may lie partly outside the frame."""
        box = (
            float(outline[:, 0].min()),
            float(outline[:, 1].min()),
            float(outline[:, 0].max()),
            float(outline[:, 1].max()),
        )
        x0, y0 = max(int(box[0]), 0), max(int(box[1]), 0)
        x1, y1 = min(int(np.ceil(box[2])) + 1, WIDTH_PX), min(int(np.ceil(box[3])) + 1, HEIGHT_PX)
        if x1 <= x0 or y1 <= y0:
            return
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [np.round((outline - (x0, y0)) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
        hull = outline.astype(np.float32).reshape(-1, 1, 2)
        area = whole if whole is not None else max(float(cv2.contourArea(hull)), 1.0)
        area = max(area, float(mask.sum()))
        self.seen.append(Seen(name, kind, box, x0, y0, mask.astype(bool), area))


def quad(
    canvas: Canvas,
    texture: Texture,
    corners: Array,
    tone: float = 1.0,
    far_m: float = 600.0,
    ready: tuple[Array, Array] | None = None,
) -> Array | None:
    """Draw a plane given by its corners in space: top left, top right, bottom right, bottom left.

    Returns
    -------
    The matrix from texture pixels to frame pixels, or None where nothing was drawn.
    """
    pixels, depth = canvas.view.project(corners) if ready is None else ready
    u0, v0, u1, v1 = texture.inner
    if depth.max() < NEAR_M or depth.min() > far_m:
        return None
    if depth.min() < NEAR_M:
        # cut the left or the right side off at the near plane
        left, right = min(depth[0], depth[3]), min(depth[1], depth[2])
        if abs(left - right) < 1e-6 or max(left, right) < NEAR_M * 1.2:
            return None
        share = (NEAR_M * 1.05 - left) / (right - left)
        top = corners[0] + (corners[1] - corners[0]) * share
        low = corners[3] + (corners[2] - corners[3]) * share
        cut = u0 + (u1 - u0) * share
        if left < right:
            corners, u0 = np.array([top, corners[1], corners[2], low]), cut
        else:
            corners, u1 = np.array([corners[0], top, low, corners[3]]), cut
        pixels, depth = canvas.view.project(corners)
        if depth.min() < NEAR_M * 0.9:
            return None
    x0, y0 = np.floor(pixels.min(axis=0)).astype(int) - 1
    x1, y1 = np.ceil(pixels.max(axis=0)).astype(int) + 2
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, WIDTH_PX), min(y1, HEIGHT_PX)
    if x1 - x0 < 1 or y1 - y0 < 1:
        return None
    source = np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]], np.float32)
    across = np.hypot(*(pixels[1] - pixels[0])) + np.hypot(*(pixels[2] - pixels[3]))
    down = np.hypot(*(pixels[3] - pixels[0])) + np.hypot(*(pixels[2] - pixels[1]))
    ratio = np.sqrt(2 * (u1 - u0) / max(across, 1e-3) * 2 * (v1 - v0) / max(down, 1e-3))
    level = int(np.clip(np.floor(np.log2(max(ratio, 1e-3)) + 0.35), 0, len(texture.levels) - 1))
    shown = texture.levels[level]
    scale = np.array([shown.shape[1] / texture.width, shown.shape[0] / texture.height], np.float32)
    target = (pixels - (x0, y0)).astype(np.float32)
    move = cv2.getPerspectiveTransform(source * scale, target)
    layer = cv2.warpPerspective(shown, move, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    if tone != 1.0:
        layer[..., :3] = cv2.convertScaleAbs(layer[..., :3], alpha=tone)
    canvas.blend(x0, y0, np.asarray(layer, dtype=np.uint8), float(depth.mean()))
    return np.asarray(cv2.getPerspectiveTransform(source, pixels.astype(np.float32)))


def billboard_corners(
    foot: Array, right: Array, width_m: float, height_m: float, up: Array | None = None
) -> Array:
    """Return the corners of an upright plane that stands on ``foot`` (its bottom middle)."""
    lift = np.array([0.0, 0.0, height_m]) if up is None else up * height_m
    half = right * (width_m / 2)
    return np.array([foot - half + lift, foot + half + lift, foot + half, foot - half])


def through(move: Array, points: Array) -> Array:
    """Bring texture points (N, 2) to frame pixels."""
    out = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), move)
    return np.asarray(out.reshape(-1, 2), dtype=np.float64)
