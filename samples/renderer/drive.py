"""How the survey vehicle drives, and where everybody else is at that moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment
from .noise import generator, wave
from .plan import CROSSWALK_M, Defect
from .profile import ASIDE_M, DT, LIKE, PROFILE, speeds

Array = NDArray[np.float64]

FPS = 20
HEIGHT_M = 1.32
PITCH_DEG = 3.1
ROLL_DEG = 0.55
TAILGATE_M = 7.5  # from the middle of a van to the middle of the car that sticks to it


@dataclass
class Motion:
    """The survey vehicle every frame of a pass, at the time its first row is read."""

    name: str
    direction: int
    t: Array
    s: Array
    speed: Array
    d: Array
    heading: Array
    pitch: Array
    roll: Array
    pitch_rate: Array
    yaw_rate: Array
    fine_t: Array = field(repr=False, default_factory=lambda: np.zeros(0))
    fine_s: Array = field(repr=False, default_factory=lambda: np.zeros(0))
    fine_speed: Array = field(repr=False, default_factory=lambda: np.zeros(0))


def motion(road: Alignment, seed: int, name: str, defects: list[Defect]) -> Motion:
    """Return the drive of a pass."""
    fine_t, way, fine_v = speeds(name)
    plan = PROFILE[name]
    sign = 1 if LIKE[name] == "a" else -1
    fine_s = plan.start_m + sign * way
    t = np.arange(0, fine_t[-1], 1 / FPS)
    s = np.interp(t, fine_t, fine_s)
    v = np.interp(t, fine_t, fine_v)
    rng = generator(seed, "drive", name)
    lane = road.half_width_m(s) / 2
    weave = 0.12 * wave(rng, len(fine_t), 14.0 / DT, 2)
    gate = np.minimum(1.0, fine_v / 6.0)
    drift = np.interp(t, fine_t, np.cumsum(np.gradient(weave) * gate))
    d = sign * (lane - 0.05 + ASIDE_M[name]) + drift
    if LIKE[name] == "a":
        # give a cyclist room
        d -= 0.75 * np.exp(-(((s - 246.0) / 22.0) ** 2))
    side = np.gradient(d, 1 / FPS)
    heading = road.heading_rad(s) + (0.0 if sign > 0 else np.pi)
    heading = heading + sign * np.arctan2(side, np.maximum(v, 2.0)) * np.minimum(1, v / 2.0)
    osc = _bounce(seed, name, fine_t, fine_s, fine_v, defects, d, t, sign)
    grade = sign * np.arctan(road.grade(s))
    pitch = np.radians(PITCH_DEG + osc) - grade
    cross = np.degrees(np.arctan(0.02))
    roll_osc = (
        0.16 * wave(generator(seed, "roll", name), len(t), 0.9 * FPS, 2) * np.minimum(1, v / 8)
    )
    roll = np.radians(ROLL_DEG + cross + roll_osc)
    return Motion(
        name,
        sign,
        t,
        s,
        v,
        d,
        heading,
        pitch,
        np.asarray(roll),
        np.gradient(pitch, 1 / FPS),
        np.gradient(np.unwrap(heading), 1 / FPS),
        fine_t,
        fine_s,
        fine_v,
    )


def _bounce(
    seed: int,
    name: str,
    fine_t: Array,
    fine_s: Array,
    fine_v: Array,
    defects: list[Defect],
    d: Array,
    t: Array,
    sign: int,
) -> Array:
    """Return pitch about its mean in degrees: a 1.3 Hz body, braking, and kicks at potholes."""
    drive_noise = wave(generator(seed, "pitch", name), len(fine_t), 0.10 / DT, 2)
    force = 42.0 * drive_noise * np.minimum(1.0, fine_v / 8.0)
    accel = np.gradient(fine_v, DT)
    force += -55.0 * accel * 0.35
    for item in defects:
        if item.code not in {"NDP", "MANHOLE"}:
            continue
        for axle, size in ((0.6, 1.0), (-2.0, -0.7)):
            place = (item.s_from_m + item.s_to_m) / 2 - sign * axle
            if not min(fine_s[0], fine_s[-1]) < place < max(fine_s[0], fine_s[-1]):
                continue
            at = int(np.argmin(np.abs(fine_s - place)))
            lateral = abs(float(np.interp(fine_t[at], t, d)) - item.d_m)
            wheel = min(abs(lateral - 0.75), 9.0)
            if wheel < item.half_m + 0.15:
                kick = 60.0 * size * (0.4 + 6.0 * item.depth_m)
                force[at : at + int(0.06 / DT)] += kick * 6
    omega, damp = 2 * np.pi * 1.3, 0.22
    angle, rate = 0.0, 0.0
    out = np.zeros(len(fine_t))
    for index in range(len(fine_t)):
        rate += (force[index] - omega**2 * angle - 2 * damp * omega * rate) * DT
        angle += rate * DT
        out[index] = angle
    moving = out[fine_v > 3]
    out *= 0.25 / max(float(moving.std()), 1e-6)
    out -= out[fine_v > 3].mean()
    return np.asarray(np.interp(t, fine_t, out))


@dataclass
class Actor:
    """Somebody who moves: a name, what he is, and a place at every frame (NaN = away)."""

    name: str
    kind: str
    look: str
    s: Array
    d: Array
    heading_sign: int
    phase: Array
    angle_rad: float = 0.0
    style: str = "plain"
    skin: int = 0


def actors(move: Motion, stroll_m: float) -> list[Actor]:
    """Return everybody who moves during a pass; who walks along is shifted by ``stroll_m``."""
    out = _vehicles(move)
    out += _walkers(move, stroll_m)
    return out


def _vehicles(move: Motion) -> list[Actor]:
    t, s, sign = move.t, move.s, move.direction
    out: list[Actor] = []
    zero = np.zeros(len(t))
    lane_own, lane_other = sign * 1.42, -sign * 1.45
    meets = {
        "a": (
            (11.5, 15.0, "hatch"),
            (21.0, 14.0, "van"),
            (37.0, 8.5, "sedan"),
            (76.0, 16.0, "suv"),
            (88.0, 17.5, "hatch"),
            (103.0, 18.0, "sedan"),
            (116.0, 15.5, "van"),
        ),
        "b": (
            (9.0, 17.0, "suv"),
            (24.0, 15.0, "hatch"),
            (38.0, 18.0, "van"),
            (52.0, 13.0, "sedan"),
            (72.0, 9.0, "hatch"),
        ),
    }[LIKE[move.name]]
    for index, (when, speed, look) in enumerate(meets):
        place = np.interp(when, t, s) + sign * 1.0 - sign * speed * (t - when)
        near = np.abs(place - s) < 240
        way = np.where(near & (sign * (place - s) > 1), place, np.nan)
        out.append(
            Actor(f"car-{move.name}-met{index}", "car", look, way, zero + lane_other, -sign, zero)
        )
        if LIKE[move.name] == "a" and index == 1:
            # somebody drives far too close behind the van: his plate is in sight for three frames
            hidden = way + sign * TAILGATE_M
            out.append(
                Actor(
                    f"car-{move.name}-tail", "car", "hatch", hidden, zero + lane_other, -sign, zero
                )
            )
    lead_from, lead_to = {"a": (0.0, 30.0), "b": (16.0, 50.0)}[LIKE[move.name]]
    gap = (
        13.0
        + 0.9 * move.speed
        + 4 * np.sin(t / 5.0)
        + np.where(t > lead_to, 7.0 * (t - lead_to), 0.0)
        + np.where(t < lead_from, 9.0 * (lead_from - t), 0.0)
    )
    gap = np.convolve(np.pad(gap, 25, mode="edge"), np.ones(51) / 51, mode="valid")
    way = np.where(gap < 230, s + sign * gap, np.nan)
    out.append(Actor(f"car-{move.name}-lead", "car", "hatch", way, zero + lane_own, sign, zero))
    if LIKE[move.name] == "a":
        waiting = np.full(len(t), CROSSWALK_M + 9.5)
        stop_end = (
            float(
                t[np.flatnonzero(move.speed > 0.05)][
                    np.argmax(np.diff(t[np.flatnonzero(move.speed > 0.05)]))
                ]
            )
            + 6.0
        )
        come = np.clip(stop_end - 7.0 - t, 0, None)
        go = np.clip(t - stop_end - 0.5, 0, None)
        waiting = waiting + 7.0 * come - 0.5 * 1.4 * go**2
        waiting = np.where((waiting - s > 1) & (waiting < CROSSWALK_M + 190), waiting, np.nan)
        out.append(
            Actor(f"car-{move.name}-waiting", "car", "suv", waiting, zero + lane_other, -1, zero)
        )
        bike = 246.0 + 5.2 * (t - np.interp(246.0, s, t)) + 2.0
        bike = np.where((bike - s > 0.5) & (bike - s < 120), bike, np.nan)
        out.append(
            Actor(
                f"bike-{move.name}0", "cyclist", "", bike, zero + 2.45, 1, 8.0 * t, np.pi, "bike", 1
            )
        )
        scooter = s + 16 + 3 * np.sin(t / 3) + np.clip(t - 100, 0, None) * 6
        scooter = np.where(
            (t > 84) & (scooter - s < 150), scooter + np.clip(90 - t, 0, None) * 12, np.nan
        )
        out.append(
            Actor(
                f"scooter-{move.name}0",
                "rider",
                "",
                scooter,
                zero + 1.7,
                1,
                zero,
                np.pi,
                "helmet",
                0,
            )
        )
    else:
        bike = s[0] - 5.0 * t - 330.0
        bike = np.where((s - bike > 0.5) & (s - bike < 140), bike, np.nan)
        out.append(Actor("bike-b0", "cyclist", "", bike, zero - 2.5, -1, 7.5 * t, np.pi, "bike", 5))
        coming = np.interp(64.0, t, s) + 9.0 * (t - 64.0)
        coming = np.where((s - coming > 0.8) & (s - coming < 120), coming, np.nan)
        out.append(Actor("scooter-b0", "rider", "", coming, zero + 1.6, 1, zero, 0.12, "helmet", 0))
    return out


def _walkers(move: Motion, stroll_m: float) -> list[Actor]:
    t, sign = move.t, move.direction
    out: list[Actor] = []
    zero = np.zeros(len(t))
    # place when t = 0, offset, speed along s, style, skin
    table = {
        "a": (
            (395.0, 4.2, 1.2, "plain", 0),
            (432.0, 3.9, -1.2, "hat", 2),
            (470.0, -4.1, -1.1, "long", 3),
            (520.0, 4.3, 0.0, "plain", 5),
            (548.0, -3.9, -1.25, "mask", 1),
            (611.0, 4.2, -1.0, "long", 6),
            (665.0, -4.2, 1.15, "plain", 7),
            (712.0, 4.0, -1.3, "hat", 4),
            (905.0, 4.1, -1.1, "plain", 1),
        ),
        "b": (
            (742.0, -4.2, -1.2, "plain", 3),
            (700.0, -4.0, 1.2, "long", 0),
            (655.0, 4.2, 1.1, "mask", 6),
            (612.0, -4.3, 0.0, "hat", 7),
            (470.0, -4.1, 1.25, "plain", 2),
            (440.0, 4.1, 1.0, "long", 4),
        ),
    }[LIKE[move.name]]
    for index, (place, d, speed, style, skin) in enumerate(table):
        s0 = place + stroll_m
        arrive = float(np.interp(sign * s0, sign * move.s, t))
        way = s0 + speed * (t - arrive)
        ahead = sign * (way - move.s)
        way = np.where((ahead > 0.5) & (ahead < 140), way, np.nan)
        toward = speed * sign < 0
        angle = 0.0 if toward else np.pi
        if speed == 0.0:
            angle = 0.9
        out.append(
            Actor(
                f"person-{move.name}{index}",
                "walker",
                "",
                way,
                zero + d,
                1,
                2 * np.pi * 0.95 * t * (1 if speed else 0),
                angle,
                style,
                skin,
            )
        )
    stop = np.flatnonzero(move.speed < 0.05)
    middle = float(t[stop].mean()) if len(stop) else float(t[-1])
    for index, (late, start, style, skin) in enumerate(
        ((0.4, 4.4, "long", 2), (-0.8, 4.6, "plain", 6), (1.2, -4.6, "hat", 0))
    ):
        if LIKE[move.name] == "b" and index > 1:
            continue
        way = -np.sign(start)
        d = start + way * 1.35 * np.clip(t - middle + 2.2 - late, 0, 6.6)
        walking = (t - middle + 2.2 - late > 0) & (t - middle + 2.2 - late < 6.6)
        s = np.full(len(t), CROSSWALK_M + 1.0 + 0.8 * index)
        ahead = sign * (s - move.s)
        s = np.where((ahead > 0.8) & (ahead < 140), s, np.nan)
        facing = way * sign  # +1 walks to the right in the picture
        out.append(
            Actor(
                f"person-{move.name}x{index}",
                "walker",
                "",
                s,
                d,
                1,
                np.where(walking, 2 * np.pi * 0.95 * t, 0.0),
                facing * np.pi / 2 * 0.86,
                style,
                skin,
            )
        )
    return out
