"""Positions in texts that are shown with a film: NMEA, or coordinates as cameras write them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from voirie.nmea import read_nmea

_NUMBER = r"([-+]?\d{1,3}\.\d{3,})"
_PAIRS = (
    re.compile(
        rf"lat(?:itude)?\W{{1,3}}{_NUMBER}.{{0,12}}?lon(?:gitude|gtitude|g)?\W{{1,3}}{_NUMBER}",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(r"([NS])\W{0,2}(\d{1,2}\.\d{3,})\W{1,3}([EW])\W{0,2}(\d{1,3}\.\d{3,})"),
    re.compile(rf"GPS\s*\(\s*(?P<lon>{_NUMBER})\s*,\s*(?P<lat>{_NUMBER})"),
)
_SRT_TIME = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})\s*-->")


def fixes_of_texts(said: list[tuple[float, str]]) -> pd.DataFrame | None:
    """Positions that texts tell, each at the moment it is shown.

    Parameters
    ----------
    said
        Seconds of film, and the text shown then.

    Returns
    -------
    pandas.DataFrame
        As `voirie.media.telemetry.FilmFixes`; None where no text tells a position.

    Examples
    --------
    >>> fixes_of_texts([(0.0, "[latitude: 44.3500] [longitude: 2.5750]")])["lat"].tolist()
    [44.35]
    """
    rows = []
    for t_s, text in said:
        nmea = read_nmea(text)
        if not nmea.empty:
            first = nmea.iloc[0]
            rows.append((t_s, first["t_utc"], first["lat"], first["lon"], first["speed_mps"]))
        elif (pair := _pair(text)) is not None:
            rows.append((t_s, pd.NaT, *pair, np.nan))
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["t_s", "t_utc", "lat", "lon", "speed_mps"])
    return table.assign(t_utc=pd.to_datetime(table["t_utc"], utc=True))


def texts_of_srt(text: str) -> list[tuple[float, str]]:
    r"""Seconds and texts of an SRT file.

    Examples
    --------
    >>> texts_of_srt("1\n00:00:01,500 --> 00:00:02,500\nN44.3500 E2.5750\n")
    [(1.5, '\nN44.3500 E2.5750\n')]
    """
    marks = list(_SRT_TIME.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    out = []
    for mark, end in zip(marks, ends, strict=False):
        hours, minutes, seconds, rest = mark.groups()
        at_s = 3600 * int(hours) + 60 * int(minutes) + int(seconds) + int(rest.ljust(3, "0")) / 1e3
        said = text[mark.end() : end]
        out.append((at_s, said[said.find("\n") :] if "\n" in said else said))
    return out


def _pair(text: str) -> tuple[float, float] | None:
    """Latitude and longitude that a text tells; NaN where they are both 0."""
    plain, compass, dji = (pattern.search(text) for pattern in _PAIRS)
    if plain:
        lat, lon = float(plain[1]), float(plain[2])
    elif compass:
        lat = float(compass[2]) * (-1.0 if compass[1] == "S" else 1.0)
        lon = float(compass[4]) * (-1.0 if compass[3] == "W" else 1.0)
    elif dji:
        lat, lon = float(dji["lat"]), float(dji["lon"])
    else:
        return None
    return (np.nan, np.nan) if lat == 0.0 and lon == 0.0 else (lat, lon)
