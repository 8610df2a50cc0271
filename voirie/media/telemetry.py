"""Positions that a film carries in itself: GoPro's GPMF track, read by telemetry-parser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import telemetry_parser

from voirie.arrays import Floats
from voirie.errors import EmptyInput, NotDecodable

FILM_SUFFIXES = (".mp4", ".mov", ".360", ".lrv")
FIX_2D = 2
"""GPMF tells 0 without a fix, 2 with one in the plane, 3 with height."""

WORST_DOP = 10.0
"""Dilution of precision beyond which a position is worth nothing."""

_FIX = "0x47505346"  # GPSF
_DOP = "0x47505350"  # GPSP
_MOMENT = "0x47505355"  # GPSU
_REMEDY = "give --track with the GPX or CSV of that drive"


def film_fixes(path: Path, duration_s: float) -> pd.DataFrame:
    """Positions of a film on its own clock.

    Parameters
    ----------
    path
        The film.
    duration_s
        Its length. GoPro writes one block of positions for each second or so: the blocks share
        the length evenly, and the positions of a block share it.

    Returns
    -------
    pandas.DataFrame
        ``t_s`` (seconds of film), ``t_utc``, ``lat``, ``lon`` (degrees, NaN where the receiver
        had no fix), ``speed_mps``.

    Raises
    ------
    NotDecodable
        When the film carries no positions that can be read.
    EmptyInput
        When it carries some, and the receiver never had a fix.

    Examples
    --------
    >>> film_fixes(Path("samples/drive/pass_a.mp4"), 60.0)
    Traceback (most recent call last):
    ...
    voirie.errors.NotDecodable: ...
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
                    "lat": block.lat if block.is_fixed else np.full(n, np.nan),
                    "lon": block.lon if block.is_fixed else np.full(n, np.nan),
                    "speed_mps": block.speed_mps,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    if table["lat"].isna().all():
        raise EmptyInput("the receiver of the camera had no fix during this film", path, _REMEDY)
    return table


@dataclass(frozen=True, slots=True)
class _Block:
    """Positions of about a second."""

    lat: Floats
    lon: Floats
    speed_mps: Floats
    is_fixed: bool
    moment_ms: float  # since 1970, NaN where the camera does not say


def _blocks(path: Path) -> list[_Block]:
    """Blocks of positions in the order of the film."""
    try:
        samples = telemetry_parser.Parser(str(path)).telemetry()
        found = [sample["GPS"] for sample in samples if sample.get("GPS", {}).get("Data")]
        blocks = []
        for gps in found:
            lat, lon, _, speed_mps, *_ = (np.array(gps["Data"], float) / np.array(gps["Scale"])).T
            fixed = gps.get(_FIX, 0) >= FIX_2D and gps.get(_DOP, 0) / 100.0 <= WORST_DOP
            blocks.append(_Block(lat, lon, speed_mps, fixed, float(gps.get(_MOMENT, np.nan))))
    except BaseException as error:  # a fault of the library comes as a panic, no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise NotDecodable("the film carries no positions", path, _REMEDY) from error
    if not blocks:
        raise NotDecodable("the film carries no positions", path, _REMEDY)
    return blocks
