"""How much of the people on unseen rendered roads is destroyed, and how much of the road with it.

    python bench/people.py --seeds 51 52 53 [--step-m 10] [--drawn DIR]

Draws the moments at which somebody is in sight (`bench/people_drawn.py`), seals them as `ingest`
does, with a neighbour on either side, and counts whose visible pixels are destroyed to 95 %. The
box of the truth is counted beside it, hidden parts and corners included. No model saw these sites;
`TUNED` names the seeds on which paddings and thresholds were chosen: report others.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from anonymize import Mask, Sealer
from bench.people_drawn import Private, draw, drawn
from voirie.errors import FrameNotSealed

TUNED = (21, 22, 23, 24, 31, 32, 51)
SIZES_PX = ((8, 12), (12, 20), (20, 40), (40, 10_000))
LEAST_VISIBLE = 0.5
COVERED = (0.95, 0.80)
ROAD_ROWS = (0.60, 0.95)
KINDS = {
    "person, riders too": ("person", "rider"),
    "of them riders": ("rider",),
    "face": ("face",),
    "plate": ("plate",),
}


@dataclass(frozen=True)
class Row:
    """One private thing in one frame."""

    kind: str
    tall_px: float
    wide_px: float
    pixels: float
    box: float


def share_of_pixels(mask: Mask, thing: Private) -> float:
    """Share of the visible pixels of a thing that are under a mask."""
    left, top = thing.corner
    rows, columns = thing.pixels.shape
    under = mask.pixels()[top : top + rows, left : left + columns]
    return float(under[thing.pixels].mean()) if thing.pixels.any() else 1.0


def measure(film: Path, sealer: Sealer) -> tuple[list[Row], list[float], list[float], float]:
    """Rows, share of the picture and of the road destroyed for nobody, and seconds a frame."""
    rows: list[Row] = []
    picture, road, spent = [], [], 0.0
    for window, things in drawn(film):
        start = time.process_time()
        try:
            safe = sealer.seal(window.frame, window.before, window.after)
        except FrameNotSealed as error:
            print(error)
            continue
        spent += time.process_time() - start
        destroyed = safe.destroyed
        for thing in things:
            if thing.visible >= LEAST_VISIBLE:
                left, top, right, bottom = thing.box
                box = float(destroyed.share_of([thing.box])[0])
                share = share_of_pixels(destroyed, thing)
                rows.append(Row(thing.kind, bottom - top, right - left, share, box))
        pixels = destroyed.pixels()
        picture.append(100 * float(pixels.mean()))
        band = slice(*(round(share * len(pixels)) for share in ROAD_ROWS))
        road.append(100 * float(pixels[band].mean()))
    return rows, picture, road, spent / max(len(picture), 1)


def table(rows: list[Row]) -> None:
    """Print shares by kind and size."""
    for side in ("tall", "wide"):
        for name, kinds in KINDS.items():
            if side == "tall" and name in {"face", "plate"}:
                continue
            for low, high in (*SIZES_PX, (20, 10_000)):
                part = [
                    r for r in rows if r.kind in kinds and low <= getattr(r, f"{side}_px") < high
                ]
                if not part:
                    continue
                size = f"{low}-{high} px" if high < 10_000 else f">= {low} px"
                words = []
                for what in ("pixels", "box"):
                    shares = np.array([getattr(row, what) for row in part])
                    words += [f"{what} >= {c:.0%}: {(shares >= c).mean():.3f}" for c in COVERED]
                print(f"  {name:<20} {size:>9} {side}  n={len(part):<5} " + "   ".join(words))


def main() -> int:
    """Draw and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--passes", choices=("a", "b"), nargs="+", default=["a", "b"])
    parser.add_argument("--step-m", type=float, default=10.0)
    parser.add_argument("--drawn", type=Path, help="where drawn films are kept for the next time")
    asked = parser.parse_args()
    if told := sorted(set(asked.seeds) & set(TUNED)):
        print(f"paddings and thresholds were chosen on seeds {told}: no figure to report")
    by_name: dict[str, list[Row]] = defaultdict(list)
    picture: list[float] = []
    road: list[float] = []
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as held:
        for seed in asked.seeds:
            for name in asked.passes:
                film = draw(seed, name, asked.step_m, asked.drawn or Path(held))
                cv2.setNumThreads(0)
                rows, *more, each = measure(film, Sealer())
                by_name[f"{seed} {name}"] += rows
                picture += more[0]
                road += more[1]
                spent.append(each)
                who = [r for r in rows if r.kind in {"person", "rider"} and r.tall_px >= 20]
                full = sum(r.pixels >= COVERED[0] for r in who)
                print(f"seed {seed}, pass {name}: {full} of {len(who)} people >= 20 px tall")
    table([row for rows in by_name.values() for row in rows])
    print(
        f"destroyed {np.mean(picture):.2f} % of the picture, {np.mean(road):.2f} % of the road;"
        f" {len(picture)} frames, {1000 * np.mean(spent):.0f} ms of CPU a frame with neighbours"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
