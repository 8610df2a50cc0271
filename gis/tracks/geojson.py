"""Tracks in GeoJSON: lines with the times of their points, or points with a time each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from gis.tracks.gpx import LARGEST, REMEDY
from voirie.errors import EmptyInput, NotDecodable

TIMES = ("coordTimes", "coordinateProperties", "times", "timestamps")
TIME = ("time", "timestamp", "datetime", "date_time", "utc", "horodatage")
_WKT = re.compile(r"POINT\s*Z?\s*\(\s*([-\d.eE+]+)[\s,]+([-\d.eE+]+)")
_DATED = 1e11

Told = Mapping[str, object]
"""What the feature round a geometry says."""

Placed = tuple[float, float, object]
"""Longitude, latitude and time of a point."""


def read_geojson_points(path: Path) -> pd.DataFrame:
    """Points as ``t_s``, ``t_utc``, ``a`` (latitude), ``b`` (longitude), ``speed_mps``.

    A line has its times in ``coordTimes`` or ``times``; a point in ``time`` or ``timestamp``,
    ISO 8601 or since 1970. A list of objects with ``point`` (WKT) and ``time`` is read too.

    Raises
    ------
    EmptyInput, NotDecodable
        When it holds no point, is no GeoJSON, or has no times.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotDecodable(f"the file is no GeoJSON ({error})", path, REMEDY) from error
    rows = list(_points(document, {}))
    if not rows:
        raise EmptyInput("the file holds no track point", path, REMEDY)
    lon, lat, time = zip(*rows, strict=True)
    times = pd.Series(time, dtype="object")
    if times.isna().all():
        raise NotDecodable("the track points carry no time", path, REMEDY)
    numbers = pd.to_numeric(times, errors="coerce").astype(float)
    if numbers.notna().any():
        seconds = numbers.where(numbers.abs() < _DATED, numbers / 1000.0)
        t_utc = pd.to_datetime(seconds.where(seconds.abs() < LARGEST), unit="s", utc=True)
    else:
        texts = times.astype("string").str.replace(r"([+-]\d\d)(\d\d)$", r"\1:\2", regex=True)
        t_utc = pd.to_datetime(texts, utc=True, format="ISO8601", errors="coerce")
    return pd.DataFrame({"t_utc": t_utc, "a": lat, "b": lon, "speed_mps": np.nan})


def _points(thing: object, told: Told) -> Iterator[Placed]:
    """Longitude, latitude and time of every point."""
    if isinstance(thing, list):
        for item in thing:
            yield from _points(item, told)
        return
    if not isinstance(thing, dict):
        return
    kind = thing.get("type")
    if kind == "FeatureCollection":
        yield from _points(thing.get("features"), told)
    elif kind == "Feature":
        properties = thing.get("properties")
        inner = properties if isinstance(properties, dict) else {}
        yield from _points(thing.get("geometry"), inner)
    elif kind == "GeometryCollection":
        yield from _points(thing.get("geometries"), told)
    elif kind == "Point":
        yield _placed(thing.get("coordinates"), _first(told, TIME))
    elif kind in ("LineString", "MultiPoint", "MultiLineString"):
        times = _first(told, TIMES) or _first(thing, TIMES)
        if isinstance(times, dict):
            times = times.get("times")
        coordinates, times = _listed(thing.get("coordinates")), _listed(times)
        if kind == "MultiLineString":
            coordinates = [point for line in coordinates for point in _listed(line)]
            nested = times and all(isinstance(one, list) for one in times)
            times = [one for part in times for one in _listed(part)] if nested else times
        for rank, point in enumerate(coordinates):
            yield _placed(point, times[rank] if rank < len(times) else None)
    elif isinstance(thing.get("point"), str) and (found := _WKT.search(thing["point"])):
        yield _placed([found[1], found[2]], _first(thing, TIME))


def _listed(thing: object) -> list[object]:
    return thing if isinstance(thing, list) else []


def _first(told: Told, names: tuple[str, ...]) -> object:
    return next((told[name] for name in names if told.get(name) is not None), None)


def _placed(point: object, time: object) -> Placed:
    try:
        lon, lat = (float(str(value)) for value in _listed(point)[:2])
    except ValueError:
        lon, lat = np.nan, np.nan
    return lon, lat, time
