"""How far a placed position lies from the truth, beside the raw fixes of the same receiver.

    python bench/place.py [--data ../shared/data]

Real: comma2k19, one minute on a hilly road in town, two receivers in one car against a pose of
centimetres. "+ clock" takes out the one constant delay that fits best, as finding the clock from
the picture would; what it says is what smoothing can and cannot do. "on a road" draws the truth
itself as an axis, so across it the error is nil by construction: read the column "along" only.
Made: departmental roads of the real network round Rodez, driven with the noise of a phone
(correlated over 30 s, bias, outliers, a 12 s gap); raw fixes are projected on the right road,
which they could not know.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from gis.network.network import Network
from gis.tracks.matching import place_track
from gis.tracks.smoothing import smooth
from voirie.arrays import Floats
from voirie.places import RouteKey

KEY = {"gestionnaire": "bench", "dep": "000", "cote": "U"}
NO_PR = {name: [] for name in (*KEY, "route", "num", "kind", "plo", "cumul_m")}
SPEED_MPS = 14.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    if not data.is_dir():
        raise SystemExit(f"{data} is absent: nothing to measure on")
    print(f"{'metres, median / 95th percentile':40}{'error':>15}{'along':>15}{'across':>15}")
    for receiver in ("qcom", "ublox"):
        real_receiver(data, receiver)
    made_drives(data)


def real_receiver(data: Path, receiver: str) -> None:
    """Raw, smoothed and placed fixes of one receiver against the pose."""
    truth = drive(data, "truth_pose_20hz.csv")
    track = drive(data, f"live_gnss_{receiver}.csv")
    inside = track.t_s.between(truth.t_s.iloc[0] + 2.0, truth.t_s.iloc[-1] - 2.0)
    t = track.t_s[inside].to_numpy()
    raw = track.loc[inside, ["x", "y"]].to_numpy()
    smoothed = smooth(track).at(t)[["x", "y"]].to_numpy()
    road = road_of(truth)
    placed = place_track(track, road)
    on_road = placed.at(t)[["x", "y"]].to_numpy()
    print(f"real, {receiver}: {len(t)} fixes, every {np.median(np.diff(t)):.1f} s")
    for name, xy in (("raw", raw), ("smoothed", smoothed), ("on a road (truth as axis)", on_road)):
        row(f"  {name}", parts(t, xy, truth))
        shift = best_delay_s(t, xy, truth)
        row(f"  {name} + clock {shift:+.2f} s", parts(t + shift, xy, truth))
    print(
        f"  stated accuracy {placed.at(t).accuracy_m.median():.1f} m on the road, "
        f"{smooth(track).at(t).accuracy_m.median():.1f} m without"
    )


def drive(data: Path, name: str) -> pd.DataFrame:
    """A table of comma2k19 in metres of its own zone."""
    table = pd.read_csv(data / "tracks" / "comma2k19" / name)
    to_metres = Transformer.from_crs(4326, 32610, always_xy=True)
    x, y = to_metres.transform(table.lon, table.lat)
    return pd.DataFrame({"t_s": table.boot_time_s, "x": x, "y": y})


def road_of(truth: pd.DataFrame) -> Network:
    """The driven path, 1.4 m to its left, simplified to half a metre, as an axis."""
    path = shapely.LineString(truth[["x", "y"]].to_numpy()[::5])
    line = shapely.simplify(shapely.offset_curve(path, 1.4), 0.5)
    return network([("made", line, 5.6)])


def network(lines: Iterable[tuple[str, shapely.LineString, float]]) -> Network:
    """Axes given as (route, line, width); the parts of a route follow each other.

    The coordinates are taken as they are: metres of whatever zone.
    """
    rows, ends, counts = [], {}, {}
    for name, line, width in lines:
        start = ends.get(name, 0.0)
        counts[name] = counts.get(name, 0) + 1
        ends[name] = start + line.length
        rows.append(
            KEY
            | {"route": name, "part": counts[name], "width_m": width, "geometry": line}
            | {"cumul_from_m": start, "cumul_to_m": ends[name]}
        )
    pr = gpd.GeoDataFrame(NO_PR, geometry=[], crs=2154)
    return Network.of(gpd.GeoDataFrame(rows, crs=2154), pr)


def parts(t: Floats, xy: Floats, truth: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Error, and its parts along and across the true direction."""
    at = truth.t_s.to_numpy()
    there = np.stack([np.interp(t, at, truth[c]) for c in ("x", "y")], axis=1)
    step = np.stack([np.interp(t, at, np.gradient(truth[c], at)) for c in ("x", "y")], axis=1)
    step /= np.linalg.norm(step, axis=1, keepdims=True)
    miss = xy - there
    along = (miss * step).sum(axis=1)
    across = miss[:, 0] * step[:, 1] - miss[:, 1] * step[:, 0]
    return np.linalg.norm(miss, axis=1), np.abs(along), np.abs(across)


def best_delay_s(t: Floats, xy: Floats, truth: pd.DataFrame) -> float:
    """The constant delay with the smallest root mean square error."""
    shifts = np.arange(-1.5, 1.51, 0.05)
    rms = [np.sqrt((parts(t + shift, xy, truth)[0] ** 2).mean()) for shift in shifts]
    return float(shifts[int(np.argmin(rms))])


def row(name: str, values: Iterable[Floats]) -> None:
    cells = (f"{np.median(v):6.2f} /{np.percentile(v, 95):6.2f}" for v in values)
    print(f"{name:40}" + "".join(f"{cell:>15}" for cell in cells))


def made_drives(data: Path) -> None:
    """Real roads, made noise: cumul of raw fixes projected on the right road, and placed."""
    folder = data / "network" / "bdtopo_v2_olemps_12174"
    roads = gpd.read_file(folder / "derived_routes_numerotees_wgs84.geojson").to_crs(2154)
    lines = [
        (str(name), line, float(group.largeur.median()))
        for name, group in roads.groupby("numero")
        for line in shapely.get_parts(
            shapely.line_merge(shapely.union_all(group.geometry.to_numpy()))
        )
    ]
    olemps = network(lines)
    for sd in (3.0, 5.0, 8.0):
        raw, placed, right, fixes, wall = [], [], 0, 0, 0.0
        for seed, name in enumerate(("D67", "D543", "D624", "D62", "D212", "D161") * 2):
            route = RouteKey(KEY["gestionnaire"], KEY["dep"], name)
            t, cumul, track = made_drive(olemps, route, sd, seed)
            started = time.perf_counter()
            found = place_track(track, olemps).at(t)
            wall += time.perf_counter() - started
            same = found["route"].eq(name).fillna(False).to_numpy()
            right, fixes = right + int(same.sum()), fixes + len(t)
            true = np.interp(track.t_s, t, cumul)
            raw.append(
                np.abs(olemps.project(route, track[["x", "y"]], near_cumul_m=true)[0] - true)
            )
            placed.append(np.abs(found["cumul_m"].to_numpy() - cumul)[same])
        print(f"made, phone noise {sd:.0f} m, 12 drives on real roads, along the road:")
        row("  raw fixes projected on the right road", [np.concatenate(raw)])
        row("  placed, gap included", [np.concatenate(placed)])
        print(f"  on the right route: {right} of {fixes} seconds; {1e3 * wall / fixes:.1f} ms each")


def made_drive(
    olemps: Network, route: RouteKey, sd: float, seed: int
) -> tuple[Floats, Floats, pd.DataFrame]:
    """The longest part of a route at 50 km/h, with noise and a gap of 12 s."""
    rng = np.random.default_rng(seed)
    pieces = olemps.axes[Network.of_route(olemps.axes, route)]
    longest = pieces.loc[pieces.geometry.length.idxmax()]
    t = np.arange(0.0, (longest.cumul_to_m - longest.cumul_from_m - 20) / SPEED_MPS)
    cumul = longest.cumul_from_m + 10 + SPEED_MPS * t
    fixes = olemps.locate(route, cumul, longest.width_m / 4) + rng.normal(0, 1.5, 2)
    stay, drift = np.exp(-1 / 30), rng.normal(0, sd, 2)
    for i in range(len(t)):
        drift = stay * drift + rng.normal(0, sd * np.sqrt(1 - stay**2), 2)
        fixes[i] += drift + rng.normal(0, 0.5, 2)
    outlier = rng.random(len(t)) < 0.01
    fixes[outlier] += rng.normal(0, 30, (outlier.sum(), 2))
    track = pd.DataFrame({"t_s": t, "x": fixes[:, 0], "y": fixes[:, 1]})
    middle = t[len(t) // 2]
    return t, cumul, track[(t < middle) | (t > middle + 12)].reset_index(drop=True)


if __name__ == "__main__":
    main()
