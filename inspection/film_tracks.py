"""The track that films bring themselves: inside them, or in a file of the camera beside each.

Several films of one drive are joined. A camera loses a moment between two of its files, or writes
the same one twice: where its receiver tells the time, each film begins when it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from gis.tracks.readers import Track, told_points, track_of_points
from voirie.arrays import Floats
from voirie.errors import EmptyInput, NotDecodable, VoirieError
from voirie.media.beside import CAMERA_SUFFIXES, beside
from voirie.media.telemetry import LEAST_FIXES, REMEDY, FilmFixes, film_fixes

LONGEST_GAP_S = 60.0
MOST_OVERLAP_S = 5.0
"""Beyond these a film begins when the one before ends, whatever its receiver says."""


def fixes_of_film(film: Path, duration_s: float) -> FilmFixes:
    """Positions of a film on its own clock, from inside it or from the camera's file beside it.

    Raises
    ------
    EmptyInput
        When there are some, and the receiver never had a fix.
    NotDecodable
        When there are none.

    Examples
    --------
    >>> fixes_of_film(Path("samples/drive/pass_a.mp4"), 60.0)
    Traceback (most recent call last):
    ...
    voirie.errors.NotDecodable: ...
    """
    try:
        return film_fixes(film, duration_s)
    except (EmptyInput, NotDecodable) as error:
        refused: VoirieError = error
    told = beside(film, CAMERA_SUFFIXES)
    if told is None:
        raise refused
    raw = told_points(told).rename(columns={"a": "lat", "b": "lon"})
    if raw["lat"].notna().sum() < LEAST_FIXES:
        raise EmptyInput("the receiver of the camera had no fix during this film", told, REMEDY)
    return FilmFixes(raw, told.name)


def film_track(films: Sequence[Path], found: Sequence[FilmFixes | None], begins_s: Floats) -> Track:
    """The track of the films of one drive, on the clock of the first.

    Parameters
    ----------
    films
        In order.
    found
        Positions of each, None of one that has none: the track bridges it.
    begins_s
        When each begins, see `begins_of`.

    Raises
    ------
    EmptyInput, NotDecodable
        When the positions make no track.
    """
    parts = [
        one.fixes.assign(t_s=one.fixes["t_s"] + begin)
        for one, begin in zip(found, begins_s, strict=True)
        if one is not None
    ]
    raw = pd.concat(parts, ignore_index=True).rename(columns={"lat": "a", "lon": "b"})
    track = track_of_points(raw.assign(epsg=None), films[0])
    origins = dict.fromkeys(one.origin for one in found if one is not None)
    return replace(track, origin=", ".join(origins))


def begins_of(lasts_s: Sequence[float], found: Sequence[FilmFixes | None]) -> Floats:
    """When each film of a drive begins, in seconds since the first one began.

    Parameters
    ----------
    lasts_s
        How long each lasts.
    found
        Positions of each; None where there are none.

    Examples
    --------
    >>> begins_of([60.0, 60.0, 30.0], [None, None, None]).tolist()
    [0.0, 60.0, 120.0]
    """
    begins = np.cumsum([0.0, *lasts_s[:-1]])
    moments = [_begin_utc(one) for one in found]
    for rank in range(1, len(begins)):
        before, now = moments[rank - 1], moments[rank]
        if before is None or now is None:
            continue
        gap_s = now - before - lasts_s[rank - 1]
        if -MOST_OVERLAP_S <= gap_s <= LONGEST_GAP_S:
            begins[rank:] += gap_s
    return np.asarray(begins, dtype=np.float64)


def _begin_utc(found: FilmFixes | None) -> float | None:
    """When a film began by its receiver, seconds since 1970; None where it does not tell."""
    if found is None:
        return None
    known = found.fixes[found.fixes["t_utc"].notna() & found.fixes["lat"].notna()]
    if known.empty:
        return None
    moment = (known["t_utc"] - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    return float((moment - known["t_s"]).median())
