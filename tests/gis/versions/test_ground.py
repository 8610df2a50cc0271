"""Pieces of old sections on the new axes, to the centimetre."""

from __future__ import annotations

import numpy as np
import pytest

from gis.scoring import cut
from gis.versions.ground import common_ground
from tests.gis.versions.made_versions import network, road, straight


def test_where_a_road_changes_its_name_is_found() -> None:
    old = network(straight(0, 600))
    new = network(straight(0, 337.5), road([(600, 0), (337.5, 0)], 0.0, 262.5, "C5"))
    pieces = common_ground(old, new, cut(old))
    left = pieces[pieces["section"] == 1]
    assert left["old_to_m"].tolist() == pytest.approx([337.5, 400.0], abs=0.01)
    assert left["new_from_m"].tolist() == pytest.approx([200.0, 262.5], abs=0.01)
    assert left["new_to_m"].tolist() == pytest.approx([337.5, 200.0], abs=0.01)


def test_where_a_road_ends_now_is_found() -> None:
    old = network(straight(0, 600))
    pieces = common_ground(old, network(straight(0, 433.3)), cut(old))
    assert pieces["old_to_m"].max() == pytest.approx(433.3, abs=0.01)
    assert pieces["laid"].all()


def test_a_way_between_the_same_places_is_told_apart() -> None:
    old = network(straight(0, 1000))
    round_it = [(0, 0), (400, 0), (500, 100), (600, 0), (1000, 0)]
    length = 800 + 2 * float(np.hypot(100, 100))
    pieces = common_ground(old, network(road(round_it, 0.0, length)), cut(old))
    way = pieces[~pieces["laid"]]
    assert way["old_from_m"].min() == pytest.approx(410, abs=12)
    assert way["old_to_m"].max() == pytest.approx(590, abs=12)
    joints = pieces["new_to_m"].to_numpy()[:-1] - pieces["new_from_m"].to_numpy()[1:]
    assert np.abs(joints).max() < 0.01


def test_nothing_of_it_lies_in_the_other() -> None:
    old = network(straight(0, 400))
    pieces = common_ground(old, network(road([(0, 900), (400, 900)], 0.0, 400.0)), cut(old))
    assert pieces.empty
