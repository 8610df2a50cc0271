"""Subtitles of a film that tell where it was."""

from __future__ import annotations

from pathlib import Path

from tests.made_films import shaded_film
from tests.made_telemetry import with_subtitles
from voirie.media.text_track import text_track_fixes


def test_subtitles_that_tell_coordinates_and_those_that_do_not(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "a.mp4", pictures=75)
    assert text_track_fixes(film, 3.0) is None
    told = with_subtitles(film, tmp_path / "a.mkv", ["N44.3500 E2.5750", "S44.3501 W2.5750"])
    found = text_track_fixes(told, 3.0)
    assert found is not None
    assert found[["t_s", "lat", "lon"]].values.tolist() == [
        [0, 44.35, 2.575],
        [1, -44.3501, -2.575],
    ]
    words = with_subtitles(film, tmp_path / "b.mkv", ["Rodez", "Olemps"])
    assert text_track_fixes(words, 3.0) is None
