"""What a stage costs is measured, also where it fails, and sums are honest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.pipeline.energy import Cost, EnergyMeter

costs = st.builds(
    Cost,
    wall_s=st.integers(0, 1000),
    cpu_s=st.integers(0, 1000),
    energy_wh=st.none() | st.integers(0, 1000),
    method=st.sampled_from(["counter", "not measured"]),
    tries=st.integers(1, 5),
)


@given(costs, costs)
def test_a_sum_knows_its_energy_only_where_both_do(first: Cost, later: Cost) -> None:
    both = first.plus(later)
    assert (both.wall_s, both.cpu_s) == (first.wall_s + later.wall_s, first.cpu_s + later.cpu_s)
    assert both.tries == first.tries + later.tries
    if first.energy_wh is None or later.energy_wh is None:
        assert both.energy_wh is None
    else:
        assert both.energy_wh == first.energy_wh + later.energy_wh


def test_work_is_measured_and_how_is_said() -> None:
    meter = EnergyMeter()
    with meter.stage("place") as cost:
        total = sum(range(5_000_000))
    assert total > 0
    assert cost.wall_s > 0 and cost.cpu_s > 0
    assert (cost.energy_wh is None) == cost.method.startswith("not measured")


def test_a_stage_that_fails_has_cost_what_it_cost() -> None:
    meter = EnergyMeter()
    with pytest.raises(ZeroDivisionError), meter.stage("detect") as cost:
        sum(range(5_000_000))
        raise ZeroDivisionError
    assert cost.wall_s > 0
    # The meter goes on with the next stage.
    with meter.stage("locate") as later:
        pass
    assert later.method == cost.method
