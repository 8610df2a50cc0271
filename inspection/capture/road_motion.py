"""How far the road moved under the camera from picture to picture, and how far the camera turned.

Only numbers come out. A narrow strip of the road ahead is laid flat (its rows are taken at even
steps of 1 / rows below the horizon, which are even steps of distance on a flat road); by how much
two such strips are shifted against each other is how far the car drove, in a unit that the height
of the camera would make metres. One pair of strips is often mute or wrong: on wet or clean
asphalt, and where a reflection in the windscreen stands still. So each pair gives a curve, and
the most likely drive through all curves is read (forward and backward, as in a hidden Markov
model), which a car cannot leave by jumps. The scenery above the horizon tells the turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from voirie.arrays import Floats, Floats32, Pixels

WIDTH_PX = 640
"""Pictures are looked at this wide, whatever their size."""
EVERY_S = 0.1
"""Pictures closer than this follow too fast to be worth it; the steps between them are chained."""
HORIZON = 0.45
"""Row of the horizon where the pictures do not tell it, as a share of the height."""

_SAMPLES, _COLUMNS = 192, 48
_NEAR, _FAR = 0.40, 0.085
"""Rows of the strip below the horizon, as shares of the height: some 4 to 20 metres ahead."""
_HALF_WIDTH = 1.3
"""Half the strip's width in heights of the camera: the lane."""
_BACK, _AHEAD = 10, 110
"""Shifts that are looked at, in samples: a tenth of a second at up to 300 km/h and reversing."""
_SCENERY_PX = 160

_FINER = 2
_TRUST = 0.6
"""Weight of a curve: neighbouring pairs see the same road, and are not independent."""
_SURGE = 0.6
"""By how many half samples the shift may change from pair to pair: 3 m/s2, and a nod."""
_NOD = 0.8
"""Samples by which a nod of one pixel shifts the strip, on every camera."""
_STANDING_ENERGY, _STANDING_SPREAD = 0.35, 0.1
"""Strips that differ less than this, as a share of their contrast, show a car that stands."""
_LEAK = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class RoadMotion:
    """The drive as the pictures tell it.

    Attributes
    ----------
    t_s
        Film times of the pictures that were compared, (n + 1,).
    step
        Way from each to the next, in an unknown unit; negative backward, (n,).
    step_sd
        Its standard deviation, (n,).
    turn_px
        Columns by which the far scenery moved, in pixels of a picture 640 px wide; to the right
        where the car turns left, (n,).
    """

    NAMES: ClassVar[tuple[str, ...]] = ("t_s", "step", "step_sd", "turn_px")

    t_s: Floats
    step: Floats
    step_sd: Floats
    turn_px: Floats

    def columns(self) -> dict[str, Floats]:
        """Its numbers by name."""
        return {name: getattr(self, name) for name in self.NAMES}

    def followed_by(self, other: RoadMotion) -> RoadMotion:
        """One drive of two that follow each other; between them the speed stays as it was."""
        between = other.t_s[0] - self.t_s[-1]
        speed = self.step[-1] / max(self.t_s[-1] - self.t_s[-2], 1e-3)
        return RoadMotion(
            np.r_[self.t_s, other.t_s],
            np.r_[self.step, speed * between, other.step],
            np.r_[self.step_sd, abs(speed * between), other.step_sd],
            np.r_[self.turn_px, 0.0, other.turn_px],
        )

    @classmethod
    def none(cls) -> RoadMotion:
        """Of a film of which nothing was seen."""
        return cls(np.empty(0), np.empty(0), np.empty(0), np.empty(0))

    def __len__(self) -> int:
        return len(self.step)


class MotionMeter:
    """Compares pictures as they are decoded and keeps numbers alone.

    Parameters
    ----------
    width_px, height_px
        Size of the pictures of the film, as shown.
    horizon
        Row of the horizon and column where the road meets it, as shares of height and width;
        None where they are not known.
    bonnet_rows_pct
        Share of the rows, from below, where our own vehicle hides the road.

    Examples
    --------
    >>> meter = MotionMeter(1280, 720)
    >>> len(meter.motion())
    0
    """

    def __init__(
        self,
        width_px: int,
        height_px: int,
        horizon: tuple[float, float] | None = None,
        bonnet_rows_pct: float = 0.0,
    ) -> None:
        self.width_px = WIDTH_PX
        self.height_px = max(2, round(height_px * WIDTH_PX / width_px))
        row, column = horizon or (HORIZON, 0.5)
        top = float(np.clip(row, 0.2, 0.6)) * self.height_px
        lowest = self.height_px * (1 - bonnet_rows_pct / 100) - 1
        near = max(min(_NEAR * self.height_px, lowest - top), 2 * _FAR * self.height_px)
        rows = 1.0 / np.linspace(1 / near, 1 / (_FAR * self.height_px), _SAMPLES)
        across = np.linspace(-_HALF_WIDTH, _HALF_WIDTH, _COLUMNS)
        centre = float(np.clip(column, 0.3, 0.7)) * WIDTH_PX
        self._map_x = np.asarray(centre + across[None] * rows[:, None], np.float32)
        self._map_y = np.asarray(np.repeat(top + rows[:, None], _COLUMNS, axis=1), np.float32)
        self._sample = (1 / (_FAR * self.height_px) - 1 / near) / (_SAMPLES - 1)
        self._scenery = slice(0, max(16, int(top)))
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: _Look | None = None
        self._times: list[float] = []
        self._curves: list[Floats32] = []
        self._others: list[tuple[float, float, float]] = []

    @property
    def has_seen(self) -> bool:
        """Whether it was shown any picture."""
        return self._last is not None

    def wants(self, seconds: float) -> bool:
        """Whether a picture of this moment is worth looking at."""
        return self._last is None or seconds - self._last.at_s >= EVERY_S - 2e-3

    def look(self, seconds: float, grey: Pixels) -> None:
        """Compare a picture with the one before, and forget that one.

        Parameters
        ----------
        seconds
            Its time in the film.
        grey
            Its brightness, `height_px` by `width_px`.
        """
        flat = cv2.remap(grey, self._map_x, self._map_y, cv2.INTER_LINEAR)
        strip = _contrast(np.asarray(flat, np.float32))
        top = grey[self._scenery]
        small = (_SCENERY_PX, max(16, top.shape[0] * _SCENERY_PX // WIDTH_PX))
        scenery = np.asarray(cv2.resize(top, small, interpolation=cv2.INTER_AREA), np.uint8)
        waves = np.fft.rfft(strip, 2 * _SAMPLES, axis=0)
        before = self._last
        changed = None
        self._times.append(seconds)
        if before is not None:
            change = strip - before.strip
            # What stands still in the picture, such as a reflection, cancels in the changes.
            changed = np.fft.rfft(change, 2 * _SAMPLES, axis=0)
            curve = _shifts(before.waves, waves)
            if before.changed is not None:
                curve = curve + _shifts(before.changed, changed)
            self._curves.append(curve.astype(np.float32))
            still = np.zeros((*scenery.shape, 2), np.float32)
            flow = np.asarray(self._flow.calc(before.scenery, scenery, still), np.float64)
            turn, nod = _turn_and_nod(flow, before.scenery)
            self._others.append((turn, nod, float((change**2).mean())))
        self._last = _Look(seconds, strip, scenery, waves, changed)

    def motion(self) -> RoadMotion:
        """What was seen so far."""
        if len(self._curves) < 2:
            return RoadMotion.none()
        turn, nod, energy = np.asarray(self._others, np.float64).T
        shift, sd = _most_likely(np.asarray(self._curves, np.float64), nod, energy)
        return RoadMotion(
            np.asarray(self._times, np.float64), shift * self._sample, sd * self._sample, turn
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What is kept of the last picture while the next one is awaited."""

    at_s: float
    strip: Floats32
    scenery: Pixels
    waves: np.ndarray
    changed: np.ndarray | None


def _turn_and_nod(flow: Floats, scenery: Pixels) -> tuple[float, float]:
    """Columns and rows by which the far scenery moved, in pixels of a picture 640 px wide.

    In the middle, near the horizon, is what lies far; a nod shows where there are edges.
    """
    rows, columns = scenery.shape
    far = np.s_[rows // 3 :, int(0.3 * columns) : int(0.7 * columns)]
    edges = np.abs(cv2.Sobel(scenery, cv2.CV_32F, 0, 1))[far].ravel() + 0.1
    across, down = flow[far][..., 0].ravel(), flow[far][..., 1].ravel()
    order = np.argsort(down)
    weight = np.cumsum(edges[order])
    nod = down[order][np.searchsorted(weight, weight[-1] / 2)]
    scale = WIDTH_PX / _SCENERY_PX
    return float(np.median(across)) * scale, float(nod) * scale


def _contrast(strip: Floats32) -> Floats32:
    """Texture along the road, freed of shading and brought to one contrast everywhere."""
    plain = strip - cv2.GaussianBlur(strip, (1, 31), 8.0)
    spread = np.sqrt(cv2.blur(plain * plain, (9, 31)) + 4.0)
    return np.asarray(plain / spread, np.float32)


def _shifts(before: np.ndarray, after: np.ndarray) -> Floats:
    """How well two strips agree at every shift, (shifts,)."""
    agreement = np.fft.irfft((np.conj(after) * before).sum(axis=1), 2 * _SAMPLES)
    shift = np.arange(-_BACK, _AHEAD)
    return np.asarray(agreement[shift] / (_SAMPLES - np.abs(shift)) / _COLUMNS, np.float64)


def _most_likely(curves: Floats, nod_px: Floats, energy: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation of the shift of every pair, in samples, given all of them."""
    count, shifts = curves.shape
    plain = curves - np.median(curves, axis=1, keepdims=True)
    noise = 1.4826 * np.median(np.abs(plain), axis=1, keepdims=True)
    score = plain / np.maximum(noise, 0.02)
    fine = np.arange(0, shifts - 1 + 1e-9, 1 / _FINER)
    nodded = np.clip(_NOD * nod_px, -_BACK / 2, _BACK / 2)
    score = np.stack(
        [
            np.interp(fine + by, np.arange(shifts), one)
            for by, one in zip(nodded, score, strict=True)
        ]
    )
    belief = _TRUST * np.clip(score, -3, 10)
    still = _BACK * _FINER
    standing = np.clip((_STANDING_ENERGY - energy) / _STANDING_SPREAD, -2, 4)
    belief[:, still - 1 : still + 2] += standing[:, None]
    likely = np.exp(belief - belief.max(axis=1, keepdims=True))
    reach = np.arange(-14, 15)
    near = np.exp(-0.5 * (reach / _SURGE) ** 2)
    wide = np.exp(-np.abs(reach) / 8)
    change = (1 - _LEAK) * near / near.sum() + _LEAK * wide / wide.sum()
    forward = np.empty_like(likely)
    now = np.full(len(fine), 1 / len(fine))
    for row in range(count):
        now = likely[row] * (np.convolve(now, change, "same") + 1e-8)
        now /= now.sum()
        forward[row] = now
    after = np.ones(len(fine))
    place = fine - _BACK
    mean, sd = np.empty(count), np.empty(count)
    for row in range(count - 1, -1, -1):
        both = forward[row] * after
        both /= both.sum()
        mean[row] = both @ place
        sd[row] = np.sqrt(max(float(both @ (place - mean[row]) ** 2), 0.0))
        after = np.convolve(after * likely[row], change, "same") + 1e-8
        after /= after.sum()
    return mean, sd
