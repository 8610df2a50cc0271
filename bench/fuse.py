"""CPU time of fusing views into findings, beside a bare mean over the same rows.

    python -m bench.fuse [findings ...]        20,000 and 200,000 unless said

Made things on straight roads of 20 km, driven both ways with a picture every 5 m: per km and
direction 65 things, of which one in five is a sign and one in twenty a heap; seen by 1 to 4
frames, signs by 3 to 6. What is timed is `inspection.stages.fuse.fused`: tables in memory in,
findings out, without reading and writing. The floor is one `pandas` groupby-mean of the sizes and
places, when all that is hard (which view is of which thing) is already known. Both take turns in
this process; the medians of the tries are printed.
"""

from __future__ import annotations

import statistics
import sys
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.network import Network
from inspection.stages.fuse import fused
from voirie.arrays import Floats, Ints, Words
from voirie.catalogue.scheme import load_scheme
from voirie.places import ROUTE_KEY
from voirie.tables import CRS, conform
from voirie.taxonomy import load_taxonomy

ROUTE_M, STEP_M, THINGS_A_KM = 20_000.0, 5.0, 65
PAVEMENT = ("pothole", "longitudinal_crack", "transverse_crack", "alligator_crack")
TRIES = 5
KEY = {"gestionnaire": "CD", "dep": "031", "cote": "U"}
MEANS = ["score", "cumul_m", "offset_m", "cumul_from_m", "cumul_to_m", "length_m", "width_m"]


def main() -> None:
    print(f"{'findings':>9}{'views':>11}{'fuse s':>9}{'a second':>10}{'floor s':>9}{'ratio':>7}")
    for count in [int(value) for value in sys.argv[1:]] or [20_000, 200_000]:
        network, frames, views = made(count)
        rules, taxonomy = load_scheme().severity, load_taxonomy()
        spent: list[float] = []
        floor: list[float] = []
        for _ in range(TRIES):
            begun = time.process_time()
            findings, group = fused(
                views, frames, "bench", network=network, rules=rules, taxonomy=taxonomy
            )
            spent.append(time.process_time() - begun)
            numbers = pd.DataFrame(views[MEANS]).assign(group=group)
            begun = time.process_time()
            numbers.groupby("group").mean()
            floor.append(time.process_time() - begun)
        fuse_s, floor_s = statistics.median(spent), statistics.median(floor)
        print(
            f"{len(findings):>9,}{len(views):>11,}{fuse_s:>9.2f}{len(findings) / fuse_s:>10,.0f}"
            f"{floor_s:>9.3f}{fuse_s / floor_s:>7.0f}",
            flush=True,
        )


def made(count: int, seed: int = 5) -> tuple[Network, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A network, frames and about so many things, each with its views."""
    rng = np.random.default_rng(seed)
    routes = max(1, round(count / (2 * THINGS_A_KM * ROUTE_M / 1000)))
    axes = pd.DataFrame({**lane(np.arange(routes)), "part": 1, "cumul_from_m": 0.0})
    east = 600_000.0 + 100.0 * np.arange(routes)
    lines = [shapely.LineString([(x, 6_250_000.0), (x, 6_250_000.0 + ROUTE_M)]) for x in east]
    network = Network.of(
        gpd.GeoDataFrame(axes.assign(cumul_to_m=ROUTE_M), geometry=lines, crs=CRS),
        gpd.GeoDataFrame(
            {name: [] for name in (*ROUTE_KEY, "num", "kind", "plo", "cumul_m")},
            geometry=[],
            crs=CRS,
        ),
    )
    return network, *driven(routes, count, rng)


def driven(
    routes: int, count: int, rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Pictures of every route in both directions, and the views of things in them."""
    per_lane = int(ROUTE_M / STEP_M)
    frame = np.arange(2 * routes * per_lane)
    drive, step = np.divmod(frame, per_lane)
    way = np.where(drive % 2, -1.0, 1.0)
    cumul = np.where(way > 0, step * STEP_M, ROUTE_M - step * STEP_M)
    origin = np.stack([600_000.0 + drive // 2 * 100.0 + way * 1.5, 6_250_000.0 + cumul], axis=1)
    names = identifiers(len(frame), rng)
    frames = {
        **lane(drive // 2, way),
        "frame_id": names,
        "pass_id": [f"pass {k}" for k in drive // 50],
        "source_name": "made.mp4",
        "pts_s": step / 2,
        "captured_at": pd.Timestamp("2026-05-01", tz="UTC") + pd.to_timedelta(frame / 2, unit="s"),
        "distance_m": frame * STEP_M,
        "cumul_m": cumul,
        "offset_m": way * 1.5,
        "accuracy_m": 1.0,
        "picture_id": names,
        "geometry": shapely.points(origin),
    }
    classes = words(rng.choice(["pavement", "sign", "dumping"], count, p=[0.75, 0.2, 0.05]), rng)
    thing, seen_in, forward = sightings(classes, 2 * routes, per_lane, rng)
    sign = (classes["family"] == "sign").to_numpy()[thing]
    forward = forward * (1 + rng.normal(0, 0.1, len(thing)) * sign)
    lateral = np.where(sign, 4.0, rng.uniform(-1.2, 1.2, count)[thing])
    side = way[seen_in]
    length, width = rng.uniform(0.2, 4.0, count)[thing], rng.uniform(0.2, 1.5, count)[thing]
    at = cumul[seen_in] + side * forward
    views = {
        **{name: classes[name].to_numpy()[thing] for name in classes},
        **lane(drive[seen_in] // 2, side),
        "view_id": identifiers(len(thing), rng),
        "frame_id": np.asarray(names, dtype=object)[seen_in],
        **dict.fromkeys(("x1_px", "y1_px", "x2_px", "y2_px"), 0.0),
        "score": rng.uniform(0.1, 0.9, len(thing)).round(4),
        "role": "made",
        "model_sha256": "0",
        "experimental": False,
        "cumul_m": at,
        "offset_m": side * (1.5 + lateral),
        "cumul_from_m": at - length / 2,
        "cumul_to_m": at + length / 2,
        "forward_m": forward,
        "length_m": length,
        "width_m": width,
        "area_m2": length * width,
        "accuracy_m": 1.5,
        "scale_assumed": False,
        "geometry": shapely.points(
            origin[seen_in] + np.stack([side * lateral, side * forward], axis=1)
        ),
    }
    return conform("frames", pd.DataFrame(frames)), conform("views", pd.DataFrame(views))


def sightings(
    classes: pd.DataFrame, drives: int, per_lane: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Thing, frame and distance ahead of every view: the pictures before each thing see it."""
    count = len(classes)
    sign = (classes["family"] == "sign").to_numpy()
    driven_m = rng.uniform(100.0, ROUTE_M - 100.0, count)
    nearest_m = np.where(sign, 12.0, 4.0)
    last = np.floor((driven_m - nearest_m) / STEP_M).astype(int)
    views = np.where(sign, rng.integers(3, 7, count), rng.choice(4, count, p=[0.3, 0.5, 0.1, 0.1]))
    views = np.maximum(views, 1)
    thing = np.repeat(np.arange(count), views)
    back = np.arange(len(thing)) - np.repeat(np.cumsum(views) - views, views)
    step = last[thing] - back
    forward = driven_m[thing] - step * STEP_M + rng.normal(0.0, 0.1, len(thing))
    return thing, rng.integers(0, drives, count)[thing] * per_lane + step, forward


def words(family: Words, rng: np.random.Generator) -> pd.DataFrame:
    """Family, class and code of things, drawn from the taxonomy."""
    known = load_taxonomy().classes
    out = pd.DataFrame({"family": family, "model_class": None})
    for name in np.unique(family):
        among = [word for word, meaning in known.items() if meaning.family == name]
        rows = family == name
        out.loc[rows, "model_class"] = rng.choice(among, int(rows.sum()))
    return out.assign(code=out["model_class"].map(lambda word: known[word].code))


def lane(route: Ints, way: Floats | None = None) -> dict[str, object]:
    """Key of routes by number, and of their lanes where a direction is given."""
    key: dict[str, object] = {**KEY, "route": [f"D{number}" for number in route.tolist()]}
    return key if way is None else key | {"sens": np.where(way > 0, "+", "-"), "voie": 1}


def identifiers(count: int, rng: np.random.Generator) -> list[str]:
    """As long as those of a survey, and in no order."""
    return [bytes(row).hex() for row in rng.integers(0, 256, (count, 16), dtype=np.uint8)]


if __name__ == "__main__":
    main()
