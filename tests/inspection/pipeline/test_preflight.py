"""What is refused before a byte is written: a camera or a day that does not fit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.run_once import shortened
from inspection.context import context_of
from inspection.options import Options
from inspection.pipeline.preflight import preflight
from voirie.errors import ConfigurationError


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shortened(tmp_path_factory.mktemp("in") / "drive", 1.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("image_height_px = 720", "image_height_px = 960", "1280 x 960"),
        ("[vehicle]", '[vehicle]\nmounted_on = "2025-10-01"', "2025-09-16"),
        ("[vehicle]", '[vehicle]\nremoved_on = "2025-09-15"', "2025-09-16"),
    ],
)
def test_a_camera_that_does_not_fit_is_refused(
    old: str, new: str, words: str, drive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    shutil.copytree(drive.parent, folder)
    vehicle = folder / "vehicle.toml"
    text = vehicle.read_text("utf-8")
    assert old in text
    vehicle.write_text(text.replace(old, new), encoding="utf-8")
    ctx = context_of(
        [folder / "survey.toml"],
        options=Options(),
    )
    with pytest.raises(ConfigurationError, match=words) as refused:
        preflight(ctx)
    assert refused.value.path == str(vehicle)
