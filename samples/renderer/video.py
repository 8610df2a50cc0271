"""Writing H.264 with exact times."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from numpy.typing import NDArray

from .camera import HEIGHT_PX, WIDTH_PX

# a cheap dashcam: constant quality, capped at the rate that fills its card slowly
CRF = {"dashcam": 26, "phone": 20}
CAP = {"dashcam": ":vbv-maxrate={rate}:vbv-bufsize={rate}", "phone": ""}
# the encoder spends its bits on grain that stays, rather than on edges without ringing
KEEP_GRAIN = ":psy-rd=2.2,0.7:deblock=-3,-3"


class Writer:
    """An MP4 file that takes frames in order."""

    def __init__(self, path: Path, fps: int, quality: str, title: str, rate_kbps: int) -> None:
        self.container = av.open(str(path), "w", options={"movflags": "+faststart"})
        self.container.metadata["title"] = f"rendered: {title}"
        self.container.metadata["comment"] = "rendered pictures, no real road, vehicle or person"
        stream = self.container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.options = {
            "crf": str(CRF[quality]),
            "preset": "slow",
            "g": str(2 * fps),
            "bf": "2",
            "x264-params": "aq-mode=1:threads=1" + KEEP_GRAIN + CAP[quality].format(rate=rate_kbps),
        }
        stream.time_base = Fraction(1, fps)
        stream.codec_context.time_base = Fraction(1, fps)
        self.stream = stream
        self.fps = fps
        self.count = 0

    def add(self, image: NDArray[np.uint8]) -> None:
        """Append a frame, BGR."""
        frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")
        frame.pts = self.count
        frame.time_base = Fraction(1, self.fps)
        self.container.mux(self.stream.encode(frame))
        self.count += 1

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.container.mux(self.stream.encode())
        self.container.close()
