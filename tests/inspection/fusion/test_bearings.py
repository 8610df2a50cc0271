"""Lines of sight meet at the thing, wherever the assumed size had put it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.fusion.bearings import Bearings, meeting_points

COLUMNS = ["from_x", "from_y", "x", "y", "sd_m", "across_sd_m"]
PLACE = st.tuples(st.floats(-20, 20), st.floats(15, 40))
GUESS = st.lists(st.floats(0.5, 2.0), min_size=2, max_size=8)


def views(thing: tuple[float, float], guesses: list[float], sd_m: float = 8.0) -> pd.DataFrame:
    """Views every three metres of a drive to the north, whose guess of the distance is wrong."""
    origin = np.array([[0.0, 3.0 * k] for k in range(len(guesses))])
    seen = origin + (np.array(thing) - origin) * np.array(guesses)[:, None]
    return pd.DataFrame(
        np.column_stack([origin, seen, *np.full((2, len(seen)), sd_m)]), columns=COLUMNS
    )


@given(PLACE.filter(lambda at: abs(at[0]) > 2), GUESS)
def test_true_directions_meet_at_the_thing_however_wrong_the_distances(
    thing: tuple[float, float], guesses: list[float]
) -> None:
    seen = Bearings.of(views(thing, guesses).assign(across_sd_m=1e-4))
    at, _ = seen.met(np.zeros(len(guesses), dtype=np.int64))
    assert at[0] == pytest.approx(thing, abs=0.1)


def test_each_group_meets_alone() -> None:
    things = [(4.0, 30.0), (-6.0, 25.0)]
    both = pd.concat([views(thing, [1.2, 0.9, 1.1]) for thing in things], ignore_index=True)
    group = np.repeat([0, 1], 3)
    mixed = np.array([3, 0, 5, 1, 4, 2])
    together = Bearings.of(both).of_rows(mixed).met(group[mixed])[0]
    for rank in (0, 1):
        alone, _ = Bearings.of(both).of_rows(group == rank).met(np.zeros(3, dtype=np.int64))
        assert together[rank] == pytest.approx(alone[0], abs=1e-9)


def test_many_views_from_one_spot_are_no_surer_of_the_distance_than_one() -> None:
    one = views((0.0, 20.0), [1.0]).assign(across_sd_m=0.2)
    many = pd.concat([one] * 9, ignore_index=True)
    _, sd_one = Bearings.of(one).met(np.zeros(1, dtype=np.int64))
    _, sd_many = Bearings.of(many).met(np.zeros(9, dtype=np.int64))
    assert sd_one[0] == sd_many[0] == pytest.approx(8.0)


def test_a_second_direction_makes_the_place_surer() -> None:
    from_south = meeting_points(
        np.array([[0.0, 0.0]]),
        np.array([[0.0, 20.0]]),
        np.array([8.0]),
        np.array([0.2]),
        np.array([0]),
    )
    crossed = meeting_points(
        np.array([[0.0, 0.0], [20.0, 20.0]]),
        np.array([[0.0, 20.0], [0.0, 20.0]]),
        np.array([8.0, 8.0]),
        np.array([0.2, 0.2]),
        np.array([0, 0]),
    )
    assert from_south[1][0] == pytest.approx(8.0)
    assert crossed[1][0] < 0.21


def test_a_distance_is_never_surer_than_the_track_of_one_pass() -> None:
    near = views((0.5, 3.0), [1.0], sd_m=0.01)
    assert Bearings.of(near).along_sd_m.tolist() == [0.3]
