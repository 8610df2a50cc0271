"""Where a drive may change route, and how far it is through there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network.junctions import Junctions, junctions_of
from gis.network.network import Network
from tests.gis.network.made_network import axis, build


def pairs(network: Network) -> set[tuple[str, str]]:
    """Names of the routes that meet."""
    seg = network.segments
    name = dict(zip(seg.chain.tolist(), network.axes["route"].iloc[seg.row], strict=True))
    found = junctions_of(network).by_pair
    assert {(b, a) for a, b in found} == set(found)
    return {(name[a], name[b]) for a, b in found if name[a] < name[b]}


def test_ends_touches_and_crossings() -> None:
    network = build(
        [
            axis([(0, 0), (1000, 0)], 0, 1000),
            axis([(300, 20), (300, 400)], 0, 380, route="D1"),  # 20 m away: a roundabout
            axis([(0, 60), (1000, 60)], 0, 1000, route="D2"),  # parallel, met by none but D1
            axis([(700, -50), (700, 50)], 0, 100, route="D3"),  # crosses D108
        ]
    )
    assert pairs(network) == {
        ("D1", "D108"),
        ("D1", "D2"),
        ("D108", "D3"),
        ("D2", "D3"),  # D3 ends 10 m from it
    }


@pytest.mark.parametrize(("gap_m", "meets"), [(24.0, True), (26.0, False)])
def test_an_end_meets_what_is_near_enough(gap_m: float, meets: bool) -> None:
    network = build(
        [axis([(0, 0), (500, 0)], 0, 500), axis([(200, gap_m), (200, 300)], 0, 276, route="D1")]
    )
    assert pairs(network) == ({("D1", "D108")} if meets else set())
    if meets:
        gap = junctions_of(network).by_pair[(0, 1)][2]
        assert gap.max() == pytest.approx(gap_m)


def test_a_bend_beside_another_axis_is_no_junction() -> None:
    aside = axis([(0, 200), (250, 10), (500, 200)], 0, 620, route="D1")
    assert pairs(build([axis([(0, 0), (500, 0)], 0, 500), aside])) == set()


def test_a_carried_stretch_meets_nobody() -> None:
    shared = axis([(200, 0), (200, 300)], 0, 300, route="D1", carried_by="D9")
    assert pairs(build([axis([(0, 0), (500, 0)], 0, 500), shared])) == set()


@settings(max_examples=12, deadline=None)
@given(
    st.floats(60.0, 440.0),
    st.floats(60.0, 240.0),
    st.lists(st.floats(0.0, 500.0), min_size=1, max_size=3),
    st.lists(st.floats(0.0, 300.0), min_size=1, max_size=3),
)
def test_the_way_through_a_crossing_is_the_way_to_it_and_from_it(
    east: float, south: float, one: list[float], other: list[float]
) -> None:
    network = build(
        [
            axis([(0, 0), (500, 0)], 0, 500),
            axis([(east, -south), (east, 300 - south)], 0, 300, route="D1"),
        ]
    )
    junctions, a, b = junctions_of(network), np.array(one), np.array(other)
    first, second = network.segments.chain.tolist()
    if network.axes["route"].iloc[0] == "D1":
        first, second = second, first
    expected = np.abs(a - east)[:, None] + np.abs(b - south)[None, :]
    assert junctions.distance_m(first, a, second, b) == pytest.approx(expected, abs=1e-5)
    assert junctions.distance_m(second, b, first, a) == pytest.approx(expected.T, abs=1e-5)


def test_of_two_junctions_the_shorter_way_counts_and_without_one_there_is_none() -> None:
    at_a, at_b, gap = np.array([100.0, 400.0]), np.array([50.0, 90.0]), np.array([0.0, 5.0])
    junctions = Junctions({(0, 1): (at_a, at_b, gap)})
    way = junctions.distance_m(0, np.array([0.0, 390.0]), 1, np.array([50.0, 100.0]))
    assert way.tolist() == [[100.0, 150.0], [55.0, 25.0]]
    assert np.isinf(junctions.distance_m(1, at_b, 2, at_a)).all()
