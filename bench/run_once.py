"""How often one run reads its network, matches a track and hashes a film: each once.

    python bench/run_once.py [SECONDS]

Runs the whole chain on the first seconds of pass A of the rendered sample and counts the calls of
the functions that do these things, whoever calls them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import av

from gis.network.network import read_network
from gis.tracks.matching import place_track
from inspection.context import context_of
from inspection.options import Options
from inspection.pipeline.runner import run
from voirie.ids import sha256_of
from voirie.media import Video

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "drive"
COUNTED = {
    read_network.__code__: "reads of the network",
    place_track.__code__: "matchings of the track",
    sha256_of.__code__: "hashes of the film",
    Video._read_facts.__code__: "readings of the film's times",
}


@contextmanager
def counted(film: str) -> Iterator[Counter[str]]:
    """Count the calls of the functions above while the block runs; hashes are those of a film."""
    calls: Counter[str] = Counter(dict.fromkeys(COUNTED.values(), 0))

    def note(frame: FrameType, event: str, argument: object) -> None:
        name = COUNTED.get(frame.f_code) if event == "call" else None
        if name == "hashes of the film":
            calls[name] += frame.f_locals["path"].name == film
        elif name is not None:
            calls[name] += 1

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def shortened(folder: Path, seconds: float) -> Path:
    """The sample's survey of pass A with the first seconds of its film; its `survey.toml`."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.mp4", "truth.json"))
    with (
        av.open(str(SAMPLE / "pass_a.mp4")) as film,
        av.open(str(folder / "pass_a.mp4"), "w") as clip,
    ):
        stream = clip.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.dts is not None and packet.dts * packet.time_base < seconds:
                packet.stream = stream
                clip.mux(packet)
    survey = folder / "survey.toml"
    first, _, _ = survey.read_text("utf-8").partition('[[passes]]\nid = "b"')
    survey.write_text(first, encoding="utf-8")
    return survey


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    with tempfile.TemporaryDirectory() as name:
        survey = shortened(Path(name) / "in", seconds)
        with counted("pass_a.mp4") as calls:
            ctx = context_of(
                [survey],
                options=Options(experimental=True),
            )
            run(ctx, Path(name) / "survey")
    for what, times in calls.items():
        print(f"{what}: {times}")


if __name__ == "__main__":
    main()
