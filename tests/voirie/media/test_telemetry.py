"""Positions that a film carries: read on its clock, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    fixes = film_fixes(path, length_s)
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
    fixes = film_fixes(GPMF / "max-heromode.mp4", 10.0)
    assert len(fixes) == 191 and fixes["t_s"].max() < 10.0
    assert fixes["lat"].between(33.12, 33.13).all()


def test_a_film_without_positions_and_what_is_no_film_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotDecodable, match="no positions"):
        film_fixes(film(tmp_path / "a.mp4"), 1.6)
    (tmp_path / "b.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\xff" * 300)
    with pytest.raises(NotDecodable, match="no positions"):
        film_fixes(tmp_path / "b.mp4", 1.0)
