"""Render the sample survey: two passes over a road that exists in numbers only.

python samples/render.py --seed 7 --out samples/drive
python samples/render.py --seed 7 --out DIR --frames 1200:1240 --pass a
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from renderer.asphalt import FIRST_TILE, LAST_TILE, TILE_M
from renderer.contact import write_contact
from renderer.drive import FPS
from renderer.elsewhere import train_site
from renderer.frame import Stage
from renderer.network import write_network
from renderer.passes import World, open_pass
from renderer.sidecars import STARTED_AT, copy_budgets, write_readme, write_survey, write_vehicle
from renderer.site import demo_site
from renderer.tracks import write_track
from renderer.truth import boxes, write_truth
from renderer.video import Writer

Private = dict[str, dict[str, Any]]
RATE_KBPS = {"a": 1130, "b": 1450, "c": 1130}  # a file under 20 MB
GAP_AT_S = {"a": 96.0, "b": None, "c": None}
TRAIN_SEED_SHIFT = 100_003  # so that no seed of a training set is that of a demo

_STAGE: Stage | None = None


def _frame(number: int) -> tuple[int, np.ndarray[Any, np.dtype[np.uint8]], list[Any]]:
    assert _STAGE is not None
    cv2.setNumThreads(1)
    image, seen = _STAGE.draw(number)
    return number, image, boxes(seen)


def draw_pass(
    stage: Stage,
    frames: range,
    path: Path,
    quality: str,
    processes: int,
    private: Private,
    every: int = 1,
) -> None:
    """Draw frames in order, encode them, and note every private box."""
    global _STAGE  # noqa: PLW0603  (forked workers inherit it)
    _STAGE = stage
    name = stage.motion.name
    started = time.monotonic()
    if processes == 1:
        with Writer(path, FPS // every, quality, f"pass {name}", RATE_KBPS[name]) as writer:
            _encode(map(_frame, frames), writer, name, private, len(frames), started)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        results = pool.imap(_frame, frames, chunksize=2)
        with Writer(path, FPS // every, quality, f"pass {name}", RATE_KBPS[name]) as writer:
            _encode(results, writer, name, private, len(frames), started)


def _encode(
    results: Any, writer: Writer, name: str, private: Private, total: int, started: float
) -> None:
    for _, image, found in results:
        for ident, kind, box in found:
            thing = private.setdefault(f"{ident}/{kind}", {"id": ident, "kind": kind, "passes": {}})
            thing["passes"].setdefault(name, []).append([writer.count, *box])
        writer.add(image)
        if writer.count % 100 == 0:
            pace = (time.monotonic() - started) / writer.count
            print(f"pass {name}: {writer.count}/{total} frames, {pace:.2f} s a frame", flush=True)


def _tiles(stage_s: np.ndarray[Any, np.dtype[np.float64]], direction: int) -> range:
    """Return the tiles that some frames need: from the wheels to 260 m ahead."""
    low, high = float(stage_s.min()), float(stage_s.max())
    low, high = (low - 5, high + 260) if direction > 0 else (low - 260, high + 5)
    first = max(FIRST_TILE, int(np.floor(low / TILE_M)))
    return range(first, min(LAST_TILE, int(np.floor(high / TILE_M)) + 1))


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quality", choices=("dashcam", "phone"), default="dashcam")
    parser.add_argument("--set", choices=("demo", "train"), default="demo", dest="which")
    parser.add_argument("--frames", help="A:B, frames of one pass only (needs --pass)")
    parser.add_argument("--pass", choices=("a", "b", "c"), dest="only")
    parser.add_argument(
        "--again",
        action="store_true",
        help="a third pass c: the way of a, another day, speed, sun and line",
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--every", type=int, default=1, help="draw each n-th frame only (a rough look)"
    )
    parser.add_argument(
        "--work", type=Path, help="folder for the painted strips, kept for a second run"
    )
    parser.add_argument("--no-video", action="store_true", help="write everything but the videos")
    args = parser.parse_args(argv)
    cv2.setNumThreads(1)  # before any picture: a forked child must not inherit a pool of threads
    if args.frames and not args.only:
        parser.error("--frames needs --pass")
    seed = args.seed + (TRAIN_SEED_SHIFT if args.which == "train" else 0)
    args.out.mkdir(parents=True, exist_ok=True)
    world = World(train_site(seed) if args.which == "train" else demo_site(seed))
    names = ("a", "b", "c") if args.again or args.only == "c" else ("a", "b")
    passes = [args.only] if args.only else list(names)
    drives = {name: world.drive(name) for name in names}
    write_network(world.road, args.out / "network.gpkg")
    write_vehicle(seed, args.out / "vehicle.toml")
    write_survey(args.out / "survey.toml", names)
    copy_budgets(args.out)
    write_readme(args.out / "README.md")
    for name, move in drives.items():
        write_track(
            world.road, seed, move, STARTED_AT[name], GAP_AT_S[name], args.out / f"track_{name}.gpx"
        )
    private: Private = {}
    with tempfile.TemporaryDirectory() as held:
        for name in passes if not args.no_video else []:
            move = drives[name]
            frames = range(0, len(move.t), args.every)
            tiles = None
            if args.frames:
                low, high = (int(part) for part in args.frames.split(":"))
                frames = range(low, min(high, len(move.t)), args.every)
                tiles = _tiles(move.s[frames.start : frames.stop], move.direction)
            folder = (args.work or Path(held)) / f"strips_{name}"
            stage = open_pass(world, name, folder, tiles, args.processes)
            draw_pass(
                stage,
                frames,
                args.out / f"pass_{name}.mp4",
                args.quality,
                args.processes,
                private,
                args.every,
            )
    if not args.frames:
        write_truth(world, drives, private, args.out / "truth.json", args.every)
        if not args.no_video:
            write_contact(args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
