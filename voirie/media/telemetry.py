"""Positions that a film carries in itself, whichever camera wrote them.

The ways of writing them are tried in order: GPMF of GoPro (telemetry-parser), the CAMM track of
Street View cameras and phones, the boxes of BlackVue and of Novatek (Viofo, many others), and
texts with NMEA or coordinates in a subtitle track. The first that holds a fix is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from voirie.errors import R_, EmptyInput, NotDecodable
from voirie.media.camm import camm_fixes
from voirie.media.dashcams import blackvue_fixes, novatek_fixes
from voirie.media.gpmf import gpmf_fixes
from voirie.media.text_track import text_track_fixes

REMEDY = R_("name the GPX or CSV of that drive: --track, or track in survey.toml")
LEAST_FIXES = 2

Reader = Callable[[Path, float], pd.DataFrame | None]

READERS: dict[str, Reader] = {
    "GPMF": gpmf_fixes,
    "CAMM": camm_fixes,
    "BlackVue": blackvue_fixes,
    "Novatek": novatek_fixes,
    "subtitles": text_track_fixes,
}
"""In the order in which they are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmFixes:
    """Positions of a film on its own clock.

    Attributes
    ----------
    fixes
        ``t_s`` (seconds of film), ``t_utc``, ``lat``, ``lon`` (degrees, NaN where the receiver
        had no fix), ``speed_mps``.
    origin
        How they are written: a key of `READERS`.
    """

    fixes: pd.DataFrame
    origin: str


def film_fixes(path: Path, duration_s: float) -> FilmFixes:
    """Positions of a film.

    Parameters
    ----------
    path
        The film.
    duration_s
        Its length.

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
    carried = False
    for origin, read in READERS.items():
        found = read(path, duration_s)
        if found is None or found.empty:
            continue
        if found["lat"].notna().sum() >= LEAST_FIXES:
            return FilmFixes(found, origin)
        carried = True
    if carried:
        raise EmptyInput("the receiver of the camera had no fix during this film", path, REMEDY)
    raise NotDecodable("the film carries no positions", path, REMEDY)
