from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from anonymize.windows import LONGEST_ASPECT, windows_of


@given(st.integers(16, 5000), st.integers(16, 5000))
def test_windows_cover_a_picture_and_overlap(height: int, width: int) -> None:
    windows = windows_of(height, width)
    assert windows[0][:2] == (0, 0) and windows[-1][2:] == (width, height)
    for left, top, right, bottom in windows:
        sides = right - left, bottom - top
        assert 0 < min(sides) and max(sides) <= LONGEST_ASPECT * min(sides)
    for before, after in pairwise(windows):
        assert after[:2] > before[:2]
        assert after[0] < before[2] and after[1] < before[3]
