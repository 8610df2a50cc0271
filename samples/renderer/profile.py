"""How fast each pass is driven, where it stops, and which pass repeats which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DT = 0.004
LOOKAHEAD_DECEL = 1.9
ACCEL = 1.35


@dataclass(frozen=True)
class Profile:
    """How a pass is driven: ends, first speed, one stop, and the speed wanted from a way on."""

    start_m: float
    end_m: float
    first_kmh: float
    stop_at_m: float
    stop_s: float
    want_kmh: tuple[tuple[float, float], ...]


PROFILE = {
    "a": Profile(
        0.0, 1600.0, 0.0, 566.0, 6.0, ((0, 50), (318, 30), (566, 50), (790, 70), (1452, 50))
    ),
    "b": Profile(
        1600.0,
        400.0,
        30.0,
        594.0,
        3.0,
        ((0, 70), (262, 45), (330, 72), (770, 50), (935, 30), (1010, 50)),
    ),
    "c": Profile(
        0.0, 1600.0, 20.0, 566.0, 2.0, ((0, 42), (318, 34), (566, 44), (790, 58), (1452, 44))
    ),
}
LIKE = {"a": "a", "b": "b", "c": "a"}
"""The pass that each repeats: c drives the way of a again, on another day and another line."""
ASIDE_M = {"a": 0.0, "b": 0.0, "c": -0.35}


def speeds(name: str) -> tuple[Array, Array, Array]:
    """Return time, way and speed every few milliseconds."""
    plan = PROFILE[name]
    length = abs(plan.end_m - plan.start_m)
    stop_at = abs(plan.stop_at_m - plan.start_m)
    want = [(way_m, kmh / 3.6) for way_m, kmh in plan.want_kmh]
    t, way, speed, waited = 0.0, 0.0, plan.first_kmh / 3.6, -1.0
    rows = []
    accel = 0.0
    while way < length:
        limit = next(v for a, v in reversed(want) if way >= a)
        for a, v in want:
            if a > way:
                limit = min(limit, float(np.sqrt(v * v + 2 * LOOKAHEAD_DECEL * (a - way))))
        if waited < 0 and way < stop_at:
            limit = min(limit, float(np.sqrt(2 * 1.6 * max(stop_at - way, 0))))
            if stop_at - way < 0.02 or (speed < 0.05 and stop_at - way < 0.4):
                waited = t
        target = np.clip((limit - speed) / 0.35, -2.4, ACCEL)
        if 0 <= waited and t - waited < plan.stop_s:
            target, speed, accel = 0.0, 0.0, 0.0
        accel += (target - accel) * DT / 0.35
        speed = max(0.0, speed + accel * DT)
        if waited < 0 <= stop_at - way < 2.0:
            speed = max(speed, 0.12)
        rows.append((t, way, speed))
        way += speed * DT
        t += DT
    table = np.array(rows)
    return table[:, 0], table[:, 1], table[:, 2]
