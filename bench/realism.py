"""Measure whether the rendered drive is real enough for models trained on real pictures.

    python bench/realism.py [--drive samples/drive] [--every 10] [--json FILE]

Four gates. (1) A COCO detector sees each car and person of 40 px or more at confidence 0.25 in
at least 60 % of its frames. (2) The grain (deviation of the high-pass, sigma 1.5) and the slope of
the spectrum of the road lie in the range of real cameras. (3) A road-damage detector fires on
rendered potholes and nets of cracks near the camera, and (4) not more on clean rendered road than
1.5 times what it does on real good road. What is missing is skipped with its reason. Exit 1 where
a gate fails.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")

import av
import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
COCO = SHARED / "weights" / "yolo11n_coco_init.pt"
DAMAGE = SHARED / "weights" / "yolov8n_rdd_start.pt"
GOOD_ROAD = SHARED / "data" / "video" / "carnd" / "solidWhiteRight.mp4"
MODELS = ROOT / "weights" / "models.toml"

SEEN_CONF, SEEN_PX, SEEN_SHARE = 0.25, 40, 0.60
FIRE_CONF, NEAR_M, FAR_M = 0.15, 4.0, 12.0
ROAD_TOP_PX = 340
GRAIN = (0.6, 4.8)
SLOPE = (-3.4, -1.4)
FIRE_SHARE = {"NDP": 0.50, "FAI": 0.50}
COCO_NAMES = {
    "vehicle": {"car", "truck", "bus"},
    "person": {"person"},
    "rider": {"person", "motorcycle", "bicycle"},
}
DAMAGE_NAMES = {
    "NDP": {"D40", "pothole"},
    "FAI": {"D20", "alligator_crack", "D00", "D40", "longitudinal_crack"},
}

Box = tuple[float, float, float, float]
Image = NDArray[np.uint8]


@dataclass
class Gate:
    """One line of the table."""

    name: str
    value: str
    want: str
    passed: bool | None


def overlap(a: Box, b: Box) -> float:
    """Return the intersection over the union of two boxes."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def covered(inner: Box, outer: Box) -> float:
    """Return the share of ``inner`` that lies in ``outer``."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = max((inner[2] - inner[0]) * (inner[3] - inner[1]), 1e-9)
    return max(wide, 0.0) * max(high, 0.0) / area


def read(path: Path, every: int) -> dict[int, Image]:
    """Return every n-th frame of a video, BGR, by its number."""
    out = {}
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % every == 0:
                out[number] = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    return out


@dataclass(frozen=True)
class Detector:
    """A model, the names of its classes, and the row from which it is shown the picture."""

    model: Any
    names: dict[int, str]
    top_px: int = 0

    def find(self, image: Image, size: int, conf: float) -> list[tuple[str, float, Box]]:
        """Return names, confidences and boxes in the whole picture's pixels."""
        top = round(self.top_px * image.shape[0] / 720)
        shown = np.ascontiguousarray(image[top:])
        found = self.model.predict(shown, imgsz=size, conf=conf, verbose=False, device="cpu")[
            0
        ].boxes
        rows = zip(found.cls.tolist(), found.conf.tolist(), found.xyxy.tolist(), strict=True)
        return [
            (self.names[int(k)], float(c), (b[0], b[1] + top, b[2], b[3] + top)) for k, c, b in rows
        ]


def open_model(path: Path, classes: list[str] | None = None, top_px: int = 0) -> Detector:
    """Open weights; ``classes`` stands in for names that the file does not carry."""
    from ultralytics import YOLO  # type: ignore[attr-defined,unused-ignore]

    model = YOLO(str(path), task="detect")
    return Detector(model, dict(enumerate(classes)) if classes else dict(model.names), top_px)


def traffic_gates(
    model: Detector, frames: dict[str, dict[int, Image]], truth: dict[str, Any]
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


def road_crop(image: Image) -> NDArray[np.float64]:
    """Return the grey road in front of the car."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[520:648, 500:756].astype(np.float64)


def texture_gates(frames: dict[str, dict[int, Image]]) -> list[Gate]:
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


def ground_box(
    item: dict[str, Any], row: list[float], camera: dict[str, Any], pitch_deg: float
) -> Box | None:
    """Return the box of an outline in the picture, on a flat road (good within 12 m)."""
    points = np.array(item["polygon"])
    if len(points) < 3:
        return None
    heading = np.radians(row[5])
    dx, dy = points[:, 0] - row[3], points[:, 1] - row[4]
    ahead = dx * np.sin(heading) + dy * np.cos(heading)
    side = dx * np.cos(heading) - dy * np.sin(heading)
    if not NEAR_M <= ahead.mean() <= FAR_M or ahead.min() < 2.6:
        return None
    pitch = np.radians(pitch_deg)
    deep = ahead * np.cos(pitch) + camera["height_m"] * np.sin(pitch)
    down = camera["height_m"] * np.cos(pitch) - ahead * np.sin(pitch)
    x, y = side / deep, down / deep
    square = x * x + y * y
    bend = 1 + camera["k1"] * square + camera["k2"] * square**2
    u, v = (
        camera["cx"] + camera["focal_px"] * x * bend,
        camera["cy"] + camera["focal_px"] * y * bend,
    )
    if u.min() < 5 or u.max() > 1275 or v.max() > 685:
        return None
    return float(u.min()), float(v.min()), float(u.max()), float(v.max())


def damage_gates(
    model: Any, label: str, frames: dict[str, dict[int, Image]], truth: dict[str, Any], gate: bool
) -> list[Gate]:
    """Return how often a damage detector fires on near defects, and on clean road."""
    fired: dict[tuple[str, str], list[float]] = defaultdict(list)
    clean: list[int] = []
    for name, pictures in frames.items():
        way = {int(row[0]): row for row in truth["passes"][name]["trajectory"]}
        for number, image in pictures.items():
            row = way[number]
            grade = truth["passes"][name]["pitch_deg"][number]
            near = []
            for item in truth["objects"]:
                code = {"FAH": "FAI"}.get(item["code"], item["code"])
                if code in FIRE_SHARE and abs(item["axis_m"] - row[2]) < 16:
                    # the road's slope turns with the car: mounting and shocks are left
                    box = ground_box(
                        item, row, truth["camera"], _relative(truth, name, number, grade)
                    )
                    if box is not None:
                        near.append((code, item["id"], box))
            is_clean = 1010 < row[2] < 1290
            if not near and not is_clean:
                continue
            found = model.find(image, 640, FIRE_CONF)
            if is_clean:
                clean.append(sum(1 for _, _, box in found if box[3] > 400))
            for code, ident, box in near:
                scores = [
                    conf
                    for got, conf, other in found
                    if got in DAMAGE_NAMES[code]
                    and (overlap(box, other) > 0.1 or covered(box, other) > 0.6)
                ]
                fired[code, ident].append(max(scores, default=0.0))
    gates = []
    for code, want in FIRE_SHARE.items():
        best = [max(scores) for (k, _), scores in fired.items() if k == code]
        if best:
            share = float(np.mean([score >= FIRE_CONF for score in best]))
            text = f"{share:.2f} of {len(best)}, mean top confidence {np.mean(best):.2f}"
            gates.append(
                Gate(
                    f"{label}: fires on {code}", text, f">= {want}", share >= want if gate else None
                )
            )
    if clean:
        rate = float(np.mean(clean))
        real = _good_road_rate(model)
        limit = max(1.5 * real, 0.3) if real is not None else 0.3
        gates.append(
            Gate(
                f"{label}: boxes a frame, clean road",
                f"{rate:.2f} (real good road: {real})",
                f"<= {limit:.2f}",
                rate <= limit if gate else None,
            )
        )
    return gates


def _relative(truth: dict[str, Any], name: str, number: int, pitch_deg: float) -> float:
    """Return the pitch against the road: the absolute one less the slope of the last second."""
    table = np.array(truth["passes"][name]["pitch_deg"])
    low, high = max(number - 12, 0), min(number + 13, len(table))
    return float(truth["camera"]["pitch_deg"] + pitch_deg - table[low:high].mean())


def _good_road_rate(model: Detector) -> float | None:
    if not GOOD_ROAD.exists():
        return None
    pictures = read(GOOD_ROAD, 10)
    return round(
        float(
            np.mean(
                [
                    sum(
                        1
                        for _, _, b in model.find(image, 640, FIRE_CONF)
                        if b[3] > image.shape[0] * 0.55
                    )
                    for image in pictures.values()
                ]
            )
        ),
        2,
    )


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
        if DAMAGE.exists():
            gates += damage_gates(open_model(DAMAGE), "RDD start", frames, truth, gate=True)
        else:
            gates.append(Gate("defects", f"skipped: no {DAMAGE.name}", "", None))
        own = pavement_models()
        for label, path, classes in own:
            # these are trained on rectangles of road: show them the road without the sky
            model = open_model(path, classes, ROAD_TOP_PX)
            gates += damage_gates(model, label, frames, truth, gate=False)
        if not own:
            gates.append(
                Gate("own pavement model", "skipped: none in weights/models.toml yet", "", None)
            )
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
