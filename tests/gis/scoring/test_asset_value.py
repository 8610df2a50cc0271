"""Cost of works as a share of building anew, against sums made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.scoring.asset_value import works_share
from gis.scoring.cells import LaneGrid
from gis.scoring.extents import damage_of, lay
from tests.gis.scoring.made_scoring import ALL, ROUTE, coverage, finding, findings, seen
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.taxonomy import load_taxonomy

SCHEME, PRICES = load_scheme(), load_treatments()
SECTION = pd.DataFrame([ROUTE | {"cumul_from_m": 0.0, "cumul_to_m": 200.0}])
WIDTH_M = 3.0
ANEW_EUR = 200 * WIDTH_M * 55.0


def share(
    things: list[dict[str, Any]], category: float = 2.0, prices: Treatments = PRICES
) -> float:
    grid = LaneGrid.of(SECTION, coverage([seen(0.0, 200.0)]))
    damage, _ = damage_of(findings(things), SCHEME, ALL.codes, load_taxonomy())
    laid, _ = lay(grid, damage, SCHEME)
    found = works_share(
        grid, laid, damage, SCHEME, prices, np.array([category]), np.array([WIDTH_M])
    )
    return float(found[0])


@pytest.mark.parametrize(
    ("things", "cost_eur"),
    [
        ([], 0.0),
        # A crack along is sealed by its length, one across by the width of the lane.
        ([finding("FLB", 0.0, 40.0)], 40 * 3.0),
        ([finding("FTR", 100.0)], WIDTH_M * 3.0),
        # A pothole is half a square metre of patch.
        ([finding("NDP", 100.0)], 0.5 * 100.0),
        # A new wearing course (category 2: 6.50 a square metre) of 50 m.
        ([finding("FAI", 0.0, 50.0)], 50 * WIDTH_M * 6.5),
        # Of 5 m: a site is opened for 20 m at least.
        ([finding("FAI", 0.0, 5.0)], 20 * WIDTH_M * 6.5),
        # Two such pieces far apart are two sites of 20 m; near each other they share one.
        ([finding("FAI", 0.0, 5.0), finding("FAI", 100.0, 105.0)], 40 * WIDTH_M * 6.5),
        ([finding("FAI", 0.0, 5.0), finding("FAI", 10.0, 15.0)], 20 * WIDTH_M * 6.5),
        # Strengthening at 22 a square metre, and nothing lighter under it.
        (
            [finding("FAI", 0.0, 50.0, severity=3), finding("FLB", 10.0, 30.0)],
            50 * WIDTH_M * 22.0,
        ),
        # Beside it the lighter cure is paid for its own metres.
        (
            [finding("FAI", 0.0, 50.0, severity=3), finding("FLB", 40.0, 80.0)],
            50 * WIDTH_M * 22.0 + 30 * 3.0,
        ),
        # What needs no cure costs nothing.
        ([finding("PON", 0.0, 200.0, severity=3)], 0.0),
    ],
)
def test_cost_of_works(things: list[dict[str, Any]], cost_eur: float) -> None:
    assert share(things) == pytest.approx(cost_eur / ANEW_EUR)


def test_the_tax_of_the_price_list_does_not_matter() -> None:
    things = [finding("FAI", 0.0, 50.0), finding("FLB", 90.0, 120.0), finding("NDP", 150.0)]
    assert share(things, prices=PRICES.in_tax("HT")) == pytest.approx(share(things))


def test_without_a_price_there_is_no_share_but_where_none_is_needed() -> None:
    assert np.isnan(share([finding("FAI", 0.0, 50.0)], category=np.nan))
    assert share([finding("FLB", 0.0, 40.0)], category=np.nan) == share([finding("FLB", 0.0, 40.0)])


thing = st.tuples(
    st.sampled_from(["FAI", "NDP", "FLB", "FTR", "REP", "FLH"]),
    st.floats(0.0, 190.0),
    st.floats(0.0, 60.0),
    st.integers(1, 3),
)


@settings(max_examples=8, deadline=None)
@given(st.lists(thing, max_size=5), thing)
def test_more_damage_is_never_cheaper(drawn: list[Any], more: Any) -> None:
    def made(things: list[Any]) -> list[dict[str, Any]]:
        return [finding(c, at, min(at + size, 200.0), severity=g) for c, at, size, g in things]

    before, after = share(made(drawn)), share(made([*drawn, more]))
    assert after >= before - 1e-12
    # The whole lane strengthened is the dearest there is.
    assert after <= 22.0 / 55.0 + 1e-12
