"""What `ingest` leaves in the folder, and what it says of its inputs."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from anonymize import Certificate
from anonymize.certificate import reopen
from bench.run_once import shortened
from inspection.camera.model import CameraPose
from inspection.capture.image_quality import quality_of
from inspection.context import RunContext, context_of
from inspection.options import Options, parse_step
from inspection.stages import ingest
from tests.inspection.camera.test_roll import posts
from voirie.folder import SurveyFolder, begin
from voirie.stages import StageReport
from voirie.wording import Wording

pytestmark = pytest.mark.slow
SECONDS = 1.6


def context(survey: Path, options: Options) -> RunContext:
    return context_of(
        [survey],
        options=options,
    )


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short film whose track ends in the middle of a point and holds one without a time."""
    path = shortened(tmp_path_factory.mktemp("in") / "drive", SECONDS)
    track = path.parent / "track_a.gpx"
    text = track.read_text("utf-8")
    start = text.index("<time>", text.index("<trkpt"))
    end = text.index("</time>", start) + len("</time>")
    text = text[:start] + text[end:]
    track.write_text(text[: int(len(text) * 0.6)], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ingested(survey: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StageReport]:
    target = tmp_path_factory.mktemp("out") / "survey"
    folder = begin(target)
    report = ingest.run(folder, context(survey, Options()))
    return folder.root, report


def pictures(folder: Path) -> list[str]:
    files = (folder / "pictures").rglob("*")
    return sorted(path.relative_to(folder).as_posix() for path in files if path.is_file())


@pytest.mark.parametrize("lean_deg", [0.0, 11.0])
def test_a_camera_that_leans_is_told(tmp_path: Path, lean_deg: float) -> None:
    stills = tmp_path / "stills"
    stills.mkdir()
    for rank in range(4):
        cv2.imwrite(str(stills / f"{rank}.png"), posts(lean_deg)[:, rank:])
    (tmp_path / "c.csv").write_text("image,route,chainage_m,sens,voie\n", "utf-8")
    asked = context_of([stills], track=tmp_path / "c.csv", purpose="test")
    report = ingest.run(begin(tmp_path / "survey"), asked)
    said = [Wording("en").say(told) for told in report.warnings]
    assert said == [] if lean_deg == 0.0 else "lean by 11 degrees" in said[0]


def test_a_cut_off_track_and_its_lost_points_are_told(ingested: tuple[Path, StageReport]) -> None:
    _, report = ingested
    assert report.facts["in_part"] is True
    assert report.facts["fixes_no_time"] == 1
    said = " ".join(Wording("en").say(warning) for warning in report.warnings)
    assert "track_a.gpx is cut off" in said
    assert "(1 without a time)" in said


def test_other_settings_leave_no_picture_of_the_earlier_ones(
    ingested: tuple[Path, StageReport], survey: Path
) -> None:
    root, _ = ingested
    earlier = pictures(root)
    stray = root / "pictures" / "another pass" / "frame.jpg"
    stray.parent.mkdir()
    stray.write_bytes(b"left by a run with another list of passes")
    options = Options(step=parse_step("9m"), people="head")
    ingest.run(SurveyFolder(root), context(survey, options))
    certificate = Certificate.read(root)
    certificate.verify()
    assert pictures(root) == sorted(entry.file for entry in certificate)
    assert 0 < len(pictures(root)) < len(earlier)
    assert not stray.parent.exists()


def with_bonnet(rows_pct: float) -> CameraPose:
    return CameraPose(1.3, 1000.0, 639.5, 359.5, 2.0, bonnet_rows_pct=rows_pct)


def test_rows_of_the_bonnet_count_as_not_seen(ingested: tuple[Path, StageReport]) -> None:
    root, _ = ingested
    certificate = Certificate.read(root)
    safe = reopen(next(root.rglob("*.jpg")), certificate)
    plain, bonnet = quality_of(safe), quality_of(safe, with_bonnet(10.0))
    assert plain.near_masked_pct < 5
    # The near road reaches down to 95 % of the height: the bonnet takes 5 of its 35 hundredths.
    assert bonnet.near_masked_pct == pytest.approx(100 * 5 / 35, abs=5.5)
    assert bonnet.masked_pct == plain.masked_pct
