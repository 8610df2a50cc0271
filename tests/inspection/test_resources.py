"""Inputs are read at the first question and then kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspection.resources import InputFiles, Resources
from voirie.errors import ConfigurationError, NetworkUnusable, NoOverlap
from voirie.ids import sha256_of

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "drive"
TRACK = SAMPLE / "track_a.gpx"


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    absent = tmp_path / "none.toml"
    resources = Resources(InputFiles(scenarios=absent, scheme=absent))
    assert resources.treatments.codes
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        resources.read_shared()


def test_a_file_that_goes_after_it_was_read_is_not_missed(tmp_path: Path) -> None:
    for name in ("network.gpkg", "treatments.yaml", "scenarios.toml", "track_a.gpx"):
        shutil.copy(SAMPLE / name, tmp_path)
    files = InputFiles(
        tmp_path / "network.gpkg", tmp_path / "treatments.yaml", tmp_path / "scenarios.toml"
    )
    track = tmp_path / "track_a.gpx"
    resources = Resources(files)
    resources.read_shared()
    placed, hashed = resources.placed(track), resources.sha256(track)
    for path in tmp_path.iterdir():
        path.unlink()
    assert resources.network is not None
    assert resources.scenarios is not None
    assert resources.placed(track) is placed
    assert resources.smoothed(track) is resources.smoothed(track)
    assert resources.sha256(track) == hashed == sha256_of(TRACK)


def test_a_track_needs_a_network_that_it_touches(tmp_path: Path) -> None:
    with pytest.raises(NetworkUnusable, match=r"track_a\.gpx"):
        Resources().placed(TRACK)
    far = tmp_path / "far.csv"
    far.write_text("t,x,y\n0,1000,1000\n1,1010,1000\n2,1020,1000\n", encoding="utf-8")
    with pytest.raises(NoOverlap, match=r"far\.csv"):
        Resources(InputFiles(SAMPLE / "network.gpkg")).placed(far)


def test_given_files_come_in_one_order() -> None:
    a, b = Path("a"), Path("b")
    assert InputFiles(scheme=b, network=a).given() == [a, b]
    assert Resources().sha256(None) == ""
