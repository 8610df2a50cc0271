"""`voirie calibrate` writes one sealed picture, and refuses what shows no horizon."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspection.camera.model import CameraPose
from inspection.commands.calibrate import calibrate_command, check_horizon, pose_in
from tests.inspection.capture.made_pass import film
from voirie.errors import ConfigurationError, InputUnusable
from voirie.inputs import Camera
from voirie.media import Video

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "drive"


@pytest.mark.slow
def test_a_sealed_picture_with_a_grid_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.png"
    assert calibrate_command(SAMPLE / "pass_a.mp4", out, SAMPLE / "vehicle.toml", 20.0) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["grid.png"]
    assert cv2.imread(str(out)).shape == (720, 1280, 3)
    said = capsys.readouterr().out
    assert "grid.png: horizon at 4" in said
    assert "68 degrees across, lens 1.37 m above the road" in said


def test_a_program_gets_the_camera_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.jpg"
    assert calibrate_command(SAMPLE / "pass_a.mp4", out, None, 20.0, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["picture"]) == out and out.is_file()
    assert 0 < told["horizon_px"] < 720 and told["assumed"]


def test_what_is_no_picture_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no picture"):
        calibrate_command(tmp_path / "none.mp4", tmp_path / "a.txt")
    with pytest.raises(ConfigurationError, match="--people all"):
        calibrate_command(tmp_path / "none.mp4", tmp_path / "a.png", people="all")


def test_a_film_without_a_road_takes_what_is_assumed(tmp_path: Path) -> None:
    video = Video(film(tmp_path / "a.mp4", 12))
    pose = pose_in(video, None)
    assert (pose.source, pose.height_m) == ("assumed", 1.3)
    assert len(pose.assumed) == 3
    assert pose_in(video, Camera(height_m=1.5, focal_px=900, pitch_deg=4.0)).pitch_deg == 4.0


@pytest.mark.parametrize("pitch_deg", [-25.0, 35.0])
def test_a_horizon_outside_the_picture_is_refused(tmp_path: Path, pitch_deg: float) -> None:
    video = Video(film(tmp_path / "a.mp4", 5))
    middle = (np.array([video.facts.width_px, video.facts.height_px]) - 1) / 2
    check_horizon(CameraPose(1.3, 50.0, *middle, pitch_deg=1.0), video)
    with pytest.raises(InputUnusable, match="its horizon would lie at"):
        check_horizon(CameraPose(1.3, 50.0, *middle, pitch_deg=pitch_deg), video)
