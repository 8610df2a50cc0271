"""How well a sealed picture shows the road."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from anonymize import Certificate, SafeFrame, reopen
from anonymize.mask import Mask
from anonymize.safeframe import admit
from gis.scoring.coverage import BLANK, BLURRED, DARK, HIDDEN, OWN_VEHICLE, VEILED, refusals
from inspection.camera.model import CameraPose
from inspection.capture.image_quality import NEAR_BAND, Quality, lane_pixels, quality_of
from voirie.arrays import Pixels
from voirie.catalogue.scheme import load_scheme
from voirie.media import Video

HEIGHT_PX, WIDTH_PX = 720, 1280
DRIVE = Path(__file__).parents[3] / "samples" / "drive"
REAL = Path(__file__).parents[4] / "shared" / "data"


def bonnet(rows_pct: float) -> CameraPose:
    return CameraPose(1.3, 1000.0, 639.5, 359.5, 2.0, bonnet_rows_pct=rows_pct)


@pytest.fixture(scope="module")
def sealed(made: Path) -> SafeFrame:
    """A picture of the made survey: 60 x 40 pixels above the near road are destroyed."""
    picture = next(iter(sorted((made / "pictures").rglob("*.jpg"))))
    return reopen(picture, Certificate.read(made))


def of_pixels(pixels: Pixels, hidden: list[list[float]] | None = None) -> Quality:
    """Of rendered pixels, which show nobody: they pass as if sealed."""
    height, width = pixels.shape[:2]
    mask, none = Mask.of(height, width, hidden or []), Mask.of(height, width, [])
    return quality_of(admit(pixels, 0.0, 0, "rendered", mask, none))


def why(quality: Quality) -> str | None:
    """Why a picture of such a quality surveys nothing."""
    names = Quality.__dataclass_fields__
    row = pd.DataFrame([{name: getattr(quality, name) for name in names}])
    row = row.astype(float).assign(picture_id="p", accuracy_m=2.0)
    return refusals(row, load_scheme().pictures)[0]


def some(path: Path, number: int) -> list[Pixels]:
    """Pictures of a film, spread over it."""
    film = Video(path)
    # The first seconds only: what lies far into a film takes seconds to decode.
    wanted = np.linspace(0, min(len(film.facts.pts_s) - 1, 90), number).astype(int).tolist()
    return [window.frame.pixels for window in film.windows(wanted, 0)]


@pytest.fixture(scope="module")
def drive() -> list[Pixels]:
    """The sample's road, as rendered."""
    return some(next(iter(sorted(DRIVE.glob("*.mp4")))), 3)


def dark(pixels: Pixels) -> Pixels:
    return np.asarray(pixels * 0.2, np.uint8)


def blurred(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.blur(pixels, (12, 12)), np.uint8)


def shaken(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.blur(pixels, (12, 1)), np.uint8)


def veiled(pixels: Pixels) -> Pixels:
    return np.asarray(pixels * 0.4 + 220 * 0.6, np.uint8)


def half_covered(pixels: Pixels) -> Pixels:
    out = pixels.copy()
    out[:, : pixels.shape[1] // 2 + 20] = 0
    return out


def test_the_drive_itself_shows_its_lane(drive: list[Pixels]) -> None:
    assert [why(of_pixels(pixels)) for pixels in drive] == [None] * len(drive)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [(dark, DARK), (blurred, BLURRED), (shaken, BLURRED), (veiled, VEILED), (half_covered, BLANK)],
)
def test_a_spoilt_picture_of_it_does_not(
    drive: list[Pixels], spoilt: Callable[[Pixels], Pixels], reason: str
) -> None:
    assert [why(of_pixels(spoilt(pixels))) for pixels in drive] == [reason] * len(drive)


def test_a_vehicle_over_half_the_lane_hides_it(drive: list[Pixels]) -> None:
    height, width = drive[0].shape[:2]
    half = [[0.0, 0.0, width / 2 + 20, float(height)]]
    beside = [[0.0, 0.0, width * 0.1, float(height)]]
    assert why(of_pixels(drive[0], half)) == HIDDEN
    assert why(of_pixels(drive[0], beside)) is None


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real clips are not here")
@pytest.mark.parametrize(
    ("clip", "reason"),
    [
        ("video/carnd/night_1080p.mp4", DARK),
        ("video/misc/speedbump_dashcam.mp4", BLURRED),
        ("video/carnd/solidWhiteRight.mp4", None),
        ("video/pothole/potholes_forward.mp4", None),
    ],
)
def test_real_clips_are_told_apart(clip: str, reason: str | None) -> None:
    found = [why(of_pixels(pixels)) for pixels in some(REAL / clip, 4)]
    assert found == [reason] * 4 or (reason is not None and None not in found)


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
    quality = quality_of(sealed, bonnet(bonnet_rows_pct))
    low, high = NEAR_BAND
    hidden = max(high - (1 - bonnet_rows_pct / 100), 0.0) / (high - low)
    assert quality.near_masked_pct == pytest.approx(100 * hidden, abs=0.3)
    assert quality.own_masked_pct == quality.near_masked_pct
    # The bonnet is no one's face: it counts as hidden, not as destroyed.
    assert quality.masked_pct == quality_of(sealed).masked_pct


def test_a_bonnet_over_the_road_is_our_own() -> None:
    clear = Quality(120.0, 110.0, 40.0, 0.38, 0.0, 60.0, 50.0, 0.0)
    assert why(clear) == OWN_VEHICLE


def test_the_lane_is_as_wide_as_its_camera_sees_it() -> None:
    pose = bonnet(0.0)
    rows = lane_pixels(HEIGHT_PX, WIDTH_PX, pose)
    row = 600
    across_m = pose.ground(np.flatnonzero(rows[row])[[0, -1]].astype(float), float(row))[1]
    assert across_m == pytest.approx([-1.5, 1.5], abs=0.02)
