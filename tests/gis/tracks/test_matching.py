"""Matching and placing of drives whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from gis.network.network import Network
from gis.tracks.matching import match, place_track
from tests.gis.tracks.made_tracks import D108, ORIGIN, net, noisy, path_of
from voirie.arrays import Floats
from voirie.errors import NoOverlap


def matched(network: Network, t: Floats, xy: Floats) -> pd.DataFrame:
    step = np.gradient(xy, t, axis=0)
    heading = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360
    return match(t, xy[:, 0], xy[:, 1], heading, np.hypot(*step.T), network)


# --- matching ----------------------------------------------------------------------------------


def test_stays_on_its_axis_through_a_crossing() -> None:
    network = net(
        ([(0, 0), (1000, 0)], 0, 1000),
        ([(500, -500), (500, 500)], 0, 1000, {"route": "D7"}),
    )
    t, xy = path_of([(0, -2), (1000, -2)], hz=2)
    out = matched(network, t, xy)
    assert out["route"].eq("D108").all()
    assert out["sens"].eq("+").all()
    assert out["offset_m"].to_numpy() == pytest.approx(2.0)
    assert out["cumul_m"].to_numpy() == pytest.approx(xy[:, 0] - ORIGIN[0])
    assert out["voie"].eq(1).all()


def test_turns_at_a_crossing() -> None:
    network = net(
        ([(0, 0), (1000, 0)], 0, 1000),
        ([(500, -500), (500, 500)], 0, 1000, {"route": "D7"}),
    )
    t, xy = path_of([(0, 0), (500, 0), (500, -400)])
    out = matched(network, t, xy)
    where = xy - ORIGIN
    assert out["route"][where[:, 0] < 480].eq("D108").all()
    later = where[:, 1] < -20
    assert out["route"][later].eq("D7").all()
    assert out["sens"][later].eq("-").all()
    assert out["cumul_m"][later].to_numpy() == pytest.approx(500 + where[later, 1])


@pytest.mark.parametrize("apart", [25.0, 30.0])
@pytest.mark.parametrize("seed", range(2))
def test_stays_beside_a_parallel_road(apart: float, seed: int) -> None:
    network = net(
        ([(-200, 0), (3000, 0)], 0, 3200),
        ([(-200, apart), (3000, apart)], 0, 3200, {"route": "D7"}),
    )
    t, xy = path_of([(0, -1.4), (2800, -1.4)])
    placed = place_track(noisy(t, xy, seed), network)
    assert placed.fixes["route"].eq("D108").mean() > 0.98


def test_a_route_ends_where_another_starts() -> None:
    network = net(
        ([(0, 0), (600, 0)], 0, 600),
        ([(600, 0), (1200, 100)], 0, 608.3, {"route": "D7"}),
    )
    t, xy = path_of([(0, 0), (600, 0), (1200, 100)])
    out = matched(network, t, xy)
    assert out["matched"].all()
    assert out["route"].drop_duplicates().tolist() == ["D108", "D7"]
    steps = np.diff(out["cumul_m"])
    assert steps[np.abs(steps) < 100] == pytest.approx(14, abs=0.5)


def test_a_shared_stretch_is_the_carriers() -> None:
    network = net(
        ([(0, 0), (1000, 0)], 0, 1000),
        ([(400, -400), (400, 0)], 0, 400, {"route": "D7"}),
        ([(400, 0), (600, 0)], 400, 600, {"route": "D7", "carried_by": "D108"}),
        ([(600, 0), (600, 400)], 600, 1000, {"route": "D7"}),
    )
    t, xy = path_of([(400, -400), (400, 0), (600, 0), (600, 400)], hz=2)
    out = matched(network, t, xy)
    assert out["route"].drop_duplicates().tolist() == ["D7", "D108"]
    middle = (xy[:, 0] - ORIGIN[0] > 420) & (xy[:, 0] - ORIGIN[0] < 580)
    assert out["route"][middle].eq("D108").all()
    assert out["matched"].all()


def test_a_dual_carriageway_goes_by_direction() -> None:
    network = net(
        ([(0, -6), (1000, -6)], 0, 1000, {"cote": "D"}),
        ([(0, 6), (1000, 6)], 0, 1000, {"cote": "G"}),
    )
    t, xy = path_of([(0, 1), (1000, 1)])  # nearer to the wrong one
    forth = matched(network, t, xy)
    assert forth["cote"].eq("D").all()
    back = matched(network, t, xy[::-1] - [0, 2])
    assert back["cote"].eq("G").all()
    assert back["sens"].eq("-").all()


def test_leaves_the_network_and_comes_back() -> None:
    network = net(([(0, 0), (3000, 0)], 0, 3000))
    t, xy = path_of([(0, 0), (800, 0), (800, 400), (1800, 400), (1800, 0), (2800, 0)])
    out = matched(network, t, xy)
    away = xy[:, 1] - ORIGIN[1] > 35
    assert not out["matched"][away].any()
    assert out.loc[away, ["route", "sens", "voie", "cumul_m", "offset_m"]].isna().all().all()
    assert out["matched"][(xy[:, 1] == ORIGIN[1])].mean() > 0.97


def test_a_run_too_far_from_its_axis_is_not_on_it() -> None:
    network = net(([(0, 0), (1000, 0)], 0, 1000))
    t, xy = path_of([(0, 18), (1000, 18)])
    assert not matched(network, t, xy)["matched"].any()
    t, xy = path_of([(0, 12), (1000, 12)])
    assert matched(network, t, xy)["matched"].all()


def test_across_the_axis_the_direction_is_unknown() -> None:
    network = net(([(0, 0), (100, 0)], 0, 100))
    out = match([0.0], [600_050.0], [6_250_001.0], [0.0], [1.0], network)
    assert out["matched"].tolist() == [True]
    assert out["sens"].isna().all()
    assert match([0.0], [np.nan], [np.nan], [0.0], [1.0], network)["matched"].tolist() == [False]


# --- placing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drive:
    network: Network
    t: Floats
    cumul: Floats
    xy: Floats


@pytest.fixture(scope="module")
def bends() -> Drive:
    """3 km of bends at 50 km/h with a stop, in the right lane."""
    rng = np.random.default_rng(5)
    heading = np.cumsum(np.convolve(rng.normal(0, 0.12, 300), np.ones(8) / 8, "same"))
    points = np.vstack([[0, 0], np.cumsum(10 * np.c_[np.cos(heading), np.sin(heading)], axis=0)])
    network = net((points, 0, 3000))
    t = np.arange(0, 200.0)
    speed = np.interp(t, [0, 10, 80, 88, 96, 106, 200], [0, 14, 14, 0, 0, 14, 14])
    cumul = 100 + np.cumsum(speed) - speed[0]
    return Drive(network, t, cumul, network.locate(D108, cumul, 1.375))


def test_the_road_takes_the_error_across_and_part_of_it_along(bends: Drive) -> None:
    errors, raw_errors, ratios = [], [], []
    for seed in range(5):
        track = noisy(bends.t, bends.xy, seed)
        track = track[(track["t_s"] < 60) | (track["t_s"] > 72)].reset_index(drop=True)
        poses = place_track(track, bends.network).at(bends.t[3:-3])
        assert poses["matched"].all()
        assert poses["sens"][poses["moving"]].eq("+").all()
        assert (poses["offset_m"] - 1.375).abs().median() < 0.8
        gap = poses[(poses["t_s"] > 61) & (poses["t_s"] < 71)]
        assert gap["bridged"].all()
        assert gap["dist_axis_m"].max() < 3.0  # along the road, not straight on
        errors.append(np.abs(poses["cumul_m"].to_numpy() - bends.cumul[3:-3]))
        true = np.interp(track["t_s"], bends.t, bends.cumul)
        raw, _ = bends.network.project(D108, track[["x", "y"]], near_cumul_m=true)
        raw_errors.append(np.abs(raw - true))
        away = np.hypot(*(poses[["x", "y"]].to_numpy() - bends.xy[3:-3]).T)
        ratios.append(np.sqrt((away**2).mean()) / poses["accuracy_m"].median())
    assert np.median(np.concatenate(errors)) < np.median(np.concatenate(raw_errors))
    p95, raw_p95 = (np.percentile(np.concatenate(e), 95) for e in (errors, raw_errors))
    assert p95 < 0.9 * raw_p95
    assert 0.6 < np.mean(ratios) < 1.4  # the accuracy neither boasts nor shrugs


def test_moments_in_any_order(bends: Drive) -> None:
    placed = place_track(noisy(bends.t, bends.xy, 1), bends.network)
    forward = placed.at([10.0, 50.0, 150.0])
    shuffled = placed.at([150.0, 10.0, 50.0])
    assert shuffled["cumul_m"].tolist() == forward["cumul_m"].iloc[[2, 0, 1]].tolist()


@pytest.mark.parametrize("count", [2, 3, 8])
def test_short_and_standing_tracks_are_placed(bends: Drive, count: int) -> None:
    standing = pd.DataFrame({"t_s": np.arange(count)}).assign(x=bends.xy[0, 0], y=bends.xy[0, 1])
    placed = place_track(standing, bends.network)
    assert placed.fixes["matched"].all()
    assert not placed.fixes["moving"].any()
    moving = noisy(bends.t[40 : 40 + count], bends.xy[40 : 40 + count], 1)
    assert len(place_track(moving, bends.network).at([41.0])) == 1


def test_no_overlap(bends: Drive) -> None:
    track = noisy(bends.t, bends.xy + 50_000, 1)
    with pytest.raises(NoOverlap, match="touches no axis"):
        place_track(track, bends.network)
