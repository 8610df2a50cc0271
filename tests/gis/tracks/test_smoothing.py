"""Smooth drives from fixes whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gis.tracks.smoothing import ReceiverNoise, RoadHints, smooth, white_noise_sd_m
from tests.gis.tracks.made_tracks import ORIGIN, noisy, path_of
from voirie.arrays import Floats
from voirie.errors import EmptyInput

WINDING = path_of([(0, 0), (300, 40), (500, -80), (700, 100), (1100, 60), (1500, 0)])
"""Times and positions of a drive of 110 s that turns now and then."""


def fixes(t: Floats, xy: Floats) -> pd.DataFrame:
    return pd.DataFrame({"t_s": t, "x": xy[:, 0], "y": xy[:, 1]})


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


def test_same_input_same_output() -> None:
    track = noisy(*WINDING, 2)
    first, second = (smooth(track).at(WINDING[0]) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_a_stated_noise_is_used() -> None:
    track = noisy(*WINDING, 2)
    tight = smooth(track, ReceiverNoise(drift_sd_m=1.0)).at(WINDING[0])
    loose = smooth(track, ReceiverNoise(drift_sd_m=8.0)).at(WINDING[0])
    assert tight["accuracy_m"].median() < loose["accuracy_m"].median()


@pytest.mark.parametrize(("turn_deg", "seed"), [(1.0, 1), (90.0, 2), (217.0, 3)])
def test_a_turned_map_turns_the_drive_and_nothing_else(turn_deg: float, seed: int) -> None:
    track = noisy(*WINDING, seed)
    # What is estimated from the fixes is estimated axis by axis, so it is given here.
    noise = ReceiverNoise(white_sd_m=0.6)
    angle = np.radians(turn_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    xy = track[["x", "y"]].to_numpy() - ORIGIN
    moments = WINDING[0][3:-3] + 0.3
    plain = smooth(track, noise).at(moments)
    turned = smooth(fixes(WINDING[0], xy @ turn.T + ORIGIN), noise).at(moments)
    there = (plain[["x", "y"]].to_numpy() - ORIGIN) @ turn.T + ORIGIN
    assert turned[["x", "y"]].to_numpy() == pytest.approx(there, abs=0.01)
    heading = (turned["heading_deg"] - plain["heading_deg"] - turn_deg + 180.0) % 360.0 - 180.0
    assert np.abs(heading).max() < 0.1
    for column in ("speed_mps", "accuracy_m", "distance_m"):
        assert turned[column].to_numpy() == pytest.approx(plain[column].to_numpy(), abs=0.02)


def test_the_smooth_drive_is_nearer_the_truth_than_white_noise_is() -> None:
    t, xy = WINDING
    rng = np.random.default_rng(8)
    track = fixes(t, xy + rng.normal(0.0, 3.0, xy.shape))
    noise = ReceiverNoise(drift_sd_m=0.1, white_sd_m=3.0)
    found = smooth(track, noise).at(t)[["x", "y"]].to_numpy()
    error, raw = (np.hypot(*(p - xy).T).mean() for p in (found, track[["x", "y"]].to_numpy()))
    assert error < 0.7 * raw


def test_a_hint_takes_away_the_error_across_the_road_and_not_along_it() -> None:
    t, xy = path_of([(0, 0), (900, 0)])
    track = fixes(t, xy + np.array([3.0, 5.0]))  # a receiver that is off for the whole drive
    count = len(t)
    hints = RoadHints(t, np.tile([0.0, -1.0], (count, 1)), xy, np.zeros(count), np.full(count, 0.3))
    plain, told = smooth(track).at(t[5:-5]), smooth(track, hints=hints).at(t[5:-5])
    assert (plain["y"] - ORIGIN[1]).abs().min() > 4.0
    assert (told["y"] - ORIGIN[1]).abs().max() < 0.5
    assert told["x"].to_numpy() == pytest.approx(plain["x"].to_numpy(), abs=0.5)
    assert (told["accuracy_m"] < plain["accuracy_m"]).all()
