"""A floor under what the blur covers; ``bench/blur.py`` has the figures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from anonymize.finders import Finder
from anonymize.mask import Mask
from voirie.nets import load_models

pytestmark = pytest.mark.real


def labelled(path: Path, size: tuple[int, int]) -> np.ndarray:
    """Corners of the labels of a picture."""
    label = Path(str(path).replace("/images/", "/labels/")).with_suffix(".txt")
    rows = np.array(label.read_text("utf-8").split(), float).reshape(-1, 5)[:, 1:]
    rows = rows * [size[1], size[0], size[1], size[0]]
    return np.concatenate([rows[:, :2] - rows[:, 2:] / 2, rows[:, :2] + rows[:, 2:] / 2], axis=1)


@pytest.mark.parametrize(
    ("pictures", "smallest_px", "covered", "floor"),
    [
        ("privacy/plates_openimages/images/val", 20, 0.80, 0.85),
        ("privacy/faces_crowds/images/val", 20, 0.95, 0.95),
    ],
)
def test_what_must_go_goes(
    data: Path, pictures: str, smallest_px: int, covered: float, floor: float
) -> None:
    finder = Finder(load_models())
    shares: list[float] = []
    for path in sorted((data / pictures).glob("*.webp"))[::2]:
        pixels = np.asarray(cv2.imread(str(path)), np.uint8)
        height, width = pixels.shape[:2]
        corners = labelled(path, (height, width))
        large = corners[corners[:, 2] - corners[:, 0] >= smallest_px]
        mask = Mask.of(height, width, finder.find(pixels).regions().xyxy)
        shares.extend(mask.share_of(large))
    assert len(shares) >= 12
    assert np.mean(np.array(shares) >= covered) >= floor
