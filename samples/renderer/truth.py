"""What is really there: `truth.json`, read by tests and benches alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment
from .camera import HEIGHT_PX, READOUT_S, WIDTH_PX, Lens
from .drive import FPS, HEIGHT_M, PITCH_DEG, ROLL_DEG, Motion
from .network import place
from .passes import World
from .plan import DRIVEN_M, Defect
from .profile import LIKE
from .sprite import Seen
from .stamps import PIXEL_M
from .strips import make_stamp
from .tracks import CLOCK_OFFSET_S, latencies

Array = NDArray[np.float64]

MIN_BOX_PX = 6
MIN_VISIBLE = 0.08


def boxes(seen: list[Seen]) -> list[tuple[str, str, list[float]]]:
    """Return name, kind and [x1, y1, x2, y2, visible share] of what must be blurred."""
    out = []
    for thing in seen:
        share = thing.fraction()
        x1, y1 = max(thing.box[0], 0.0), max(thing.box[1], 0.0)
        x2, y2 = min(thing.box[2], WIDTH_PX - 1.0), min(thing.box[3], HEIGHT_PX - 1.0)
        if share < MIN_VISIBLE or max(x2 - x1, y2 - y1) < MIN_BOX_PX or x2 <= x1 or y2 <= y1:
            continue
        out.append(
            (thing.id, thing.kind, [round(v, 1) for v in (x1, y1, x2, y2)] + [round(share, 2)])
        )
    return out


def _outline(world: World, item: Defect) -> tuple[list[list[float]], Array]:
    """Return the polygon in the world and the same in road coordinates."""
    sun = world.site.lights["a"].on_road(0.0)
    stamp = make_stamp(item, world.seed, sun, 1)
    mask = cv2.dilate(stamp.mask, np.ones((5, 5), np.uint8))
    if item.code in {"FLB", "FLH", "FTR", "PON", "JOINT"}:
        mask = cv2.dilate(stamp.mask, np.ones((25, 25), np.uint8))
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return [], np.zeros((0, 2))
    parts = max(found, key=cv2.contourArea)
    if len(found) > 1:
        points = np.concatenate(found)
        if item.code not in {"FLB", "FLH", "FTR", "PON", "JOINT"}:
            parts = cv2.convexHull(points) if cv2.contourArea(parts) < 0.7 * mask.sum() else parts
    thin = cv2.approxPolyDP(parts, 0.012 / PIXEL_M, True)[:, 0, :].astype(float)
    s = stamp.s0_m + thin[:, 1] * PIXEL_M
    d = stamp.d0_m + thin[:, 0] * PIXEL_M
    if item.area_m2 == 0:
        item.area_m2 = float(stamp.mask.sum()) * PIXEL_M**2
    x, y = world.road.world(s, d)
    return np.stack([x, y], -1).round(3).tolist(), np.stack([s, d], -1)


def _place(road: Alignment, s: float, d: float) -> dict[str, Any]:
    route, cumul, offset, sign = place(s, d)
    x, y = road.world(np.array([s]), np.array([d]))
    return {
        "route": route,
        "cumul_m": round(cumul, 2),
        "sens": "+" if offset >= 0 else "-",
        "voie": 1,
        "offset_m": round(offset, 3),
        "axis_m": round(s, 2),
        "axis_offset_m": round(d, 3),
        "x": round(float(x[0]), 3),
        "y": round(float(y[0]), 3),
        "_sign": sign,
    }


def _lane_passes(s: float, d: float, names: Iterable[str]) -> dict[str, bool]:
    low_a, high_a = DRIVEN_M["a"]
    low_b, high_b = DRIVEN_M["b"]
    out = bool(d >= 0 and low_a + 4 < s <= high_a)
    back = bool(d < 0 and low_b <= s < high_b - 4)
    return {name: out if LIKE[name] == "a" else back for name in names}


def _seen_from(s: float, names: Iterable[str]) -> dict[str, bool]:
    out = DRIVEN_M["a"][0] + 5 < s < DRIVEN_M["a"][1] + 10
    back = DRIVEN_M["b"][0] - 10 < s < DRIVEN_M["b"][1] - 5
    return {name: out if LIKE[name] == "a" else back for name in names}


def objects(world: World, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return every object with its place, size and outline, and which passes drove by."""
    rows: list[dict[str, Any]] = []
    for item in world.defects:
        polygon, _ = _outline(world, item)
        middle = (item.s_from_m + item.s_to_m) / 2
        row: dict[str, Any] = {
            "id": item.id,
            "family": item.family,
            "code": item.code,
            "severity": item.severity,
        }
        row |= _place(world.road, middle, item.d_m)
        ends = sorted(place(s, item.d_m)[1] for s in (item.s_from_m, item.s_to_m))
        row |= {
            "cumul_from_m": round(ends[0], 2),
            "cumul_to_m": round(ends[1], 2),
            "polygon": polygon,
            "length_m": round(item.length_m, 3),
            "width_m": round(item.width_m, 4),
            "area_m2": round(item.area_m2, 4),
            "passes": _lane_passes(middle, item.d_m, names),
            "in_view": _seen_from(middle, names),
        }
        if item.code == "NDP":
            row["depth_m"] = round(item.depth_m, 3)
            row["water"] = bool(item.extra.get("water"))
        if item.family == "distractor":
            row["severity"] = None
        rows.append(row)
    for mark in world.site.signs:
        row = {
            "id": f"sign-{mark.code}-{mark.s_m:.0f}",
            "family": "sign",
            "code": mark.code,
            "severity": None,
            "value": mark.value,
            "wear": mark.wear,
            "turn_deg": mark.turn_deg,
            "base_m": mark.base_m,
        }
        row |= _place(world.road, mark.s_m, mark.d_m)
        row["sens"] = "+" if mark.reads * row["_sign"] > 0 else "-"
        row |= {"cumul_from_m": row["cumul_m"], "cumul_to_m": row["cumul_m"], "polygon": []}
        back = mark.reads < 0 and mark.s_m > DRIVEN_M["b"][0]
        row["passes"] = {name: mark.reads > 0 if LIKE[name] == "a" else back for name in names}
        rows.append(row)
    for name, kind, s, d in world.site.heaps:
        row = {"id": name, "family": "dumping", "code": kind, "severity": None}
        row |= _place(world.road, s, d)
        row |= {
            "cumul_from_m": row["cumul_m"],
            "cumul_to_m": row["cumul_m"],
            "polygon": [],
            "length_m": 2.0,
            "width_m": 1.0,
            "height_m": 1.0,
            "passes": _seen_from(s, names),
        }
        rows.append(row)
    for row in rows:
        row.pop("_sign", None)
    return rows


def _trajectory(road: Alignment, move: Motion, frames: int, every: int) -> list[list[float]]:
    x, y = road.world(move.s, move.d)
    heading = np.degrees(move.heading) % 360
    table = np.stack([move.t, move.s, x, y, heading, move.speed, move.d], -1)
    digits = (3, 3, 3, 3, 3, 3, 3)
    return [
        [k, *(round(float(v), n) for v, n in zip(table[k * every], digits, strict=True))]
        for k in range(frames)
    ]


def write_truth(
    world: World,
    drives: dict[str, Motion],
    private: dict[str, dict[str, Any]],
    path: Path,
    every: int = 1,
) -> None:
    """Write `truth.json`."""
    lens = Lens()
    passes = {}
    for name, move in drives.items():
        lag, speed_lag = latencies(world.seed, name)
        frames = len(range(0, len(move.t), every))
        passes[name] = {
            "file": f"pass_{name}.mp4",
            "fps": FPS // every,
            "n_frames": frames,
            "direction": "+" if move.direction > 0 else "-",
            "latency_s": lag,
            "speed_latency_s": speed_lag,
            "pitch_deg": [round(float(v), 3) for v in np.degrees(move.pitch[::every])],
            "trajectory_columns": [
                "frame",
                "t_s",
                "axis_m",
                "x",
                "y",
                "heading_deg",
                "speed_mps",
                "camera_offset_from_axis_m",
            ],
            "trajectory": _trajectory(world.road, move, frames, every),
        }
    text: dict[str, Any] = {
        "rendered": True,
        "seed": world.seed,
        "crs": "EPSG:2154",
        "camera": {
            "height_m": HEIGHT_M,
            "focal_px": lens.focal_px,
            "cx": lens.cx_px,
            "cy": lens.cy_px,
            "k1": lens.k1,
            "k2": lens.k2,
            "model": "r_distorted = r (1 + k1 r^2 + k2 r^4), r in focal lengths",
            "pitch_deg": PITCH_DEG,
            "roll_deg": ROLL_DEG,
            "readout_s": READOUT_S,
            "image": [WIDTH_PX, HEIGHT_PX],
        },
        "clock_offset_s": CLOCK_OFFSET_S,
        "passes": passes,
        "objects": objects(world, tuple(drives)),
        "private": list(private.values()),
    }
    path.write_text(
        json.dumps(text, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8"
    )
