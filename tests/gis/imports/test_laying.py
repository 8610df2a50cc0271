"""Metres along a road without any: nothing lost, nothing twice, both sides one measure."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.imports.laying import joined, lay_out
from tests.gis.imports.made_roads import ORIGIN, lines, straight

WEST = (float(ORIGIN[0]), float(ORIGIN[1]))


def divided() -> tuple[np.ndarray, list[int]]:
    """100 m single, 600 m divided, 200 m single; the left carriageway is longer."""
    rows = lines(
        [(0, 0), (100, 0)],
        [(100, 0), (400, -10), (700, 0)],
        [(700, 0), (400, 30), (100, 0)],
        [(700, 0), (900, 0)],
    )
    return rows, [0, 1, 1, 0]


def test_both_carriageways_have_one_measure() -> None:
    rows, way = divided()
    laid = lay_out(rows, way, first=WEST).rows.set_index("row")
    assert laid["cote"].to_dict() == {0: "U", 1: "D", 2: "G", 3: "U"}
    right, left = laid.loc[1], laid.loc[2]
    assert np.isclose(left["cumul_from_m"], right["cumul_from_m"])
    assert np.isclose(left["cumul_to_m"], right["cumul_to_m"])
    assert bool(left["turned"]) and not bool(right["turned"])


def test_a_gap_adds_nothing_and_begins_a_part() -> None:
    rows = lines(straight(100), straight(200, 500))
    laid = lay_out(rows, [0, 0], first=WEST).rows
    assert laid[["part", "cumul_from_m", "cumul_to_m"]].values.tolist() == [
        [1, 0.0, 100.0],
        [2, 100.0, 300.0],
    ]


def test_a_branch_is_counted_after_the_end() -> None:
    rows = lines(straight(500), straight(500, 500), [(500, 0), (500, 150)])
    laid = lay_out(rows, [0, 0, 0], first=WEST)
    assert laid.branches == (2,)
    branch = laid.rows[laid.rows["part"] == 2].iloc[0]
    assert (branch["row"], branch["cumul_from_m"], branch["cumul_to_m"]) == (2, 1000.0, 1150.0)


def test_the_arc_of_a_roundabout_and_a_stub_are_told_not_measured() -> None:
    ring = [[(500, 0), (515, -15), (530, 0)], [(530, 0), (515, 15), (500, 0)]]
    rows = lines(
        straight(500), *ring, straight(170, 530), [(700, 0), (700, 12)], straight(200, 700)
    )
    laid = lay_out(rows, [0, 1, 1, 0, 0, 0], first=WEST)
    assert sorted(laid.beside.itertuples(index=False, name=None)) == [(2, "arc"), (4, "stub")]


def test_carriageways_that_do_not_touch_are_one_road() -> None:
    rows = lines(straight(500), [(1500, 8), (510, 8)], straight(990, 510, -4))
    laid = lay_out(rows, [0, 1, 1], first=WEST).rows.set_index("row")
    assert laid["cote"].to_dict() == {0: "U", 1: "G", 2: "D"}
    assert np.isclose(laid.loc[1, "cumul_to_m"], laid.loc[2, "cumul_to_m"], atol=15)


def test_a_slip_road_is_a_branch_even_beside_the_road() -> None:
    rows, way = divided()
    ramp = [False, False, True, False]
    laid = lay_out(rows, way, ramp, WEST)
    assert set(laid.rows["cote"]) == {"U"}
    assert laid.rows.loc[laid.rows["row"] == 2, "part"].tolist() == [2]


@given(st.integers(2, 12), st.integers(0, 2**31))
def test_no_metre_is_lost_or_counted_twice(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 4, (n, 2, 2)) * 90.0
    rows = lines(*([tuple(a), tuple(b + rng.uniform(2, 9, 2))] for a, b in spots))
    laid = lay_out(rows, rng.integers(-1, 2, n))
    assert sorted([*laid.rows["row"], *laid.beside["row"]]) == list(range(n))
    for _, side in laid.rows.groupby("cote"):
        side = side.sort_values("cumul_from_m")
        assert (side["cumul_to_m"] > side["cumul_from_m"]).all()
        assert (
            side["cumul_to_m"].to_numpy()[:-1] <= side["cumul_from_m"].to_numpy()[1:] + 0.01
        ).all()
    single = laid.rows[laid.rows["cote"] != "G"]
    drawn = shapely.length(rows[single["row"]]).sum()
    assert np.isclose((single["cumul_to_m"] - single["cumul_from_m"]).sum(), drawn, atol=0.02)


def test_lines_are_joined_in_their_direction() -> None:
    rows = lines([(0, 0), (10, 0)], [(25, 0), (10, 0)])
    assert shapely.get_coordinates(joined(rows, [False, True]))[:, 0].tolist() == [
        ORIGIN[0],
        ORIGIN[0] + 10,
        ORIGIN[0] + 25,
    ]
