"""The clock that a drive tells, against the truth of rendered drives.

    python -m bench.geometry [--drives samples/drive ...] [--trials 20] [--paces 0.7 1 1.25]

Each film is measured as `ingest` does it, played slower and faster too, which makes other speeds
of the same road. Then many receivers are made for it: fixes of the true drive with correlated
noise, a latency, a gap, and a clock that is off by up to 5 s; what is sought is the offset between
picture and position, latency included. Printed are the root mean square of the error, the least
that these positions allow (the noise of a speed made of them, over the root of the summed squared
surges), their ratio, the share of truths inside the 90 % interval, and how often the drive was
called flat. A straight road at one speed, which tells nothing, must always be called flat.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from gis.tracks.smoothing import smooth
from inspection.camera.vanishing_point import horizon_of, vanishing_point
from inspection.capture.clock_offset import FoundOffset, find_offset
from inspection.capture.road_motion import MotionMeter, RoadMotion
from voirie.arrays import Floats, Pixels
from voirie.media import Video

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "drive"
DRIFT_M, DRIFT_S, BIAS_M, WHITE_M = 2.5, 30.0, 1.5, 0.5
GAP_S = 12.0
SHIFT_S = 5.0
TARGET = 1.5


class AtPace:
    """Shows a film to a meter as if it were played faster or slower."""

    def __init__(self, meter: MotionMeter, pace: float) -> None:
        self.meter, self.pace = meter, pace
        self.width_px, self.height_px = meter.width_px, meter.height_px

    def wants(self, seconds: float) -> bool:
        """Whether the meter wants it."""
        return self.meter.wants(seconds / self.pace)

    def look(self, seconds: float, grey: Pixels) -> None:
        """Pass it on."""
        self.meter.look(seconds / self.pace, grey)


@dataclass(frozen=True)
class Drive:
    """A film played at one pace: what its pictures tell, and the truth."""

    name: str
    motion: RoadMotion
    t_s: Floats
    xy: Floats
    speed_mps: Floats

    def attainable_s(self) -> float:
        """What positions of this receiver, once a second, allow at best."""
        noise = np.sqrt(2 * WHITE_M**2 + 2 * DRIFT_M**2 * (1 - np.exp(-1 / DRIFT_S)))
        each = np.interp(np.arange(self.t_s[0], self.t_s[-1]), self.t_s, self.speed_mps)
        return float(noise / np.sqrt((np.diff(each) ** 2).sum()))


def drives(folders: list[Path], paces: list[float]) -> Iterator[Drive]:
    """Each film of each folder that has its truth, at each pace."""
    for folder in folders:
        truth = json.loads((folder / "truth.json").read_text("utf-8"))["passes"]
        for name, known in truth.items():
            film = folder / known["file"]
            if not film.is_file():
                continue
            columns = {column: k for k, column in enumerate(known["trajectory_columns"])}
            rows = np.asarray(known["trajectory"], dtype=float)
            for pace in paces:
                yield Drive(
                    f"{folder.name} {name} x{pace:g}",
                    measured(film, pace),
                    rows[:, columns["t_s"]] / pace,
                    rows[:, [columns["x"], columns["y"]]],
                    rows[:, columns["speed_mps"]] * pace,
                )


def measured(film: Path, pace: float) -> RoadMotion:
    """What the pictures of a film tell, as `ingest` measures it."""
    video = Video(film)
    width, height = video.facts.width_px, video.facts.height_px
    ranks = range(0, len(video.facts.pts_s), max(1, len(video.facts.pts_s) // 25))
    points = [vanishing_point(frame.pixels) for frame in video.samples(list(ranks))]
    horizon = horizon_of([point for point in points if point], width, height)
    shares = None if horizon is None else (horizon[1] / height, horizon[0] / width)
    meter = MotionMeter(width, height, shares)
    video.show(AtPace(meter, pace))
    return meter.motion()


def found_by(drive: Drive, rng: np.random.Generator) -> tuple[FoundOffset, float]:
    """What is found with one made receiver, and the true offset."""
    true = float(rng.uniform(-SHIFT_S, SHIFT_S) + rng.uniform(0.15, 0.7))
    first = drive.t_s[0] + true
    t_s = np.arange(np.ceil(first), drive.t_s[-1] + true) + rng.uniform(0, 0.5)
    t_s = t_s[t_s < drive.t_s[-1] + true]
    gap = rng.uniform(t_s[0], t_s[-1] - GAP_S)
    t_s = t_s[(t_s < gap) | (t_s > gap + GAP_S)]
    xy = np.stack([np.interp(t_s - true, drive.t_s, at) for at in drive.xy.T], axis=1)
    xy += receiver_error(t_s, rng)
    track = smooth(pd.DataFrame({"t_s": t_s, "x": xy[:, 0], "y": xy[:, 1]}))
    return find_offset(drive.motion, t_s, xy, track), true


def receiver_error(t_s: Floats, rng: np.random.Generator) -> Floats:
    """Drift, bias, what is new at each fix, and one wild fix in a hundred, (n, 2)."""
    error, state = np.zeros((len(t_s), 2)), rng.normal(0, DRIFT_M, 2)
    for row, step in enumerate(np.diff(t_s, prepend=t_s[0])):
        stay = np.exp(-step / DRIFT_S)
        state = stay * state + rng.normal(0, DRIFT_M * np.sqrt(1 - stay**2), 2)
        error[row] = state
    error += rng.normal(0, BIAS_M, 2) + rng.normal(0, WHITE_M, error.shape)
    wild = rng.random(len(t_s)) < 0.01
    error[wild] += rng.normal(0, 14.0, (int(wild.sum()), 2))
    return error


def straight(seed: int) -> Drive:
    """Two minutes straight on at 50 km/h: nothing in it tells a time."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(0.0, 120.0, 0.1)
    step = 0.002 * 1.39 * (1 + rng.normal(0, 0.03, len(t_s) - 1))
    motion = RoadMotion(t_s, step, np.full(len(step), 1e-5), rng.normal(0, 0.3, len(step)))
    xy = np.stack([13.9 * t_s, 0 * t_s], axis=1)
    return Drive("straight on", motion, t_s, xy, np.full(len(t_s), 13.9))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drives", type=Path, nargs="+", default=[SAMPLE])
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--paces", type=float, nargs="+", default=[1.0])
    args = parser.parse_args()
    table = Table(title="Offset between picture and position, seconds (rendered drives)")
    for name in ("drive", "km/h", "bias", "rms", "attainable", "ratio", "in 90 %", "flat"):
        table.add_column(name, justify="left" if name == "drive" else "right")
    ratios, inside = [], []
    for drive in drives(args.drives, args.paces):
        rng = np.random.default_rng(len(ratios))
        trials = [found_by(drive, rng) for _ in range(args.trials)]
        sharp = [(found, true) for found, true in trials if not found.is_flat]
        error = np.array([found.offset_s - true for found, true in sharp])
        held = [found.low_s <= true <= found.high_s for found, true in sharp]
        rms, least = float(np.sqrt((error**2).mean())), drive.attainable_s()
        ratios.append(rms / least)
        inside += held
        kmh = 3.6 * np.percentile(drive.speed_mps[drive.speed_mps > 1], [5, 95])
        table.add_row(
            drive.name,
            f"{kmh[0]:.0f}-{kmh[1]:.0f}",
            f"{error.mean():+.2f}",
            f"{rms:.2f}",
            f"{least:.2f}",
            f"{rms / least:.2f}",
            f"{100 * np.mean(held):.0f} %",
            f"{len(trials) - len(sharp)} of {len(trials)}",
        )
    console = Console(width=100)
    console.print(table)
    together = float(np.sqrt(np.mean(np.square(ratios))))
    console.print(
        f"together: rms / attainable {together:.2f} (target {TARGET}), "
        f"truths in the 90 % interval {100 * np.mean(inside):.0f} % of {len(inside)} (target 85-95)"
    )
    flat = [found_by(straight(k), np.random.default_rng(k))[0].is_flat for k in range(args.trials)]
    console.print(f"straight on at one speed: called flat {sum(flat)} of {len(flat)}")


if __name__ == "__main__":
    main()
