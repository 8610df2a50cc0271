"""How many metres a picture stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.capture.spacing import MOST_SEEN_M, spacing_of
from voirie.places import LANE_KEY

LANE = dict(zip(LANE_KEY, ("CD", "031", "D1", "U", "+", 1), strict=True))


def frames(along_m: list[float], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({**LANE, "pass_id": "a", "distance_m": along_m} | columns)


@given(st.lists(st.floats(0.1, 30.0), min_size=1, max_size=30))
def test_pictures_stand_for_the_metres_between_them(steps_m: list[float]) -> None:
    found = spacing_of(frames([0.0, *np.cumsum(steps_m).tolist()]), 5.0)
    assert found[:-1] == pytest.approx(np.minimum(steps_m, MOST_SEEN_M))
    assert found[-1] == found[-2]


def test_neither_passes_nor_lanes_are_measured_across() -> None:
    table = frames([0.0, 6.0, 0.0, 7.0, 9.0], pass_id=["a", "a", "b", "b", "b"])
    table["voie"] = [1, 1, 1, 1, 2]
    assert spacing_of(table, 5.0).tolist() == [6.0, 6.0, 7.0, 7.0, 5.0]


def test_stills_have_their_chainage_against_the_direction_too() -> None:
    table = frames([np.nan] * 3, cumul_m=[30.0, 20.0, 12.0], sens="-")
    assert spacing_of(table, 5.0).tolist() == [10.0, 8.0, 8.0]
