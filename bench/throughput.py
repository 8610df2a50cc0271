"""Reading and choosing the pictures of a film, beside a bare decoder and OpenCV.

    python -m bench.throughput [--minutes 2] [--rounds 5] [--film FILE]

A film of 1080p at 30 pictures a second is made (H.264, texture that moves, two key frames a
second), or FILE is taken. In turns: PyAV decodes every picture and does nothing; voirie opens the
film, chooses a picture each 5 m of a drive at 14 m/s and hands each out with its two neighbours;
OpenCV reads every picture. Printed: pictures a second of each, the median ratio of the rounds to
the bare decoder and to OpenCV, and how much memory grows from the first quarter of the film to its
end.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np

from inspection.capture.sampling import choose
from inspection.options import Step
from voirie.media import Video

RATE = 30
SIZE = (1080, 1920)
SPEED_MPS = 14.0
STEP = Step(5.0, "m")
NEIGHBOURS = 1


def made(path: Path, seconds: int) -> Path:
    """A film of texture that moves, as a camera on a car sees it."""
    rng = np.random.default_rng(1)
    height, width = SIZE
    noise = rng.normal(110, 40, (height * 2, width)).clip(0, 255).astype(np.uint8)
    texture = cv2.GaussianBlur(noise, (0, 0), 2.5)
    colour = cv2.applyColorMap(texture, cv2.COLORMAP_BONE)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "28"})
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        stream.codec_context.gop_size = RATE // 2
        for k in range(seconds * RATE):
            top = (12 * k) % height
            frame = np.ascontiguousarray(colour[height - top : 2 * height - top])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        out.mux(stream.encode(None))
    return path


def bare(path: Path) -> int:
    """Decode every picture."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))


def opencv(path: Path) -> int:
    """Read every picture."""
    capture, count = cv2.VideoCapture(str(path)), 0
    while capture.read()[0]:
        count += 1
    capture.release()
    return count


def ours(path: Path, told: Callable[[float], None] = lambda share: None) -> int:
    """Choose pictures and hand them out with their neighbours."""
    video = Video(path)
    pts_s = video.facts.pts_s
    chosen = choose(pts_s, SPEED_MPS * pts_s, np.full(len(pts_s), SPEED_MPS), STEP)
    for window in video.windows(chosen.index.tolist(), NEIGHBOURS):
        told(window.frame.index / len(pts_s))
    return len(pts_s)


def resident_mb() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def growth_mb(path: Path) -> float:
    """Memory at the end of a film beyond the most in its first quarter."""
    early, late = 0.0, 0.0

    def seen(share: float) -> None:
        nonlocal early, late
        now = resident_mb()
        early, late = (max(early, now), late) if share < 0.25 else (early, max(late, now))

    ours(path, seen)
    return late - early


def rates(path: Path, rounds: int) -> dict[str, list[float]]:
    """Pictures a second of each reader, in turns."""
    readers = {"bare decode": bare, "voirie": ours, "OpenCV": opencv}
    out: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            start = time.perf_counter()
            count = read(path)
            out[name].append(count / (time.perf_counter() - start))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--film", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        film = asked.film or made(Path(folder, "film.mp4"), int(60 * asked.minutes))
        print(f"{film.name}: {film.stat().st_size / 1e6:.0f} MB")
        grown = growth_mb(film)
        found = rates(film, asked.rounds)
    for name, each in found.items():
        print(f"{name:12} {np.median(each):7.0f} pictures a second, median of {len(each)}")
    mine = np.array(found["voirie"])
    for name, target in (("bare decode", 0.85), ("OpenCV", 1.3)):
        print(f"voirie / {name}: {np.median(mine / found[name]):.2f} (target {target})")
    print(f"memory from the first quarter to the end: {grown:+.0f} MB")


if __name__ == "__main__":
    main()
