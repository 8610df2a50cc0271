"""Sections that stay as they are: not cut again, with the mean of what lies along them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network import Network
from gis.network.axes import normalise_sections
from gis.scoring import cut
from gis.scoring.held import held_sections, mean_width
from tests.gis.network.made_network import axis, build, mark


def road(length_m: float, **more: float) -> Network:
    return build([axis([(0, 0), (length_m, 0)], 0.0, length_m, **more)])


def holding(network: Network, *spans: tuple[float, float], version: str | None = None) -> Network:
    rows = pd.DataFrame(spans, columns=["cumul_from_m", "cumul_to_m"]).assign(
        section_id=[f"s{n}" for n in range(len(spans))],
        network_version=version or network.version,
        gestionnaire="CD31", dep="031", route="D108", cote="U",
    )  # fmt: skip
    return dataclasses.replace(network, sections=normalise_sections(rows))


def test_what_is_held_is_not_cut_and_the_rest_is() -> None:
    out = cut(holding(road(1000), (130, 480)))
    assert out["cumul_from_m"].tolist() == [0, 130, 480, 680, 880]
    assert out["section_id"].tolist()[1] == "s0" and out["section_id"].is_unique


def test_a_pr_does_not_break_it() -> None:
    pr = [mark("PR", n, 200.0 * n, (200.0 * n, 0)) for n in (1, 2)]
    made = build([axis([(0, 0), (600, 0)], 0.0, 600.0)], pr)
    assert cut(holding(made, (100, 500)))["cumul_from_m"].tolist() == [0, 100, 500]


def test_of_another_version_or_twice_on_one_metre_it_is_not_held() -> None:
    assert held_sections(holding(road(600), (0, 300), version="before")).empty
    assert held_sections(holding(road(600), (0, 300), (250, 500)))["section_id"].tolist() == ["s0"]


def test_a_section_of_a_route_that_is_not_there_is_left() -> None:
    made = holding(road(400), (0, 400))
    rows = made.sections.assign(route="D9")
    assert cut(dataclasses.replace(made, sections=rows))["length_m"].tolist() == [200, 200]


def test_width_is_the_mean_of_what_is_known() -> None:
    rows = [
        axis([(0, 0), (100, 0)], 0.0, 100.0, width_m=4.0),
        axis([(100, 0), (200, 0)], 100.0, 200.0),
        axis([(200, 0), (300, 0)], 200.0, 300.0, width_m=7.0),
    ]
    made = holding(build(rows), (0, 250))
    assert cut(made)["width_m"].tolist()[0] == 5.0
    none = mean_width(made.axes, np.array([100.0]), np.array([200.0]), np.array([1]))
    assert none.isna().all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(1, 999), min_size=2, max_size=8, unique=True))
def test_sections_tile_the_road_whatever_is_held(at: list[float]) -> None:
    ends = sorted(at)
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    out = cut(holding(road(1000), *spans))
    assert out["length_m"].sum() == pytest.approx(1000.0, abs=0.1)
    assert (np.diff(out["cumul_from_m"]) > 0).all()
    kept = list(held_sections(holding(road(1000), *spans))["section_id"])
    assert set(kept) <= set(out["section_id"])
