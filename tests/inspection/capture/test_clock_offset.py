"""The offset between film and positions follows from how the car sped up, stood and turned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.tracks.smoothing import smooth
from inspection.capture.clock_offset import (
    ASSUMED_SD_S,
    FoundOffset,
    attainable_sd_s,
    find_offset,
    ways_of,
)
from inspection.capture.road_motion import RoadMotion
from tests.inspection.capture.made_motion import MadeDrive, made_drive

DRIVE = made_drive()


def found(drive: MadeDrive, offset_s: float, seed: int = 0, noise_m: float = 0.4) -> FoundOffset:
    t_s, xy = drive.fixes(offset_s, seed, noise_m)
    track = smooth(pd.DataFrame({"t_s": t_s, "x": xy[:, 0], "y": xy[:, 1]}))
    return find_offset(drive.motion, t_s, xy, track)


@settings(max_examples=5, deadline=None)
@given(offset_s=st.floats(-6, 6), seed=st.integers(0, 1000))
def test_an_offset_is_found_whatever_its_sign(offset_s: float, seed: int) -> None:
    it = found(DRIVE, offset_s, seed)
    assert not it.is_flat
    assert abs(it.offset_s - offset_s) < 4 * it.sd_s < 1.0
    assert it.low_s < it.offset_s < it.high_s


def test_a_clock_that_is_far_off_is_found_further_away() -> None:
    long = made_drive(seed=3)
    twice = long.motion.followed_by(
        RoadMotion(long.t_s + 120.0, long.motion.step, long.motion.step_sd, long.motion.turn_px)
    )
    xy = np.concatenate([long.xy, long.xy + long.xy[-1]])
    drive = MadeDrive(np.r_[long.t_s, long.t_s + 120.0], xy, twice)
    assert found(drive, 27.0).offset_s == pytest.approx(27.0, abs=0.5)


def test_a_straight_road_at_one_speed_tells_nothing() -> None:
    it = found(made_drive(steady=True), 2.0)
    assert it.is_flat
    assert (it.offset_s, it.sd_s) == (0.0, ASSUMED_SD_S)
    assert it.low_s < 0 < it.high_s


def test_pictures_of_which_nothing_is_read_tell_nothing() -> None:
    rng = np.random.default_rng(0)
    blind = RoadMotion(
        DRIVE.t_s,
        np.abs(rng.normal(0.002, 0.002, len(DRIVE.motion))),
        np.full(len(DRIVE.motion), 2e-3),
        rng.normal(0, 5, len(DRIVE.motion)),
    )
    assert found(MadeDrive(DRIVE.t_s, DRIVE.xy, blind), 1.0).is_flat
    assert found(MadeDrive(DRIVE.t_s, DRIVE.xy, RoadMotion.none()), 1.0).is_flat


def test_a_film_with_a_picture_a_second_tells_nothing() -> None:
    way = DRIVE.motion.step[:1190].reshape(-1, 10).sum(axis=1)
    slow = RoadMotion(np.arange(len(way) + 1.0), way, way * 0 + 1e-5, way * 0)
    assert found(MadeDrive(DRIVE.t_s, DRIVE.xy, slow), 1.0).is_flat


def test_the_receivers_own_speed_is_not_asked() -> None:
    t_s, xy = DRIVE.fixes(1.0)
    track = pd.DataFrame({"t_s": t_s, "x": xy[:, 0], "y": xy[:, 1]})
    late = track.assign(speed_mps=np.roll(np.hypot(*np.gradient(xy, axis=0).T), 3))
    one, other = (find_offset(DRIVE.motion, t_s, xy, smooth(table)) for table in (track, late))
    assert one == other


def test_noisier_positions_allow_less() -> None:
    bounds = []
    for noise_m in (0.3, 1.5):
        t_s, xy = DRIVE.fixes(0.0, noise_m=noise_m)
        bounds.append(attainable_sd_s(ways_of(t_s, xy, np.zeros(len(t_s), bool))))
    assert bounds[0] is not None
    assert bounds[1] is None or bounds[1] > bounds[0]
