import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize import Mask

corner = st.integers(-5, 45)
boxes = st.lists(st.tuples(corner, corner, corner, corner), max_size=6)


@given(boxes)
def test_the_list_form_gives_the_same_pixels_back(drawn: list[tuple[int, ...]]) -> None:
    mask = Mask.of(30, 40, np.array(drawn, float).reshape(-1, 4))
    again = Mask.from_list(30, 40, mask.to_list())
    assert np.array_equal(mask.pixels(), again.pixels())
    assert mask.area_pct == pytest.approx(mask.pixels().mean() * 100)


@given(boxes, st.tuples(corner, corner, corner, corner))
def test_share_is_what_counting_pixels_gives(
    drawn: list[tuple[int, ...]], asked: tuple[int, ...]
) -> None:
    mask = Mask.of(30, 40, np.array(drawn, float).reshape(-1, 4))
    x0, y0, x1, y1 = (int(np.clip(v, 0, m)) for v, m in zip(asked, (40, 30, 40, 30), strict=True))
    inside = mask.pixels()[y0:y1, x0:x1]
    counted = inside.mean() if x1 > x0 and y1 > y0 else 0.0
    assert mask.share_of([asked])[0] == pytest.approx(counted, abs=1e-6)


def test_a_mask_grows_to_whole_pixels_and_stays_in_the_picture() -> None:
    mask = Mask.of(10, 10, [[-3.0, 8.2, 2.1, 99.0], [5, 5, 5, 9]])
    assert mask.to_list() == [[0, 8, 3, 10]]
