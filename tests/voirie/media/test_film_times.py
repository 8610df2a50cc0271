"""Times of pictures: kept where they are whole, counted anew or refused where they are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voirie.errors import EmptyInput, NotDecodable
from voirie.media.film_times import times_of

FILM = Path("a.mp4")


@given(
    st.lists(st.integers(3, 900), min_size=2, max_size=60),
    st.integers(-5000, 5000),
    st.randoms(use_true_random=False),
)
def test_whole_times_are_kept_however_the_file_orders_them(steps, first, random) -> None:  # type: ignore[no-untyped-def]
    pts = [first + int(t) for t in np.cumsum([0, *steps])]
    mixed = list(pts)
    random.shuffle(mixed)
    found = times_of(mixed, sorted(mixed), 0.001, 25.0, 25.0, FILM)
    assert found.made_at_fps is None and found.start_s == pytest.approx(first / 1000)
    assert found.pts_s.tolist() == pytest.approx([(p - first) / 1000 for p in pts])


@given(st.integers(2, 400), st.floats(1, 240))
def test_times_counted_anew_are_even(count: int, fps: float) -> None:
    found = times_of([None] * count, [None] * count, 1e-3, fps, 9.0, FILM)
    assert found.made_at_fps == fps
    assert np.diff(found.pts_s) == pytest.approx(1 / fps) and len(found.pts_s) == count


def test_the_rate_of_the_container_counts_only_where_its_stamps_are_whole() -> None:
    again = [0, 40, 80, 0, 40, 80, 120, 160, 200, 240]
    pts = [0, 40, 80, 120, 160, 200, 240, 280, 320, 360]
    assert times_of(pts, [t * 20 for t in again], 0.001, None, 25.0, FILM).made_at_fps == 25.0
    with pytest.raises(NotDecodable, match="no time stamps"):
        times_of([None] * 9, [None] * 9, 0.001, None, 25.0, FILM)
    with pytest.raises(NotDecodable, match="does not tell its frame rate"):
        times_of([5] * 9, [5] * 9, 0.001, 90_000.0, 25.0, FILM)


def test_a_film_of_one_picture_and_of_none() -> None:
    assert times_of([7], [7], 0.001, None, None, FILM).pts_s.tolist() == [0.0]
    with pytest.raises(EmptyInput, match="no picture"):
        times_of([], [], 0.001, None, None, FILM)
