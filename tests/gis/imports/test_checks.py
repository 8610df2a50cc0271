"""What a network should not say of itself is told, each kind at its place."""

from __future__ import annotations

from typing import Any

import pytest

from gis.imports.checks import check_network
from tests.gis.network.made_network import axis, build, mark

ROAD = [(0.0, 0.0), (1000.0, 0.0)]
ON = [(1000.0, 0.0), (1500.0, 0.0)]
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
        ([axis(ROAD, 0, 1000), axis(ON, 1000, 1500, carried_by="D99")], [], ["carrier"]),
        ([axis(ROAD, 0, 1000), axis(AWAY, 0, 99, route="D9")], [], ["island", "island"]),
    ],
)  # fmt: skip
def test_each_fault_is_told(
    axes: list[dict[str, Any]], pr: list[tuple[int, float]], found: list[str]
) -> None:
    marks = [mark("PR", num, at, (at, 0.0)) for num, at in pr]
    assert kinds(axes, marks) == found
