"""Which track belongs to which film: by name or alone, never by luck."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.setup.drives import drives_of
from inspection.setup.found import Found

HERE = Path("card")


def paired(films: list[str], tracks: list[str]) -> list[str | None]:
    found = Found(
        HERE,
        films=tuple(HERE / name for name in films),
        tracks=tuple(HERE / name for name in tracks),
    )
    return [None if one.track is None else one.track.name for one in drives_of(found)]


@pytest.mark.parametrize(
    ("films", "tracks", "pairs"),
    [
        (["a.avi"], ["log-2026.gpx"], ["log-2026.gpx"]),
        (["pass_a.ts", "video_b.ts"], ["b.gpx", "a.gpx"], ["a.gpx", "b.gpx"]),
        (["V_1.ts", "V_2.ts"], ["v-2.csv", "v-1_gps.csv"], ["v-1_gps.csv", "v-2.csv"]),
        (["a.avi", "b.avi"], ["x.gpx"], [None, None]),
        (["a.avi", "b.avi"], ["a.gpx", "a.csv"], [None, None]),
        (["a.avi"], [], [None]),
        (["film.avi", "video.avi"], ["track.gpx", "trace.gpx"], [None, None]),
    ],
)  # fmt: skip
def test_a_track_is_taken_where_no_other_could_be_meant(
    films: list[str], tracks: list[str], pairs: list[str | None]
) -> None:
    assert paired(films, tracks) == pairs


def test_a_track_in_the_folder_of_stills_is_theirs() -> None:
    one, two = HERE / "one", HERE / "two"
    found = Found(HERE, stills=(one, two), chainages=(two / "where.csv", one / "where.csv"))
    # Only a folder that is there is known to be one; the pairing goes by the parents.
    assert [drive.track for drive in drives_of(found)] == [one / "where.csv", two / "where.csv"]


def test_names_of_drives_are_fit_for_survey_toml_and_differ() -> None:
    found = Found(HERE, films=(HERE / "été 1.avi", HERE / "x" / "été 1.avi", HERE / "---.avi"))
    assert [drive.id for drive in drives_of(found)] == ["été_1", "été_1_2", "---"]


def test_files_of_one_recording_are_one_drive_and_other_cameras_are_left() -> None:
    names = ["GX010042.MP4", "GX020042.MP4", "GX010043.MP4", "GL010042.LRV", "own.mkv",
             "20260601_101500_NF.mp4", "20260601_101500_NR.mp4"]  # fmt: skip
    drives = drives_of(Found(HERE, films=tuple(HERE / name for name in names)))
    grouped = [[path.name for path in one.sources] for one in drives]
    assert ["GX010042.MP4", "GX020042.MP4"] in grouped and ["own.mkv"] in grouped
    assert ["20260601_101500_NF.mp4"] in grouped and "20260601_101500_NR.mp4" not in str(grouped)
