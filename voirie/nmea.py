"""NMEA 0183 sentences of a receiver (RMC and GGA): when it was where; pynmea2 reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pynmea2

KNOT_MPS = 0.514444
_DAY_S = 86_400.0
_SENTENCE = re.compile(
    r"(?:\[(\d{12,14})\]\s*)?(\$[A-Z]{2}(?:RMC|GGA),[^$*\s\[]*(?:\*[0-9A-Fa-f]{2})?)"
)
"""A sentence anywhere in a text; a camera may mark it with milliseconds of its own clock."""


@dataclass(slots=True)
class _Moment:
    """What the sentences of one moment say."""

    clock_s: float | None
    mark_s: float | None
    day: date | None = None
    lat: float = np.nan
    lon: float = np.nan
    speed_mps: float = np.nan


def read_nmea(text: str) -> pd.DataFrame:
    """Positions of a text that holds NMEA sentences, whatever else stands in it.

    Returns
    -------
    pandas.DataFrame
        ``t_s`` seconds since the first moment, by the marks of the camera where all have one;
        ``t_utc``, NaT where no sentence tells the day; ``lat``, ``lon`` (degrees, NaN where the
        receiver had no fix), ``speed_mps``. No row where no sentence has a time.

    Examples
    --------
    >>> found = read_nmea("$GPRMC,101500.00,A,4421.00,N,00234.50,E,30.0,90.0,010626,,,A*51")
    >>> found[["lat", "lon", "speed_mps"]].round(3).values.tolist()
    [[44.35, 2.575, 15.433]]
    """
    moments: list[_Moment] = []
    for found in _SENTENCE.finditer(text):
        try:
            sentence = pynmea2.parse(found[2])
        except pynmea2.ParseError:
            continue
        clock = sentence.timestamp if isinstance(sentence.timestamp, time) else None
        clock_s = None if clock is None else _seconds_of(clock)
        mark_s = None if found[1] is None else int(found[1]) / 1000.0
        if clock_s is None and mark_s is None:
            continue
        if not moments or clock_s is None or moments[-1].clock_s != clock_s:
            moments.append(_Moment(clock_s, mark_s))
        _add(moments[-1], sentence)
    return _table(moments)


def _add(moment: _Moment, sentence: pynmea2.NMEASentence) -> None:
    """Add what a sentence says to its moment."""
    is_rmc = sentence.sentence_type == "RMC"
    if is_rmc and isinstance(sentence.datestamp, date):
        moment.day = sentence.datestamp
    try:
        has_fix = sentence.status == "A" if is_rmc else int(sentence.gps_qual or 0) > 0
        if not has_fix:
            return
        # A position that was empty is read as 0, 0.
        if sentence.lat and sentence.lon:
            moment.lat, moment.lon = float(sentence.latitude), float(sentence.longitude)
        if is_rmc and sentence.spd_over_grnd is not None:
            moment.speed_mps = float(sentence.spd_over_grnd) * KNOT_MPS
    except (TypeError, ValueError):
        return


def _seconds_of(clock: time) -> float:
    return 3600.0 * clock.hour + 60.0 * clock.minute + clock.second + clock.microsecond / 1e6


def _table(moments: list[_Moment]) -> pd.DataFrame:
    clock_s = np.array([np.nan if m.clock_s is None else m.clock_s for m in moments], dtype=float)
    mark_s = np.array([np.nan if m.mark_s is None else m.mark_s for m in moments], dtype=float)
    t_utc = _dated(moments)
    if len(moments) and np.isfinite(mark_s).all():
        t_s = mark_s - mark_s[0]
    elif t_utc.notna().any():
        seconds = (t_utc - t_utc.min()) / pd.Timedelta(seconds=1)
        t_s = seconds.to_numpy(dtype=float)
    else:
        # Seconds of the day alone: midnight may lie in between.
        turns = np.cumsum(np.r_[0.0, np.diff(clock_s) < -_DAY_S / 2])[: len(clock_s)]
        t_s = clock_s + _DAY_S * turns
        t_s = t_s - (t_s[0] if len(t_s) else 0.0)
    return pd.DataFrame(
        {
            "t_s": t_s,
            "t_utc": t_utc,
            "lat": np.array([m.lat for m in moments], dtype=float),
            "lon": np.array([m.lon for m in moments], dtype=float),
            "speed_mps": np.array([m.speed_mps for m in moments], dtype=float),
        }
    )


def _dated(moments: list[_Moment]) -> pd.Series:
    """Moments of the day that a sentence beside them tells."""
    day: date | None = next((m.day for m in moments if m.day is not None), None)
    before_s: float | None = None
    found: list[datetime | None] = []
    for moment in moments:
        if moment.day is not None:
            day = moment.day
        elif (
            day is not None
            and moment.clock_s is not None
            and before_s is not None
            and before_s - moment.clock_s > _DAY_S / 2
        ):
            day += timedelta(days=1)
        before_s = moment.clock_s if moment.clock_s is not None else before_s
        if day is None or moment.clock_s is None:
            found.append(None)
        else:
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            found.append(midnight + timedelta(seconds=moment.clock_s))
    return pd.to_datetime(pd.Series(found, dtype="object"), utc=True)
