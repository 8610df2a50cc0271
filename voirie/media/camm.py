"""Positions in the camera motion metadata (CAMM) of Street View cameras and phones.

Source of the form: developers.google.com/streetview/publish/camm-spec. The track is taken out by
PyAV, which keeps the film's own time of each position; telemetry-parser 0.3 drops it, with the
positions of type 5.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pandas as pd

_BYTES = {0: 12, 1: 8, 2: 12, 3: 12, 4: 12, 5: 24, 6: 56, 7: 12}
"""Of each type of packet, after the two empty bytes and the type."""

_MIN_GPS, _GPS = 5, 6
_GPS_EPOCH_S = datetime(1980, 1, 6, tzinfo=UTC).timestamp()
_LEAP_S = 18.0
"""GPS time runs ahead of UTC by this since 2017."""

_FROM_1970_S = 1.6e9
"""Some cameras count from 1970 instead: this many seconds are 2020 then, and 2030 from 1980."""


def camm_fixes(path: Path, duration_s: float) -> pd.DataFrame | None:
    """Positions of a film on its own clock, None where it has no such track.

    Parameters
    ----------
    path
        The film.
    duration_s
        Not needed: each position has a time.

    Returns
    -------
    pandas.DataFrame
        As `voirie.media.telemetry.FilmFixes`.

    Examples
    --------
    >>> camm_fixes(Path("samples/drive/pass_a.mp4"), 60.0) is None
    True
    """
    try:
        with av.open(str(path.absolute()), metadata_errors="replace") as container:
            films, begins_s = container.streams.video, 0.0
            if films and films[0].start_time and films[0].time_base:
                begins_s = float(films[0].start_time * films[0].time_base)
            for stream in container.streams:
                if stream.type != "data" or stream.time_base is None:
                    continue
                packets = [
                    (float((p.pts or 0) * stream.time_base) - begins_s, bytes(p))
                    for p in container.demux(stream)
                    if p.size
                ]
                if packets and all(_is_camm(data) for _, data in packets):
                    return _table(packets)
                container.seek(0)
    except (av.FFmpegError, OSError, ValueError):
        return None
    return None


def _is_camm(data: bytes) -> bool:
    return len(data) >= 4 and _BYTES.get(struct.unpack_from("<H", data, 2)[0]) == len(data) - 4


def _table(packets: list[tuple[float, bytes]]) -> pd.DataFrame:
    rows = []
    for t_s, data in packets:
        kind = struct.unpack_from("<H", data, 2)[0]
        if kind == _MIN_GPS:
            lat, lon, _ = struct.unpack_from("<3d", data, 4)
            rows.append((t_s, np.nan, lat, lon, np.nan))
        elif kind == _GPS:
            moment_s, fix, lat, lon = struct.unpack_from("<di2d", data, 4)
            east, north = struct.unpack_from("<2f", data, 44)
            known = fix >= 2
            rows.append(
                (
                    t_s,
                    _unix_s(moment_s),
                    lat if known else np.nan,
                    lon if known else np.nan,
                    float(np.hypot(east, north)),
                )
            )
    table = pd.DataFrame(rows, columns=["t_s", "unix_s", "lat", "lon", "speed_mps"])
    moments = pd.to_datetime(table.pop("unix_s"), unit="s", utc=True)
    return table.assign(t_utc=moments)


def _unix_s(moment_s: float) -> float:
    """Seconds since 1970 of a moment that counts from 1980, as the form wants, or from 1970."""
    if moment_s <= 0:
        return np.nan
    return moment_s if moment_s > _FROM_1970_S else moment_s + _GPS_EPOCH_S - _LEAP_S
