"""The hidden Markov model that chooses a road: costs of places and of the ways between them.

Source of the model: Newson and Krumm 2009. Added here: weights for errors that are correlated
in time, the direction of one-way carriageways, and the state "off the network".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from gis.network.cheapest_path import cheapest_path
from gis.network.junctions import Junctions
from gis.network.network import Network
from voirie.arrays import Floats, Ints

_SIGMA_M = 8.0  # of the distance to the axis: receiver, lane and drawing together
_HEADING_DEG = 20.0
_HEADING_CAP = 6.0
_STRAY_M = 5.0  # of |network distance - driven distance|
_SWITCH = 0.5  # cost of a change of route at a junction
_LEAP = 10.0  # cost of a change where no junction is known
_OFF_M = 5.0  # being off the network costs as much as this many sigmas
_ENTER_OFF = 4.0
_ERROR_TAU_S = 10.0  # fixes nearer in time than this share their error
_HEADING_TAU_S = 3.0
_TURNING_MPS = 1.5  # slower, the heading says little


@dataclass(frozen=True, slots=True)
class MatchCandidates:
    """Candidates of all fixes, sorted by fix, with their cost, and the cost of being off."""

    places: pd.DataFrame
    cost: Floats
    off_cost: Floats
    t_s: Floats
    xy: Floats

    def candidates(self) -> list[Ints]:
        """Candidates of each fix: rows of `places`."""
        point = self.places["point"].to_numpy()
        edges = np.searchsorted(point, np.arange(len(self.t_s) + 1))
        return [np.arange(a, b) for a, b in pairwise(edges)]


def place_costs(
    places: pd.DataFrame, network: Network, t_s: Floats, heading: Floats, speed: Floats
) -> tuple[Floats, Floats]:
    """Negative log-likelihood of each candidate, and of being off, by fix.

    Errors are correlated: a fix weighs by the time since the one before, so that a slow drift
    towards a neighbouring road does not add up as if each fix were a new witness.
    """
    since = np.diff(t_s, prepend=t_s[0] - 1.0)
    weight = np.clip(since / _ERROR_TAU_S, 0.0, 1.0)
    point = places["point"].to_numpy()
    angle = turn_deg(heading[point], places["heading_deg"].to_numpy())
    # One carriageway of two is driven one way: D with increasing PR, G against.
    cote = network.axes["cote"].to_numpy(dtype=object)[places["row"]]
    off_axis = np.where(
        cote == "D", angle, np.where(cote == "G", 180.0 - angle, np.minimum(angle, 180.0 - angle))
    )
    away = np.minimum(0.5 * (off_axis / _HEADING_DEG) ** 2, _HEADING_CAP)
    away = np.where((speed[point] > _TURNING_MPS) & np.isfinite(away), away, 0.0)
    far = 0.5 * (places["dist_m"].to_numpy() / _SIGMA_M) ** 2
    turn = np.clip(since / _HEADING_TAU_S, 0.0, 1.0)
    return far * weight[point] + away * turn[point], 0.5 * _OFF_M**2 * weight


def turn_deg(a: Floats, b: Floats) -> Floats:
    """Angle between two headings, 0 to 180."""
    return np.asarray(np.abs((a - b + 180.0) % 360.0 - 180.0))


def cheapest_places(drive: MatchCandidates, junctions: Junctions) -> Ints:
    """Cheapest sequence of candidates; -1 where the car is off the network. (n,)."""
    chain, cumul = drive.places["chain"].to_numpy(), drive.places["cumul_m"].to_numpy()
    at = drive.places[["x", "y"]].to_numpy()
    driven = np.r_[0.0, np.hypot(*np.diff(drive.xy, axis=0).T)]
    rows = drive.candidates()

    def between(k: int) -> Floats:
        last, now = rows[k - 1], rows[k]
        step = np.full((len(last) + 1, len(now) + 1), _ENTER_OFF)
        step[-1, -1] = 0.0
        if len(last) and len(now):
            step[:-1, :-1] = _transitions(
                chain[last], cumul[last], at[last], chain[now], cumul[now], at[now],
                float(driven[k]), junctions,
            )  # fmt: skip
        return step

    # The last state of each step is "off".
    own = [np.append(drive.cost[now], drive.off_cost[k]) for k, now in enumerate(rows)]
    states = cheapest_path(own, between)
    chosen = [np.append(now, -1)[state] for now, state in zip(rows, states, strict=True)]
    return np.asarray(chosen, dtype=np.int64)


def _transitions(
    chain_a: Ints,
    cumul_a: Floats,
    at_a: Floats,
    chain_b: Ints,
    cumul_b: Floats,
    at_b: Floats,
    driven_m: float,
    junctions: Junctions,
) -> Floats:
    """Cost of going from each candidate of one fix to each of the next, (n, m)."""
    way = np.abs(cumul_a[:, None] - cumul_b[None, :])
    extra = np.zeros_like(way)
    other = chain_a[:, None] != chain_b[None, :]
    if other.any():
        straight = np.linalg.norm(at_a[:, None] - at_b[None, :], axis=2)
        way = np.where(other, straight, way)
        extra = np.where(other, _LEAP, 0.0)
        for a in set(chain_a.tolist()):
            for b in set(chain_b.tolist()) - {a}:
                rows = np.ix_(chain_a == a, chain_b == b)
                through = junctions.distance_m(a, cumul_a[chain_a == a], b, cumul_b[chain_b == b])
                met = np.isfinite(through)
                way[rows] = np.where(met, through, way[rows])
                extra[rows] = np.where(met, _SWITCH, extra[rows])
    return np.asarray(np.abs(way - driven_m) / (_STRAY_M + 0.05 * driven_m) + extra)
