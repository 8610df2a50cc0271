"""Steps along old sections: where they go on, and what strays for a moment."""

from __future__ import annotations

import numpy as np

from gis.scoring import cut
from gis.versions.steps import CELL_M, Steps, carried_on, cheapest, come_back, usual
from gis.versions.stretches import Stretches
from tests.gis.versions.made_versions import network, straight


def steps() -> Steps:
    made = network(straight(0, 230), straight(230, 400, part=2))
    sections = cut(made)
    found = Steps.of(made, Stretches(made), sections, np.arange(len(sections)))
    found.stretch[:], found.new_m[:], found.way[:] = found.old_stretch, found.mid, 1
    return found


def test_steps_cover_every_section_and_stop_where_the_road_does() -> None:
    found = steps()
    assert float((found.high - found.low).sum()) == 400.0
    assert (found.high - found.low).max() <= CELL_M and (found.heading == 90.0).all()
    last = int(np.flatnonzero(found.high == 230.0)[0])
    assert not found.goes_on(last, 1) and found.goes_on(last, -1) and not found.goes_on(0, -1)
    assert found.runs() == [(0, last + 1), (last + 1, len(found.mid))]


def test_what_strays_for_two_steps_comes_back_and_for_more_does_not() -> None:
    short, long = steps(), steps()
    short.stretch[4:6], long.stretch[4:9] = -1, -1
    come_back(short)
    come_back(long)
    assert short.stretch[:8].tolist() == [0] * 8
    assert np.allclose(short.new_m[4:6], short.mid[4:6])
    assert (long.stretch[4:9] == -1).all()


def test_candidates() -> None:
    point, cost = np.array([0, 0, 2, 2]), np.array([3.0, 1.0, np.inf, np.inf])
    assert cheapest(point, cost, np.isfinite(cost)).tolist() == [1]
    assert usual(np.array([5, 5, 5, 6, 6]), np.array([1, 1, 2, 3, 4])) == {5: 1}
    at = carried_on(np.array([0.0, 15.0, 30.0]), np.array([5.0, 25.0]), np.array([95.0, 75.0]), -1)
    assert at.tolist() == [100.0, 85.0, 70.0]
