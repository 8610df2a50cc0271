"""An offset that the drive tells is applied where nobody stated one, and said otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inspection.capture.clock_offset import FoundOffset
from inspection.capture.frame_source import open_source
from inspection.capture.pass_clock import MotionWatch, PassClock, on_found_clock
from inspection.context import PassSetup
from inspection.options import parse_step
from inspection.resources import Resources
from tests.inspection.capture.made_pass import film, plan, track
from voirie.inputs import PassInput
from voirie.wording import Wording

SHARP = FoundOffset(2.6, 0.1, 2.4, 2.8, False, 0.1)


@pytest.fixture
def stated(tmp_path: Path) -> PassSetup:
    return plan([film(tmp_path / "a.mp4", 60)], track(tmp_path / "t.csv", 10), 1.0)


@pytest.fixture
def open_clock(stated: PassSetup) -> PassSetup:
    given = PassInput(id="a", inputs=stated.given.inputs, track=stated.given.track)
    return replace(stated, given=given)


def said(clock: PassClock, plan: PassSetup) -> str:
    return " ".join(Wording("en").say(told) for told in clock.told(plan))


def test_what_is_found_stands_where_nothing_is_stated(open_clock: PassSetup) -> None:
    clock = PassClock.of(open_clock, SHARP)
    row = clock.row(open_clock)
    assert (row["offset_s"], row["offset_source"]) == (2.6, "estimated")
    assert (row["offset_low_s"], row["offset_high_s"], row["offset_sd_s"]) == (2.4, 2.8, 0.1)
    assert said(clock, open_clock) == ""


def test_a_flat_drive_is_told_and_its_doubt_kept(open_clock: PassSetup) -> None:
    clock = PassClock.of(open_clock, FoundOffset.flat())
    row = clock.row(open_clock)
    assert (row["offset_s"], row["offset_source"]) == (0.0, "none")
    assert row["offset_sd_s"] == 2.0
    assert "may be off by 46 m along the road; state offset_s" in said(clock, open_clock)


def test_a_stated_offset_stands_and_is_told_when_the_drive_says_otherwise(
    stated: PassSetup,
) -> None:
    clock = PassClock.of(stated, SHARP)
    row = clock.row(stated)
    assert (row["offset_s"], row["offset_source"], row["offset_sd_s"]) == (1.0, "stated", None)
    assert "an offset of 3.6 s between film and track, not 1 s" in said(clock, stated)
    near = replace(SHARP, offset_s=0.4, low_s=0.2, high_s=0.6)
    assert said(PassClock.of(stated, near), stated) == ""


def test_distances_and_dates_follow_the_clock(open_clock: PassSetup) -> None:
    source = open_source(open_clock, parse_step("10m"), Resources())
    film_s = [item.pts_s for item in source.wanted]
    frames = pd.DataFrame({"pts_s": film_s, "distance_m": 0.0, "captured_at": None})
    moved = on_found_clock(frames, source, PassClock(1.0, "estimated", SHARP))
    assert moved["distance_m"].to_numpy() == pytest.approx(10 * (np.array(film_s) - film_s[0]), 0.1)
    assert on_found_clock(frames, source, PassClock(0.0, "none", None)) is frames


def test_what_a_film_told_is_kept_for_a_run_that_goes_on(
    open_clock: PassSetup, tmp_path: Path
) -> None:
    source = open_source(open_clock, parse_step("10m"), Resources())
    first = MotionWatch(open_clock, source, [], tmp_path / "motion-x").motion()
    again = MotionWatch(open_clock, source, [], tmp_path / "motion-x")
    assert again.watchers == {}
    assert again.motion().step.tolist() == first.step.tolist()
    (tmp_path / "motion-x-0.json").write_text("{", encoding="utf-8")
    assert list(MotionWatch(open_clock, source, [], tmp_path / "motion-x").watchers) == list(
        open_clock.given.inputs
    )
