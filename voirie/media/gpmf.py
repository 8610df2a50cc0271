"""Positions in the GPMF track of a GoPro film, read by telemetry-parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import telemetry_parser
from numpy.typing import ArrayLike

from voirie.arrays import Bools, Floats

FIX_2D = 2
"""GPMF tells 0 without a fix, 2 with one in the plane, 3 with height."""

WORST_DOP = 10.0
"""Dilution of precision beyond which a position is worth nothing."""

_FIX = "0x47505346"  # GPSF
_DOP = "0x47505350"  # GPSP
_MOMENT = "0x47505355"  # GPSU
_GPS9 = 9
"""Figures of a position that tells its own fix."""
_FROM_2000_MS = 946_684_800_000.0


def gpmf_fixes(path: Path, duration_s: float) -> pd.DataFrame | None:
    """Positions of a GoPro film on its own clock, None where it has no such track.

    GoPro writes one block of positions for each second or so: the blocks share the length of the
    film evenly, and the positions of a block share it.

    Examples
    --------
    >>> gpmf_fixes(Path("samples/drive/pass_a.mp4"), 60.0) is None
    True
    """
    blocks = _blocks(path)
    rows = []
    for number, block in enumerate(blocks):
        n = len(block.lat)
        inside_s = np.arange(n) / n * duration_s / len(blocks)
        rows.append(
            pd.DataFrame(
                {
                    "t_s": number / len(blocks) * duration_s + inside_s,
                    "t_utc": pd.to_datetime(block.moment_ms + 1e3 * inside_s, unit="ms", utc=True),
                    "lat": np.where(block.is_fixed, block.lat, np.nan),
                    "lon": np.where(block.is_fixed, block.lon, np.nan),
                    "speed_mps": block.speed_mps,
                }
            )
        )
    return pd.concat(rows, ignore_index=True) if rows else None


@dataclass(frozen=True, slots=True)
class _Block:
    """Positions of about a second."""

    lat: Floats
    lon: Floats
    speed_mps: Floats
    is_fixed: Bools
    moment_ms: float  # since 1970, NaN where the camera does not say


def _blocks(path: Path) -> list[_Block]:
    """Blocks of positions in the order of the film."""
    try:
        samples = telemetry_parser.Parser(str(path)).telemetry()
        found = [sample["GPS"] for sample in samples if sample.get("GPS", {}).get("Data")]
        blocks = [_block(gps) for gps in found]
    except BaseException as error:  # a fault of the library comes as a panic, no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return []
    return blocks


def _block(gps: Mapping[str, ArrayLike]) -> _Block:
    """A block of GPS5, which tells fix and precision once, or of GPS9, which tells them each time.

    GPS9 (from HERO11 on) also counts days and seconds since 2000.
    """
    data = (np.array(gps["Data"], float) / np.array(gps["Scale"], float)).T
    lat, lon, speed_mps = data[0], data[1], data[3]
    if len(data) >= _GPS9:
        fixed = (data[8] >= FIX_2D) & (data[7] <= WORST_DOP)
        moment_ms = _FROM_2000_MS + 86_400_000.0 * data[5][0] + 1000.0 * data[6][0]
        return _Block(lat, lon, speed_mps, fixed, float(moment_ms))
    fix, dop = np.asarray(gps.get(_FIX, 0)), np.asarray(gps.get(_DOP, 0)) / 100.0
    fixed = np.full(len(lat), bool((fix >= FIX_2D) & (dop <= WORST_DOP)))
    return _Block(lat, lon, speed_mps, fixed, float(np.asarray(gps.get(_MOMENT, np.nan))))
