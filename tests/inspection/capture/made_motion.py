"""A drive known in metres, as pictures and a receiver would tell it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspection.capture.road_motion import RoadMotion
from voirie.arrays import Floats

UNIT = 0.0016
"""What a metre is in steps of the pictures; nobody is told."""
FOCAL_PX = 475.0


@dataclass(frozen=True)
class MadeDrive:
    """Truth every tenth of a second, and what the pictures tell of it."""

    t_s: Floats
    xy: Floats
    motion: RoadMotion

    def fixes(self, offset_s: float, seed: int = 0, noise_m: float = 0.4) -> tuple[Floats, Floats]:
        """Times and places of a receiver whose clock is so many seconds ahead of the film's."""
        rng = np.random.default_rng(seed)
        t_s = np.arange(np.ceil(self.t_s[0] + offset_s), self.t_s[-1] + offset_s)
        xy = np.stack([np.interp(t_s - offset_s, self.t_s, at) for at in self.xy.T], axis=1)
        return t_s, xy + rng.normal(0, noise_m, xy.shape) + [6e5, 6.4e6]


def made_drive(*, steady: bool = False, noise: float = 0.03, seed: int = 1) -> MadeDrive:
    """Two minutes: up to 50 km/h, a stop, 70 km/h and a bend; or straight on at one speed."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(0.0, 120.0, 0.1)
    speed = np.interp(t_s, [0, 10, 45, 53, 58, 72, 100, 108, 120], [0, 14, 14, 0, 0, 19, 19, 8, 14])
    turn = 0.12 * np.exp(-(((t_s - 30) / 4) ** 2)) - 0.15 * np.exp(-(((t_s - 85) / 5) ** 2))
    if steady:
        speed, turn = np.full_like(speed, 14.0), np.zeros_like(turn)
    heading = np.cumsum(turn) * 0.1
    way = speed[1:] * 0.1
    xy = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1)[1:] * way[:, None], axis=0)
    step = UNIT * way * (1 + rng.normal(0, noise, len(way)))
    turned = FOCAL_PX * np.diff(heading) + rng.normal(0, 0.2, len(way))
    motion = RoadMotion(t_s, step, np.full(len(way), 1e-5), turned)
    return MadeDrive(t_s, np.concatenate([[[0.0, 0.0]], xy]), motion)
