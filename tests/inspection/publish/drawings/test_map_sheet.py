"""The sheet holds what it is given, and labels keep apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from inspection.publish.drawings.map_sheet import (
    MARGIN,
    MAX_HEIGHT,
    MIN_HEIGHT,
    WIDTH,
    Labels,
    Sheet,
)

metres = st.floats(0, 1_000_000)


@given(metres, metres, metres, metres)
def test_a_sheet_holds_its_bounds_and_keeps_the_scale(
    x: float, y: float, wide: float, tall: float
) -> None:
    sheet = Sheet.around((x, y, x + wide, y + tall))
    corners = sheet.xy(np.array([(x, y), (x + wide, y + tall)]))
    assert (corners > MARGIN - 1).all()
    assert (corners[:, 0] < WIDTH - MARGIN + 1).all()
    assert (corners[:, 1] < sheet.height - MARGIN + 1).all()
    assert MIN_HEIGHT <= sheet.height <= MAX_HEIGHT
    assert corners[1, 0] - corners[0, 0] == pytest.approx(wide * sheet.scale, abs=1e-3)


@given(st.lists(st.tuples(st.floats(10, 900), st.floats(10, 600)), max_size=12))
def test_labels_never_overlap(corners: list[tuple[float, float]]) -> None:
    labels = Labels(700.0, shapely.get_coordinates(shapely.points([[1.0, 1.0]])), [])
    for x, y in corners:
        labels.place([(x, y, x + 60, y + 14), (x, y + 20, x + 60, y + 34)])
    boxes = shapely.box(*zip(*labels.taken, strict=True)) if labels.taken else []
    union = shapely.union_all(boxes) if len(boxes) else None
    assert union is None or union.area == pytest.approx(sum(shapely.area(boxes)))


def test_a_label_takes_the_spot_that_covers_least_of_the_roads() -> None:
    roads = np.array([[30.0, 30.0], [40.0, 32.0], [130.0, 30.0]])
    labels = Labels(400.0, roads, [])
    over_two, over_one = (20.0, 20.0, 60.0, 40.0), (120.0, 20.0, 160.0, 40.0)
    assert labels.place([over_two, over_one]) == 1
    assert labels.place([over_two, over_one]) == 0
    assert labels.place([over_two, over_one, (-5.0, 20.0, 10.0, 40.0)]) is None
