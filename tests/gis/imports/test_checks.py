"""What a network should not say of itself is told, each kind at its place."""

from __future__ import annotations

from typing import Any

import pytest

from gis.imports.checks import check_layout, check_network
from tests.gis.network.made_network import axis, build, mark

ROAD = [(0.0, 0.0), (1000.0, 0.0)]
ON = [(1000.0, 0.0), (1500.0, 0.0)]
LEFT = [(0.0, 12.0), (1000.0, 12.0)]
BACK = [(1000.0, 12.0), (600.0, 12.0), (0.0, 12.0)]
AWAY = [(0.0, 900.0), (99.0, 900.0)]


def kinds(axes: list[dict[str, Any]], pr: list[dict[str, Any]] | None = None) -> list[str]:
    return [fault.kind for fault in check_network(build(axes, pr))]


def test_a_right_network_has_no_fault() -> None:
    side = axis([(500.0, 0.0), (500.0, 300.0)], 0, 300, route="D9")
    assert kinds([axis(ROAD, 0, 1000), side], [mark("PR", 1, 100, (100, 0))]) == []


@pytest.mark.parametrize(
    ("axes", "pr", "found"),
    [
        ([axis(ROAD, 0, 1000)], [(1, 500), (2, 200)], ["pr_order"]),
        ([axis(ROAD, 0, 1000)], [(1, 500), (2, 500.4), (3, 900)], ["pr_twice"]),
        ([axis(ROAD, 0, 1400)], [], ["off_line"]),
        ([axis(ROAD, 0, 1000, width_m=60)], [], ["wide"]),
        ([axis(ROAD, 0, 1000, category=7)], [], ["category"]),
        ([axis(ROAD, 0, 1000, commune="12174"), axis(ON, 1000, 1500, commune="2A004")], [],
         ["commune"]),
        ([axis(ROAD, 0, 1000, cote="D"), axis(LEFT, 0, 1000, cote="G")], [], []),
        ([axis(ROAD, 0, 1000, cote="D"), axis(BACK[:2], 0, 400, cote="G"),
          axis(BACK[1:], 400, 1000, cote="G")], [], ["contrary", "contrary"]),
        ([axis(ROAD, 0, 1000), axis(ON, 1000, 1500, carried_by="D99")], [], ["carrier"]),
        ([axis(ROAD, 0, 1000), axis(AWAY, 0, 99, route="D9")], [], ["island", "island"]),
    ],
)  # fmt: skip
def test_each_fault_is_told(
    axes: list[dict[str, Any]], pr: list[tuple[int, float]], found: list[str]
) -> None:
    marks = [mark("PR", num, at, (at, 0.0)) for num, at in pr]
    assert kinds(axes, marks) == found


BRANCH = [(500.0, 0.0), (500.0, 300.0)]
ON_AND_ON = [(1400.0, 0.0), (2000.0, 0.0)]


@pytest.mark.parametrize(
    ("axes", "found"),
    [
        ([axis(ROAD, 0, 1000), axis(ON, 1000, 1500, part=2)], []),
        ([axis(ROAD, 0, 1000), axis(ON_AND_ON, 1000, 1600, part=2)], ["gap"]),
        ([axis(ROAD, 0, 1000), axis(BRANCH, 1000, 1300, part=2)], ["branch"]),
        ([axis(ROAD, 0, 1000), axis(BRANCH[::-1], 1000, 1300, part=2)], ["branch"]),
        ([axis(ROAD, 0, 1000, cote="D"), axis(AWAY, 0, 99, cote="G", part=2)], []),
    ],
)
def test_gaps_and_branches_of_a_finished_network(
    axes: list[dict[str, Any]], found: list[str]
) -> None:
    told = check_layout(build(axes))
    assert [fault.kind for fault in told] == found
    assert all(fault.geometry is not None and not fault.geometry.is_empty for fault in told)
