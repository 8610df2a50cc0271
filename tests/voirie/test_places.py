"""Route keys."""

from __future__ import annotations

from voirie.places import LANE_KEY, ROUTE_KEY, RouteKey


def test_a_route_of_one_carriageway_does_not_say_its_side() -> None:
    assert str(RouteKey("CD12", "012", "D108")) == "D108 (CD12, 012)"
    assert str(RouteKey("CD12", "012", "N88", "D")) == "N88 D (CD12, 012)"


def test_the_same_number_in_two_departments_is_two_routes() -> None:
    assert RouteKey("CD12", "012", "D1") != RouteKey("CD12", "081", "D1")


def test_the_columns_of_a_key_are_its_fields() -> None:
    assert tuple(RouteKey.__dataclass_fields__) == ROUTE_KEY
    assert LANE_KEY[: len(ROUTE_KEY)] == ROUTE_KEY
