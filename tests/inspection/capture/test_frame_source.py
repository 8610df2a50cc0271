"""Which pictures of a pass are wanted, and that no other is decoded for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from anonymize.orientation import STRETCH, WHOLE
from inspection.capture.frame_source import Source, open_source
from inspection.context import PassSetup
from inspection.options import parse_step
from inspection.resources import Resources
from tests.inspection.capture.made_pass import RATE, SPEED_MPS, film, plan, track
from tests.made_films import shaded_film
from tests.made_telemetry import rmc
from voirie.errors import NoOverlap
from voirie.wording import Wording

STEP = parse_step("5m")


@pytest.fixture
def drive(tmp_path: Path) -> PassSetup:
    """Three seconds in a first film and two in a second that follows it."""
    films = [film(tmp_path / "a.mp4", 3 * RATE), film(tmp_path / "b.mp4", 2 * RATE)]
    return plan(films, track(tmp_path / "t.csv", 20))


def opened(drive: PassSetup) -> Source:
    return open_source(drive, STEP, Resources())


def test_a_picture_each_step_over_films_that_follow_each_other(drive: PassSetup) -> None:
    source = opened(drive)
    assert np.diff([item.distance_m for item in source.wanted]) == pytest.approx(5.0, abs=1.05)
    assert len(source.wanted) == pytest.approx(5.0 * SPEED_MPS / 5.0, abs=1)
    first, second = drive.given.inputs
    assert [item.file for item in source.wanted] == sorted(item.file for item in source.wanted)
    assert {item.file for item in source.wanted} == {first, second}
    # The second film begins where the first ends, and its pictures are counted anew.
    for item in source.wanted:
        begins_s = 0.0 if item.file == first else 3.0
        assert item.pts_s == pytest.approx(begins_s + item.index / RATE, abs=1e-6)
    assert len({item.frame_id for item in source.wanted}) == len(source.wanted)


def test_a_picture_keeps_its_identifier_when_the_step_changes(drive: PassSetup) -> None:
    every = {item.frame_id for item in open_source(drive, parse_step("1m"), Resources()).wanted}
    assert {item.frame_id for item in opened(drive).wanted} < every


def test_a_film_of_which_nothing_is_pending_is_not_opened(drive: PassSetup) -> None:
    source = opened(drive)
    first, second = drive.given.inputs
    first.unlink()
    pending = [item for item in source.wanted if item.file == second]
    decoded = list(source.windows(pending, 1))
    assert [item for item, _ in decoded] == pending
    assert [window.frame.index for _, window in decoded] == [item.index for item in pending]


def test_samples_come_from_every_film(drive: PassSetup) -> None:
    samples = opened(drive).samples()
    found = [(path, [frame.source for frame in some]) for path, _, some in samples]
    assert [path for path, _ in found] == list(drive.given.inputs)
    assert all(names and set(names) == {path.name} for path, names in found)


def test_a_track_that_does_not_reach_the_film_is_refused(drive: PassSetup) -> None:
    given = drive.given.model_copy(update={"offset_s": 100.0})
    with pytest.raises(NoOverlap):
        opened(replace(drive, given=given))


def test_stills_are_wanted_each_and_known_by_their_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    folder.mkdir()
    for number in range(3):
        shade = np.full((48, 64, 3), 40 * number, np.uint8)
        assert cv2.imwrite(str(folder / f"{number}.png"), shade)
    stills = replace(plan([folder], None), kind="stills")
    wanted = opened(stills).wanted
    assert [item.file.name for item in wanted] == ["0.png", "1.png", "2.png"]
    assert [item.pts_s for item in wanted] == [0.0, 1.0, 2.0]
    ((sampled, shown, frames),) = opened(stills).samples()
    assert (sampled, shown) == (folder, WHOLE)
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [0, 40, 80]
    (folder / "0.png").rename(folder / "9.png")
    again = {item.file.name: item.frame_id for item in opened(stills).wanted}
    assert again["9.png"] == wanted[0].frame_id
    pixels = [window.frame.pixels[0, 0, 0] for _, window in opened(stills).windows(wanted[1:], 1)]
    assert pixels == [40, 80]


def test_many_stills_are_looked_at_in_parts_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    folder.mkdir()
    for number in range(STRETCH + 10):
        assert cv2.imwrite(
            str(folder / f"{number:03d}.png"), np.full((48, 64, 3), number, np.uint8)
        )
    samples = opened(replace(plan([folder], None), kind="stills")).samples()
    shown = [(name, [int(frame.pixels[0, 0, 0]) for frame in some]) for _, name, some in samples]
    assert [name for name, _ in shown] == [
        WHOLE,
        f"000.png - {STRETCH - 1}.png",
        f"010.png - {STRETCH + 9}.png",
    ]
    assert [max(seen) for _, seen in shown] == [STRETCH + 9, STRETCH - 1, STRETCH + 9]


def test_what_was_left_out_of_a_track_is_said(tmp_path: Path) -> None:
    path = track(tmp_path / "t.csv", 20)
    path.write_text(path.read_text("utf-8") + "nonsense,1,2\n", encoding="utf-8")
    source = opened(plan([film(tmp_path / "a.mp4", 3 * RATE)], path))
    assert not source.is_cut_off
    (told,) = source.shortcomings()
    said = Wording("en").say(told)
    assert said == "points of t.csv that are no fix were left out (1 without a time)"


def test_films_that_bring_their_track_are_one_drive(tmp_path: Path) -> None:
    films = [shaded_film(tmp_path / f"{name}.mp4", pictures=125) for name in ("a", "b")]
    for rank, path in enumerate(films):
        lines = [rmc(6 * rank + k) for k in range(6)]
        path.with_suffix(".nmea").write_text("\n".join(lines), encoding="utf-8")
    resources = Resources()
    resources.join(tuple(films))
    source = open_source(plan(films, None), STEP, resources)
    # The camera lost a second between the two: the second film begins at 6 s, not at 5 s.
    first = [item.pts_s for item in source.wanted if item.file == films[1]]
    assert min(first) >= 6.0 and {item.file for item in source.wanted} == set(films)
    assert source.length_m == pytest.approx(11 * 11.1, rel=0.1)
    said = [Wording("en").say(what) for what in source.shortcomings()]
    assert said == ["positions of a.mp4 come from a.nmea, b.nmea beside it"]
