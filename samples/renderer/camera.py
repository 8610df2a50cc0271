"""A dashcam: lens with distortion, rolling shutter, and a body that pitches and rolls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDTH_PX = 1280
HEIGHT_PX = 720
READOUT_S = 0.020
NEAR_M = 0.35


@dataclass(frozen=True)
class Lens:
    """Pinhole with two radial terms; ``r_distorted = r (1 + k1 r^2 + k2 r^4)``."""

    focal_px: float = 962.0
    cx_px: float = 645.5
    cy_px: float = 351.0
    k1: float = -0.165
    k2: float = 0.028

    def distort(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the pixel of a direction given by its slopes."""
        squared = np.minimum(x * x + y * y, 2.2)
        scale = 1 + self.k1 * squared + self.k2 * squared * squared
        return self.cx_px + self.focal_px * x * scale, self.cy_px + self.focal_px * y * scale

    def undistort(self, u: Array, v: Array) -> tuple[Array, Array]:
        """Return the slopes of the ray through a pixel."""
        xd, yd = (u - self.cx_px) / self.focal_px, (v - self.cy_px) / self.focal_px
        x, y = xd, yd
        for _ in range(12):
            squared = x * x + y * y
            scale = 1 + self.k1 * squared + self.k2 * squared * squared
            x, y = xd / scale, yd / scale
        return x, y


@dataclass(frozen=True)
class Pose:
    """Where the camera is when the first row is read, and how it moves while reading."""

    x_m: float
    y_m: float
    z_m: float
    heading_rad: float
    pitch_rad: float
    roll_rad: float
    speed_mps: float = 0.0
    pitch_rate: float = 0.0
    yaw_rate: float = 0.0

    def axes(self, late_s: Array) -> tuple[Array, Array, Array]:
        """Return right, down and forward axes at times after the first row; shape (..., 3)."""
        late = np.asarray(late_s, dtype=np.float64)
        heading = self.heading_rad + self.yaw_rate * late
        pitch = self.pitch_rad + self.pitch_rate * late
        zero = np.zeros_like(late)
        flat = np.stack([np.sin(heading), np.cos(heading), zero], axis=-1)
        side = np.stack([np.cos(heading), -np.sin(heading), zero], axis=-1)
        up = np.stack([zero, zero, np.ones_like(late)], axis=-1)
        cos, sin = np.cos(pitch)[..., None], np.sin(pitch)[..., None]
        forward = flat * cos - up * sin
        down = -up * cos - flat * sin
        c, s = np.cos(self.roll_rad), np.sin(self.roll_rad)
        return side * c + down * s, down * c - side * s, forward

    def position(self, late_s: Array) -> Array:
        """Return the camera's place at times after the first row; shape (..., 3)."""
        late = np.asarray(late_s, dtype=np.float64)
        way = self.speed_mps * late
        return np.stack(
            [
                self.x_m + np.sin(self.heading_rad) * way,
                self.y_m + np.cos(self.heading_rad) * way,
                np.full_like(late, self.z_m),
            ],
            axis=-1,
        )


@dataclass(frozen=True)
class View:
    """One exposure: a lens at a pose."""

    lens: Lens
    pose: Pose

    def project(self, points: Array) -> tuple[Array, Array]:
        """Return pixels (N, 2) and depths (N,) of world points (N, 3), row by row in time."""
        pose, lens = self.pose, self.lens
        middle = np.array(READOUT_S / 2)
        right, down, forward = pose.axes(middle)
        matrix = np.stack([right, down, forward])
        flat = np.array([np.sin(pose.heading_rad), np.cos(pose.heading_rad), 0.0]) * pose.speed_mps
        ray = (np.asarray(points, dtype=np.float64) - pose.position(middle)) @ matrix.T
        drift = matrix @ flat
        x, y, z = ray[:, 0], ray[:, 1], ray[:, 2]
        safe = np.maximum(z, 1e-3)
        u, v = lens.distort(x / safe, y / safe)
        # the row tells when it was read; the body has moved and turned a little since the middle
        late = (np.clip(v / HEIGHT_PX, 0.0, 1.0) - 0.5) * READOUT_S
        dip, turn = pose.pitch_rate * late, pose.yaw_rate * late
        x2 = x - drift[0] * late - z * turn
        y2 = y - drift[1] * late - z * dip
        z2 = z - drift[2] * late + y * dip + x * turn
        safe = np.maximum(z2, 1e-3)
        u, v = lens.distort(x2 / safe, y2 / safe)
        return np.stack([u, v], axis=-1), z2

    def rays(self, u: Array, v: Array) -> tuple[Array, Array]:
        """Return origins and directions (..., 3) of the rays through pixels."""
        x, y = self.lens.undistort(u, v)
        late = np.clip(v / HEIGHT_PX, 0.0, 1.0) * READOUT_S
        right, down, forward = self.pose.axes(late)
        direction = right * x[..., None] + down * y[..., None] + forward
        return self.pose.position(late), direction
