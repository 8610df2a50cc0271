"""Positions that a film carries: read on its clock, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made_films import shaded_film
from tests.made_telemetry import (
    AT,
    LAT,
    LON,
    STEP_DEG,
    camm_gps,
    rmc,
    with_blackvue,
    with_camm,
    with_novatek,
    with_subtitles,
)
from tests.real.conftest import DATA
from tests.voirie.media.test_video import film
from voirie.errors import EmptyInput, NotDecodable
from voirie.media import Video
from voirie.media.telemetry import film_fixes

GPMF = DATA / "video" / "gpmf"
real = pytest.mark.real
needs = pytest.mark.skipif(not GPMF.exists(), reason="real data is absent: video/gpmf")


@needs
@real
def test_a_gopro_film_tells_where_and_when_it_was() -> None:
    path = GPMF / "hero5-trimmed.mp4"
    length_s = Video(path).facts.duration_s
    found = film_fixes(path, length_s)
    fixes = found.fixes
    assert found.origin == "GPMF"
    assert len(fixes) == 36
    assert fixes["t_s"].is_monotonic_increasing and fixes["t_s"].iloc[-1] < length_s
    assert fixes["lat"].between(33.12, 33.13).all() and fixes["lon"].between(-117.33, -117.32).all()
    assert str(fixes["t_utc"].iloc[0])[:19] == "2017-04-17 17:31:03"
    assert (fixes["speed_mps"] < 1.1).all()


@needs
@real
def test_a_receiver_without_a_fix_is_told() -> None:
    with pytest.raises(EmptyInput, match="no fix"):
        film_fixes(GPMF / "hero8-trimmed.mp4", 2.0)


@needs
@real
def test_blocks_without_positions_are_passed_over() -> None:
    fixes = film_fixes(GPMF / "max-heromode.mp4", 10.0).fixes
    assert len(fixes) == 191 and fixes["t_s"].max() < 10.0
    assert fixes["lat"].between(33.12, 33.13).all()


def test_a_film_without_positions_and_what_is_no_film_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotDecodable, match="no positions"):
        film_fixes(film(tmp_path / "a.mp4"), 1.6)
    (tmp_path / "b.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\xff" * 300)
    with pytest.raises(NotDecodable, match="no positions"):
        film_fixes(tmp_path / "b.mp4", 1.0)


def made(tmp_path: Path, origin: str, fix: bool = True) -> Path:
    film = shaded_film(tmp_path / "a.mp4", pictures=125)
    if origin == "CAMM":
        return with_camm(film, [camm_gps(k, 3 if fix else 0) for k in range(5)])
    if origin == "BlackVue":
        return with_blackvue(film, 5, fix)
    if origin == "Novatek":
        return with_novatek(film)
    return with_subtitles(film, tmp_path / "a.mkv", [rmc(k, fix) for k in range(5)])


@pytest.mark.parametrize("origin", ["CAMM", "BlackVue", "Novatek", "subtitles"])
def test_the_positions_of_any_camera_come_on_the_clock_of_its_film(
    tmp_path: Path, origin: str
) -> None:
    path = made(tmp_path, origin)
    found = film_fixes(path, Video(path).facts.duration_s + 0.04)
    assert found.origin == origin
    fixes = found.fixes[found.fixes["lat"].notna()].reset_index(drop=True)
    first = 1 if origin == "Novatek" else 0
    seconds = list(range(first, 5))
    assert fixes["t_s"].tolist() == pytest.approx(seconds, abs=0.01)
    assert fixes["lat"].tolist() == pytest.approx([LAT + STEP_DEG * k for k in seconds], abs=1e-5)
    assert fixes["lon"].tolist() == pytest.approx([LON] * len(seconds), abs=1e-5)
    # The receiver's own moments, though the clock of the camera runs two hours ahead.
    assert (fixes["t_utc"] - AT).dt.total_seconds().tolist() == pytest.approx(seconds, abs=0.01)
    assert fixes["speed_mps"].between(10.2, 11.1).all()


@pytest.mark.parametrize("origin", ["CAMM", "BlackVue", "subtitles"])
def test_no_camera_is_believed_without_a_fix(tmp_path: Path, origin: str) -> None:
    with pytest.raises(EmptyInput, match="no fix") as refused:
        film_fixes(made(tmp_path, origin, fix=False), 5.0)
    assert refused.value.exit_code == 3
