"""The receiver's side: fixes with correlated noise, latency, outliers and a gap, as GPX."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from .alignment import Alignment
from .drive import Motion
from .network import CRS
from .noise import generator

Array = NDArray[np.float64]

CLOCK_OFFSET_S = 2.4
GAP_S = 12.0
TAU_S = 30.0
SIGMA_M = 2.5
BIAS_M = 1.5
WHITE_M = 0.5


def latencies(seed: int, name: str) -> tuple[float, float]:
    """Return the lag of positions and of speeds in seconds, drawn for each drive."""
    rng = generator(seed, "latency", name)
    return round(float(rng.uniform(0.15, 0.7)), 3), round(float(rng.uniform(0.4, 1.5)), 3)


def _noise(rng: np.random.Generator, count: int) -> Array:
    """Return east and north errors at 1 Hz."""
    keep = np.exp(-1 / TAU_S)
    error = np.zeros((count, 2))
    state = rng.normal(0, SIGMA_M, 2)
    for index in range(count):
        state = keep * state + rng.normal(0, SIGMA_M * np.sqrt(1 - keep**2), 2)
        error[index] = state
    error += rng.normal(0, BIAS_M, 2) + rng.normal(0, WHITE_M, (count, 2))
    wild = rng.choice(count, max(1, round(count * 0.01)), replace=False)
    error[wild] += rng.normal(0, 14.0, (len(wild), 2))
    return error


def write_track(
    road: Alignment,
    seed: int,
    move: Motion,
    started_at: datetime,
    gap_at_s: float | None,
    path: Path,
) -> None:
    """Write the fixes of a pass as GPX; times are the receiver's, positions lag behind.

    Parameters
    ----------
    road, seed, move
        The axis, the seed, the drive.
    started_at
        Time of the track at which ``offset_s`` is counted from.
    gap_at_s
        Video time at which the receiver loses the sky for 12 s, or None.
    path
        File to write.
    """
    rng = generator(seed, "track", move.name)
    lag_s, speed_lag_s = latencies(seed, move.name)
    first, last = np.ceil(CLOCK_OFFSET_S), np.floor(move.t[-1] + CLOCK_OFFSET_S)
    stamp = np.arange(first, last + 0.5)
    true_time = stamp - CLOCK_OFFSET_S - lag_s
    s = np.interp(true_time, move.fine_t, move.fine_s)
    d = np.interp(true_time, move.t, move.d)
    x, y = road.world(s, d)
    height = road.height_m(s, d) + 49.0
    error = _noise(rng, len(stamp))
    points = gpd.GeoSeries(gpd.points_from_xy(x + error[:, 0], y + error[:, 1]), crs=CRS).to_crs(
        4326
    )
    speed = np.interp(stamp - CLOCK_OFFSET_S - speed_lag_s, move.fine_t, move.fine_speed)
    speed = np.maximum(0, speed + rng.normal(0, 0.15, len(stamp)))
    keep = np.ones(len(stamp), bool)
    if gap_at_s is not None:
        start = np.ceil(gap_at_s + CLOCK_OFFSET_S)
        keep = (stamp <= start) | (stamp >= start + GAP_S)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="voirie rendered sample" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">',
        f"  <metadata><name>rendered track {move.name}</name></metadata>",
        f"  <trk><name>pass {move.name} (rendered)</name><trkseg>",
    ]
    drift = np.cumsum(rng.normal(0, 0.4, len(stamp)))
    for index in np.flatnonzero(keep):
        when = started_at + timedelta(seconds=float(stamp[index]))
        lines.append(
            f'    <trkpt lat="{points.y.iloc[index]:.7f}" lon="{points.x.iloc[index]:.7f}">'
            f"<ele>{height[index] + drift[index]:.1f}</ele>"
            f"<time>{when.strftime('%Y-%m-%dT%H:%M:%S')}.000Z</time>"
            f"<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>{speed[index]:.2f}</gpxtpx:speed>"
            "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        )
    lines += ["  </trkseg></trk>", "</gpx>", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
