"""GPS tracks as they come: GPX and CSV into one `Track`, cleaned of the impossible.

Nothing is smoothed here. Fixes are put in order of time, doubled times and points without a fix
are dropped, and positions that no car could have reached are taken out and counted.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from pyproj import Transformer

from gis.tracks.gpx import LARGEST, REMEDY, read_gpx
from voirie.arrays import Bools, Floats, Ints
from voirie.errors import EmptyInput, NotDecodable
from voirie.tables import CRS

MAX_SPEED_MPS = 70.0
"""Faster than any survey vehicle: 252 km/h."""

_SHORT_S = 0.5
"""Receivers that write several fixes a second jitter by metres: judge jumps over this time."""

_WGS84 = "EPSG:4326"


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
    """

    fixes: pd.DataFrame
    source: Path
    started_at: datetime | None
    dropped: Mapping[str, int]
    out_of_order: int = 0
    truncated: bool = False

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

    A GPX file gives ``t_s`` in seconds since its first point. A CSV file has a column ``t``
    (seconds, kept as they are) or ``time`` (ISO 8601, or seconds), and ``lat``, ``lon`` or
    ``x``, ``y`` (with ``epsg``, else EPSG:2154), and may have ``speed_mps``; separator comma,
    semicolon or tab.

    Parameters
    ----------
    path
        The file; its suffix decides (``.gpx``, else CSV).
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
    is_gpx = path.suffix.lower() == ".gpx"
    raw, truncated = _dated(*read_gpx(path)) if is_gpx else _read_csv(path)
    return track_of_points(raw, path, crs, truncated, from_first=is_gpx)


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
    fixes = fixes[~jumped].reset_index(drop=True)
    if len(fixes) < 2:
        raise EmptyInput("the track holds fewer than two usable fixes", path, REMEDY)
    if from_first and fixes["t_utc"].notna().all():
        fixes["t_s"] -= fixes["t_s"].iloc[0]
    return Track(fixes, path, _second_0(fixes), MappingProxyType(dropped), late, truncated)


def _second_0(fixes: pd.DataFrame) -> datetime | None:
    if fixes["t_utc"].isna().any():
        return None
    first = pd.Timestamp(fixes["t_utc"].iloc[0]).to_pydatetime().astimezone(UTC)
    return first - timedelta(seconds=float(fixes["t_s"].iloc[0]))


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


def _read_csv(path: Path) -> tuple[pd.DataFrame, bool]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next((line for line in file if line.strip() and line[0] != "#"), "")
            separator = max(",;\t", key=header.count)
            names = [
                name.strip().lower() for name in next(csv.reader([header], delimiter=separator))
            ]
            body = pd.read_csv(
                file,
                sep=separator,
                names=names,
                usecols=lambda name: name in _CSV_COLUMNS,
                dtype="string",
                skipinitialspace=True,
                comment="#",
            )
    except (csv.Error, ValueError, StopIteration) as error:
        raise NotDecodable(f"the file is no CSV track ({error})", path, REMEDY) from error
    clock = next((name for name in ("t", "time") if name in names), None)
    if clock is None:
        raise NotDecodable("the header has no column t or time", path, REMEDY)
    degrees = {"lat", "lon"} <= set(names)
    if not degrees and not {"x", "y"} <= set(names):
        raise NotDecodable("the header has neither lat, lon nor x, y", path, REMEDY)
    if body.empty:
        raise EmptyInput("the file holds a header and no row", path, REMEDY)
    a, b = ("lat", "lon") if degrees else ("x", "y")
    t_s, t_utc = _csv_time(body[clock], path)
    frame = pd.DataFrame(
        {"t_s": t_s, "t_utc": t_utc, "a": _numbers(body[a]), "b": _numbers(body[b])}
    )
    missing = pd.Series(np.nan, index=body.index)
    frame["speed_mps"] = _numbers(body["speed_mps"]) if "speed_mps" in names else missing
    if degrees:
        frame["epsg"] = _WGS84
    elif "epsg" in names:
        frame["epsg"] = "EPSG:" + body["epsg"].str.strip().str.upper().str.removeprefix("EPSG:")
        frame["epsg"] = frame["epsg"].fillna(CRS)
    else:
        frame["epsg"] = CRS
    return frame, False


_CSV_COLUMNS = frozenset({"t", "time", "lat", "lon", "x", "y", "epsg", "speed_mps"})


def _numbers(text: pd.Series) -> pd.Series:
    """Numbers with a point or, between semicolons, a French comma."""
    point = text.str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(point, errors="coerce").astype(float)
    return numbers.where(numbers.abs() <= LARGEST)


def _dated(raw: pd.DataFrame, truncated: bool) -> tuple[pd.DataFrame, bool]:
    return raw.assign(t_s=_seconds(raw["t_utc"]), epsg=_WGS84), truncated


def _csv_time(text: pd.Series, path: Path) -> tuple[pd.Series, pd.Series]:
    numbers = _numbers(text)
    if numbers.notna().any():
        return numbers, pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    t_utc = pd.to_datetime(text, utc=True, format="ISO8601", errors="coerce")
    if t_utc.isna().all():
        raise NotDecodable(
            f"the times are neither seconds nor ISO 8601 ({text.iloc[0]!r})", path, REMEDY
        )
    t_s = _seconds(t_utc)
    return t_s - t_s.min(), t_utc


def _seconds(t_utc: pd.Series) -> pd.Series:
    epoch = pd.Timestamp(datetime(1970, 1, 1), tz="UTC")
    return pd.Series((t_utc - epoch) / pd.Timedelta(seconds=1))
