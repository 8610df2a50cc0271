"""Measure whether the rendered drive is real enough for models trained on real pictures.

    python -m bench.realism [--drive samples/drive] [--every 10] [--json FILE]

Four gates. (1) A COCO detector sees each car and person of 40 px or more at confidence 0.25 in at
least 60 % of its frames. (2) The grain (deviation of the high-pass, sigma 1.5) and the slope of
the spectrum of the road lie in the range of real cameras. (3) A damage net that was trained on
real roads seen through windscreens is at least 0.8 times as sure of rendered defects 4 to 9 m
ahead as of real ones, class by class: a frame counts with the best score that lies on one of its
defects. (4) On clean rendered road, seals, joints and covers apart, it calls no more than 1.5
times what it does on a real good road, or 0.3 a frame. Our own nets learnt from a camera that
looks down: they are shown beside it and judge nothing. What is missing is skipped with its
reason. Exit 1 where a gate fails.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.realism_damage import ROAD_TOP_PX, damage_gates, survey_val
from bench.realism_reading import Box, Detector, Gate, covered, open_model, overlap, read
from voirie.arrays import Floats, Pixels

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
COCO = SHARED / "weights" / "yolo11n_coco_init.pt"
DAMAGE = SHARED / "weights" / "yolov8n_rdd_start.pt"
MODELS = ROOT / "weights" / "models.toml"

SEEN_CONF, SEEN_PX, SEEN_SHARE = 0.25, 40, 0.60
GRAIN = (0.6, 4.8)
SLOPE = (-3.4, -1.4)
COCO_NAMES = {
    "vehicle": {"car", "truck", "bus"},
    "person": {"person"},
    "rider": {"person", "motorcycle", "bicycle"},
}


def traffic_gates(
    model: Detector, frames: dict[str, dict[int, Pixels]], truth: dict[str, Any]
) -> list[Gate]:
    """Return the gates on cars and people: 60 % of the frames of each that is large enough."""
    wanted: dict[str, dict[int, list[tuple[str, str, Box]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for thing in truth["private"]:
        if thing["kind"] in COCO_NAMES:
            for name, rows in thing["passes"].items():
                for frame, x1, y1, x2, y2, visible in rows:
                    large = max(x2 - x1, y2 - y1) >= SEEN_PX and visible >= 0.5
                    inside = x1 > 2 and x2 < 1277
                    if large and inside and frame in frames[name]:
                        wanted[name][frame].append((thing["id"], thing["kind"], (x1, y1, x2, y2)))
    seen: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, by_frame in wanted.items():
        for frame, things in by_frame.items():
            found = model.find(frames[name][frame], 1280, SEEN_CONF)
            for ident, kind, box in things:
                hit = any(
                    label in COCO_NAMES[kind]
                    and (
                        overlap(box, other) > 0.35
                        or (covered(other, box) > 0.8 and covered(box, other) > 0.2)
                    )
                    for label, _, other in found
                )
                seen[kind, ident].append(hit)
    gates = []
    for kind in COCO_NAMES:
        shares = {ident: float(np.mean(hits)) for (k, ident), hits in seen.items() if k == kind}
        if not shares:
            gates.append(Gate(f"{kind} seen", "none of 40 px in the sampled frames", "", None))
            continue
        low = sorted((share, ident) for ident, share in shares.items() if share < SEEN_SHARE)
        mean = float(np.mean(list(shares.values())))
        text = f"{len(shares) - len(low)}/{len(shares)} things, mean {mean:.2f}"
        if low:
            text += " low: " + ", ".join(
                f"{ident} {share:.2f} (n={len(seen[kind, ident])})" for share, ident in low
            )
        gates.append(Gate(f"{kind} >= 40 px seen", text, ">= 0.60 of frames, each", not low))
    return gates


def road_crop(image: Pixels) -> Floats:
    """Return the grey road in front of the car."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[520:648, 500:756].astype(np.float64)


def texture_gates(frames: dict[str, dict[int, Pixels]]) -> list[Gate]:
    """Return the gates on grain and on the spectrum's slope."""
    gates = []
    for name, pictures in frames.items():
        grains, slopes = [], []
        for image in pictures.values():
            grey = road_crop(image)
            grains.append(float((grey - cv2.GaussianBlur(grey, (0, 0), 1.5)).std()))
            part = grey[:, :128] - grey[:, :128].mean()
            window = np.outer(np.hanning(128), np.hanning(128))
            power = np.abs(np.fft.fftshift(np.fft.fft2(part * window))) ** 2
            yy, xx = np.mgrid[-64:64, -64:64]
            radius = np.hypot(yy, xx).round().astype(int)
            mean = np.bincount(radius.ravel(), power.ravel()) / np.maximum(
                np.bincount(radius.ravel()), 1
            )
            band = np.arange(4, 56)
            slopes.append(float(np.polyfit(np.log(band), np.log(mean[band] + 1e-9), 1)[0]))
        grain, slope = float(np.median(grains)), float(np.median(slopes))
        gates.append(
            Gate(
                f"pass {name}: grain",
                f"{grain:.2f}",
                f"{GRAIN[0]} .. {GRAIN[1]}",
                GRAIN[0] <= grain <= GRAIN[1],
            )
        )
        gates.append(
            Gate(
                f"pass {name}: spectrum slope",
                f"{slope:.2f}",
                f"{SLOPE[0]} .. {SLOPE[1]}",
                SLOPE[0] <= slope <= SLOPE[1],
            )
        )
    return gates


def pavement_models() -> list[tuple[str, Path, list[str]]]:
    """Return our own pavement weights: name, file, classes."""
    if not MODELS.exists():
        return []
    table = tomllib.loads(MODELS.read_text(encoding="utf-8")).get("models", {})
    out = []
    for name, item in table.items():
        path = MODELS.parent / str(item.get("file", "-"))
        if "pavement" in name and path.is_file() and item.get("kind") == "yolo-detect":
            out.append((name, path, [str(word) for word in item["classes"]]))
    return out


def main(argv: list[str] | None = None) -> int:
    """Run the gates."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--drive", type=Path, default=ROOT / "samples" / "drive")
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    truth = json.loads((args.drive / "truth.json").read_text(encoding="utf-8"))
    frames = {
        name: read(args.drive / item["file"], args.every) for name, item in truth["passes"].items()
    }
    gates = texture_gates(frames)
    if importlib.util.find_spec("ultralytics") is None:
        gates.append(Gate("detectors", "skipped: ultralytics is not installed", "", None))
    else:
        if COCO.exists():
            gates += traffic_gates(open_model(COCO), frames, truth)
        else:
            gates.append(Gate("cars and people", f"skipped: no {COCO.name}", "", None))
        survey = survey_val()
        nets = [("RDD start", DAMAGE, None)] if DAMAGE.exists() else []
        for label, path, classes in [*nets, *pavement_models()]:
            model = open_model(path, classes, ROAD_TOP_PX)
            gates += damage_gates(model, label, frames, truth, survey, path == DAMAGE)
        if not nets:
            gates.append(Gate("RDD start", f"skipped: no {DAMAGE.name}", "", None))
    wide = max(len(gate.name) for gate in gates)
    for gate in gates:
        mark = {True: "ok  ", False: "FAIL", None: "-   "}[gate.passed]
        print(
            f"{mark} {gate.name:<{wide}}  {gate.value}  {gate.want and '(want ' + gate.want + ')'}"
        )
    if args.json:
        args.json.write_text(
            json.dumps([vars(gate) for gate in gates], indent=1) + "\n", encoding="utf-8"
        )
    return 1 if any(gate.passed is False for gate in gates) else 0


if __name__ == "__main__":
    sys.exit(main())
