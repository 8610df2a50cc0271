"""Positions that dashcams write into boxes of their own: BlackVue, and Novatek's processors.

Novatek's are in Viofo, and in most cameras without a name. Source of their form: what ExifTool
(QuickTimeStream) and nvtk_mp42gpx read.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from voirie.media.boxes import content_of
from voirie.nmea import KNOT_MPS, read_nmea

_BLOCK = struct.Struct("<6Icccx3f")
_BLOCK_AT = 48
_MOST_BLOCKS = 100_000


def blackvue_fixes(path: Path, duration_s: float) -> pd.DataFrame | None:
    """Positions in the box ``free/gps`` of a BlackVue film, None where it has none.

    Each sentence is marked with the camera's clock, which starts with the film.

    Examples
    --------
    >>> blackvue_fixes(Path("samples/drive/pass_a.mp4"), 60.0) is None
    True
    """
    data = content_of(path, b"free", b"gps ")
    return None if data is None else read_nmea(data.decode("latin-1"))


def novatek_fixes(path: Path, duration_s: float) -> pd.DataFrame | None:
    """Positions in the blocks that ``moov/gps`` of a Novatek film lists, None where it has none.

    The camera writes a block each second: they share the length of the film.

    Examples
    --------
    >>> novatek_fixes(Path("samples/drive/pass_a.mp4"), 60.0) is None
    True
    """
    listed = content_of(path, b"moov", b"gps ")
    if listed is None:
        return None
    places = list(struct.iter_unpack(">II", listed[8 : 8 + (len(listed) - 8) // 8 * 8]))
    rows = []
    with path.open("rb") as file:
        for rank, (place, size) in enumerate(places[:_MOST_BLOCKS]):
            file.seek(place)
            block = _block(file.read(min(size, 4096)))
            if block is not None:
                rows.append((rank / len(places) * duration_s, *block))
    table = pd.DataFrame(rows, columns=["t_s", "t_utc", "lat", "lon", "speed_mps"])
    return table.assign(t_utc=pd.to_datetime(table["t_utc"], utc=True))


def _block(data: bytes) -> tuple[datetime | None, float, float, float] | None:
    """Moment, latitude, longitude and speed of a block; None where it is no block."""
    if len(data) < _BLOCK_AT + _BLOCK.size or data[4:12] != b"freeGPS ":
        return None
    hour, minute, second, year, month, day, state, north, east, lat, lon, knots = (
        _BLOCK.unpack_from(data, _BLOCK_AT)
    )
    at: datetime | None
    try:
        at = datetime(2000 + year % 100, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        at = None
    if state != b"A":
        return at, np.nan, np.nan, np.nan
    return (
        at,
        _degrees(lat) * (-1.0 if north == b"S" else 1.0),
        _degrees(lon) * (-1.0 if east == b"W" else 1.0),
        knots * KNOT_MPS,
    )


def _degrees(packed: float) -> float:
    """Degrees of a number written as ddmm.mmmm."""
    whole = np.floor(packed / 100.0)
    return float(whole + (packed - 100.0 * whole) / 60.0)
