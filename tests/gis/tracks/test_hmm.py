"""The choice of a road against trying every sequence of places."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network.junctions import Junctions, junctions_of
from gis.network.network import Network
from gis.tracks.hmm import MatchCandidates, cheapest_places, place_costs, turn_deg
from tests.gis.network.made_network import ORIGIN, axis, build
from voirie.arrays import Floats

CROSSING = build(
    [
        axis([(0, 0), (400, 0)], 0, 400),
        axis([(200, -200), (200, 200)], 0, 400, route="D1"),
        axis([(0, 45), (400, 45)], 0, 400, route="D2"),
    ]
)
"""Two parallel roads, and one across both."""

OFF = 12.5
"""Five sigmas away: what a whole fix off the network costs."""


def drive_of(network: Network, t_s: Floats, xy: Floats, radius_m: float = 50.0) -> MatchCandidates:
    places = network.nearest(xy + ORIGIN, radius_m)
    still = np.zeros(len(t_s))
    return MatchCandidates(
        places, *place_costs(places, network, t_s, still, still), t_s, xy + ORIGIN
    )


def cost(drive: MatchCandidates, chosen: tuple[int, ...]) -> float:
    """Cost of a sequence, one place or -1 a fix, by the rules as they are written."""
    places, by_pair = drive.places, junctions_of(CROSSING).by_pair
    total = sum(drive.off_cost[k] if c < 0 else drive.cost[c] for k, c in enumerate(chosen))
    for k, (a, b) in enumerate(itertools.pairwise(chosen)):
        if a < 0 or b < 0:
            total += 0.0 if a == b else 4.0
            continue
        driven = np.hypot(*(drive.xy[k + 1] - drive.xy[k]))
        one, other = places.iloc[a], places.iloc[b]
        met = by_pair.get((int(one["chain"]), int(other["chain"])))
        change = 0.0
        if one["chain"] == other["chain"]:
            way = abs(one["cumul_m"] - other["cumul_m"])
        elif met is not None:
            ways = zip(*met, strict=True)
            way = min(abs(one["cumul_m"] - m) + g + abs(other["cumul_m"] - n) for m, n, g in ways)
            change = 0.5
        else:
            way, change = np.hypot(one["x"] - other["x"], one["y"] - other["y"]), 10.0
        total += abs(way - driven) / (5.0 + 0.05 * driven) + change
    return float(total)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(100, 300), st.floats(-60, 90)), min_size=2, max_size=4),
    st.floats(1.0, 15.0),
)
def test_no_sequence_of_places_is_cheaper(fixes: list[tuple[float, float]], step: float) -> None:
    drive = drive_of(CROSSING, np.arange(len(fixes)) * step, np.array(fixes))
    found = tuple(cheapest_places(drive, junctions_of(CROSSING)).tolist())
    every = itertools.product(*([*rows.tolist(), -1] for rows in drive.candidates()))
    assert cost(drive, found) == pytest.approx(min(cost(drive, way) for way in every), abs=1e-6)


def test_a_fix_without_a_place_is_off_and_its_neighbours_are_not() -> None:
    xy = np.array([[50.0, 1.0], [80.0, 1.0], [150.0, -300.0], [320.0, 1.0], [350.0, 1.0]])
    drive = drive_of(CROSSING, np.arange(5) * 20.0, xy)
    assert [len(rows) for rows in drive.candidates()] == [2, 2, 0, 2, 2]
    found = cheapest_places(drive, junctions_of(CROSSING))
    assert np.flatnonzero(found < 0).tolist() == [2]
    routes = CROSSING.axes["route"].iloc[drive.places["row"].iloc[found[[0, 1, 3, 4]]]]
    assert set(routes) == {"D108"}


@pytest.mark.parametrize(("stay_costs", "changes"), [(0.4, False), (0.6, True)])
def test_a_change_of_route_costs_half_a_unit(stay_costs: float, changes: bool) -> None:
    # The second fix is as far along either road from the first, by way of their junction.
    places = pd.DataFrame(
        {"point": [0, 1, 1], "chain": [0, 0, 1], "cumul_m": [100.0, 120.0, 10.0]}
    ).assign(x=0.0, y=0.0)
    meeting = Junctions({(0, 1): (np.array([110.0]), np.array([0.0]), np.array([0.0]))})
    far = np.full(2, 99.0)
    own = np.array([0.0, stay_costs, 0.0])
    drive = MatchCandidates(
        places, own, far, np.array([0.0, 2.0]), np.array([[0.0, 0.0], [20.0, 0.0]])
    )
    assert cheapest_places(drive, meeting).tolist() == [0, 2 if changes else 1]


def costs(
    cote: str, heading_deg: float, speed_mps: float = 10.0, since_s: float = 10.0
) -> tuple[float, float, float]:
    """Cost of the second of two fixes on an axis to the east, its distance, and of being off."""
    network = build([axis([(0, 0), (400, 0)], 0, 400, cote=cote)])
    xy = np.array([[100.0, 8.0], [200.0, 8.0]]) + ORIGIN
    places = network.nearest(xy, 20.0)
    on, off = place_costs(
        places, network, np.array([0.0, since_s]), np.full(2, heading_deg), np.full(2, speed_mps)
    )
    return float(on[1]), float(places["dist_m"].iloc[1]), float(off[1])


@pytest.mark.parametrize(
    ("cote", "heading_deg", "away"),
    [
        ("U", 90.0, 0.0),
        ("U", 270.0, 0.0),  # one carriageway for both directions
        ("U", 110.0, 0.5),  # one sigma
        ("D", 90.0, 0.0),
        ("D", 270.0, 6.0),  # the wrong way: as much as it can cost
        ("G", 270.0, 0.0),
        ("G", 90.0, 6.0),
        ("U", np.nan, 0.0),
    ],
)
def test_a_carriageway_is_driven_its_own_way(cote: str, heading_deg: float, away: float) -> None:
    on, distance, off = costs(cote, heading_deg)
    assert distance == pytest.approx(8.0)  # one sigma
    assert (on, off) == pytest.approx((0.5 + away, OFF), abs=1e-3)


def test_slowly_driven_the_heading_says_nothing() -> None:
    assert costs("D", 270.0, speed_mps=1.0)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("since_s", [0.2, 1.0, 5.0, 30.0])
def test_fixes_near_in_time_are_one_witness(since_s: float) -> None:
    weight = min(since_s / 10.0, 1.0)
    on, _, off = costs("D", 270.0, since_s=since_s)
    assert off == pytest.approx(OFF * weight)
    assert on == pytest.approx(0.5 * weight + 6.0 * min(since_s / 3.0, 1.0))


angle = st.floats(-720.0, 720.0)


@given(angle, angle)
def test_the_angle_between_headings_is_the_smaller_one(a: float, b: float) -> None:
    one, other = np.radians([a, b])
    expected = np.degrees(np.arccos(np.clip(np.cos(one - other), -1.0, 1.0)))
    found = turn_deg(np.array([a]), np.array([b]))[0]
    assert found == pytest.approx(expected, abs=1e-4)


def test_candidates_are_the_rows_of_each_fix() -> None:
    places = pd.DataFrame({"point": [0, 0, 2]})
    nothing = np.zeros(3)
    drive = MatchCandidates(places, nothing, nothing, np.arange(3.0), np.zeros((3, 2)))
    assert [rows.tolist() for rows in drive.candidates()] == [[0, 1], [], [2]]
