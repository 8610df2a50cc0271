"""Sealing a film: each picture with its neighbours, sound and metadata left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from anonymize.safeframe import SafeFrame
from anonymize.sealer import Sealer
from voirie.errors import FrameNotSealed
from voirie.media import Video

TIME_BASE = Fraction(1, 90_000)
CRF = "20"
NEIGHBOURS = 1
"""Decoded pictures on either side of each that hold what is found in it."""


@dataclass(frozen=True, slots=True)
class FilmReport:
    """What came of a film.

    Attributes
    ----------
    sealed, failed
        Pictures written, and those left out because they could not be sealed.
    truncated
        The input ended before its index said so.
    destroyed_pct
        Mean share of the pixels that were overwritten.
    """

    sealed: int
    failed: int
    truncated: bool
    destroyed_pct: float


def seal_film(
    video: Video, target: Path, sealer: Sealer, tell: Callable[[int, int], None]
) -> FilmReport:
    """Write a sealed H.264 film without sound and without metadata.

    Parameters
    ----------
    video
        Opened for reading only.
    target
        Where the film is written as it grows: it holds sealed pictures only, and is the
        caller's to rename or remove.
    sealer
        In use.
    tell
        Called with pictures done and expected.

    Raises
    ------
    AnonymiserUnfit
        When too many pictures failed.
    """
    total = len(video.facts.pts_s)
    shares: list[float] = []
    failed = 0
    # Bit-exact: FFmpeg then leaves its own name and the date out.
    with av.open(str(target), "w", format="mp4", options={"fflags": "+bitexact"}) as out:
        stream: VideoStream | None = None
        last = -1
        for safe in _sealed(video, sealer):
            if safe is None:
                failed += 1
                continue
            picture = _even(safe)
            if stream is None:
                stream = _stream(out, picture, video)
            ticks = max(last + 1, round(safe.pts_s / TIME_BASE))
            last = ticks
            picture.pts, picture.time_base = ticks, TIME_BASE
            out.mux(stream.encode(picture))
            shares.append(safe.destroyed_pct)
            tell(len(shares) + failed, total)
        if stream is not None:
            out.mux(stream.encode(None))
    mean = sum(shares) / len(shares) if shares else 0.0
    return FilmReport(len(shares), failed, video.truncated, mean)


def _sealed(video: Video, sealer: Sealer) -> Iterator[SafeFrame | None]:
    for window in video.windows(range(len(video.facts.pts_s)), NEIGHBOURS):
        sealer.foresee(window.after)
        try:
            yield sealer.seal(window.frame, window.before, window.after)
        except FrameNotSealed:
            yield None


def _even(safe: SafeFrame) -> av.VideoFrame:
    """A picture for the encoder, whose sides must be even: an odd last row or column goes."""
    height, width = (side - side % 2 for side in safe.pixels.shape[:2])
    return av.VideoFrame.from_ndarray(
        np.ascontiguousarray(safe.pixels[:height, :width]), format="bgr24"
    )


def _stream(out: OutputContainer, picture: av.VideoFrame, video: Video) -> VideoStream:
    span = video.facts.duration_s
    rate = (len(video.facts.pts_s) - 1) / span if span > 0 else 25.0
    stream = out.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001))
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
    stream.codec_context.time_base = TIME_BASE
    stream.time_base = TIME_BASE
    stream.options = {"crf": CRF, "preset": "veryfast"}
    stream.codec_context.flags |= av.codec.context.Flags.bitexact
    return stream
