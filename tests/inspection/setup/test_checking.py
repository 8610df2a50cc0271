"""All that is wrong with a survey is told at once, each thing once, and nothing is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bench.run_once import shortened
from inspection.setup.checking import check_survey


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shortened(tmp_path_factory.mktemp("in") / "drive", 4.0)


@pytest.fixture
def own(drive: Path, tmp_path: Path) -> Path:
    shutil.copytree(drive.parent, tmp_path / "own")
    return tmp_path / "own"


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_can_be_run_is_told_with_what_it_would_take(own: Path) -> None:
    before = sorted(path.name for path in own.iterdir())
    done = check_survey(own / "survey.toml")
    assert not done.wrong and not done.notes
    assert [one.name for one in done.passes] == ["a", "b"][: len(done.passes)]
    assert all(one.pictures and one.length_m and one.duration_s for one in done.passes)
    assert sorted(path.name for path in own.iterdir()) == before


def test_every_mistake_is_told_at_once(own: Path) -> None:
    changed(own / "survey.toml", 'purpose = "', 'porpose = "')
    changed(own / "survey.toml", "offset_s = ", "ofset_s = ")
    changed(own / "vehicle.toml", "height_m = 1.366", "hieght_m = 1.366\nk1 = 9.0")
    changed(own / "scenarios.toml", 'tax = "TTC"', 'tax = "net"')
    changed(own / "treatments.yaml", "tax: TTC", "tax: gross")
    (own / "network.gpkg").write_bytes(b"no network")
    told = [str(error) for error in check_survey(own / "survey.toml").wrong]
    for words in ("perhaps purpose", "perhaps offset_s",
                  "perhaps height_m", "camera.k1", "camera.height_m", "scenarios.0.tax",
                  "network.gpkg", "treatments.yaml"):  # fmt: skip
        assert [words in one for one in told].count(True) >= 1, (words, told)
    assert len(told) == len(set(told))


def test_a_missing_film_does_not_hide_what_is_wrong_elsewhere(own: Path) -> None:
    changed(own / "survey.toml", 'id = "a"', 'id = "a b"')
    next(own.glob("*.mp4")).unlink()
    told = [str(error) for error in check_survey(own / "survey.toml").wrong]
    assert any("passes.0.id" in one for one in told)


def test_a_clock_that_nobody_stated_is_told_in_metres(own: Path) -> None:
    text = (own / "survey.toml").read_text("utf-8")
    lines = [
        line
        for line in text.splitlines()
        if not line.startswith(("offset_s", "started_at", "vehicle", "scenarios"))
    ]
    (own / "survey.toml").write_text("\n".join(lines), encoding="utf-8")
    done = check_survey(own / "survey.toml")
    texts = [note.text for note in done.notes]
    assert not done.wrong and any("offset_s" in one for one in texts)
    assert any("scenarios" in one for one in texts)
    assert any("vehicle.toml" in one for one in texts)


def test_a_drive_that_stands_still_is_refused(own: Path) -> None:
    """A track of one place keeps no picture, and a run would have nothing to look at."""
    track = own / "track_a.gpx"
    text = track.read_text("utf-8")
    first = re.search(r'lat="[^"]+" lon="[^"]+"', text)
    assert first is not None
    track.write_text(re.sub(r'lat="[^"]+" lon="[^"]+"', first[0], text), encoding="utf-8")
    wrong = check_survey(own / "survey.toml").wrong
    assert [one.path for one in wrong if "stands still" in one.message] == [str(track)]
