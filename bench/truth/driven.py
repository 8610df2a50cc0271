"""Drives made on the real roads of BD TOPO, and a receiver whose error is correlated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from voirie.arrays import Floats

SPEED_MPS = 14.0
TAU_S = 30.0
LANE_M = 1.5
FOOT = ("Sentier", "Escalier", "Piste cyclable", "Chemin", "Bac auto", "Bac piéton")


@dataclass(frozen=True, slots=True)
class Roads:
    """Stretches between junctions: line, ends as nodes, the road they belong to, ways allowed."""

    lines: list[shapely.LineString]
    ends: np.ndarray
    road: list[str]
    forward: np.ndarray
    backward: np.ndarray


def roads_of(data: Path, numbered: bool) -> Roads:
    """Driven roads of BD TOPO; a stretch without number and name is a road of its own."""
    table = gpd.read_file(data / "network" / "bdtopo_v2_olemps_12174" / "ROUTE.shp")
    table = table[~table["nature"].isin(FOOT)]
    if numbered:
        table = table[~table["numero"].isin(["NC", "NR"])]
    table = table.reset_index(drop=True)
    lines = [shapely.force_2d(line) for line in table.geometry]
    points = np.array([[line.coords[0], line.coords[-1]] for line in lines]).round(1)
    _, node = np.unique(points.reshape(-1, 2), axis=0, return_inverse=True)
    number = table["numero"].where(~table["numero"].isin(["NC", "NR"]))
    name = number.fillna(table["nom_voie_g"]).fillna(table["id"])
    sens = table["sens"]
    return Roads(
        lines,
        node.reshape(-1, 2),
        name.tolist(),
        (sens != "Inverse").to_numpy(),
        (sens != "Direct").to_numpy(),
    )


@dataclass(frozen=True, slots=True)
class Drive:
    """A way over stretches: where the car was each second, on which, and which way."""

    xy: Floats
    stretch: np.ndarray
    along: np.ndarray  # True: as the stretch is drawn


def drive(roads: Roads, rng: np.random.Generator, seconds: int) -> Drive:
    """A random way that turns back only at a dead end."""
    leaving: dict[int, list[tuple[int, bool]]] = {}
    for k, (a, b) in enumerate(roads.ends.tolist()):
        if roads.forward[k]:
            leaving.setdefault(a, []).append((k, True))
        if roads.backward[k]:
            leaving.setdefault(b, []).append((k, False))
    weight = np.array([line.length for line in roads.lines]) * roads.forward
    now = (int(rng.choice(len(roads.lines), p=weight / weight.sum())), True)
    way = [now]
    length = roads.lines[now[0]].length
    while length < SPEED_MPS * seconds:
        k, ahead = way[-1]
        node = int(roads.ends[k, 1 if ahead else 0])
        on = [one for one in leaving.get(node, []) if one[0] != k]
        if not on:
            on = [one for one in leaving.get(node, []) if one != way[-1]]
        if not on:
            break
        # Nobody drives round and round a roundabout.
        fresh = [one for one in on if one not in way[-12:]]
        on = fresh or on
        same = [one for one in on if roads.road[one[0]] == roads.road[k]]
        pick = same if same and rng.random() < 0.7 else on
        way.append(pick[int(rng.integers(len(pick)))])
        length += roads.lines[way[-1][0]].length
    ends = np.cumsum([roads.lines[k].length for k, _ in way])
    points = [np.asarray(roads.lines[k].coords)[:: 1 if ahead else -1] for k, ahead in way]
    path = np.concatenate([points[0], *(one[1:] for one in points[1:])])
    at = moments(path)[:seconds]
    leg = np.minimum(np.searchsorted(ends, at, side="right"), len(way) - 1)
    vertex = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]

    def place(s: Floats) -> Floats:
        return np.stack([np.interp(s, vertex, path[:, i]) for i in (0, 1)], axis=1)

    step = place(at + 1.0) - place(at - 1.0)
    right = np.stack([step[:, 1], -step[:, 0]], axis=1)
    right /= np.maximum(np.hypot(*right.T), 1e-9)[:, None]
    xy = place(at) + LANE_M * right
    stretch = np.array([way[m][0] for m in leg])
    return Drive(xy, stretch, np.array([way[m][1] for m in leg]))


def moments(path: Floats) -> Floats:
    """Metres along a path each second: 14 m/s, and no more than 2 m/s2 across or along."""
    step = np.diff(path, axis=0)
    vertex = np.r_[0.0, np.cumsum(np.hypot(*step.T))]
    s = np.arange(0.0, vertex[-1], 1.0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    last = len(heading) - 1

    def heading_at(s: Floats) -> Floats:
        return heading[np.clip(np.searchsorted(vertex, s, side="right") - 1, 0, last)]

    around = heading_at(s + 6) - heading_at(s - 6)
    speed = np.minimum(SPEED_MPS, np.sqrt(2.0 * 12.0 / np.maximum(np.abs(around), 1e-3)))
    speed = np.maximum(speed, 3.0)
    for k in range(1, len(s)):
        speed[k] = min(speed[k], np.sqrt(speed[k - 1] ** 2 + 4.0))
    for k in range(len(s) - 2, -1, -1):
        speed[k] = min(speed[k], np.sqrt(speed[k + 1] ** 2 + 4.0))
    clock = np.r_[0.0, np.cumsum(1.0 / speed)[:-1]]
    return np.interp(np.arange(0.0, clock[-1], 1.0), clock, s)


def noisy(xy: Floats, sigma_m: float, rng: np.random.Generator) -> Floats:
    """Fixes of a receiver whose error is correlated."""
    stay = np.exp(-1.0 / TAU_S)
    error = rng.normal(0.0, sigma_m, 2)
    out = np.empty_like(xy)
    for k in range(len(xy)):
        error = stay * error + rng.normal(0.0, sigma_m * np.sqrt(1 - stay**2), 2)
        out[k] = xy[k] + error
    return out
