"""The pictures of a pass: which are wanted, and the way to their pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from anonymize.orientation import WHOLE, named, spread, stretches
from inspection.capture.pass_track import PassTrack, track_of
from inspection.capture.sampling import choose
from inspection.context import PassSetup
from inspection.options import Step
from inspection.resources import Resources
from voirie.errors import EmptyInput, NoOverlap, NotDecodable
from voirie.ids import content_id
from voirie.media import RawFrame, Still, Video, list_stills, read_still
from voirie.media.telemetry import READERS
from voirie.media.video import Window
from voirie.media.watching import Watcher
from voirie.messages import Message, counted, message
from voirie.wording import N_

LEFT_OUT = {
    "no_time": N_("{number} without a time"),
    "no_fix": N_("{number} without a fix"),
    "same_time": N_("{number} at the time of another"),
    "jump": N_("{number} that no car could have reached"),
}
"""What is said of the points of a track that were dropped, by reason."""


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """A picture to keep.

    Attributes
    ----------
    frame_id
        From the pass and the presentation time, or from the still's own bytes.
    file
        Where it comes from.
    index
        Its rank in that file; in the folder for a still.
    pts_s
        Seconds since the first picture of the pass; the rank for a still.
    distance_m
        Metres driven since the start of the pass; 0 for a still until it has a place.
    captured_at
        When it was taken, UTC.
    """

    frame_id: str
    file: Path
    index: int
    pts_s: float
    distance_m: float
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """An opened pass.

    Attributes
    ----------
    wanted
        Its pictures in order.
    videos
        Its films; none for stills.
    track
        Its track; None for stills.
    length_m
        Metres driven in front of the camera; 0 for stills.
    told
        What a person should know of how its films and its track were chosen.
    begins_s
        When each film begins, in seconds since the first picture of the pass.
    """

    wanted: tuple[FrameRequest, ...]
    videos: tuple[Video, ...]
    track: PassTrack | None
    length_m: float
    told: tuple[Message, ...] = ()
    begins_s: tuple[float, ...] = ()

    @property
    def is_cut_off(self) -> bool:
        """Whether a film, known once it is decoded, or the track ends in the middle."""
        track = self.track is not None and self.track.track.truncated
        return track or any(video.truncated for video in self.videos)

    def shortcomings(self) -> list[Message]:
        """What a person should know of the inputs, a clause each."""
        said = [*self.told]
        said += [_cut_off(video) for video in self.videos if video.truncated]
        said += [_made_anew(video) for video in self.videos if video.facts.made_at_fps]
        if self.track is None:
            return said
        track = self.track.track
        if track.origin is not None and len(self.videos) and track.origin not in READERS:
            said.append(
                message(
                    "positions of {film} come from {file} beside it",
                    film=self.videos[0].path.name,
                    file=track.origin,
                )
            )
        if track.out_of_order:
            said.append(
                counted(
                    "{n} point of {file} was written back in time, and was put in order",
                    "{n} points of {file} were written back in time, and were put in order",
                    track.out_of_order,
                    file=track.source.name,
                )
            )
        if track.truncated:
            said.append(
                message(
                    "the track {file} is cut off: what it holds was used", file=track.source.name
                )
            )
        left_out = tuple(
            message(LEFT_OUT[reason], number=number)
            for reason, number in track.dropped.items()
            if number
        )
        if left_out:
            said.append(
                message(
                    "points of {file} that are no fix were left out ({why})",
                    file=track.source.name,
                    why=left_out,
                )
            )
        return said

    def samples(self) -> Iterator[tuple[Path, str, Iterator[RawFrame]]]:
        """Each film, or folder of stills, with a few pictures spread over those that are wanted.

        A long one comes as a whole and in parts, each named. What cannot be decoded is left out.
        """
        for video in self.videos:
            ranks = [item.index for item in self.wanted if item.file == video.path]
            times = video.facts.pts_s[ranks].tolist()
            for part in stretches(range(len(ranks))) if ranks else ():
                near = spread(ranks[part[0] : part[-1] + 1])
                shown = named(times[part[0] : part[-1] + 1], times)
                yield video.path, shown, video.samples(near, decode=len(part) == len(ranks))
        if not self.videos:
            for folder in dict.fromkeys(item.file.parent for item in self.wanted):
                inside = [item for item in self.wanted if item.file.parent == folder]
                for items in stretches(inside):
                    first, last = items[0].file.name, items[-1].file.name
                    shown = WHOLE if len(items) == len(inside) else f"{first} - {last}"
                    yield folder, shown, _stills_of(spread(items))

    def windows(
        self,
        pending: Sequence[FrameRequest],
        neighbours: int,
        watchers: Mapping[Path, Watcher] | None = None,
    ) -> Iterator[tuple[FrameRequest, Window | None]]:
        """Decode what is pending; a film of which nothing is pending is not opened.

        Who watches a film sees its pictures in passing.
        A picture of a film that cannot be decoded is left out; a still comes with None.
        """
        by_file: dict[Path, dict[int, FrameRequest]] = {}
        for item in pending:
            by_file.setdefault(item.file, {})[item.index] = item
        for video in self.videos:
            items = by_file.get(video.path, {})
            if items:
                for window in video.windows(
                    list(items), neighbours, (watchers or {}).get(video.path)
                ):
                    yield items[window.frame.index], window
        if not self.videos:
            for item in pending:
                try:
                    yield item, Window(read_still(Still(item.file, item.index)), (), ())
                except (EmptyInput, NotDecodable):
                    yield item, None


def _stills_of(chosen: Sequence[FrameRequest]) -> Iterator[RawFrame]:
    for item in chosen:
        with suppress(EmptyInput, NotDecodable):
            yield read_still(Still(item.file, item.index))


def _cut_off(video: Video) -> Message:
    """A film that ends early, and how much is missing where it says how long it should be."""
    if not video.facts.lost_s:
        return message(
            "the film {file} is cut off: what could be decoded was used", file=video.path.name
        )
    return message(
        "the film {file} is cut off, its last {seconds} s are lost: what could be decoded was used",
        file=video.path.name,
        seconds=round(video.facts.lost_s, 1),
    )


def _made_anew(video: Video) -> Message:
    """A film without times of its own."""
    return message(
        "the film {file} has broken time stamps: they were counted anew from its {rate} pictures "
        "a second",
        file=video.path.name,
        rate=round(video.facts.made_at_fps or 0.0, 2),
    )


def open_source(plan: PassSetup, step: Step, resources: Resources) -> Source:
    """Open a pass and choose its pictures.

    Raises
    ------
    InputUnusable
        When a film, a track or a folder cannot be read, or track and film do not overlap.
    """
    if plan.kind == "stills":
        return _stills(plan, resources)
    return _films(plan, step, resources)


def _stills(plan: PassSetup, resources: Resources) -> Source:
    stills = [still for path in plan.given.inputs for still in list_stills(path)]
    wanted = tuple(
        FrameRequest(
            content_id("frame", plan.pass_id, resources.sha256(still.path)),
            still.path,
            rank,
            float(rank),
            0.0,
            None,
        )
        for rank, still in enumerate(stills)
    )
    return Source(wanted, (), None, 0.0, plan.told)


def _films(plan: PassSetup, step: Step, resources: Resources) -> Source:
    videos = [resources.film(path) for path in plan.given.inputs]
    begins = resources.begins_s(tuple(plan.given.inputs))
    track = track_of(plan, float(begins[-1]) + videos[-1].facts.duration_s, resources)
    wanted: list[FrameRequest] = []
    pts = np.concatenate([v.facts.pts_s + b for v, b in zip(videos, begins, strict=True)])
    state = track.at(pts)
    distance = state["distance_m"].to_numpy(float)
    seen = distance[np.isfinite(distance)]
    if not len(seen):
        raise NoOverlap(
            "the track and the film have no moment in common",
            plan.given.track,
            "check started_at and offset_s, or give the track of that drive",
        )
    distance = distance - seen[0]
    chosen = choose(pts, distance, state["speed_mps"].to_numpy(float), step)
    ends = np.cumsum([len(v.facts.pts_s) for v in videos])
    for index, at, metres in zip(chosen.index, chosen.pts_s, chosen.distance_m, strict=True):
        file = int(np.searchsorted(ends, index, side="right"))
        wanted.append(
            FrameRequest(
                content_id("frame", plan.pass_id, round(float(at), 6)),
                videos[file].path,
                int(index - (ends[file - 1] if file else 0)),
                float(at),
                round(float(metres), 2),
                track.moment(float(at)),
            )
        )
    return Source(
        tuple(wanted),
        tuple(videos),
        track,
        float(np.nanmax(distance)),
        plan.told,
        tuple(begins.tolist()),
    )
