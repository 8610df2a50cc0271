"""Folders of films become the films in them, and what was chosen is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.card_drives import holds_films, passes_of
from tests.voirie.media.test_cards import card
from voirie.errors import ConfigurationError
from voirie.inputs import PassInput
from voirie.wording import Wording

VIOFO = ("2026_0601_101500_0001F.MP4", "2026_0601_101500_0002R.MP4", "2026_0601_101800_0003F.MP4")


def lasts_s(path: Path) -> float:
    return 180.0


def test_the_films_ahead_are_taken_in_order_and_the_others_told(tmp_path: Path) -> None:
    folder = card(tmp_path / "card", *VIOFO)
    (only,) = passes_of(PassInput(id="a", inputs=(folder,)), lasts_s)
    assert only.given.id == "a"
    assert only.given.inputs == (folder / VIOFO[0], folder / VIOFO[2])
    said = [Wording("en").say(what) for what in only.told]
    assert said == ["1 film of card was left out (1 of the rear camera)"]


def test_several_drives_are_several_passes_but_not_of_one_track(tmp_path: Path) -> None:
    folder = card(tmp_path / "card", *VIOFO, "2026_0601_160000_0005F.MP4")
    given = PassInput(id="a", inputs=(folder,))
    first, second = passes_of(given, lasts_s)
    assert (first.given.id, second.given.id) == ("a-1", "a-2")
    assert second.given.inputs == (folder / "2026_0601_160000_0005F.MP4",)
    assert "card holds 2 drives" in Wording("en").say(first.told[-1])
    with pytest.raises(ConfigurationError, match="2 drives, and one track"):
        passes_of(given.model_copy(update={"track": tmp_path / "t.gpx"}), lasts_s)


def test_names_without_times_are_one_drive_and_that_is_told(tmp_path: Path) -> None:
    folder = card(tmp_path / "card", "b.mp4", "a.mp4")
    (only,) = passes_of(PassInput(id="a", inputs=(folder, tmp_path / "c.mp4")), lasts_s)
    assert [path.name for path in only.given.inputs] == ["a.mp4", "b.mp4", "c.mp4"]
    assert "tell no times" in Wording("en").say(only.told[0])


def test_films_and_folders_of_stills_stay_as_they_are(tmp_path: Path) -> None:
    stills = card(tmp_path / "stills", "1.jpg", "2.jpg")
    for path in (stills, tmp_path / "a.mp4"):
        given = PassInput(id="a", inputs=(path,))
        assert [one.given for one in passes_of(given, lasts_s)] == [given]
    assert not holds_films(stills)
