"""Grouping of views: what must stay apart and what must come together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspection.tracks_of_views import group_spots, group_stretches, union_length_m

GATES = {"gate_along_m": 0.9, "gate_across_m": 0.7, "memory_m": 60.0}


def test_two_potholes_1_2_m_apart_stay_two_at_90_km_h() -> None:
    rng = np.random.default_rng(3)
    frames, along = [], []
    for frame in range(4):
        for pothole in (100.0, 101.2):
            frames.append(frame)
            along.append(pothole + rng.normal(0, 0.15))
    n = len(frames)
    group = group_spots(
        np.array(frames), np.array(along), np.zeros(n), np.full(n, 0.2), np.full(n, 0.5), **GATES
    )
    assert len(set(group)) == 2
    assert (group[0::2] == group[0]).all()


def test_a_long_crack_cut_by_a_shadow_stays_one() -> None:
    start = np.array([0, 4, 8, 12, 17, 22, 26.0])
    group = group_stretches(start, start + 4, np.zeros(7), gap_m=2.5, gate_across_m=0.9)
    assert set(group) == {0}
    assert union_length_m(start, start + 4) == 28.0


def test_cracks_of_two_wheel_paths_are_two() -> None:
    start = np.arange(0, 20, 4.0)
    from_m, across = np.r_[start, start], np.r_[np.full(5, -0.9), np.full(5, 0.9)]
    group = group_stretches(from_m, from_m + 5, across, gap_m=2.5, gate_across_m=0.9)
    assert len(set(group)) == 2


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 20)), min_size=1, max_size=60))
def test_a_union_is_never_longer_than_the_sum_nor_the_span(
    spans: list[tuple[float, float]],
) -> None:
    start = np.array([a for a, _ in spans])
    end = start + np.array([b for _, b in spans])
    union = union_length_m(start, end)
    assert union <= (end - start).sum() + 1e-6
    assert union <= end.max() - start.min() + 1e-6
    assert union >= (end - start).max() - 1e-6


@given(st.lists(st.floats(0, 300), min_size=1, max_size=40, unique=True))
def test_every_view_has_a_group_and_no_frame_gives_one_thing_two_views(at: list[float]) -> None:
    n = len(at)
    frame = np.arange(n) // 3
    group = group_spots(frame, np.array(at), np.zeros(n), np.full(n, 0.3), np.full(n, 0.4), **GATES)
    assert (group >= 0).all()
    assert len({(f, g) for f, g in zip(frame, group, strict=True)}) == n
