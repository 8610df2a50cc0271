"""The clock of a film is laid on that of its track."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from inspection.capture.pass_track import track_of
from inspection.resources import Resources
from tests.inspection.capture.made_pass import SPEED_MPS, plan, track
from tests.voirie.media.test_video import film
from voirie.errors import ConfigurationError, NoOverlap, NotDecodable

GPX = """<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{}</trkseg></trk></gpx>"""
BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)


def gpx(path: Path) -> Path:
    """Twenty seconds with dates, one fix a second, to the north."""
    points = [
        f'<trkpt lat="{44 + s / 10_000}" lon="1.4"><time>{BEGAN + timedelta(seconds=s):%FT%TZ}'
        "</time></trkpt>"
        for s in range(21)
    ]
    path.write_text(GPX.format("".join(points)), encoding="utf-8")
    return path


def test_the_offset_is_added_to_the_time_of_the_film(tmp_path: Path) -> None:
    path = track(tmp_path / "t.csv", 20)
    found = track_of(plan([tmp_path / "a.mp4"], path, offset_s=3.0), 5.0, Resources())
    assert found.times(np.array([0.0, 2.5])).tolist() == [3.0, 5.5]
    metres = found.at(np.array([0.0, 4.0]))["distance_m"].to_numpy()
    assert metres[1] - metres[0] == pytest.approx(4.0 * SPEED_MPS, abs=0.5)
    assert found.moment(0.0) is None


def test_a_film_with_a_date_is_laid_on_the_dates_of_the_track(tmp_path: Path) -> None:
    dated = plan([tmp_path / "a.mp4"], gpx(tmp_path / "t.gpx"), offset_s=0.5)
    started = BEGAN + timedelta(seconds=7)
    given = dated.given.model_copy(update={"started_at": started})
    made = type(dated)(dated.pass_id, given, dated.kind, None, dated.source_sha256)
    found = track_of(made, 5.0, Resources())
    assert found.shift_s == 7.5
    assert found.moment(2.0) == started + timedelta(seconds=2.5)


def test_where_the_track_does_not_reach_nothing_is_known(tmp_path: Path) -> None:
    path = track(tmp_path / "t.csv", 5)
    found = track_of(plan([tmp_path / "a.mp4"], path), 60.0, Resources())
    known = np.isfinite(found.at(np.array([2.0, 59.0]))["distance_m"].to_numpy())
    assert known.tolist() == [True, False]


@pytest.mark.parametrize("offset_s", [-30.0, 30.0])
def test_a_film_of_another_hour_is_refused(tmp_path: Path, offset_s: float) -> None:
    path = track(tmp_path / "t.csv", 20)
    with pytest.raises(NoOverlap) as refused:
        track_of(plan([tmp_path / "a.mp4"], path, offset_s), 5.0, Resources())
    assert refused.value.path == str(path)


def test_a_clock_in_local_time_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"2026-06-01T18:15:{k:02d}Z,44.35{k:02d},2.575" for k in range(60)]
    path.write_text("\n".join(["time,lat,lon", *rows]) + "\n", encoding="utf-8")
    given = plan([tmp_path / "a.mp4"], path)
    at = given.given.model_copy(update={"started_at": datetime(2026, 6, 1, 10, 15, 5, tzinfo=UTC)})
    with pytest.raises(NoOverlap, match=r"lie \+8 h apart: one of them is in local") as refused:
        track_of(replace(given, given=at), 20.0, Resources())
    assert refused.value.remedy is not None and "offset_s = +28800" in refused.value.remedy


def test_stills_without_track_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="pass a has no track"):
        track_of(replace(plan([tmp_path], None), kind="stills"), 5.0, Resources())


def test_a_film_that_carries_no_track_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    with pytest.raises(NotDecodable, match="carries no positions"):
        track_of(plan([path], None), 5.0, Resources())
