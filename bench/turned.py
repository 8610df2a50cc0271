"""How surely pictures that lie turned are told, on sets of real pictures.

    python -m bench.turned ../shared/data [--sets 4]
    python -m bench.turned --cost samples/drive/pass_a.mp4 ../shared/data

Takes up to a dozen pictures of each set of pictures (a part of a folder, or a film), as a pass
would give them, and searches them in the four ways they may lie. Pictures that are turned by a
quarter give the same evidence under other angles, so that one search tells what would become of a
set that stands, and of the same one turned by 90, 180 and 270 degrees. Nobody's picture is shown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from anonymize import Sealer
from anonymize.orientation import (
    LEAST_EVIDENCE,
    PICTURES,
    TIMES,
    Orientation,
    evidence_of,
    orientation_of,
    spread,
)
from voirie.arrays import Floats, Pixels
from voirie.media import Still, Video, read_still
from voirie.media.stills import STILL_SUFFIXES
from voirie.nets import load_models

FOLDERS = (
    "privacy/plates_bucharest/images",
    "privacy/plates_openimages/images",
    "privacy/faces_crowds/images",
    "signs/gtsdb/images",
    "signs/fr_sy32/images",
    "dumping/riyadh/images",
    "dumping/malta_bags/images",
    "pavement/dnit/images",
    "pavement/potholes_web",
    "pavement/rdd2022_samples",
)


def sets_of(data: Path, parts: int) -> Iterator[tuple[str, list[Path]]]:
    """Names and files of the sets; a film stands alone."""
    for folder in FOLDERS:
        files = sorted(p for p in (data / folder).rglob("*") if p.suffix in STILL_SUFFIXES)
        cuts = np.linspace(0, len(files), 1 + min(parts, max(1, len(files) // 12))).astype(int)
        for first, last in pairwise(cuts):
            if last > first:
                yield f"{folder.removesuffix('/images')} {first}-{last - 1}", files[first:last]
    for film in sorted((data / "video").rglob("*.mp4")):
        yield f"video/{film.name}", [film]


def pictures_of(files: list[Path]) -> Iterator[Pixels]:
    """Pictures spread over a set."""
    if files[0].suffix == ".mp4":
        video = Video(files[0])
        near = spread(range(len(video.facts.pts_s)))
        yield from (frame.pixels for frame in video.samples(near))
        return
    for path in spread(files):
        yield read_still(Still(path, 0)).pixels


def print_cost(film: Path, frames: int = 100) -> None:
    """Print what looking at a film costs, as a share of sealing so many pictures of it."""
    video, models = Video(film), load_models()
    sealer, gate = Sealer(models), models.detector("gate")
    near = np.linspace(1, len(video.facts.pts_s) - 2, frames).astype(int).tolist()
    start = time.perf_counter()
    found = orientation_of(gate, (frame.pixels for frame in video.samples(spread(near))))
    look_s, start = time.perf_counter() - start, time.perf_counter()
    for window in video.windows(near, 1):
        sealer.seal(window.frame, window.before, window.after)
    seal_s = time.perf_counter() - start
    print(f"{film.name}: {found.turned_deg} degrees told from {found.pictures} pictures")
    every = look_s / found.pictures * PICTURES
    for what, spent_s in (("looked", look_s), (f"had it taken all {PICTURES}", every)):
        print(f"{what}: {spent_s:.1f} s, {100 * spent_s / seal_s:.1f} % of sealing {frames} frames")


def main() -> None:
    """Print one line a set, and what would become of all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cost", type=Path, help="a film: what looking costs beside sealing it")
    parser.add_argument("--sets", type=int, default=4, help="parts of a folder")
    args = parser.parse_args()
    if args.cost:
        print_cost(args.cost)
        return
    gate = load_models().detector("gate")
    told, refused, worst, searches, spent_s = 0, 0, 0.0, 0, 0.0
    lines: list[tuple[str, Floats, int]] = []
    for name, files in sets_of(args.data, args.sets):
        start = time.perf_counter()
        rows = [evidence_of(gate, pixels) for pixels in pictures_of(files)]
        spent_s, searches = spent_s + time.perf_counter() - start, searches + 4 * len(rows)
        lines.append((name, np.sum(rows, axis=0), len(rows)))
    print("set, pictures, evidence at 0, 90, 180, 270 degrees, angle told")
    for name, evidence, number in lines:
        upright, left, over, right = (float(value) for value in evidence)
        turned = Orientation((upright, left, over, right), number).turned_deg
        wrong = max(left, over, right)
        if wrong >= LEAST_EVIDENCE:
            worst = max(worst, wrong / max(upright, 1e-9))
        told, refused = told + (turned == 0), refused + (turned not in {0, None})
        values = " ".join(f"{value:7.2f}" for value in evidence)
        print(f"{name:45s} {number:3d} {values}  {'unsure' if turned is None else turned}")
    print(f"{len(lines)} sets that stand: {refused} refused; wrong way at most {worst:.2f} times")
    print(f"the same turned by 90, 180 or 270: {told} told (from {TIMES} times the other ways)")
    print(f"{1000 * spent_s / max(searches, 1):.0f} ms a search, reading included")


if __name__ == "__main__":
    main()
