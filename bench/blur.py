"""How much of what must go is destroyed, what else goes with it, and what it costs.

    python bench/blur.py [--every N] [--data ../shared/data]

Reads labelled plates and faces that no shipped privacy weight was trained on: five blocks of
one drive (both lights), the validation parts of two sets, and the crops of vehicles that were
kept back; plates of two-wheelers, and of buses and lorries, are counted apart. Prints shares with
their counts; a target of vision-rules (c) stands beside a figure where there is one. Times are
ratios to one 384x640 pass of the gate network, measured in turns in the same run.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from anonymize.finders import GATE_LONGEST_PX, Finder
from anonymize.mask import Mask
from inspection.train.folders import stable_number
from inspection.train.privacy_data import image_of_crop
from voirie.arrays import Floats32, Pixels
from voirie.nets import load_models, share_inside
from voirie.nets.boxes import Boxes

HELD_OUT_T = (0, 400, 700, 1100, 1300)
BLOCK = 100
NIGHT_SKY_LUMA = 60
CLASSES_PX = ((8, 12), (12, 20), (20, 40), (40, 10_000))
ROAD_ROWS = (0.60, 0.95)
COVERED = (0.80, 0.95)
SIGN_LOST = 0.30
OWNERS = {
    "bicycle": "two-wheelers",
    "motorcycle": "two-wheelers",
    "bus": "buses and lorries",
    "truck": "buses and lorries",
    "car": "cars",
}
NO_OWNER = "no vehicle found"
OWNER_SCORE = 0.1

Corners = Floats32


def read(path: Path) -> tuple[Pixels, Corners]:
    """A picture and the corners of its labels in pixels."""
    pixels = np.asarray(cv2.imread(str(path)), np.uint8)
    label = Path(str(path).replace("/images/", "/labels/")).with_suffix(".txt")
    lines = label.read_text("utf-8").split() if label.exists() else []
    rows = np.array(lines, np.float64).reshape(-1, 5)[:, 1:] if lines else np.zeros((0, 4))
    height, width = pixels.shape[:2]
    rows = rows * [width, height, width, height]
    corners = np.concatenate([rows[:, :2] - rows[:, 2:] / 2, rows[:, :2] + rows[:, 2:] / 2], axis=1)
    return pixels, corners.astype(np.float32)


def held_out(folder: Path) -> Iterator[Path]:
    """Pictures of the blocks of the drive that are kept back."""
    for path in sorted(folder.rglob("*.webp")):
        t = int(re.findall(r"_t_(\d+)", path.stem)[0])
        if any(start <= t < start + BLOCK for start in HELD_OUT_T):
            yield path


def kept_back(folder: Path) -> Iterator[Path]:
    """Crops of vehicles that no network was trained on."""
    for path in sorted(folder.rglob("*.webp")):
        if stable_number(image_of_crop(path.stem)) % 20 == 0:
            yield path


def owners(finder: Finder, pixels: Pixels, labels: Corners) -> list[str]:
    """What bears each plate, as the gate calls the smallest vehicle that holds it."""
    seen = finder.gate.detect(pixels, GATE_LONGEST_PX, OWNER_SCORE)
    named = [finder.gate.classes[label] for label in seen.cls]
    vehicles = np.array([name in OWNERS for name in named], np.bool_)
    names = [OWNERS[name] for name in named if name in OWNERS]
    boxes = seen[vehicles]
    if len(boxes) == 0:
        return [NO_OWNER] * len(labels)
    held = share_inside(labels, boxes.xyxy) > COVERED[0]
    area = np.where(held, boxes.width * boxes.height, np.inf)
    return [names[int(row.argmin())] if np.isfinite(row.min()) else NO_OWNER for row in area]


class Tally:
    """Shares by size class, with counts."""

    def __init__(self) -> None:
        self.shares: dict[tuple[int, int], list[float]] = defaultdict(list)

    def add(self, sizes: Floats32, shares: Floats32) -> None:
        for size, share in zip(sizes, shares, strict=True):
            for low, high in CLASSES_PX:
                if low <= size < high:
                    self.shares[low, high].append(float(share))

    def lines(self, name: str) -> Iterator[str]:
        for low, high in CLASSES_PX:
            values = np.array(self.shares[low, high])
            if len(values):
                size = f"{low}-{high} px" if high < 10_000 else f">= {low} px"
                parts = [f">= {c:.0%} covered: {(values >= c).mean():.3f}" for c in COVERED]
                yield f"  {name:<24} {size:>9}  n={len(values):<4} " + "  ".join(parts)


def fills(boxes: Boxes, pixels: Pixels) -> Mask:
    """The mask that would be destroyed."""
    return Mask.of(pixels.shape[0], pixels.shape[1], boxes.xyxy)


def plates(finder: Finder, files: list[tuple[str, Path]]) -> None:
    """Plates covered, gated, and the share of the picture that goes."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    areas: dict[str, list[float]] = defaultdict(list)
    parts: dict[str, list[list[float]]] = defaultdict(list)
    kinds: dict[str, Tally] = defaultdict(Tally)
    bands: dict[str, Tally] = defaultdict(Tally)
    gated = total = 0
    for name, path in files:
        pixels, labels = read(path)
        sky = cv2.cvtColor(pixels[: len(pixels) // 4], cv2.COLOR_BGR2GRAY).mean()
        light = "night" if sky < NIGHT_SKY_LUMA else "day"
        found = finder.find(pixels)
        destroyed = fills(found.regions(), pixels)
        shares = destroyed.share_of(labels)
        tallies[f"{name}, {light}"].add(labels[:, 2] - labels[:, 0], shares)
        by_band = fills(found.bands, pixels).share_of(labels)
        for row, owner in enumerate(owners(finder, pixels, labels)):
            one = slice(row, row + 1)
            kinds[f"of {owner}"].add(labels[one, 2] - labels[one, 0], shares[one])
            bands[f"  {owner}, band alone"].add(labels[one, 2] - labels[one, 0], by_band[one])
        areas[f"{name}, {light}"].append(destroyed.area_pct)
        each = (found.people, found.faces, found.plates, found.bands)
        parts[f"{name}, {light}"].append([fills(b, pixels).area_pct for b in each])
        if len(labels) and len(found.vehicles):
            gated += int((share_inside(labels, found.vehicles.xyxy) > COVERED[0]).any(1).sum())
        total += len(labels)
    print(f"plates (target .98 from 20 px, >= 80 % covered); gated by stage one {gated}/{total}")
    for key in sorted(tallies):
        print("\n".join(tallies[key].lines(key)))
        people, faces, plate, band = np.mean(parts[key], axis=0)
        print(
            f"  {key:<24} destroyed {np.mean(areas[key]):.1f} % of the picture:"
            f" people {people:.1f}, faces {faces:.1f}, plates {plate:.1f}, bands {band:.1f}"
        )
    for tallied in (kinds, bands):
        for key in sorted(tallied):
            print("\n".join(tallied[key].lines(key)))


def faces(files: list[Path]) -> None:
    """Faces covered with people whole and with heads alone."""
    print("faces (target .98 from 20 px, .92 at 10-20 px, >= 95 % covered; head: area <= 2.5 x)")
    for how in ("whole", "head"):
        finder = Finder(load_models(), people=how)  # type: ignore[arg-type]
        tally, area, labelled = Tally(), [], []
        for path in files:
            pixels, labels = read(path)
            destroyed = fills(finder.find(pixels).regions(), pixels)
            sides = np.minimum(labels[:, 2] - labels[:, 0], labels[:, 3] - labels[:, 1])
            tally.add(sides, destroyed.share_of(labels))
            area.append(destroyed.area_pct)
            labelled.append(Mask.of(*pixels.shape[:2], labels).area_pct)  # type: ignore[misc]
        print("\n".join(tally.lines(f"people {how}")))
        print(
            f"  people {how}: destroyed {np.mean(area):.1f} %, labelled {np.mean(labelled):.1f} %,"
            f" {np.mean(area) / np.mean(labelled):.1f} x"
        )


def over_blur(finder: Finder, files: list[Path]) -> None:
    """What goes that should stay: signs, road, picture."""
    signs, areas, road = [], [], []
    for path in files:
        pixels, labels = read(path)
        destroyed = fills(finder.find(pixels).regions(), pixels)
        signs.extend(destroyed.share_of(labels))
        areas.append(destroyed.area_pct)
        rows = slice(*(int(r * len(pixels)) for r in ROAD_ROWS))
        road.append(destroyed.pixels()[rows].mean() * 100)
    lost = np.array(signs) > SIGN_LOST
    print(
        f"over-blur on road pictures (n={len(files)}): signs lost {lost.sum()}/{len(lost)}"
        f" (target 1.5 %), area {np.mean(areas):.1f} %, p95 {np.percentile(areas, 95):.1f} %"
        f" (targets 4, 15), road band {np.mean(road):.1f} % (target 2)"
    )


def speed(finder: Finder, files: list[Path], rounds: int) -> None:
    """Time of a search in units of one 384x640 pass, measured in turns."""
    frames = [read(p)[0] for p in files]
    canvas = np.zeros((1, 384, 640, 3), np.uint8)
    finder.gate.raw(canvas)
    finder.find(frames[0])
    unit: list[float] = []
    whole: list[float] = []
    for _ in range(rounds):
        for frame in frames:
            start = time.process_time()
            finder.gate.raw(canvas)
            middle = time.process_time()
            finder.find(frame)
            unit.append(middle - start)
            whole.append(time.process_time() - middle)
    print(
        f"speed, {frames[0].shape[1]}x{frames[0].shape[0]}, CPU time: unit"
        f" {np.median(unit) * 1e3:.0f} ms, search {np.median(whole) * 1e3:.0f} ms ="
        f" {np.median(whole) / np.median(unit):.1f} units (target 4.5), n={len(unit)}"
    )


def main() -> int:
    """Run every part whose data is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--every", type=int, default=1, help="take every n-th picture")
    asked = parser.parse_args()
    if not (asked.data / "privacy").is_dir():
        print(f"skipped: there is no {asked.data}/privacy")
        return 0
    privacy, step = asked.data / "privacy", asked.every
    finder = Finder(load_models())
    drive = list(held_out(privacy / "plates_bucharest" / "images"))[::step]
    images = sorted((privacy / "plates_openimages/images/val").glob("*.webp"))[::step]
    crops = list(kept_back(privacy / "plates_crops" / "images"))[::step]
    named = [("drive", drive), ("street photos", images), ("crops of vehicles", crops)]
    plates(finder, [(name, path) for name, paths in named for path in paths])
    faces(sorted((privacy / "faces_crowds/images/val").glob("*.webp"))[::step])
    over_blur(finder, sorted((asked.data / "signs/gtsdb/images/val").glob("*.webp"))[::step])
    speed(finder, drive[:: max(1, len(drive) // 6)][:6], rounds=3)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
