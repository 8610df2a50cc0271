"""Films that tests make."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from voirie.arrays import Pixels


def turned_film(
    path: Path, upright: Pixels, degrees: int, *, told: bool = True, pictures: int = 5
) -> Path:
    """A few pictures of a standing scene, stored turned, with the matrix that shows it upright.

    Unless it is `told`: then the film lies, as one whose matrix was lost.
    """
    stored = np.ascontiguousarray(np.rot90(upright, -degrees // 90))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "12"})
        stream.height, stream.width = stored.shape[:2]
        stream.pix_fmt = "yuv420p"
        if told:
            stream.set_display_rotation(degrees)
        for _ in range(pictures):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(stored, format="bgr24")))
        container.mux(stream.encode(None))
    return path
