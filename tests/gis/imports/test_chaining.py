"""Stretches joined end to end: each once, in the order of a drive, whatever their order."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.imports.chaining import Chain, chains_of
from tests.gis.imports.made_roads import ORIGIN, lines

WEST = (float(ORIGIN[0]), float(ORIGIN[1]))


def places(chain: Chain) -> tuple[tuple[float, float], tuple[float, float]]:
    west, north = ORIGIN
    start, end = ((float(x - west), float(y - north)) for x, y in (chain.start, chain.end))
    return start, end


@given(st.permutations(range(6)), st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_road_is_one_chain_whatever_the_order_and_direction_of_its_rows(
    order: list[int], turned: list[bool]
) -> None:
    drawn = [[(100.0 * i, 3.0 * (i % 2)), (100.0 * (i + 1), 3.0 * ((i + 1) % 2))] for i in range(6)]
    rows = [drawn[i][::-1] if turned[i] else drawn[i] for i in order]
    main, beside = chains_of(lines(*rows), [0] * 6, WEST)
    assert [order[row] for row in main[0].rows] == list(range(6))
    assert [bool(turned[order[row]]) for row in main[0].rows] == main[0].turned.tolist()
    assert beside == [] and len(main) == 1


def test_without_a_beginning_a_road_runs_as_most_of_it_is_drawn() -> None:
    east = chains_of(lines([(0, 0), (300, 0)], [(400, 0), (300, 0)]), [0, 0])[0][0]
    west = chains_of(lines([(300, 0), (0, 0)], [(300, 0), (400, 0)]), [0, 0])[0][0]
    assert places(east) == ((0.0, 0.0), (400.0, 0.0))
    assert places(west) == ((400.0, 0.0), (0.0, 0.0))


def test_parts_that_do_not_touch_come_in_the_order_of_the_road() -> None:
    rows = lines([(900, 0), (700, 0)], [(0, 0), (100, 0)], [(400, 0), (600, 0)])
    main, _ = chains_of(rows, [0, 0, 0], WEST)
    assert [places(chain) for chain in main] == [
        ((0.0, 0.0), (100.0, 0.0)),
        ((400.0, 0.0), (600.0, 0.0)),
        ((700.0, 0.0), (900.0, 0.0)),
    ]


def test_a_divided_road_is_driven_on_the_right_and_the_other_side_is_left() -> None:
    there, back = [(100, 0), (600, 0)], [(600, 20), (100, 20)]
    west = [[(0, 10), (100, 0)], [(0, 10), (100, 20)]]
    east = [[(600, 0), (700, 10)], [(600, 20), (700, 10)]]
    way = [1, 1, 1, -1, 1, -1, 0, 0]
    rows = lines(there, back, *west, *east, [(-200, 10), (0, 10)], [(700, 10), (900, 10)])
    main, beside = chains_of(rows, way, (WEST[0] - 200, WEST[1] + 10))
    assert main[0].rows.tolist() == [6, 2, 0, 4, 7]
    assert [chain.rows.tolist() for chain in beside] == [[5, 1, 3]]


def test_out_and_back_on_two_carriageways_is_no_road() -> None:
    """Both carriageways of a road that is cut by the edge of the file in the west."""
    there, back = [(0, 0), (2000, 0)], [(2000, 30), (0, 30)]
    rows = lines(
        there, back, [(2000, 0), (2050, 15)], [(2000, 30), (2050, 15)], [(2050, 15), (2300, 15)]
    )
    main, beside = chains_of(rows, [1, 1, 0, 0, 0], WEST)
    assert places(main[0]) == ((0.0, 0.0), (2300.0, 15.0))
    assert 1 in beside[0].rows


def test_a_road_that_ends_in_a_roundabout_is_not_taken_for_the_roundabout() -> None:
    ring = [
        [(500, 0), (520, 20)],
        [(520, 20), (540, 0)],
        [(540, 0), (520, -20)],
        [(520, -20), (500, 0)],
    ]
    stub = [[(520, 20), (520, 30)]]
    rows = lines([(0, 0), (500, 0)], *ring, *stub)
    main, _ = chains_of(rows, [0, -1, -1, -1, -1, 0], WEST)
    assert places(main[0])[0] == (0.0, 0.0)
    assert main[0].length_m > 520


def test_signs_that_lead_nowhere_are_not_believed() -> None:
    rows = lines([(0, 0), (400, 0)], [(800, 0), (400, 0)], [(800, 0), (1200, 0)])
    main, beside = chains_of(rows, [1, 1, 1], WEST)
    assert main[0].rows.tolist() == [0, 1, 2] and beside == []


def test_a_loop_is_cut_where_it_begins() -> None:
    rows = lines(
        [(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]
    )
    main, beside = chains_of(rows, [0] * 4, WEST)
    assert sorted([*main[0].rows, *(row for chain in beside for row in chain.rows)]) == [0, 1, 2, 3]
    assert places(main[0])[0] == (0.0, 0.0)


@given(st.integers(2, 14), st.integers(0, 2**31))
def test_every_stretch_is_in_one_chain(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 4, (n, 2, 2)) * 50.0
    drawn = [[tuple(a), tuple(b + rng.uniform(2, 9, 2))] for a, b in spots]
    rows = lines(*drawn)
    main, beside = chains_of(rows, rng.integers(-1, 2, n))
    found = sorted(int(row) for chain in (*main, *beside) for row in chain.rows)
    assert found == list(range(n))
    total = sum(chain.length_m for chain in (*main, *beside))
    assert np.isclose(total, shapely.length(rows).sum())
