"""How well a sealed picture shows the road."""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymize import Certificate, SafeFrame, reopen
from inspection.capture.image_quality import NEAR_BAND, quality_of

HEIGHT_PX, WIDTH_PX = 720, 1280


@pytest.fixture(scope="module")
def sealed(made: Path) -> SafeFrame:
    """A picture of the made survey: 60 x 40 pixels above the near road are destroyed."""
    picture = next(iter(sorted((made / "pictures").rglob("*.jpg"))))
    return reopen(picture, Certificate.read(made))


def test_brightness_and_sharpness_are_those_of_the_picture(sealed: SafeFrame) -> None:
    quality = quality_of(sealed)
    assert quality.luma == pytest.approx(float(sealed.pixels.mean()), abs=10)
    assert quality.sharpness > 0


def test_only_what_was_destroyed_on_the_near_road_hides_it(sealed: SafeFrame) -> None:
    quality = quality_of(sealed)
    assert quality.masked_pct == pytest.approx(100 * 60 * 40 / (HEIGHT_PX * WIDTH_PX), abs=0.01)
    assert quality.near_masked_pct == 0.0


@pytest.mark.parametrize("bonnet_rows_pct", [0.0, 4.0, 10.0, 40.0])
def test_the_vehicle_hides_the_rows_that_it_covers(
    sealed: SafeFrame, bonnet_rows_pct: float
) -> None:
    quality = quality_of(sealed, bonnet_rows_pct)
    low, high = NEAR_BAND
    hidden = max(high - (1 - bonnet_rows_pct / 100), 0.0) / (high - low)
    assert quality.near_masked_pct == pytest.approx(100 * hidden, abs=0.3)
    # The bonnet is no one's face: it counts as hidden, not as destroyed.
    assert quality.masked_pct == quality_of(sealed).masked_pct
