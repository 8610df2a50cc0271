"""The track of the films of one drive: found beside them, joined, and on one clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from inspection.film_tracks import begins_of, film_track, fixes_of_film
from tests.made_films import shaded_film
from tests.made_telemetry import AT, LAT, STEP_DEG, rmc, srt_of, with_blackvue
from voirie.errors import EmptyInput, NotDecodable
from voirie.media.beside import CAMERA_SUFFIXES, beside
from voirie.media.telemetry import FilmFixes, film_fixes
from voirie.nmea import read_nmea


def fixes(first: int, seconds: int, lat: float | None = None) -> FilmFixes:
    """A film that begins so many seconds after the drive began."""
    at = AT + timedelta(seconds=first)
    here = LAT + STEP_DEG * first
    lines = [rmc(k, at=at, lat=here + STEP_DEG * k) for k in range(seconds)]
    return FilmFixes(read_nmea("\n".join(lines)), "Novatek")


def test_a_file_of_the_camera_lies_beside_its_film(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "20260601_101500_NF.mp4", pictures=50)
    with pytest.raises(NotDecodable, match="carries no positions"):
        fixes_of_film(film, 2.0)
    told = tmp_path / "20260601_101500_N.gps"
    told.write_text("\n".join([rmc(0, fix=False), rmc(1), rmc(2)]), encoding="utf-8")
    assert beside(film, CAMERA_SUFFIXES) == told
    found = fixes_of_film(film, 2.0)
    assert found.origin == told.name
    # Seconds count from the first sentence, which had no fix: it is the beginning of the film.
    assert found.fixes["t_s"].tolist() == [0.0, 1.0, 2.0]
    told.write_text("\n".join(rmc(k, fix=False) for k in range(3)), encoding="utf-8")
    with pytest.raises(EmptyInput, match="no fix"):
        fixes_of_film(film, 2.0)


def test_subtitles_beside_a_film_and_positions_in_it_which_come_first(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "a.mp4", pictures=50)
    (tmp_path / "a.SRT").write_text(srt_of(["N44.3500 E2.5750", "N44.3501 E2.5750"]), "utf-8")
    assert fixes_of_film(film, 2.0).origin == "a.SRT"
    assert fixes_of_film(with_blackvue(film), 2.0).origin == "BlackVue"


def test_a_film_begins_when_its_receiver_says_so() -> None:
    found = [fixes(0, 60), fixes(61, 60), fixes(120, 30)]
    assert begins_of([60.0, 60.0, 30.0], found) == pytest.approx([0.0, 61.0, 120.0])
    assert begins_of([60.0, 60.0, 30.0], [found[0], None, found[2]]).tolist() == [0.0, 60.0, 120.0]
    # A clock that says an hour is not believed.
    assert begins_of([60.0, 60.0], [fixes(0, 60), fixes(3660, 60)]).tolist() == [0.0, 60.0]


def test_the_films_of_a_drive_have_one_track(tmp_path: Path) -> None:
    found = [fixes(0, 60), None, fixes(121, 60)]
    begins = begins_of([60.0, 61.0, 60.0], found)
    track = film_track([tmp_path / f"{k}.mp4" for k in range(3)], found, begins)
    assert track.origin == "Novatek" and track.source == tmp_path / "0.mp4"
    t_s = track.fixes["t_s"].to_numpy()
    assert t_s.tolist() == pytest.approx([*range(60), *range(121, 181)])
    speed = np.diff(track.fixes["y"]) / np.diff(t_s)
    assert speed == pytest.approx(speed[0], rel=1e-3)


def test_chapters_that_overlap_and_films_read_from_disk(tmp_path: Path) -> None:
    films = [
        with_blackvue(shaded_film(tmp_path / f"{name}.mp4", pictures=125)) for name in ("a", "b")
    ]
    found = [film_fixes(film, 5.0) for film in films]
    # Both say that they begin at the same moment: beyond five seconds nothing overlaps.
    assert begins_of([5.0, 5.0], found).tolist() == [0.0, 0.0]
    assert begins_of([5.1, 5.0], found).tolist() == [0.0, 5.1]
