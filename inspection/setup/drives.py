"""Which track belongs to which film: drives as survey.toml describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from inspection.film_tracks import fixes_of_film
from inspection.setup.found import Found
from voirie.errors import VoirieError
from voirie.media import Video
from voirie.media.cards import Card, film_of
from voirie.media.cards import drives_of as drives_of_card
from voirie.messages import Message, message


@dataclass(frozen=True, slots=True)
class Drive:
    """Films of one drive, or a folder of stills, and what says where it went.

    Attributes
    ----------
    id
        Name for survey.toml.
    sources
        The films in order, or the folder of stills.
    track
        Its track or table of chainages; None where the film has its own, or none was found.
    why
        How the track was found, or that none was.
    """

    id: str
    sources: tuple[Path, ...]
    track: Path | None
    why: Message


def drives_of(found: Found) -> list[Drive]:
    """Pair films with tracks, and stills with their tables.

    A film that carries positions needs no track. Otherwise the track that has its name is taken,
    and the only track for the only film. What cannot be told is left open.

    Examples
    --------
    >>> from inspection.setup.found import look_into
    >>> drives = drives_of(look_into(Path("samples/drive")))
    >>> [(one.id, one.track.name) for one in drives]
    [('pass_a', 'track_a.gpx'), ('pass_b', 'track_b.gpx')]
    """
    drives: list[Drive] = []
    recorded = _recorded(found.films)
    firsts = tuple(films[0] for films in recorded)
    for films in recorded:
        if any(map(_carries_positions, films)):
            track, why = None, message("{file} carries its own track", file=films[0].name)
        else:
            track, why = _track_for(films[0], firsts, found.tracks)
        drives.append(Drive(_id(films[0], drives), films, track, why))
    for folder in found.stills:
        track, why = _track_for(folder, found.stills, found.chainages)
        drives.append(Drive(_id(folder, drives), (folder,), track, why))
    return drives


def _recorded(films: tuple[Path, ...]) -> list[tuple[Path, ...]]:
    """Films of each drive, where the names that cameras give tell; others stand alone."""
    known = [one for one in map(film_of, films) if one.left_out is None]
    named = [one for one in known if one.recording is not None or one.begins_at is not None]
    drives = []
    for folder in dict.fromkeys(one.path.parent for one in named):
        inside = sorted(
            (one for one in named if one.path.parent == folder),
            key=lambda one: (one.recording is None, one.order),
        )
        drives += [
            tuple(f.path for f in drive) for drive in drives_of_card(Card(tuple(inside)), _lasts_s)
        ]
    return [*drives, *((one.path,) for one in known if one not in named)]


def _lasts_s(film: Path) -> float:
    try:
        return Video(film).facts.duration_s
    except VoirieError:
        return 0.0


def _carries_positions(film: Path) -> bool:
    try:
        fixes_of_film(film, Video(film).facts.duration_s)
    except VoirieError:
        return False
    return True


def _track_for(
    source: Path, sources: tuple[Path, ...], tracks: tuple[Path, ...]
) -> tuple[Path | None, Message]:
    name = source.name if source.is_dir() else source.stem
    if len(sources) == len(tracks) == 1:
        return tracks[0], message("the only track, {file}", file=tracks[0].name)
    inside = [track for track in tracks if source in track.parents]
    same = inside or [track for track in tracks if _alike(name, track.stem)]
    if len(same) == 1:
        return same[0], message("by its name, {file}", file=same[0].name)
    if not tracks:
        return None, message("no track was found for {file}", file=source.name)
    return None, message("none of the tracks has the name of {file}", file=source.name)


def _alike(one: str, other: str) -> bool:
    """Whether two names differ in words only that say what the files are.

    Examples
    --------
    >>> _alike("pass_a", "track_a"), _alike("drive-12", "DRIVE_12_gps"), _alike("a", "b")
    (True, True, False)
    """
    return bool(_words(one)) and _words(one) == _words(other)


_KINDS = frozenset(
    {"film", "video", "pass", "passage", "track", "trace", "gps", "gpx", "nmea", "log", "images",
     "photos", "stills", "chainage", "abscisses", "positions"}
)  # fmt: skip


def _words(name: str) -> list[str]:
    words = re.findall(r"[a-z]+|\d+", name.lower())
    return [word for word in words if word not in _KINDS]


def _id(source: Path, before: list[Drive]) -> str:
    name = source.name if source.is_dir() else source.stem
    wanted = re.sub(r"[^\w-]+", "_", name).strip("_") or "drive"
    known = {drive.id for drive in before}
    rank, free = 2, wanted
    while free in known:
        free, rank = f"{wanted}_{rank}", rank + 1
    return free
