"""Grouping of views: what must stay apart and what must come together."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.fusion.association import group_spots, group_stretches
from inspection.fusion.measure import covered_m

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
    assert covered_m(start, start + 4, group).tolist() == [28.0]


def test_cracks_of_two_wheel_paths_are_two() -> None:
    start = np.arange(0, 20, 4.0)
    from_m, across = np.r_[start, start], np.r_[np.full(5, -0.9), np.full(5, 0.9)]
    group = group_stretches(from_m, from_m + 5, across, gap_m=2.5, gate_across_m=0.9)
    assert len(set(group)) == 2


@given(st.lists(st.floats(0, 300), min_size=1, max_size=40, unique=True))
def test_every_view_has_a_group_and_no_frame_gives_one_thing_two_views(at: list[float]) -> None:
    n = len(at)
    frame = np.arange(n) // 3
    group = group_spots(frame, np.array(at), np.zeros(n), np.full(n, 0.3), np.full(n, 0.4), **GATES)
    assert (group >= 0).all()
    assert len({(f, g) for f, g in zip(frame, group, strict=True)}) == n


def slowly_grouped(frame, along, across, sd, score):  # type: ignore[no-untyped-def]
    """The rule as it reads: every thing is compared with every view, frame after frame."""
    group, things = np.full(len(frame), -1), []
    for rank in np.unique(frame):
        here = np.flatnonzero(frame == rank)
        here = here[np.lexsort((across[here], along[here], -score[here]))]
        near = along[here].mean()
        opened = [k for k, thing in enumerate(things) if abs(thing[0] - near) < GATES["memory_m"]]
        cost = {}
        for view in here:
            gate = np.clip(2 * sd[view], GATES["gate_along_m"], 3 * GATES["gate_along_m"])
            for k in opened:
                parts = abs(along[view] - things[k][0]) / gate, abs(across[view] - things[k][1])
                if parts[0] <= 1 and parts[1] <= GATES["gate_across_m"]:
                    cost[view, k] = np.hypot(parts[0], parts[1] / GATES["gate_across_m"])
        while cost:
            view, k = min(cost, key=lambda pair: cost[pair])
            group[view] = k
            cost = {pair: c for pair, c in cost.items() if pair[0] != view and pair[1] != k}
        for view in here:
            if group[view] < 0:
                group[view] = len(things)
                things.append([along[view], across[view], 0.0])
            thing, weight = things[group[view]], 1 / max(sd[view], 0.05) ** 2
            thing[2] += weight
            for axis, place in enumerate((along[view], across[view])):
                thing[axis] += (place - thing[axis]) * (weight / thing[2])
    return group


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 80), st.floats(0.05, 2.0))
def test_looking_only_at_what_is_near_changes_no_group(seed: int, n: int, dense: float) -> None:
    rng = np.random.default_rng(seed)
    views = (
        rng.integers(0, 1 + n // 2, n),
        rng.uniform(-5.0, n / dense, n),
        rng.uniform(-1.5, 1.5, n),
        rng.uniform(0.02, 2.0, n),
        rng.uniform(0.1, 0.9, n).round(1),
    )
    assert group_spots(*views, **GATES).tolist() == slowly_grouped(*views).tolist()
