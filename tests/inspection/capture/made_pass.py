"""A drive to the north at ten metres a second, in as many small films as are asked for."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from inspection.context import PassSetup
from voirie.inputs import PassInput

SPEED_MPS = 10.0
RATE = 10


def film(path: Path, pictures: int) -> Path:
    """A small film of so many pictures, ten a second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(pictures):
            pixels = np.full((48, 64, 3), 5 * shade % 250, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        out.mux(stream.encode(None))
    return path


def track(path: Path, seconds: int, head: str = "t", first: int = 0) -> Path:
    """A track of a fix a second."""
    rows = [f"{first + t},560000,{6_260_000 + SPEED_MPS * t}" for t in range(seconds + 1)]
    path.write_text("\n".join([f"{head},x,y", *rows]) + "\n", encoding="utf-8")
    return path


def plan(inputs: list[Path], track_path: Path | None, offset_s: float = 0.0) -> PassSetup:
    """A pass of these films."""
    given = PassInput(id="a", inputs=tuple(inputs), track=track_path, offset_s=offset_s)
    return PassSetup("pass", given, "video", None, "0" * 64)
