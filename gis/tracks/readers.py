"""GPS tracks as they come: GPX, NMEA, GeoJSON, SRT and CSV into one `Track`.

Nothing is smoothed here. Fixes are put in order of time, doubled times and points without a fix
are dropped, and positions that no car could have reached are taken out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from pyproj import Transformer

from gis.tracks.csv_points import WGS84, read_csv_points
from gis.tracks.geojson import read_geojson_points
from gis.tracks.gpx import REMEDY, read_gpx
from voirie.arrays import Bools, Floats, Ints
from voirie.errors import EmptyInput, NotDecodable
from voirie.nmea import read_nmea
from voirie.position_texts import fixes_of_texts, texts_of_srt
from voirie.tables import CRS

MAX_SPEED_MPS = 70.0
"""Faster than any survey vehicle: 252 km/h."""

_SHORT_S = 0.5
"""Receivers that write several fixes a second jitter by metres: judge jumps over this time."""

_WGS84 = WGS84
GEOJSON_SUFFIXES = (".geojson", ".json")
_NMEA = re.compile(rb"\$[A-Z]{2}(RMC|GGA),")
_SEEN_BYTES = 20_000

MOST_JUMPS = 0.3
"""Share of the fixes that may lie where no car could have been; beyond it nothing is believed."""

MOST_STEPS = 0.05
"""Unless they are that few steps, to the number of fixes."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A recorded drive as its file tells it: the fixes, and what had to be left out.

    Attributes
    ----------
    fixes
        ``t_s`` (seconds, strictly increasing), ``t_utc`` (NaT where the track has no date),
        ``x``, ``y`` (metres), ``speed_mps`` (NaN where unknown); two rows or more.
    source
        The file that was read.
    started_at
        Moment of second 0 of the track, UTC; None where a fix has no date.
    dropped
        Points of the file that are no fix, by reason: ``no_time``, ``no_fix``, ``same_time``
        and ``jump``, each of them always there.
    out_of_order
        Points that were put back in order of time.
    truncated
        Whether the file ends in the middle: what it holds is good, but it is not all.
    origin
        How a film carries it, or the file of the camera beside the film; None of a track of its
        own.
    """

    fixes: pd.DataFrame
    source: Path
    started_at: datetime | None
    dropped: Mapping[str, int]
    out_of_order: int = 0
    truncated: bool = False
    origin: str | None = None

    def __len__(self) -> int:
        return len(self.fixes)

    @property
    def ended_at(self) -> datetime | None:
        """Moment of the last fix, UTC; None where a fix has no date."""
        if self.started_at is None:
            return None
        return self.started_at + timedelta(seconds=float(self.fixes["t_s"].iloc[-1]))


def read_track(path: Path, crs: str = CRS) -> Track:
    r"""Read a track.

    A GPX, NMEA or GeoJSON file gives ``t_s`` in seconds since its first fix, subtitles (SRT)
    since the film began. A CSV file has a column ``t`` (seconds, kept as they are) or ``time``
    (ISO 8601, or seconds), and ``lat``, ``lon`` or ``x``, ``y`` (with ``epsg``, else EPSG:2154),
    and may have ``speed_mps``; separator comma, semicolon or tab. Columns of the usual loggers of
    phones are known by their own names.

    Parameters
    ----------
    path
        The file; its suffix decides (``.gpx``, ``.geojson``, ``.json``, ``.srt``), then whether
        it holds NMEA sentences; else it is CSV.
    crs
        Metric reference system of the result, for roads outside metropolitan France.

    Returns
    -------
    Track
        The fixes in order of time, and what was left out.

    Raises
    ------
    EmptyInput
        When the file holds no byte or no usable fix.
    NotDecodable
        When it is no track: unreadable, without times, without positions.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "drive.csv")
    ...     _ = path.write_text("t,x,y\n0,6e5,6.4e6\n1,600012,6.4e6\n1,600013,6.4e6\n")
    ...     track = read_track(path)
    >>> len(track), track.dropped["same_time"], track.truncated
    (2, 1, False)
    """
    if not path.is_file():
        raise NotDecodable("there is no such file", path, REMEDY)
    if path.stat().st_size == 0:
        raise EmptyInput("the file holds no byte", path, REMEDY)
    suffix = path.suffix.lower()
    if suffix == ".gpx":
        points, truncated = read_gpx(path)
        return track_of_points(_dated(points), path, crs, truncated, from_first=True)
    if suffix in GEOJSON_SUFFIXES:
        return track_of_points(_dated(read_geojson_points(path)), path, crs, from_first=True)
    if suffix == ".srt" or _is_nmea(path):
        raw = told_points(path)
        return track_of_points(raw, path, crs, from_first=suffix != ".srt")
    return track_of_points(read_csv_points(path), path, crs)


def told_points(path: Path) -> pd.DataFrame:
    """Points of subtitles or of NMEA sentences, those without a fix too.

    Their seconds count from the first of them: beside a film it is the beginning of the film.

    Raises
    ------
    EmptyInput
        When no text tells a position.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    found = fixes_of_texts(texts_of_srt(text)) if path.suffix.lower() == ".srt" else read_nmea(text)
    if found is None or found.empty:
        raise EmptyInput("the file tells no position", path, REMEDY)
    return found.rename(columns={"lat": "a", "lon": "b"}).assign(epsg=None)


def _is_nmea(path: Path) -> bool:
    with path.open("rb") as file:
        return _NMEA.search(file.read(_SEEN_BYTES)) is not None


def track_of_points(
    raw: pd.DataFrame,
    path: Path,
    crs: str = CRS,
    truncated: bool = False,
    from_first: bool = False,
) -> Track:
    """Clean points of any source into a track.

    Parameters
    ----------
    raw
        ``t_s``, ``t_utc``, ``a`` and ``b`` (latitude and longitude, or x and y), ``epsg`` (NULL
        for degrees), ``speed_mps``.
    path
        Where they come from.
    crs
        Metric reference system of the result.
    truncated
        Whether the source ends in the middle.
    from_first
        Whether dated points count their seconds from the first good one.

    Raises
    ------
    EmptyInput, NotDecodable
        As `read_track`.
    """
    raw = raw.assign(epsg=raw["epsg"].fillna(_WGS84))
    dropped = {"no_time": int(raw["t_s"].isna().sum())}
    raw = raw[raw["t_s"].notna()]
    fix = _has_fix(raw)
    dropped["no_fix"] = int((~fix).sum())
    raw = raw[fix].reset_index(drop=True)
    _refuse_antimeridian(raw, path)
    xy = _projected(raw, crs, path)
    on_earth = np.isfinite(xy).all(axis=1)
    dropped["no_fix"] += int((~on_earth).sum())
    raw = raw[pd.Series(on_earth)].reset_index(drop=True)
    xy = xy[on_earth]
    late = int((np.diff(raw["t_s"]) < 0).sum())
    order = np.argsort(raw["t_s"].to_numpy(), kind="stable")
    fixes = raw[["t_s", "t_utc"]].assign(x=xy[:, 0], y=xy[:, 1], speed_mps=raw["speed_mps"])
    fixes = fixes.iloc[order].reset_index(drop=True)
    # Of several fixes in one second written without decimals, the first is the timely one.
    again = fixes["t_s"].diff().eq(0.0)
    dropped["same_time"] = int(again.sum())
    fixes = fixes[~again].reset_index(drop=True)
    jumped = jumps(fixes["t_s"].to_numpy(), fixes[["x", "y"]].to_numpy())
    dropped["jump"] = int(jumped.sum())
    steps = _impossible_steps(fixes["t_s"].to_numpy(), fixes[["x", "y"]].to_numpy())
    _refuse_jumps(len(fixes), dropped["jump"], steps, late, path)
    fixes = fixes[~jumped].reset_index(drop=True)
    if len(fixes) < 2:
        raise EmptyInput("the track holds fewer than two usable fixes", path, REMEDY)
    if from_first and fixes["t_utc"].notna().all():
        fixes["t_s"] -= fixes["t_s"].iloc[0]
    return Track(fixes, path, _second_0(fixes), MappingProxyType(dropped), late, truncated)


def _refuse_antimeridian(raw: pd.DataFrame, path: Path) -> None:
    lon = raw.loc[raw["epsg"] == _WGS84, "b"]
    if len(lon) and lon.min() < -170.0 and lon.max() > 170.0:
        raise NotDecodable(
            "the track crosses the 180th meridian", path, "cut it there into two tracks"
        )


def _refuse_jumps(count: int, jumped: int, steps: int, late: int, path: Path) -> None:
    """Refuse a track of which much is impossible: no drive can be made of what is left.

    A receiver that was carried elsewhere jumps once, and what it wrote before is good.
    """
    if jumped <= MOST_JUMPS * count or steps <= MOST_STEPS * count:
        return
    if late:
        raise NotDecodable(
            f"its times go back {late} times, and {jumped} of its {count} points then lie where "
            "no car could have been",
            path,
            "give one drive a file",
        )
    raise NotDecodable(
        f"{jumped} of its {count} points lie where no car could have been",
        path,
        "the receiver had no good fix: give another track",
    )


def _second_0(fixes: pd.DataFrame) -> datetime | None:
    if fixes["t_utc"].isna().any():
        return None
    first = pd.Timestamp(fixes["t_utc"].iloc[0]).to_pydatetime().astimezone(UTC)
    return first - timedelta(seconds=float(fixes["t_s"].iloc[0]))


def _impossible_steps(t_s: Floats, xy: Floats) -> int:
    """How many steps from one fix to the next no car could have made."""
    reach = MAX_SPEED_MPS * np.maximum(np.diff(t_s), _SHORT_S)
    return int((np.hypot(*np.diff(xy, axis=0).T) > reach).sum())


def jumps(t_s: Floats, xy: Floats) -> Bools:
    """Tell which fixes lie where no car could have been.

    Fixes fall apart into runs at every step faster than 70 m/s. The longest run is believed;
    before and after it, a run is believed when it can be reached.

    Parameters
    ----------
    t_s
        Strictly increasing seconds, (n,).
    xy
        Metres, (n, 2).

    Returns
    -------
    numpy.ndarray
        True where the fix is to be dropped, (n,).
    """
    if len(t_s) < 2:
        return np.zeros(len(t_s), dtype=bool)

    def reachable(a: Ints, b: Ints) -> Bools:
        reach = MAX_SPEED_MPS * np.maximum(np.abs(t_s[b] - t_s[a]), _SHORT_S)
        return np.asarray(np.hypot(*(xy[b] - xy[a]).T) <= reach)

    index = np.arange(len(t_s))
    run = np.r_[0, np.cumsum(~reachable(index[:-1], index[1:]))]
    first = np.searchsorted(run, np.arange(run[-1] + 1), side="left")
    last = np.searchsorted(run, np.arange(run[-1] + 1), side="right") - 1
    best = int(np.argmax(last - first))
    kept = np.zeros(len(first), dtype=bool)
    kept[best] = True
    end = last[best]
    for i in range(best + 1, len(first)):
        if reachable(end, first[i]):
            kept[i], end = True, last[i]
    start = first[best]
    for i in range(best - 1, -1, -1):
        if reachable(last[i], start):
            kept[i], start = True, first[i]
    return ~kept[run]


def _has_fix(raw: pd.DataFrame) -> pd.Series:
    """A receiver without a fix writes nothing, zeros, or angles off the globe."""
    a, b = raw["a"], raw["b"]
    known = a.notna() & b.notna() & ~((a == 0.0) & (b == 0.0))
    degrees = raw["epsg"] == _WGS84
    return known & (~degrees | (a.between(-90.0, 90.0) & b.between(-180.0, 180.0)))


def _projected(raw: pd.DataFrame, crs: str, path: Path) -> Floats:
    """Metres in `crs`: ``a, b`` are latitude and longitude, or x and y of a stated system."""
    out = np.empty((len(raw), 2))
    for system, rows in raw.groupby("epsg").indices.items():
        a, b = raw["a"].to_numpy()[rows], raw["b"].to_numpy()[rows]
        if system == crs:
            out[rows] = np.stack([a, b], axis=1)
            continue
        first, second = (b, a) if system == _WGS84 else (a, b)
        try:
            change = Transformer.from_crs(str(system), crs, always_xy=True)
            out[rows] = np.stack(change.transform(first, second), axis=1)
        except Exception as error:
            raise NotDecodable(
                f"the column epsg names no known system ({system})", path, "write 2154, say"
            ) from error
    return out


def _dated(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(t_s=_seconds(raw["t_utc"]), epsg=_WGS84)


def _seconds(t_utc: pd.Series) -> pd.Series:
    epoch = pd.Timestamp(datetime(1970, 1, 1), tz="UTC")
    return pd.Series((t_utc - epoch) / pd.Timedelta(seconds=1))
