"""Stretches: unbroken metres of one part that nobody else carries."""

from __future__ import annotations

import pytest

from gis.versions.stretches import Stretches, unchanged_routes
from tests.gis.versions.made_versions import network, road, straight
from voirie.places import RouteKey


def test_a_part_a_hole_and_a_carried_stretch_break_a_road() -> None:
    made = network(
        straight(0, 100, commune="A"),
        straight(100, 200, commune="B"),
        straight(200, 300, part=2),
        straight(300, 400, part=2, carried_by="N88"),
        straight(400, 500, part=2),
        straight(500, 600, part=2),
        straight(620, 700, part=2),
    )
    found = Stretches(made)
    assert found.from_m.tolist() == [0, 200, 400, 620]
    assert found.to_m.tolist() == [200, 300, 600, 700]
    assert found.of_row.tolist() == [0, 0, 1, -1, 2, 2, 3]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (straight(0, 300, traffic=900), True),
        (straight(0, 300, part=2), False),
        (road([(0, 0), (300, 0)], 0.0, 301.0), False),
        (road([(0, 0), (300, 1)], 0.0, 300.0), False),
        (straight(0, 300, carried_by="D9"), False),
    ],
)
def test_a_route_is_unchanged_where_its_metres_are(other: dict[str, object], same: bool) -> None:
    aside = road([(0, 500), (90, 500)], 0.0, 90.0, "D9")
    found = unchanged_routes(network(straight(0, 300), aside), network(other, aside))
    assert (RouteKey("CD12", "012", "D67") in found) is same
    assert RouteKey("CD12", "012", "D9") in found
