"""Which road the car is on: a hidden Markov model over places of the network.

A state is a place where an axis passes near a fix, or "off the network". A place is likely when
it is near and its axis points as the car does; two places follow each other when the way along
the network is as long as the way driven. So a crossing road is no temptation, a parallel road
25 m away is not jumped to, and one route may end where another starts.

Source of the model: Newson and Krumm 2009, with weights for errors that are correlated in time.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import numpy as np
import pandas as pd
import typer
from numpy.typing import ArrayLike

from gis.network.junctions import junctions_of
from gis.network.network import Network, read_network
from gis.network.referencing import pr_of_places, written
from gis.tracks.hmm import Drive, cheapest_places, place_costs, turn_deg
from gis.tracks.readers import read_track
from gis.tracks.road_hints import receiver_noise_seen, road_hints
from gis.tracks.smoothing import ReceiverNoise, SmoothedTrack, smooth
from voirie.arrays import Floats, Ints
from voirie.errors import DONE, DONE_IN_PART, ConfigurationError, NoOverlap, OutputNotWritable
from voirie.places import ROUTE_KEY
from voirie.tables import CRS

RADIUS_M = 30.0
"""Beyond this distance an axis is no candidate."""

WORST_MEDIAN_M = 15.0
"""A run of fixes that lies farther from its axis than this is not on it."""


def match(
    t_s: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    heading_deg: ArrayLike,
    speed_mps: ArrayLike,
    network: Network,
    radius_m: float = RADIUS_M,
) -> pd.DataFrame:
    """Lay smoothed positions on the network.

    Parameters
    ----------
    t_s, x, y, heading_deg, speed_mps
        The drive in order of time, (N,) each, EPSG:2154; positions may be NaN.
    network
        The network.
    radius_m
        Farthest axis to consider.

    Returns
    -------
    pandas.DataFrame
        N rows: the route key, ``sens`` (``+`` when the car heads within 60 degrees of increasing
        PR, ``-`` when beyond 120, else NULL), ``voie`` (1), ``cumul_m``, ``offset_m``,
        ``dist_axis_m``, ``matched``. On a stretch shared by two routes it is the carrying one.
        Unmatched rows hold NULL.
    """
    t, xs, ys, heading, speed = (
        np.atleast_1d(np.asarray(values, dtype=float))
        for values in (t_s, x, y, heading_deg, speed_mps)
    )
    xy = np.stack([xs, ys], axis=1)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    chosen = np.full(len(t), -1, dtype=np.intp)
    places = network.nearest(xy[known], radius_m)
    if len(places):
        costs = place_costs(places, network, t[known], heading[known], speed[known])
        drive = Drive(places, *costs, t[known], xy[known])
        chosen[known] = cheapest_places(drive, junctions_of(network))
        chosen = _refuse_far_runs(chosen, places)
    return _table(chosen, places, heading, network)


def _refuse_far_runs(chosen: Ints, places: pd.DataFrame) -> Ints:
    """Unmatch runs on one axis whose median distance exceeds `WORST_MEDIAN_M`."""
    on = chosen >= 0
    safe = np.maximum(chosen, 0)
    chain = np.where(on, places["chain"].to_numpy()[safe], -1)
    run = np.cumsum(np.r_[0, np.diff(chain) != 0])
    distance = pd.Series(places["dist_m"].to_numpy()[safe])
    far = distance.groupby(run).transform("median").to_numpy() > WORST_MEDIAN_M
    return np.where(far, -1, chosen)


def _table(chosen: Ints, places: pd.DataFrame, heading: Floats, network: Network) -> pd.DataFrame:
    on = chosen >= 0
    out = pd.DataFrame(index=range(len(chosen)))
    picked = places.iloc[chosen[on]]
    axes = network.axes.iloc[picked["row"].to_numpy()]
    rows = np.flatnonzero(on)
    for column in ROUTE_KEY:
        out[column] = axes[column].set_axis(rows).reindex(out.index).astype("string")
    angle = turn_deg(heading[on], picked["heading_deg"].to_numpy())
    sens = np.select([angle < 60.0, angle > 120.0], ["+", "-"], default="")
    out["sens"] = pd.Series(sens, index=rows).reindex(out.index).replace("", None).astype("string")
    out["voie"] = pd.Series(1, index=rows).reindex(out.index).astype("Int64")
    for column, source in (
        ("cumul_m", "cumul_m"),
        ("offset_m", "offset_m"),
        ("dist_axis_m", "dist_m"),
    ):
        out[column] = picked[source].set_axis(rows).reindex(out.index).astype("float64")
    out["matched"] = on
    return out


@dataclass(frozen=True, slots=True)
class Placed:
    """A drive laid on the network: ask it where the car was, and on which road.

    Attributes
    ----------
    smoothed
        The drive, drawn to its lane.
    fixes
        One row a fix: the columns of `SmoothedTrack.at` and those of `match`.
    network
        The network.
    """

    smoothed: SmoothedTrack
    fixes: pd.DataFrame
    network: Network

    def at(self, t_s: ArrayLike) -> pd.DataFrame:
        """Where the car was at any moments: the columns of `SmoothedTrack.at` and of `match`.

        Parameters
        ----------
        t_s
            Moments in track time, in any order, (N,).
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=float))
        order = np.argsort(t, kind="stable")
        poses = self.smoothed.at(t[order])
        both = pd.concat([poses, _match_poses(poses, self.network)], axis=1)
        return both.iloc[np.argsort(order)].reset_index(drop=True)


def place_track(
    track: pd.DataFrame, network: Network, noise: ReceiverNoise | None = None
) -> Placed:
    """Smooth a track, match it, and draw it to the lane it must have driven in.

    The road says where the car is across it. That takes away the error across, measures how
    large the receiver's slow error is, and in bends bounds the error along too. Gaps are filled
    along the road instead of straight on.

    Parameters
    ----------
    track
        Fixes as `gis.tracks.read_track` gives them: ``t_s``, ``x``, ``y``.
    network
        The network.
    noise
        What the receiver is believed to do; a phone, scaled by what the road shows, by default.

    Raises
    ------
    NoOverlap
        When no fix lies on the network.
    """
    smoothed = smooth(track, noise)
    fixes = _fixes(smoothed, track, network)
    if not fixes["matched"].any():
        raise NoOverlap(
            "the track touches no axis of the network",
            None,
            "check that both are of the same area, and the coordinate system of the network",
        )
    if noise is None:
        noise = receiver_noise_seen(fixes, network)
    for _ in range(2):
        smoothed = smooth(track, noise, road_hints(smoothed, fixes, network))
        fixes = _fixes(smoothed, track, network)
    return Placed(smoothed, fixes, network)


def _match_poses(poses: pd.DataFrame, network: Network) -> pd.DataFrame:
    return match(
        poses["t_s"], poses["x"], poses["y"], poses["heading_deg"], poses["speed_mps"], network
    )


def _fixes(smoothed: SmoothedTrack, track: pd.DataFrame, network: Network) -> pd.DataFrame:
    poses = smoothed.at(track["t_s"].to_numpy())
    return pd.concat([poses, _match_poses(poses, network)], axis=1)


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What `match_track` did, for a person or a script.

    Attributes
    ----------
    fixes, matched
        Fixes in the track and those that lie on the network.
    routes
        Names of the routes driven, in order of first use.
    length_m
        Driven length.
    dist_axis_m
        Median distance of the matched fixes to their axis.
    bridged_s
        Seconds without a fix.
    dropped
        Points of the file that were no fix, by reason.
    truncated
        Whether the file ends in the middle.
    """

    fixes: int
    matched: int
    routes: tuple[str, ...]
    length_m: float
    dist_axis_m: float
    bridged_s: float
    dropped: dict[str, int]
    truncated: bool


def match_track(track: Path, network: Network, out: Path) -> MatchReport:
    """Lay a track file on a network and write one row a fix.

    Parameters
    ----------
    track
        GPX or CSV, as `gis.tracks.read_track` reads it.
    network
        The network.
    out
        File to write: ``.gpkg``, ``.geojson``, ``.parquet`` or ``.csv``; replaced when it exists.

    Raises
    ------
    ConfigurationError
        When the suffix of `out` is none of these.
    EmptyInput, NotDecodable
        When the track cannot be read.
    NoOverlap
        When the track touches no axis.
    OutputNotWritable
        When `out` cannot be written.
    """
    if out.suffix.lower() not in _WRITERS:
        raise ConfigurationError(
            f"{out.suffix or 'a name without suffix'} is no format to write", out,
            f"end its name in {', '.join(_WRITERS)}",
        )  # fmt: skip
    raw = read_track(track)
    try:
        placed = place_track(raw.fixes, network)
    except NoOverlap as error:
        raise NoOverlap(error.message, track, error.remedy) from error
    fixes = placed.fixes
    names = pr_of_places(network, fixes)
    table = gpd.GeoDataFrame(
        pd.concat([fixes.drop(columns=["x", "y"]), names], axis=1).assign(
            t_utc=raw.fixes["t_utc"], place=written(fixes, names)
        ),
        geometry=gpd.points_from_xy(fixes["x"], fixes["y"]),
        crs=CRS,
    )
    _write(table, out)
    on = fixes[fixes["matched"]]
    step = np.diff(placed.smoothed.fix_t_s)
    return MatchReport(
        len(fixes),
        len(on),
        tuple(on["route"].drop_duplicates().astype(str)),
        float(fixes["distance_m"].iloc[-1]),
        float(on["dist_axis_m"].median()),
        float(step[step > placed.smoothed.longest_step_s].sum()),
        dict(raw.dropped),
        raw.truncated,
    )


def _write(table: gpd.GeoDataFrame, out: Path) -> None:
    """Write whole or not at all; GeoPackage 1.3, since older GDAL warns on 1.4."""
    suffix = out.suffix.lower()
    partial = out.with_name(f".{out.stem}.partial{suffix}")
    try:
        if suffix == ".gpkg":
            table.to_file(partial, layer="track", driver="GPKG", VERSION="1.3")
        elif suffix == ".geojson":
            table.to_crs(4326).to_file(partial, driver="GeoJSON")
        elif suffix == ".parquet":
            table.to_parquet(partial, index=False)
        else:
            flat = table.drop(columns="geometry").assign(x=table.geometry.x, y=table.geometry.y)
            pd.DataFrame(flat).to_csv(partial, index=False)
        os.replace(partial, out)
    except (OSError, RuntimeError) as error:
        partial.unlink(missing_ok=True)
        raise OutputNotWritable(
            f"the file cannot be written ({error})", out, "choose a folder that can be written"
        ) from error


_WRITERS = (".gpkg", ".geojson", ".parquet", ".csv")


def match_track_command(
    track: Annotated[Path, typer.Argument(help="GPX or CSV with times")],
    network: Annotated[Path, typer.Option(help="network.gpkg with the layers axes and pr")],
    out: Annotated[Path, typer.Option(help="file to write: .gpkg .geojson .parquet .csv")],
    as_json: Annotated[bool, typer.Option("--json", help="print the report as JSON")] = False,
) -> int:
    """Lay a GPS track on a network: route, PR, direction and offset of each fix."""
    report = match_track(track, read_network(network), out)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(
            f"{report.matched} of {report.fixes} fixes on {', '.join(report.routes)}; "
            f"{report.length_m:.0f} m driven, median {report.dist_axis_m:.1f} m from the axis, "
            f"{report.bridged_s:.0f} s bridged: {out}"
        )
    return DONE_IN_PART if report.truncated else DONE
