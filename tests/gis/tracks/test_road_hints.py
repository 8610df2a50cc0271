"""What the road says about a drive in its lane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.network.network import Network
from gis.tracks.road_hints import receiver_noise_seen, road_hints
from gis.tracks.smoothing import ReceiverNoise, smooth
from tests.gis.tracks.made_tracks import D108, KEY, ORIGIN, net
from voirie.arrays import Floats

STRAIGHT = net(([(0, 0), (2000, 0)], 0, 2000))
LANE_M = 2.75
"""Half of the 5.5 m that the made networks have."""

SPEED_MPS = 10.0


def fixes(t_s: Floats, cumul_m: Floats, **more: Any) -> pd.DataFrame:
    """Fixes that are matched on D108."""
    table = pd.DataFrame({"t_s": t_s, "cumul_m": cumul_m, "distance_m": cumul_m, **KEY})
    table = table.assign(sens="+", voie=1, matched=True, moving=True, offset_m=LANE_M / 2)
    return table.assign(**more)


def track(network: Network, t_s: Floats, cumul_m: Floats) -> pd.DataFrame:
    xy = network.locate(D108, cumul_m, LANE_M / 2)
    return pd.DataFrame({"t_s": t_s, "x": xy[:, 0], "y": xy[:, 1]})


@pytest.mark.parametrize(("sens", "side"), [("+", -1.0), ("-", 1.0)])
def test_the_car_is_in_the_middle_of_the_lane_of_its_direction(sens: str, side: float) -> None:
    t = np.arange(0.0, 20.0, 5.0)
    cumul = 100.0 + SPEED_MPS * t
    found = road_hints(smooth(track(STRAIGHT, t, cumul)), fixes(t, cumul, sens=sens), STRAIGHT)
    assert found.t_s.tolist() == t.tolist()
    expected = np.stack([cumul, np.full(len(t), side * LANE_M / 2)], axis=1)
    assert found.place - ORIGIN == pytest.approx(expected)
    # To the right of increasing PR, whichever way is driven.
    assert found.normal == pytest.approx(np.tile([0.0, -1.0], (len(t), 1)))
    assert found.curvature == pytest.approx(np.zeros(len(t)))
    # A quarter of the lane and half a metre of drawing; two moments share ten seconds.
    one = np.hypot(LANE_M / 4, 0.5)
    assert found.sd_m == pytest.approx([one, *[one * np.sqrt(2.0)] * (len(t) - 1)])


@pytest.mark.parametrize("right", [1.0, -1.0])
def test_a_bend_has_the_curvature_of_its_circle(right: float) -> None:
    radius = 100.0
    angle = np.linspace(0.0, np.pi, 400)
    points = [(radius * np.sin(a), right * radius * (np.cos(a) - 1.0)) for a in angle]
    network = net((points, 0, radius * np.pi))
    t = np.arange(1.0, 25.0)
    found = road_hints(smooth(track(network, t, 12.0 * t)), fixes(t, 12.0 * t), network)
    assert found.curvature == pytest.approx(np.full(len(t), right / radius), rel=0.03)


def test_only_fixes_that_drive_on_the_road_are_asked() -> None:
    t = np.arange(0.0, 9.0)
    cumul = SPEED_MPS * t + 50
    table = fixes(t, cumul)
    table.loc[1, "matched"] = False
    table.loc[3, "sens"] = None
    table.loc[5, "moving"] = False
    found = road_hints(smooth(track(STRAIGHT, t, cumul)), table, STRAIGHT)
    assert found.t_s.tolist() == [0.0, 2.0, 4.0, 6.0, 7.0, 8.0]


@pytest.mark.parametrize(
    ("gap_s", "way_m", "more", "bridged"),
    [
        (20.0, 200.0, {}, True),
        (20.0, 900.0, {}, False),  # much further on than was driven
        (130.0, 1300.0, {}, False),  # so long that it may hold anything
        (20.0, 200.0, {"sens": "-"}, False),  # it turned round
    ],
)
def test_a_gap_is_filled_along_the_road_where_both_ends_agree(
    gap_s: float, way_m: float, more: dict[str, Any], bridged: bool
) -> None:
    before = np.arange(0.0, 10.0)
    t = np.r_[before, before + 9.0 + gap_s]
    driven = SPEED_MPS * t
    cumul = 10.0 + np.r_[SPEED_MPS * before, 90.0 + way_m + SPEED_MPS * before]
    table = fixes(t, cumul, distance_m=driven)
    for column, value in more.items():
        table.loc[10:, column] = value
    found = road_hints(smooth(track(STRAIGHT, t, 10.0 + driven)), table, STRAIGHT)
    inside = (found.t_s > 9.0) & (found.t_s < 9.0 + gap_s)
    assert inside.sum() == (gap_s - 1 if bridged else 0)
    if bridged:
        way = found.place[inside, 0] - ORIGIN[0]
        assert way == pytest.approx(10.0 + SPEED_MPS * found.t_s[inside], abs=2.0)


@pytest.mark.parametrize(("across_m", "sd_m"), [(3.0, 1.4826 * 3.0), (0.1, 1.0), (40.0, 8.0)])
def test_the_error_of_the_receiver_is_how_far_it_lies_from_the_lane(
    across_m: float, sd_m: float
) -> None:
    t = np.arange(0.0, 70.0)
    offset = LANE_M / 2 + np.where(np.arange(70) % 2, across_m, -across_m)
    found = receiver_noise_seen(fixes(t, SPEED_MPS * t, offset_m=offset), STRAIGHT)
    assert found.drift_sd_m == pytest.approx(sd_m)
    short = fixes(t, SPEED_MPS * t, offset_m=offset).iloc[:50]
    assert receiver_noise_seen(short, STRAIGHT) == ReceiverNoise()
