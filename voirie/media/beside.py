"""Files that lie beside a film and tell where it went."""

from __future__ import annotations

from pathlib import Path

CAMERA_SUFFIXES = (".nmea", ".gps", ".srt")
"""Files that cameras write beside a film, on its clock."""

LOGGER_SUFFIXES = (".gpx", ".geojson", ".csv")
"""Files of a receiver of its own, on its own clock, that somebody named after the film."""


def beside(film: Path, suffixes: tuple[str, ...]) -> Path | None:
    """The file of the name of a film that ends in one of these, the first of them; None if none.

    BlackVue leaves the letter of the camera out: ``20260601_101500_N.gps`` of ``..._NF.mp4``.

    Examples
    --------
    >>> beside(Path("samples/drive/track_a.mp4"), LOGGER_SUFFIXES).name
    'track_a.gpx'
    """
    stems = [film.stem.lower()]
    if film.stem[-1:].upper() in ("F", "R", "I", "O"):
        stems.append(film.stem[:-1].lower())
    try:
        near = sorted(path for path in film.parent.iterdir() if path.stem.lower() in stems)
    except OSError:
        return None
    for suffix in suffixes:
        for path in near:
            if path.suffix.lower() == suffix and path.is_file():
                return path
    return None
