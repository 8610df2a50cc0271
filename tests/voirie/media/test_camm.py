"""Camera motion metadata: both kinds of positions, and the two clocks that cameras count by."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.made_films import shaded_film
from tests.made_telemetry import AT, LAT, LON, camm_gps, camm_min_gps, with_camm
from voirie.media.camm import _unix_s, camm_fixes


def test_positions_without_a_moment_have_the_time_of_the_film(tmp_path: Path) -> None:
    gyro = struct.pack("<HH3f", 0, 2, 0.1, 0.2, 0.3)
    film = with_camm(shaded_film(tmp_path / "a.mp4"), [camm_min_gps(0), gyro, camm_min_gps(1)], 500)
    found = camm_fixes(film, 1.6)
    assert found is not None and found["t_s"].tolist() == pytest.approx([0.0, 1.0])
    assert found["t_utc"].isna().all() and found["lon"].tolist() == [LON, LON]
    assert found["lat"].iloc[0] == LAT


def test_another_track_of_data_is_no_camera_motion(tmp_path: Path) -> None:
    film = with_camm(shaded_film(tmp_path / "a.mp4"), [b"\0\0\6\0short", camm_gps(0)])
    assert camm_fixes(film, 1.6) is None
    (tmp_path / "b.mp4").write_bytes(b"rubbish")
    assert camm_fixes(tmp_path / "b.mp4", 1.6) is None


def test_moments_count_from_1980_or_from_1970() -> None:
    from_1980 = AT.timestamp() - datetime(1980, 1, 6, tzinfo=UTC).timestamp() + 18
    assert _unix_s(from_1980) == pytest.approx(AT.timestamp())
    assert _unix_s(AT.timestamp()) == AT.timestamp()
    assert pd.isna(_unix_s(0.0))
