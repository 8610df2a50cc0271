"""Boxes of dashcams: what is broken in them costs itself alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made_films import shaded_film
from tests.made_telemetry import LAT, STEP_DEG, with_blackvue, with_novatek
from voirie.media.dashcams import blackvue_fixes, novatek_fixes


def test_a_film_of_another_camera_has_neither(tmp_path: Path) -> None:
    film = shaded_film(tmp_path / "a.mp4", pictures=3)
    assert blackvue_fixes(film, 1.0) is None and novatek_fixes(film, 1.0) is None


def test_a_sentence_that_was_garbled_is_passed_over(tmp_path: Path) -> None:
    film = with_blackvue(shaded_film(tmp_path / "a.mp4", pictures=3))
    data = film.read_bytes()
    film.write_bytes(data.replace(b"101502.00", b"101503.00"))
    found = blackvue_fixes(film, 5.0)
    assert found is not None and found["t_s"].tolist() == [0.0, 1.0, 3.0, 4.0]


def test_a_block_that_lies_elsewhere_is_passed_over(tmp_path: Path) -> None:
    film = with_novatek(shaded_film(tmp_path / "a.mp4", pictures=3))
    data = film.read_bytes()
    third = [k for k in range(len(data)) if data.startswith(b"freeGPS ", k)][2]
    film.write_bytes(data[:third] + b"rubbish!" + data[third + 8 :])
    found = novatek_fixes(film, 5.0)
    assert found is not None and found["t_s"].tolist() == [0.0, 1.0, 3.0, 4.0]
    assert found["lat"].isna().tolist() == [True, False, False, False]
    assert found["lat"].iloc[1] == pytest.approx(LAT + STEP_DEG, abs=1e-5)
