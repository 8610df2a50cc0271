"""Films that tests make."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
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


def shaded_film(
    path: Path,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    pictures: int = 40,
    options: dict[str, str] | None = None,
    times_ms: list[int] | None = None,
) -> Path:
    """A film whose brightness tells the rank of each picture, in any container and codec."""
    quiet = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}
    fast = {"libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"}, "mpeg4": {"b": "4000000"}}
    with av.open(str(path), "w") as out:
        stream = out.add_stream(
            codec, rate=25, options=(quiet | fast).get(codec, {}) | (options or {})
        )
        stream.width, stream.height, stream.pix_fmt = 320, 192, pix_fmt
        if times_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for rank in range(pictures):
            pixels = np.full((192, 320, 3), 20 + 5 * (rank % 40), np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format=pix_fmt)
            if times_ms is not None:
                frame.pts, frame.time_base = times_ms[rank], Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def restamped(film: Path, path: Path, stamp: Callable[[int], int], tick: Fraction) -> Path:
    """The same coded pictures in another file, each with a time stamp of its rank in the file."""
    finest = {"video_track_timescale": "90000"} if path.suffix == ".mp4" else {}
    with av.open(str(film)) as source, av.open(str(path), "w", options=finest) as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        packets = (packet for packet in source.demux(stream) if packet.size)
        for rank, packet in enumerate(packets):
            packet.stream, packet.time_base = copy, tick
            packet.pts = packet.dts = stamp(rank)
            out.mux(packet)
    return path
