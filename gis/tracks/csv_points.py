"""Tracks in CSV, as people and the loggers of phones write them: columns known by their names.

Columns of GPSLogger, Sensor Logger, SensorLog, phyphox, RaceChrono, Traccar, QStarz and Columbus
are recognised; a unit may stand in the name.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gis.tracks.gpx import LARGEST, REMEDY
from voirie.errors import EmptyInput, NotDecodable
from voirie.tables import CRS

WGS84 = "EPSG:4326"

NAMES = {
    "t": ("seconds", "secondes", "seconds_elapsed", "elapsed", "elapsed_s", "t_s", "boot_time_s"),
    "time": (
        "timestamp", "datetime", "date_time", "utc", "time_utc", "utc_time", "gps_time",
        "utc_timestamp", "utc_timestamp_ms", "timestamp_ms", "time_ms", "unix_time", "epoch",
        "locationtimestamp_since1970", "loggingtime", "devicetime", "fixtime", "horodatage",
        "date_heure", "dateheure", "iso_8601_time", "iso8601",
    ),
    "lat": ("latitude", "locationlatitude", "gps_lat", "gps_latitude", "latitude_n_s", "lat_deg"),
    "lon": (
        "lng", "long", "longitude", "locationlongitude", "gps_lon", "gps_long", "gps_longitude",
        "longitude_e_w", "lon_deg",
    ),
    "x": ("x_l93", "easting"),
    "y": ("y_l93", "northing"),
    "epsg": ("srid",),
    "speed": (
        "speed_mps", "speed_kmh", "speed_ms", "velocity", "vitesse", "locationspeed", "gps_speed",
        "ground_speed",
    ),
    "day": ("date", "utc_date", "jour"),
    "hour": ("utc_heure", "heure", "hour", "time_of_day"),
    "ns": ("n_s",),
    "ew": ("e_w",),
}  # fmt: skip
"""Columns that are read, each with the other names that loggers give it."""

_KMH, _KNOT, _MPH = 1 / 3.6, 0.514444, 0.44704
_UNIT = re.compile(r"[\[(]([^\])]*)[\])]\s*$")
_COMPASS = re.compile(r"^\s*([\d.,]+)\s*°?\s*([NSEWnsew])\s*$")
_SINCE_1970 = re.compile("1970|unix|epoch")
_DATED = 1e11
"""A larger time counts milliseconds, or finer, since 1970."""


def read_csv_points(path: Path) -> pd.DataFrame:
    r"""Points of a CSV file.

    Returns
    -------
    pandas.DataFrame
        ``t_s``, ``t_utc``, ``a``, ``b``, ``epsg``, ``speed_mps`` as `track_of_points` takes them.

    Raises
    ------
    EmptyInput, NotDecodable
        When it holds no row, or no column of times or positions.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "Location.csv")
    ...     _ = path.write_text("Time (s),Latitude (°),Longitude (°)\n0.5,44.35,2.57\n")
    ...     read_csv_points(path)[["t_s", "a", "b"]].values.tolist()
    [[0.5, 44.35, 2.57]]
    """
    header, body = _rows(path)
    columns = columns_of(header)
    # Seconds that are called t are meant; others only count where there is no date.
    names = ("t", "time", "hour") if "t" in map(_plain, header) else ("time", "t", "hour")
    clock = next((name for name in names if name in columns), None)
    if clock is None:
        raise NotDecodable("the header has no column t or time", path, REMEDY)
    degrees = {"lat", "lon"} <= set(columns)
    if not degrees and not {"x", "y"} <= set(columns):
        raise NotDecodable("the header has neither lat, lon nor x, y", path, REMEDY)
    if body.empty:
        raise EmptyInput("the file holds a header and no row", path, REMEDY)

    def cells(name: str) -> pd.Series:
        return body.iloc[:, columns[name]]

    times = cells(clock)
    if clock != "t" and "day" in columns and not _numbers(times).notna().any():
        times = cells("day").str.strip().str.replace("/", "-", regex=False) + "T" + times
    since_1970 = _SINCE_1970.search(_plain(header[columns[clock]])) is not None
    t_s, t_utc = _times(times, path, since_1970)
    frame = pd.DataFrame({"t_s": t_s, "t_utc": t_utc})
    if degrees:
        frame["a"] = _degrees(cells("lat"), cells("ns") if "ns" in columns else None)
        frame["b"] = _degrees(cells("lon"), cells("ew") if "ew" in columns else None)
        frame["epsg"] = WGS84
    else:
        frame["a"], frame["b"], frame["epsg"] = _numbers(cells("x")), _numbers(cells("y")), CRS
        if "epsg" in columns:
            systems = cells("epsg").str.strip().str.upper().str.removeprefix("EPSG:")
            frame["epsg"] = ("EPSG:" + systems).fillna(CRS)
    frame["speed_mps"] = np.nan
    if "speed" in columns and (unit := _speed_unit(header[columns["speed"]])) is not None:
        frame["speed_mps"] = _numbers(cells("speed")) * unit
    return frame


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Which column of a header holds what, by our names; one that is called so outright wins.

    Examples
    --------
    >>> columns_of(["Time (s)", "Latitude (°)", "Longitude (°)", "Velocity (m/s)"])
    {'time': 0, 'lat': 1, 'lon': 2, 'speed': 3}
    """
    plain = [_plain(name) for name in header]
    found: dict[str, int] = {}
    for ours, others in NAMES.items():
        for name in (ours, *others):
            if name in plain:
                found[ours] = plain.index(name)
                break
    return found


def _plain(name: str) -> str:
    """A name without its unit, accents, case and separators."""
    bare = _UNIT.sub("", name.strip())
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _speed_unit(name: str) -> float | None:
    """Metres a second of one unit of a speed, None where its name does not tell the unit."""
    told = _UNIT.search(name.strip())
    text = (told[1] if told else name).lower()
    if "km" in text:
        return _KMH
    if "mph" in text:
        return _MPH
    if "kn" in text:
        return _KNOT
    return 1.0 if "m/s" in text or "mps" in text or text.endswith("_ms") else None


def _rows(path: Path) -> tuple[list[str], pd.DataFrame]:
    """Header and cells of a file, separated by comma, semicolon or tab."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next((line for line in file if line.strip() and line[0] != "#"), "")
            separator = max(",;\t", key=header.count)
            names = next(csv.reader([header], delimiter=separator))
            with warnings.catch_warnings():
                # Cells beyond the header belong to no column.
                warnings.simplefilter("ignore", pd.errors.ParserWarning)
                body = pd.read_csv(
                    file,
                    sep=separator,
                    names=list(range(len(names))),
                    index_col=False,
                    dtype="string",
                    skipinitialspace=True,
                    comment="#",
                )
    except (csv.Error, ValueError, StopIteration) as error:
        raise NotDecodable(f"the file is no CSV track ({error})", path, REMEDY) from error
    return names, body


def _degrees(text: pd.Series, side: pd.Series | None) -> pd.Series:
    """Degrees; south and west, in a column of their own or behind the number, are negative."""
    parts = text.str.extract(_COMPASS)
    if side is None and parts[0].notna().any():
        text, side = parts[0].fillna(text), parts[1]
    numbers = _numbers(text)
    if side is None:
        return numbers
    against = side.str.strip().str.upper().isin(["S", "W"]).fillna(False).to_numpy(dtype=bool)
    return numbers.where(~against, -numbers.abs())


def _numbers(text: pd.Series) -> pd.Series:
    """Numbers with a point or, between semicolons, a French comma."""
    point = text.str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(point, errors="coerce").astype(float)
    return numbers.where(numbers.abs() <= LARGEST)


def _times(text: pd.Series, path: Path, since_1970: bool) -> tuple[pd.Series, pd.Series]:
    """Seconds, and moments where the file has dates."""
    raw = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype(float)
    raw = raw.where(np.isfinite(raw))
    if since_1970 and raw.notna().any() and float(raw.abs().median()) <= _DATED:
        raw = raw * 1000.0
    if raw.notna().any() and float(raw.abs().median()) <= _DATED:
        undated = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
        return raw.where(raw.abs() <= LARGEST), undated
    t_utc = _since_1970(raw) if raw.notna().any() else _moments(text)
    if t_utc.isna().all():
        raise NotDecodable(
            f"the times are neither seconds nor ISO 8601 ({text.iloc[0]!r})", path, REMEDY
        )
    return (t_utc - t_utc.min()) / pd.Timedelta(seconds=1), t_utc


def _since_1970(raw: pd.Series) -> pd.Series:
    """Moments of milliseconds, microseconds or nanoseconds since 1970."""
    finer = int((np.log10(float(raw.abs().median())) - np.log10(_DATED)) // 3)
    seconds = raw / 10.0 ** (3 * (finer + 1))
    return pd.to_datetime(seconds.where(seconds.abs() <= 1e10), unit="s", utc=True)


def _moments(text: pd.Series) -> pd.Series:
    """Moments as ISO 8601 or, where none is, as French write them: day first."""
    plain = text.str.strip()
    found = pd.to_datetime(plain, utc=True, format="ISO8601", errors="coerce")
    if found.notna().any():
        return found
    french = plain.str.replace(r"[/.-]", "/", n=2, regex=True).str.replace("T", " ", regex=False)
    form = "%d/%m/%Y %H:%M:%S"
    return pd.to_datetime(french, utc=True, format=form, errors="coerce")
