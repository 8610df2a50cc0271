"""Smoothing, matching and placing of drives whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from gis.network.junctions import junctions_of
from gis.network.network import Network
from gis.tracks.matching import match, place_track
from gis.tracks.smoothing import ReceiverNoise, smooth, white_noise_sd_m
from voirie.arrays import Floats
from voirie.errors import EmptyInput, NoOverlap
from voirie.places import RouteKey

ORIGIN = np.array([600_000.0, 6_250_000.0])
KEY = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
D108 = RouteKey(**KEY)


def net(*rows: tuple[Any, ...]) -> Network:
    """Axes given as (points, cumul from, cumul to, more columns)."""
    axes = [
        KEY
        | {"part": 1, "cumul_from_m": start, "cumul_to_m": end, "width_m": 5.5}
        | {"geometry": LineString(np.asarray(points, dtype=float) + ORIGIN)}
        | (more[0] if more else {})
        for points, start, end, *more in rows
    ]
    pr = [
        KEY | {"num": n, "kind": "PR", "plo": f"31PR{n}", "cumul_m": m, "geometry": Point(ORIGIN)}
        for n, m in ((1, 300.0), (2, 1440.0))
    ]
    return Network.of(
        gpd.GeoDataFrame(axes, crs="EPSG:2154"),
        gpd.GeoDataFrame(pr, crs="EPSG:2154").assign(geometry=None),
    )


def path_of(points: Any, speed: float = 14.0, hz: float = 1.0) -> tuple[Floats, Floats]:
    """Times and positions of a drive along points at constant speed."""
    xy = np.asarray(points, dtype=float)
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    t = np.arange(0, along[-1] / speed, 1 / hz)
    return t, np.stack([np.interp(t * speed, along, xy[:, i]) for i in (0, 1)], axis=1) + ORIGIN


def noisy(
    t: Floats, xy: Floats, seed: int, sd: float = 4.0, latency_s: float = 0.0
) -> pd.DataFrame:
    """Phone-grade fixes: correlated error, a bias, white noise, one outlier in a hundred."""
    rng = np.random.default_rng(seed)
    stay = np.exp(-np.diff(t, prepend=t[0] - 1) / 30.0)
    error = rng.normal(0, sd, 2)
    out = np.stack([np.interp(t - latency_s, t, xy[:, i]) for i in (0, 1)], axis=1)
    bias = rng.normal(0, 1.5, 2)
    for i in range(len(t)):
        error = stay[i] * error + rng.normal(0, sd * np.sqrt(1 - stay[i] ** 2), 2)
        out[i] += error + bias + rng.normal(0, 0.5, 2)
    far = rng.random(len(t)) < 0.01
    out[far] += rng.normal(0, 40, (far.sum(), 2))
    return pd.DataFrame({"t_s": t, "x": out[:, 0], "y": out[:, 1]})


def matched(network: Network, t: Floats, xy: Floats) -> pd.DataFrame:
    step = np.gradient(xy, t, axis=0)
    heading = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360
    return match(t, xy[:, 0], xy[:, 1], heading, np.hypot(*step.T), network)


# --- smoothing ---------------------------------------------------------------------------------


def test_a_clean_drive_is_given_back() -> None:
    t, xy = path_of([(0, 0), (600, 0)])
    poses = smooth(pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})).at(t[5:-5] + 0.4)
    assert poses["speed_mps"].to_numpy() == pytest.approx(14, abs=0.1)
    assert poses["heading_deg"].to_numpy() == pytest.approx(90, abs=0.5)
    assert poses["x"].to_numpy() - ORIGIN[0] == pytest.approx((t[5:-5] + 0.4) * 14, abs=0.3)
    assert np.diff(poses["distance_m"]) == pytest.approx(14, abs=0.1)
    assert poses["moving"].all()
    assert not poses["bridged"].any()


def test_white_noise_is_estimated() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(400.0)
    xy = np.stack([t * 14, np.zeros(400)], axis=1) + rng.normal(0, 2.0, (400, 2))
    assert white_noise_sd_m(t, xy) == pytest.approx(2.0, rel=0.15)
    assert white_noise_sd_m(t[:4], xy[:4]) == 1.0


def test_outliers_lose_their_weight() -> None:
    t, xy = path_of([(0, 0), (800, 0)])
    track = pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})
    track.loc[[20, 33], "y"] += [45.0, -30.0]
    smoothed = smooth(track)
    assert np.flatnonzero(smoothed.outlier).tolist() == [20, 33]
    assert (smoothed.at(t)["y"] - ORIGIN[1]).abs().max() < 1.0


@pytest.mark.parametrize("k", [0, 1, 2, 30, 56, 57])
def test_an_outlier_anywhere_even_first(k: int) -> None:
    t, xy = path_of([(0, 0), (812, 0)])
    track = pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})
    track.loc[k, "y"] += 60.0
    error = smooth(track).at(t)["y"] - ORIGIN[1]
    assert error.abs().drop(k).max() < 1.5


def test_a_lost_filter_finds_itself_again() -> None:
    t, xy = path_of([(0, 0), (1600, 0)])
    xy[60:, 1] += 300  # the receiver wakes up elsewhere for good
    poses = smooth(pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})).at(t)
    assert poses["y"].to_numpy()[80:] - ORIGIN[1] == pytest.approx(300, abs=5)


def test_a_gap_is_bridged_and_says_so() -> None:
    t, xy = path_of([(0, 0), (900, 0)])
    keep = (t <= 20) | (t >= 32)
    track = pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})[keep]
    poses = smooth(track).at([19.5, 20.0, 26.0, 32.0, 33.0])
    assert poses["bridged"].tolist() == [False, False, True, False, False]
    assert poses["accuracy_m"].iloc[2] > poses["accuracy_m"].iloc[0]
    assert poses["x"].iloc[2] - ORIGIN[0] == pytest.approx(26 * 14, abs=3)


def test_a_stop_drives_no_metre_and_keeps_its_heading() -> None:
    t = np.arange(0, 60.0)
    along = np.interp(t, [0, 20, 40, 60], [0, 200, 200, 400])
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 0.4, (60, 2))
    track = pd.DataFrame({"t_s": t, "x": along + noise[:, 0], "y": noise[:, 1]})
    poses = smooth(track).at(np.arange(25, 36.0))
    assert not poses["moving"].any()
    assert poses["distance_m"].iloc[-1] - poses["distance_m"].iloc[0] < 1.0
    assert poses["heading_deg"].to_numpy() == pytest.approx(90, abs=15)


def test_a_pause_of_the_logger_is_no_excursion() -> None:
    t, xy = path_of([(0, 0), (840, 0)])
    later = np.where(t > 30, t + 900, t)
    track = pd.DataFrame({"t_s": later, "x": xy[:, 0], "y": xy[:, 1]})
    poses = smooth(track).at([5.0, 480.0, 950.0])
    assert poses["distance_m"].iloc[-1] - poses["distance_m"].iloc[0] == pytest.approx(616, abs=5)
    assert poses["bridged"].tolist() == [False, True, False]
    assert 420 - 1 < poses["x"].iloc[1] - ORIGIN[0] < 434 + 1


def test_beyond_the_ends_there_is_nothing() -> None:
    t, xy = path_of([(0, 0), (300, 0)])
    poses = smooth(pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})).at([-10.0, -1.0, 99.0])
    assert poses["x"].isna().tolist() == [True, False, True]
    assert poses["bridged"].iloc[1]
    with pytest.raises(EmptyInput):
        smooth(pd.DataFrame({"t_s": [0.0], "x": [0.0], "y": [0.0]}))


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


def test_junctions_by_ends_touches_and_crossings() -> None:
    network = net(
        ([(0, 0), (1000, 0)], 0, 1000),
        ([(300, 20), (300, 400)], 0, 380, {"route": "D1"}),  # ends 20 m away: a roundabout
        ([(0, 60), (1000, 60)], 0, 1000, {"route": "D2"}),  # parallel, met by none but D1
        ([(700, -50), (700, 50)], 0, 100, {"route": "D3"}),  # crosses D108
    )
    pairs = {(a, b) for a, b in junctions_of(network).by_pair if a < b}
    name = dict(
        zip(network.segments.chain, network.axes["route"].iloc[network.segments.row], strict=True)
    )
    assert {tuple(sorted((name[a], name[b]))) for a, b in pairs} == {
        ("D1", "D108"),
        ("D1", "D2"),
        ("D108", "D3"),
        ("D2", "D3"),  # D3 ends 10 m from it
    }


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


def test_same_input_same_output(bends: Drive) -> None:
    track = noisy(bends.t, bends.xy, 2)
    first, second = (smooth(track).at(bends.t) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_a_stated_noise_is_used(bends: Drive) -> None:
    track = noisy(bends.t, bends.xy, 2)
    tight = smooth(track, ReceiverNoise(drift_sd_m=1.0)).at(bends.t)
    loose = smooth(track, ReceiverNoise(drift_sd_m=8.0)).at(bends.t)
    assert tight["accuracy_m"].median() < loose["accuracy_m"].median()


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
