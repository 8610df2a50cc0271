"""GPX as it streams by: track points with their times, also of a file that ends in the middle."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd

from voirie.errors import EmptyInput, NotDecodable

LARGEST = 1e11
"""No second since 1970, no metre and no angle is larger: what is, is no number."""

REMEDY = "give a GPX or CSV track with times, recorded during the drive"
_CHUNK_BYTES = 1 << 20


class _GpxPoints:
    """Reads ``trkpt`` while the file streams by; everything else is passed over.

    A document type is refused: GPX has none, and entities are how small files become huge.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[float, float, str, float]] = []
        self.planned = 0
        self._point: dict[str, str] | None = None
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse

    @staticmethod
    def _refuse(*_: object) -> None:
        raise ValueError("it declares a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "trkpt":
            self._point = dict(attributes)
        elif tag in ("rtept", "wpt"):
            self.planned += 1
        elif self._point is not None and tag in ("time", "speed"):
            self._text = []

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if self._point is None:
            return
        if self._text is not None and tag in ("time", "speed"):
            self._point[tag] = "".join(self._text).strip()
            self._text = None
        elif tag == "trkpt":
            point, self._point = self._point, None
            self.rows.append(
                (
                    _float(point.get("lat")),
                    _float(point.get("lon")),
                    point.get("time", ""),
                    _float(point.get("speed")),
                )
            )


def _float(text: str | None) -> float:
    try:
        number = float(text) if text else np.nan
    except ValueError:
        return np.nan
    return number if abs(number) <= LARGEST else np.nan


def read_gpx(path: Path) -> tuple[pd.DataFrame, bool]:
    """Points of a file as ``t_utc``, ``a`` (latitude), ``b`` (longitude), ``speed_mps``.

    The second value says whether the file ends in the middle.

    Raises
    ------
    EmptyInput, NotDecodable
        When it holds no recorded point, or is no GPX.
    """
    points, truncated = _GpxPoints(), False
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                points.parser.Parse(chunk, False)
            points.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        # A logger that lost power leaves a file without its end: what it wrote is good.
        if len(points.rows) < 2 or isinstance(error, ValueError):
            raise NotDecodable(f"the file is no GPX ({error})", path, REMEDY) from error
        truncated = True
    if not points.rows:
        if points.planned:
            raise NotDecodable("the file holds a planned route, no recorded track", path, REMEDY)
        raise EmptyInput("the file holds no track point", path, REMEDY)
    lat, lon, time, speed = zip(*points.rows, strict=True)
    if not any(time):
        raise NotDecodable("the track points carry no time", path, REMEDY)
    t_utc = pd.to_datetime(
        pd.Series(time, dtype="object"), utc=True, format="ISO8601", errors="coerce"
    )
    frame = pd.DataFrame({"t_utc": t_utc, "a": lat, "b": lon, "speed_mps": speed})
    return frame, truncated
