"""Times of the pictures of a film, as its container writes them; made anew where they are broken.

Recorders that lose power, joined files and converters leave films whose time stamps are missing,
all the same, or begin again in the middle. Where the coded pictures tell their own rate, times are
counted from it, and that is told; where nothing tells it, the film is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voirie.arrays import Floats
from voirie.errors import R_, EmptyInput, NotDecodable

FASTEST_FPS = 500.0
SLOWEST_FPS = 0.1
"""No camera takes more pictures a second, or fewer."""

LEAST_DISTINCT = 0.98
"""Share of the pictures that must have a time of their own."""

BACK_S = 0.5
"""In the order of decoding, times only go back where a film was put together of several."""

LONGEST_HOLE_S = 60.0
"""Two pictures farther apart belong to two recordings."""

_CONVERT = "convert it with the rate it was filmed at (ffmpeg -r 30 -i FILE ...)"


@dataclass(frozen=True, slots=True)
class PictureTimes:
    """Times of the pictures of a film.

    Attributes
    ----------
    pts_s
        In order, from the first one; (n,), seconds.
    start_s
        Of the first one on the clock of the container.
    made_at_fps
        The rate they were counted from; None where they are those of the container.
    """

    pts_s: Floats
    start_s: float
    made_at_fps: float | None = None


def times_of(
    pts: Sequence[int | None],
    dts: Sequence[int | None],
    tick_s: float,
    own_fps: float | None,
    mean_fps: float | None,
    path: Path,
) -> PictureTimes:
    """Times of the pictures of a film from the stamps of its packets.

    Parameters
    ----------
    pts, dts
        Stamps of presentation and of decoding, in the order of the file; None where missing.
    tick_s
        Seconds of a tick.
    own_fps
        Rate that the coded pictures tell; None where they do not.
    mean_fps
        Rate of the container, believed where only the order of its stamps is broken.
    path
        The film.

    Raises
    ------
    EmptyInput
        When there is no packet.
    NotDecodable
        When the stamps are broken and no rate is told, or belong to two recordings.

    Examples
    --------
    >>> found = times_of([0, 0, 0], [0, 0, 0], 0.001, 25.0, None, Path("a.mkv"))
    >>> found.pts_s.tolist(), found.made_at_fps
    ([0.0, 0.04, 0.08], 25.0)
    """
    if not pts:
        raise EmptyInput("it holds no picture", path, "film again")
    known = np.sort(np.array([p for p in pts if p is not None], dtype=np.float64)) * tick_s
    why = _fault(known, len(pts))
    rate = own_fps
    if why is None and _goes_back(dts, tick_s):
        why, rate = R_("time stamps that begin again in the middle"), own_fps or mean_fps
    if why is None:
        hole = int(np.argmax(np.diff(known))) if len(known) > 1 else 0
        long_s = known[hole + 1] - known[hole] if len(known) > 1 else 0.0
        if long_s > LONGEST_HOLE_S:
            raise NotDecodable(
                f"its time stamps jump by {long_s:.0f} s after {known[hole] - known[0]:.0f} s",
                path,
                "cut it there into two films",
            )
        return PictureTimes(known - known[0], float(known[0]))
    if rate is None or not SLOWEST_FPS <= rate <= FASTEST_FPS:
        raise NotDecodable(f"it has {why}, and does not tell its frame rate", path, _CONVERT)
    return PictureTimes(np.arange(len(pts)) / rate, 0.0, rate)


def _fault(known: Floats, count: int) -> str | None:
    """What is wrong with sorted times, None where nothing is."""
    if len(known) < LEAST_DISTINCT * count:
        return R_("no time stamps")
    if len(np.unique(known)) < LEAST_DISTINCT * count:
        return R_("time stamps that are all the same")
    if count > 1 and float(np.median(np.diff(known))) < 1.0 / FASTEST_FPS:
        return R_("time stamps too close to each other")
    return None


def _goes_back(dts: Sequence[int | None], tick_s: float) -> bool:
    ticks = np.array([d for d in dts if d is not None], dtype=np.float64)
    return bool((np.diff(ticks) * tick_s < -BACK_S).any())
