"""Films through PyAV: exact presentation times, truncation told apart from rubbish."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.stream import Disposition
from av.video.stream import VideoStream

from voirie.arrays import Floats, Pixels
from voirie.errors import EmptyInput, NotDecodable
from voirie.media.boxes import lacks_index
from voirie.media.film_times import times_of
from voirie.media.frames import RawFrame
from voirie.media.watching import Watcher, show

_SAME_PICTURE_S = 5e-4

CONTAINERS = (
    "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,ivf,h264,hevc,obu,mxf,dv,mjpeg"
)
"""Demuxers that read one file and no other. Playlists, lists and sessions (hls, concat, sdp, image
sequences) name further files, and are no films."""
_OPENED_AS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}

LEAST_KEY_FRAMES = 4
FIRST_PART_S = 60.0
"""Where a film has hardly any key frame, its `samples` are decoded in this first part alone."""

LOST_S = 0.5
"""A film that ends this much before its own index or header says so is cut off."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the container says, read without decoding.

    Attributes
    ----------
    pts_s
        Presentation time of each picture in order, from the first one; shape (n,), seconds.
    width_px, height_px
        Size of the pictures as shown.
    start_s
        Time stamp of the first picture on the container's own clock.
    stated_s
        Seconds that the film should last, by its own index or header; 0 where it does not say.
    made_at_fps
        The rate that times were counted from, where those of the container are broken.
    by_rank
        Whether a picture is known by its rank: its own time stamp does not tell which it is.
    """

    pts_s: Floats
    width_px: int
    height_px: int
    start_s: float
    stated_s: float = 0.0
    made_at_fps: float | None = None
    by_rank: bool = False

    @property
    def lost_s(self) -> float:
        """Seconds at the end that the film should hold and does not."""
        usual = self.duration_s / (len(self.pts_s) - 1) if len(self.pts_s) > 1 else 0.0
        lost = self.stated_s - self.duration_s - usual
        return lost if lost > LOST_S else 0.0

    @property
    def duration_s(self) -> float:
        """Seconds from the first picture to the last."""
        return float(self.pts_s[-1])


@dataclass(frozen=True, slots=True)
class Window:
    """A chosen picture with its decoded neighbours, in time order."""

    frame: RawFrame
    before: tuple[RawFrame, ...]
    after: tuple[RawFrame, ...]


class Video:
    """A film on disk, opened read-only.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    EmptyInput
        When the file holds no byte or no picture.
    NotDecodable
        When it is no film or has no video stream.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.truncated = False
        self.decoded = 0
        if not path.is_file():
            what = "this is no regular file" if path.exists() else "there is no such file"
            raise NotDecodable(what, path, "give the film itself")
        if path.stat().st_size == 0:
            raise EmptyInput("the file holds no byte", path, "copy it again from the camera")
        self.facts = self._read_facts()
        self.truncated |= self.facts.lost_s > 0

    def _open(self) -> av.container.InputContainer:
        try:
            # The whole path, so that no name is taken for a protocol ("concat:a|b").
            container = av.open(
                str(self.path.absolute()), metadata_errors="replace", container_options=_OPENED_AS
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            if lacks_index(self.path):
                raise NotDecodable(
                    "its index (moov) is missing: the camera was cut off before it closed the file",
                    self.path,
                    "repair it in the camera or with its own tool",
                ) from error
            raise NotDecodable(
                "this is no film that can be read", self.path, "copy it again from the camera"
            ) from error
        if not _film_streams(container):
            container.close()
            raise NotDecodable("it has no video stream", self.path, "give the film, not the sound")
        _film_stream(container).thread_type = "AUTO"
        return container

    def _read_facts(self) -> VideoFacts:
        with self._open() as container:
            stream = _film_stream(container)
            base, stated_s = stream.time_base, _stated_s(container)
            packets: list[tuple[int | None, int | None]] = []
            try:
                for packet in container.demux(stream):
                    if packet.size and not packet.is_discard:
                        packets.append((packet.pts, packet.dts))
            except av.FFmpegError:
                self.truncated = True
            # An index that comes first counts its pictures; other containers estimate.
            if "mp4" in container.format.name.split(",") and len(packets) < stream.frames:
                self.truncated = True
            own, mean = stream.codec_context.framerate, stream.average_rate
            times = times_of(
                [pts for pts, _ in packets],
                [dts for _, dts in packets],
                float(base or 0),
                float(own) if own else None,
                float(mean) if mean else None,
                self.path,
            )
            # AVI numbers what it stores, not what is shown: pictures out of order are mixed up.
            by_rank = times.made_at_fps is not None or container.format.name == "avi"
        height_px, width_px = self._shown_size()
        return VideoFacts(
            times.pts_s,
            width_px,
            height_px,
            times.start_s,
            0.0 if times.made_at_fps else stated_s,
            times.made_at_fps,
            by_rank,
        )

    def _shown_size(self) -> tuple[int, int]:
        """Height and width of the pictures as they are shown, from the first that decodes."""
        with self._open() as container:
            stream = _film_stream(container)
            try:
                for frame in container.decode(stream):
                    size = frame.height, frame.width
                    return size if _quarter_turns(frame, self.path) % 2 == 0 else size[::-1]
            except av.FFmpegError:
                pass  # `frames` tells what cannot be decoded
            return stream.height, stream.width

    def frames(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Decode every picture in presentation order; what is broken ends the film.

        Yields
        ------
        tuple of float and av.VideoFrame
            Seconds from the first picture of the file, and the picture.
        """
        self.decoded = 0
        with self._open() as container:
            try:
                for frame in container.decode(_film_stream(container)):
                    seconds = self._seconds(frame)
                    if seconds is None:
                        continue
                    yield seconds, frame
                    self.decoded += 1
            except av.FFmpegError:
                self.truncated = True
        if self.decoded < len(self.facts.pts_s):
            self.truncated = True
        if self.decoded == 0:
            raise NotDecodable("no picture of it can be decoded", self.path, "copy it again")

    def _seconds(self, frame: av.VideoFrame) -> float | None:
        """Time of the picture that comes out of the decoder, None where it has no place."""
        if self.facts.by_rank:
            pts_s = self.facts.pts_s
            return float(pts_s[self.decoded]) if self.decoded < len(pts_s) else None
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base) - self.facts.start_s

    def show(self, watcher: Watcher) -> None:
        """Decode the whole film for a watcher alone."""
        for seconds, frame in self.frames():
            self._shown(seconds, frame, watcher)

    def _shown(self, seconds: float, frame: av.VideoFrame, watcher: Watcher) -> None:
        if watcher.wants(seconds):
            show(watcher, seconds, frame, _quarter_turns(frame, self.path))

    def windows(
        self, chosen: Collection[int], neighbours: int, watcher: Watcher | None = None
    ) -> Iterator[Window]:
        """Decode once and hand out the chosen pictures with their neighbours.

        Parameters
        ----------
        chosen
            Ranks of the wanted pictures in presentation order.
        neighbours
            Pictures handed out on either side of each.
        watcher
            Who else looks at the pictures, to the end of the film then.

        Yields
        ------
        Window
            In time order; a wanted picture that cannot be decoded is left out. Only pictures
            that some window holds are turned into pixels.
        """
        waiting = deque(sorted(set(chosen)))
        needed = {i + d for i in waiting for d in range(-neighbours, neighbours + 1)}
        held: dict[int, RawFrame] = {}

        def ready(until: float) -> Iterator[Window]:
            while waiting and waiting[0] + neighbours <= until:
                index = waiting.popleft()
                if index in held:
                    yield Window(
                        held[index],
                        tuple(held[i] for i in range(index - neighbours, index) if i in held),
                        tuple(
                            held[i] for i in range(index + 1, index + 1 + neighbours) if i in held
                        ),
                    )
                floor = waiting[0] - neighbours if waiting else index + neighbours + 1
                for old in [i for i in held if i < floor]:
                    del held[old]

        for seconds, frame in self.frames():
            if watcher is not None:
                self._shown(seconds, frame, watcher)
            # The rank comes from the time, so that a picture lost in the middle shifts nothing.
            index = int(np.searchsorted(self.facts.pts_s, seconds - _SAME_PICTURE_S))
            if index in needed:
                held[index] = RawFrame(self._upright(frame), seconds, index, self.path.name)
            yield from ready(index)
            if not waiting and watcher is None:
                return
        yield from ready(float("inf"))

    def samples(self, near: Sequence[int], decode: bool = True) -> Iterator[RawFrame]:
        """Some pictures near those asked for, without decoding the whole film.

        Those that stand by themselves (key frames) are taken, the last before each. Where a film
        has hardly any, those asked for follow, from its first minute.

        Parameters
        ----------
        near
            Ranks in presentation order, in the order in which the pictures are wanted.
        decode
            Whether those asked for may follow at all: they are decoded from the beginning.
        """
        seen: set[int] = set()
        with self._open() as container:
            stream = _film_stream(container)
            # Without times of its own a film has no places to go to.
            for rank in near if self.facts.made_at_fps is None else ():
                frame = self._key_frame(container, stream, float(self.facts.pts_s[rank]))
                if frame is not None and frame.index not in seen:
                    seen.add(frame.index)
                    yield frame
        if decode and len(seen) < min(len(near), LEAST_KEY_FRAMES):
            end_s = float(self.facts.pts_s[min(near)]) + FIRST_PART_S
            first = [rank for rank in near if self.facts.pts_s[rank] < end_s]
            for window in self.windows([rank for rank in first if rank not in seen], 0):
                yield window.frame

    def _key_frame(
        self, container: av.container.InputContainer, stream: VideoStream, at_s: float
    ) -> RawFrame | None:
        """The last picture before a moment that stands by itself; None where it is not found."""
        if stream.time_base is None:
            return None
        try:
            container.seek(int((at_s + self.facts.start_s) / stream.time_base), stream=stream)
            frame = next(container.decode(stream), None)
        except av.FFmpegError:
            return None
        if frame is None or frame.pts is None or frame.time_base is None:
            return None
        seconds = float(frame.pts * frame.time_base) - self.facts.start_s
        index = int(np.searchsorted(self.facts.pts_s, seconds - _SAME_PICTURE_S))
        return RawFrame(self._upright(frame), seconds, index, self.path.name)

    def _upright(self, frame: av.VideoFrame) -> Pixels:
        """Pixels of a picture, turned as the film says that it is to be shown."""
        pixels = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
        turns = _quarter_turns(frame, self.path)
        return pixels if turns == 0 else np.ascontiguousarray(np.rot90(pixels, turns))


def _stated_s(container: av.container.InputContainer) -> float:
    """Seconds of the video by its own index, else by the header of the file; 0 if neither says."""
    stream = _film_stream(container)
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Of a container without an index the header is an estimate, made from the size of the file.
    named = {"matroska", "webm", "avi", "flv", "asf"} & set(container.format.name.split(","))
    return container.duration / av.time_base if named and container.duration else 0.0


def _film_streams(container: av.container.InputContainer) -> list[VideoStream]:
    """Video streams that are no cover picture, which may come first."""
    return [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]


def _film_stream(container: av.container.InputContainer) -> VideoStream:
    return _film_streams(container)[0]


def _quarter_turns(frame: av.VideoFrame, path: Path) -> int:
    """Quarter turns, against the clock, by which a picture is shown (its display matrix)."""
    turns, rest = divmod(frame.rotation, 90)
    if rest:
        raise NotDecodable(
            f"its pictures are shown turned by {frame.rotation} degrees, no quarter turn",
            path,
            "convert it, so that the road is level",
        )
    return int(turns) % 4
