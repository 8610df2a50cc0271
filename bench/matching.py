"""How often a fix is laid on the right road in the right direction, beside two other matchers.

    pip install fastmm leuvenmapmatching     # the others; each is left out where it is absent
    python -m bench.matching [--data ../shared/data] [--points 12000]

Made drives on the real roads round Olemps (BD TOPO): random ways that turn where roads meet, 14
m/s and slower in turns, a fix a second, 1.5 m right of the axis; once on the numbered roads, which
are what a department surveys, once on all streets. The error of the receiver is of the
stated standard deviation on each axis and correlated over 30 s. All see the same fixes. A fix is
right when its road and its direction on it are; roads are those of one number or one name.
Printed: percent right, and fixes a second of each (ours without and with smoothing). Then the real
tracks of graphhopper and barefoot on their own small networks of OpenStreetMap, where there are
any: how many fixes each lays on a road.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from bench.place import network as network_of
from bench.truth.driven import Roads, drive, noisy, roads_of
from gis.network.network import Network
from gis.tracks.matching import match, place_track
from gis.tracks.readers import read_track
from gis.tracks.smoothing import smooth
from voirie.arrays import Floats
from voirie.errors import NoOverlap, VoirieError

SIGMAS_M = (3.0, 5.0, 8.0, 15.0)
TARGETS_PCT = (98.0, 96.0, 92.0, 80.0)

Answer = list[tuple[str, bool] | None]
"""Of each fix: road, and whether it is driven as the axis of that road is drawn."""


class Axes:
    """Axes joined along each road, and which way each stretch lies on its own."""

    def __init__(self, roads: Roads) -> None:
        named: dict[str, list[shapely.LineString]] = {}
        for name, line in zip(roads.road, roads.lines, strict=True):
            named.setdefault(name, []).append(line)
        rows = []
        for name, lines in named.items():
            merged = shapely.line_merge(shapely.MultiLineString(lines))
            parts = getattr(merged, "geoms", [merged])
            # Parts that do not follow each other are roads of their own for us.
            rows += [(f"{name}#{k}", part, 5.6) for k, part in enumerate(parts)]
        self.network: Network = network_of(rows)
        axes = self.network.axes
        of_road = axes.groupby(axes["route"].str.partition("#")[0]).indices
        self.with_axis = []
        for name, line in zip(roads.road, roads.lines, strict=True):
            own = axes.geometry.iloc[of_road[name]]
            middle = line.interpolate(0.5, normalized=True)
            axis = own.iloc[int(own.distance(middle).to_numpy().argmin())]
            half = min(1.0, line.length / 4)
            near = [line.interpolate(line.length / 2 + d) for d in (-half, half)]
            self.with_axis.append(axis.project(near[1]) > axis.project(near[0]))


class Ours:
    """Our matcher; what `place_track` does with a track, and `match` alone."""

    def __init__(self, axes: Axes) -> None:
        self.network = axes.network
        self.alone_s = 0.0

    def __call__(self, fixes: Floats) -> Answer:
        track = pd.DataFrame({"t_s": np.arange(len(fixes), dtype=float)})
        track[["x", "y"]] = fixes
        poses = smooth(track).at(track["t_s"].to_numpy())
        start = time.perf_counter()
        match(*(poses[c] for c in ("t_s", "x", "y", "heading_deg", "speed_mps")), self.network)
        self.alone_s += time.perf_counter() - start
        try:
            found = place_track(track, self.network).fixes
        except NoOverlap:
            return [None] * len(fixes)
        return [
            (str(road).partition("#")[0], sens == "+") if on and sens in ("+", "-") else None
            for road, sens, on in zip(
                found["route"], found["sens"].fillna(""), found["matched"], strict=True
            )
        ]


class Fastmm:
    """fastmm: both ways of a stretch are edges; the radius and error are the ones it suggests."""

    def __init__(self, roads: Roads, axes: Axes) -> None:
        import fastmm

        self.fastmm, self.edges = fastmm, []
        network = fastmm.Network()
        for k, line in enumerate(roads.lines):
            a, b = roads.ends[k].tolist()
            if a == b:
                continue
            ways = [(roads.forward[k], a, b, True), (roads.backward[k], b, a, False)]
            for allowed, source, target, ahead in ways:
                if allowed:
                    points = list(line.coords)[:: 1 if ahead else -1]
                    network.add_edge(len(self.edges), source, target, points)
                    self.edges.append((roads.road[k], ahead == axes.with_axis[k]))
        network.finalize()
        self.network = network  # the matcher only borrows it
        self.matcher = fastmm.FastMapMatch(
            network,
            fastmm.TransitionMode.SHORTEST,
            max_distance_between_candidates=600.0,
            cache_dir=Path(tempfile.mkdtemp()),
        )
        self.sigma_m = 5.0

    def __call__(self, fixes: Floats) -> Answer:
        points = list(map(tuple, fixes.tolist()))
        result = self.matcher.match(
            self.fastmm.Trajectory.from_xy_tuples(points),
            max_candidates=16,
            candidate_search_radius=max(50.0, 4 * self.sigma_m),
            gps_error=self.sigma_m,
        )
        out: Answer = [None] * len(fixes)
        for part in result.subtrajectories:
            if part.error_code != self.fastmm.MatchErrorCode.SUCCESS:
                continue
            for segment in part.segments:
                edges = segment.edges
                out[segment.p0.trajectory_index] = self.edges[edges[0].edge_id]
                out[segment.p1.trajectory_index] = self.edges[edges[-1].edge_id]
        return out


class Leuven:
    """LeuvenMapMatching with the settings of its own example, and edges both ways."""

    def __init__(self, roads: Roads, axes: Axes) -> None:
        from leuvenmapmatching.map.inmem import InMemMap

        self.map = InMemMap("bench", use_latlon=False, use_rtree=False, index_edges=True)
        self.edges: dict[tuple[int, int], tuple[str, bool]] = {}
        fresh = int(roads.ends.max()) + 1
        for k, line in enumerate(roads.lines):
            points = np.asarray(line.coords)
            a, b = roads.ends[k].tolist()
            inner = list(range(fresh, fresh + len(points) - 2))
            fresh += len(inner)
            nodes = [a, *inner, b]
            for node, (x, y) in zip(nodes, points.tolist(), strict=True):
                self.map.add_node(node, (x, y))
            for one, two in itertools.pairwise(nodes):
                for allowed, edge, ahead in (
                    (roads.forward[k], (one, two), True),
                    (roads.backward[k], (two, one), False),
                ):
                    if allowed:
                        self.map.add_edge(*edge)
                        self.edges[edge] = (roads.road[k], ahead == axes.with_axis[k])
        self.sigma_m = 5.0

    def __call__(self, fixes: Floats) -> Answer:
        from leuvenmapmatching.matcher.distance import DistanceMatcher

        matcher = DistanceMatcher(
            self.map,
            max_dist=max(100.0, 6 * self.sigma_m),
            obs_noise=self.sigma_m,
            obs_noise_ne=2 * self.sigma_m,
            min_prob_norm=0.001,
            max_lattice_width=5,
        )
        matcher.match([tuple(place) for place in fixes.tolist()])
        out: Answer = [None] * len(fixes)
        for state in matcher.lattice_best or []:
            if state.edge_m.l2 is not None and state.obs < len(out):
                out[state.obs] = self.edges.get((state.edge_m.l1, state.edge_m.l2))
        return out


def right_pct(answers: list[Answer], truths: list[Answer]) -> float:
    """Percent of fixes with the true road and direction."""
    pairs = [
        one == other
        for answer, truth in zip(answers, truths, strict=True)
        for one, other in zip(answer, truth, strict=True)
    ]
    return 100.0 * float(np.mean(pairs))


def real_tracks(data: Path) -> None:
    """The tracks of graphhopper on its own networks, and of barefoot as far as they are read."""
    for path in sorted((data / "tracks" / "graphhopper").glob("*.gpx")) + sorted(
        (data / "tracks" / "barefoot").glob("*.json")
    ):
        try:
            track = read_track(path, "EPSG:25832")
        except VoirieError as error:
            print(f"  {path.name}: refused: {error.message}")
            continue
        speeds = smooth(track.fixes).at(track.fixes["t_s"].to_numpy())["speed_mps"]
        print(f"  {path.name}: {len(track)} fixes, median {speeds.median():.1f} m/s")


def compared(roads: Roads, points: int) -> None:
    """Print the table of one network."""
    axes = Axes(roads)
    km = sum(line.length for line in roads.lines) / 1000
    print(f"{len(roads.lines)} stretches, {len(set(roads.road))} roads, {km:.0f} km")
    rng = np.random.default_rng(1)
    drives = []
    while sum(len(one.xy) for one in drives) < points:
        one = drive(roads, rng, 600)
        if len(one.xy) >= 120:
            drives.append(one)
    truths: list[Answer] = [
        [
            (roads.road[k], bool(ahead) == axes.with_axis[k])
            for k, ahead in zip(one.stretch, one.along, strict=True)
        ]
        for one in drives
    ]
    ours = Ours(axes)
    matchers: dict[str, Callable[[Floats], Answer]] = {"voirie": ours}
    for name, kind in (("fastmm", Fastmm), ("leuvenmapmatching", Leuven)):
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed")
        else:
            matchers[name] = kind(roads, axes)
    taken_s = dict.fromkeys(matchers, 0.0)
    total = sum(len(one.xy) for one in drives)
    print(f"{len(drives)} drives, {total} fixes; percent on the right road in the right direction")
    print(f"{'sigma m':>8}{'target':>8}" + "".join(f"{name:>20}" for name in matchers))
    for sigma_m, target in zip(SIGMAS_M, TARGETS_PCT, strict=True):
        noise = np.random.default_rng(int(sigma_m))
        fixes = [noisy(one.xy, sigma_m, noise) for one in drives]
        row = f"{sigma_m:8.0f}{target:8.0f}"
        for name, matcher in matchers.items():
            if not isinstance(matcher, Ours):
                matcher.sigma_m = sigma_m  # type: ignore[attr-defined]
            start = time.perf_counter()
            answers = [matcher(one) for one in fixes]
            taken_s[name] += time.perf_counter() - start
            row += f"{right_pct(answers, truths):20.1f}"
        print(row, flush=True)
    done = total * len(SIGMAS_M)
    print(f"match alone: {done / ours.alone_s:.0f} fixes a second")
    for name, seconds in taken_s.items():
        spent = seconds - (ours.alone_s if name == "voirie" else 0.0)
        print(f"{name}: {done / spent:.0f} fixes a second, all of it")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--points", type=int, default=12_000)
    asked = parser.parse_args()
    if not asked.data.is_dir():
        raise SystemExit(f"{asked.data} is absent: nothing to measure on")
    for numbered in (True, False):
        print("numbered roads" if numbered else "all streets", end=": ")
        compared(roads_of(asked.data, numbered), asked.points)
    print("real tracks:")
    real_tracks(asked.data)


if __name__ == "__main__":
    main()
