"""The training set's site: a road that may be driven, and nothing of the demo's in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def renderer() -> Any:
    """Return the renderer's modules, which live beside ``samples/render.py``."""
    sys.path.insert(0, str(SAMPLES))
    try:
        from renderer import alignment, elsewhere, passes, site

        yield type(
            "Renderer", (), dict(vars(elsewhere) | vars(site) | vars(alignment) | vars(passes))
        )
    finally:
        sys.path.remove(str(SAMPLES))


def test_nothing_of_the_demo_is_in_the_training_set(renderer: Any) -> None:
    demo, train = renderer.demo_site(7), renderer.train_site(100_010)

    def places(site: Any) -> set[tuple[str, int, int]]:
        # both have their village at one chainage, and town signs with other names at its ends
        return {(s.code, round(s.s_m), s.reads) for s in site.signs if s.code[:2] != "EB"}

    assert not places(demo) & places(train)
    for palette in ("car_colours", "plasters", "shutters"):
        assert not set(getattr(demo, palette)) & set(getattr(train, palette))
    assert not {house[0] for house in demo.houses} & {house[0] for house in train.houses}
    assert not set(demo.towns) & set(train.towns)
    assert demo.curvature != train.curvature
    assert demo.grade != train.grade
    here, there = renderer.Alignment(demo), renderer.Alignment(train)
    apart = np.hypot(here.x[:, None][::40] - there.x[::40], here.y[:, None][::40] - there.y[::40])
    assert apart.min() > 1_000


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_any_seed_gives_a_road_that_can_be_driven(renderer: Any, seed: int) -> None:
    site = renderer.train_site(seed)
    road = renderer.Alignment(site)
    assert 1 / np.abs(road.curvature).max() >= 169
    assert np.abs(road.grade(road.s)).max() <= 0.03
    half = road.half_width_m(road.s)
    assert 2.6 <= half.min() and half.max() <= 3.1
    s = road.s[::80]
    apart = np.hypot(road.x[::80][:, None] - road.x[::80], road.y[::80][:, None] - road.y[::80])
    assert apart[np.abs(s[:, None] - s) > 300].min() > 150
    for reads in (1, -1):
        way = sorted(
            sign.s_m for sign in site.signs if sign.reads == reads and sign.code[:2] != "EB"
        )
        assert np.diff(way).min() >= 24
    assert all(sign.d_m * sign.reads > 3.5 for sign in site.signs)


def test_same_seed_same_site(renderer: Any) -> None:
    assert renderer.train_site(5) == renderer.train_site(5) != renderer.train_site(6)
