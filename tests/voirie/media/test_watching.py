"""Who watches a film sees small upright grey pictures, and the film is handed out all the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.made_films import turned_film
from voirie.arrays import Pixels
from voirie.media import Video

BRIGHT, DARK = 200, 40


class Seen:
    """Keeps the mean of the upper and of the lower half of each picture it is shown."""

    width_px, height_px = 32, 24

    def __init__(self, every: int = 1) -> None:
        self.every = every
        self.asked = 0
        self.halves: list[tuple[float, float]] = []

    def wants(self, seconds: float) -> bool:
        self.asked += 1
        return (self.asked - 1) % self.every == 0

    def look(self, seconds: float, grey: Pixels) -> None:
        assert grey.shape == (self.height_px, self.width_px)
        half = self.height_px // 2
        self.halves.append((float(grey[:half].mean()), float(grey[half:].mean())))


def film(path: Path, degrees: int) -> Path:
    upright = np.full((96, 128, 3), DARK, np.uint8)
    upright[:48] = BRIGHT
    return turned_film(path, upright, degrees)


@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_pictures_are_shown_upright_and_small(tmp_path: Path, degrees: int) -> None:
    seen = Seen()
    Video(film(tmp_path / "a.mp4", degrees)).show(seen)
    assert len(seen.halves) == 5
    upper, lower = np.mean(seen.halves, axis=0)
    assert upper > lower + 100


def test_a_watcher_changes_nothing_of_what_is_handed_out(tmp_path: Path) -> None:
    path, seen = film(tmp_path / "a.mp4", 0), Seen(every=2)
    plain = [window.frame.index for window in Video(path).windows([0, 2], 1)]
    watched = [window.frame.index for window in Video(path).windows([0, 2], 1, seen)]
    assert plain == watched == [0, 2]
    # It is asked about each picture, to the end of the film, and looks at those that it wants.
    assert (seen.asked, len(seen.halves)) == (5, 3)
