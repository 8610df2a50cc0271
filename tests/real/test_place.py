"""Placing on real receivers, real roads and real reference cases."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, Point

from gis.network.network import Network
from gis.network.pr_text import parse_pr
from gis.network.referencing import cumul_of, pr_of
from gis.tracks.matching import place_track
from gis.tracks.readers import read_track
from gis.tracks.smoothing import smooth
from voirie.errors import EmptyInput, NotDecodable
from voirie.places import RouteKey

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data set is not beside the repository"),
]

UTM10 = "EPSG:32610"  # comma2k19 was driven in California


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return _drive("truth_pose_20hz.csv")


def _drive(name: str) -> pd.DataFrame:
    table = pd.read_csv(DATA / "tracks" / "comma2k19" / name)
    x, y = Transformer.from_crs(4326, UTM10, always_xy=True).transform(table.lon, table.lat)
    return pd.DataFrame({"t_s": table.boot_time_s, "x": x, "y": y, "speed_mps": table.speed_mps})


def _error_m(t_s: np.ndarray, x: np.ndarray, y: np.ndarray, truth: pd.DataFrame) -> np.ndarray:
    there = [np.interp(t_s, truth.t_s, truth[c], left=np.nan, right=np.nan) for c in ("x", "y")]
    error = np.hypot(x - there[0], y - there[1])
    return error[np.isfinite(error)]


@pytest.mark.parametrize("receiver", ["qcom", "ublox"])
def test_smoothing_a_real_receiver_does_no_harm(receiver: str, truth: pd.DataFrame) -> None:
    track = _drive(f"live_gnss_{receiver}.csv")
    poses = smooth(track).at(truth.t_s)
    at_fixes = smooth(track).at(track.t_s)
    raw = _error_m(track.t_s.to_numpy(), track.x.to_numpy(), track.y.to_numpy(), truth)
    done = _error_m(track.t_s.to_numpy(), at_fixes.x.to_numpy(), at_fixes.y.to_numpy(), truth)
    assert np.percentile(done, 95) <= 1.1 * np.percentile(raw, 95)
    driven = np.hypot(truth.x.diff(), truth.y.diff()).sum()
    assert poses.distance_m.iloc[-1] - poses.distance_m.iloc[0] == pytest.approx(driven, rel=0.03)


def test_real_gpx_files() -> None:
    folder = DATA / "tracks" / "graphhopper"
    track = read_track(folder / "test1.gpx", "EPSG:3035")  # a planner's output, near Leipzig
    assert len(track) == 232
    assert track.dropped["same_time"] == 32
    assert (track.fixes.t_s.diff().iloc[1:] > 0).all()
    with pytest.raises(NotDecodable, match="no time"):
        read_track(folder / "andorra_for_map_matching.gpx")
    with pytest.raises(EmptyInput, match="fewer than two"):
        read_track(folder / "issue-13.gpx")


@pytest.fixture(scope="module")
def olemps() -> Network:
    """Departmental roads round Rodez as BD TOPO draws them, digitised as they come."""
    folder = DATA / "network" / "bdtopo_v2_olemps_12174"
    roads = gpd.read_file(folder / "derived_routes_numerotees_wgs84.geojson").to_crs(2154)
    rows = []
    for name, group in roads.groupby("numero"):
        start = 0.0
        merged = shapely.line_merge(shapely.union_all(group.geometry.to_numpy()))
        for part, line in enumerate(shapely.get_parts(merged), 1):
            rows.append(
                {"gestionnaire": "CD12", "dep": "012", "route": name, "cote": "U", "part": part}
                | {"cumul_from_m": start, "cumul_to_m": start + line.length}
                | {"width_m": float(group.largeur.median()) or None, "geometry": line}
            )
            start += line.length
    pr = gpd.GeoDataFrame(
        {c: [] for c in ("gestionnaire", "dep", "route", "cote", "num", "kind", "plo", "cumul_m")},
        geometry=[],
        crs=2154,
    )
    return Network.of(gpd.GeoDataFrame(rows, crs=2154), pr)


@pytest.mark.parametrize(("route", "seed"), [("D67", 1), ("D543", 2), ("D624", 3)])
def test_a_made_drive_on_real_roads(olemps: Network, route: str, seed: int) -> None:
    """The road is real; the drive and its noise (domain rules 3.4) are made."""
    key = RouteKey("CD12", "012", route, "U")
    pieces = olemps.axes[Network.of_route(olemps.axes, key)]
    longest = pieces.loc[pieces.geometry.length.idxmax()]
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, (longest.cumul_to_m - longest.cumul_from_m - 60) / 14.0)
    cumul = longest.cumul_from_m + 30 + 14.0 * t
    true = olemps.locate(key, cumul, 1.4)
    stay, drift = np.exp(-1 / 30), rng.normal(0, 4, 2)
    fixes = np.empty_like(true)
    for i in range(len(t)):
        drift = stay * drift + rng.normal(0, 4 * np.sqrt(1 - stay**2), 2)
        fixes[i] = true[i] + drift + rng.normal(0, 0.5, 2)
    placed = place_track(pd.DataFrame({"t_s": t, "x": fixes[:, 0], "y": fixes[:, 1]}), olemps)
    right = placed.fixes["route"].eq(route).fillna(False)
    assert right.mean() > 0.97
    assert placed.fixes["sens"][right].eq("+").mean() > 0.97
    error = (placed.fixes["cumul_m"] - cumul)[right].abs()
    raw = np.abs(olemps.project(key, fixes, near_cumul_m=cumul)[0] - cumul)
    assert error.quantile(0.95) < np.percentile(raw, 95)


def _cases() -> list[dict[str, object]]:
    path = DATA / "network" / "pr_reference_cases_dialog.json"
    return list(json.loads(path.read_text())["cases"]) if path.is_file() else []


@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case['route']}-{case['pr']}")
def test_reference_cases_of_the_state_geocoder(case: dict[str, float]) -> None:
    """The five answers, on a made axis through each point: rules, not geometry.

    The axis is digitised against the order of the PR, the same number exists as FS and in
    another department, and neither is taken for the PR.
    """
    place = parse_pr(f"{case['route']} PR {case['pr']}+{case['abscisse']:04d}")
    assert (place.num, place.abs_m) == (case["pr"], case["abscisse"])
    to_lambert = Transformer.from_crs(4326, 2154, always_xy=True)
    x, y = to_lambert.transform(case["lon"], case["lat"])
    key = {"gestionnaire": str(case["gestionnaire"]), "route": str(case["route"])}
    key |= {"dep": str(case["departement"] or "007"), "cote": str(case["cote"])}
    cumul = {"pr": 1200.0, "fs": 1700.0, "next": 2150.0}
    at = {name: Point(x + m - 1200.0 - case["abscisse"], y) for name, m in cumul.items()}
    line = LineString([(at["pr"].x + 2000, y), (at["pr"].x - 1200, y)])
    row = {"part": 1, "cumul_from_m": 0.0, "cumul_to_m": 3200.0, "geometry": line}
    marks = [
        key | {"num": num, "kind": kind, "plo": f"PR{num}", "cumul_m": cumul[n], "geometry": at[n]}
        for n, kind, num in (
            ("pr", "PR", case["pr"]),
            ("fs", "FS", case["pr"]),
            ("next", "PR", case["pr"] + 1),
        )
    ]
    other = key | {"dep": "999"}
    network = Network.of(
        gpd.GeoDataFrame([key | row, other | row], crs=2154),
        gpd.GeoDataFrame([*marks, marks[0] | other | {"cumul_m": 10.0}], crs=2154),
    )
    route = RouteKey(key["gestionnaire"], key["dep"], key["route"], key["cote"])
    found = cumul_of(network, route, place.num or 0, place.abs_m)
    assert network.locate(route, found)[0] == pytest.approx([x, y], abs=0.5)
    assert pr_of(network, route, found)["abs_m"].tolist() == [case["abscisse"]]
    assert pr_of(network, route, found)["num"].tolist() == [case["pr"]]
