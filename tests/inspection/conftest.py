"""A few seconds of the rendered sample, as a user would hand them in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "drive"
SECONDS = (8.0, 12.0)


@dataclass(frozen=True)
class Clip:
    """A folder with a survey of a few seconds and everything it names."""

    folder: Path

    @property
    def survey(self) -> Path:
        """Its survey.toml."""
        return self.folder / "survey.toml"

    @property
    def film(self) -> Path:
        """Its film."""
        return self.folder / "clip.mp4"


def cut(source: Path, out: Path, from_s: float, to_s: float) -> None:
    """Re-encode a stretch of a film."""
    with av.open(str(source)) as film, av.open(str(out), "w") as clip:
        stream = clip.add_stream("libx264", rate=film.streams.video[0].average_rate)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.options = {"crf": "20", "preset": "ultrafast"}
        film.seek(int(max(from_s - 1.0, 0.0) * av.time_base))
        for frame in film.decode(video=0):
            if frame.time < from_s:
                continue
            if frame.time > to_s:
                break
            plain = av.VideoFrame.from_ndarray(frame.to_ndarray(format="bgr24"), format="bgr24")
            for packet in stream.encode(plain):
                clip.mux(packet)
        for packet in stream.encode():
            clip.mux(packet)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Four seconds of pass A."""
    return made_clip(tmp_path_factory.mktemp("clip"), SECONDS)


def made_clip(folder: Path, seconds: tuple[float, float]) -> Clip:
    """A stretch of pass A with its track, network, vehicle, prices and scenarios."""
    for name in (
        "track_a.gpx",
        "network.gpkg",
        "vehicle.toml",
        "treatments.yaml",
        "scenarios.toml",
    ):
        shutil.copy(SAMPLE / name, folder / name)
    # Four seconds hold too few pictures to find the pitch in, and without it no size is given.
    with (folder / "vehicle.toml").open("a", encoding="utf-8") as vehicle:
        vehicle.write("pitch_deg = 3.4\n")
    cut(SAMPLE / "pass_a.mp4", folder / "clip.mp4", *seconds)
    (folder / "survey.toml").write_text(
        f"""
network = "network.gpkg"
vehicle = "vehicle.toml"
treatments = "treatments.yaml"
scenarios = "scenarios.toml"
purpose = "pavement maintenance"

[campaign]
name = "clip"

[[passes]]
id = "a"
inputs = ["clip.mp4"]
track = "track_a.gpx"
offset_s = {2.4 + seconds[0]}
{_started()}
""",
        encoding="utf-8",
    )
    return Clip(folder)


def _started() -> str:
    """The line of the sample's survey that says when pass A began."""
    text = (SAMPLE / "survey.toml").read_text("utf-8")
    return next(line for line in text.splitlines() if line.strip().startswith("started_at"))
