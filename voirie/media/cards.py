"""Films of a memory card, as cameras name them: which camera, which drive, in which order.

GoPro, Viofo, BlackVue, Nextbase, 70mai and Garmin are known by their names; of any other camera
the films are taken in the order of their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from voirie.errors import EmptyInput

SUFFIXES = frozenset(
    {".mp4", ".mov", ".mkv", ".avi", ".ts", ".m2ts", ".mts", ".webm", ".mpg", ".mpeg", ".m4v",
     ".3gp", ".360", ".h264", ".hevc"}
)  # fmt: skip
PROXIES = frozenset({".lrv", ".thm", ".glv"})
"""Small copies that cameras write beside a film."""

NEXT_DRIVE_S = 120.0
"""A camera that was off for longer begins another drive."""

_DATED = re.compile(
    r"(?P<y>20\d\d|\d\d)_?-?(?P<m>\d\d)-?(?P<d>\d\d)[-_T]?(?P<h>\d\d)-?(?P<mi>\d\d)-?(?P<s>\d\d)"
    r"(?P<rest>.*)$"
)
_GOPRO = re.compile(r"G(?:(?P<kind>[HXL])(?P<chapter>\d\d)|OPR|P(?P<old>\d\d))(?P<file>\d{4})$")
_CAMERA = {"R": "rear", "I": "interior", "O": "other", "T": "telephoto", "B": "rear"}


@dataclass(frozen=True, slots=True)
class CardFilm:
    """A film and what its name says.

    Attributes
    ----------
    path
        The film.
    order
        What it is sorted by.
    recording
        Films of one recording have the same; None where the name tells no recording.
    begins_at
        When it begins, on the clock of the camera; None where the name does not tell.
    left_out
        Why it is no film of the road ahead: ``rear``, ``interior``, ``telephoto``, ``other``,
        ``parking``, ``small``; None for one that is.
    """

    path: Path
    order: tuple[object, ...]
    recording: str | None = None
    begins_at: datetime | None = None
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Films of a folder.

    Attributes
    ----------
    films
        Of the road ahead, in order.
    left_out
        How many others, by reason.
    """

    films: tuple[CardFilm, ...]
    left_out: dict[str, int] = field(default_factory=dict)


def is_film(path: Path) -> bool:
    """Whether a file is called like a film.

    Examples
    --------
    >>> is_film(Path("GX010042.MP4")), is_film(Path("GL010042.LRV"))
    (True, False)
    """
    return path.suffix.lower() in SUFFIXES


def film_of(path: Path) -> CardFilm:
    """What the name of a film says.

    Examples
    --------
    >>> film_of(Path("GX020042.MP4")).order, film_of(Path("GX020042.MP4")).recording
    (('0042', 2), '0042')
    >>> film_of(Path("20260601_101500_NR.mp4")).left_out
    'rear'
    """
    gopro = _GOPRO.match(path.stem.upper())
    if gopro:
        chapter = int(gopro["chapter"] or gopro["old"] or 0)
        small = "small" if gopro["kind"] == "L" else None
        return CardFilm(path, (gopro["file"], chapter), gopro["file"], None, small)
    dated = _DATED.search(path.stem)
    begins_at = _moment(dated) if dated else None
    if dated is None or begins_at is None:
        return CardFilm(path, _natural(path.name))
    why = _why_left_out(dated["rest"].upper(), path)
    return CardFilm(path, (begins_at, path.name), None, begins_at, why)


def _moment(found: re.Match[str]) -> datetime | None:
    year = int(found["y"])
    parts = [int(found[name]) for name in ("m", "d", "h", "mi", "s")]
    try:
        return datetime(year if year > 99 else 2000 + year, *parts)  # type: ignore[arg-type]
    except ValueError:
        return None


def _why_left_out(rest: str, path: Path) -> str | None:
    """What the letters behind the date say: the camera, parking, and small copies."""
    letters = re.sub(r"[^A-Z]", "", rest)
    folders = {part.lower() for part in path.parts[-4:-1]}
    # Nextbase: F or R, then H or L; BlackVue: N, E, P or M, then the camera; Viofo: P, then it.
    if re.fullmatch(r"[FR][HL]", letters):
        if letters[1] == "L":
            return "small"
        letters = letters[0]
    if "parking" in folders or re.fullmatch(r"P[FRIOT]?", letters):
        return "parking"
    return _CAMERA.get(letters[-1]) if letters else None


def _natural(name: str) -> tuple[object, ...]:
    """Names in the order of their numbers: film2 before film10."""
    parts = re.split(r"(\d+)", name.lower())
    return tuple(int(part) if part.isdigit() else part for part in parts)


def read_card(folder: Path) -> Card:
    """Films of a folder and of those inside it; hidden ones are passed over.

    Raises
    ------
    EmptyInput
        When it holds no film of the road ahead.

    Examples
    --------
    >>> [film.path.name for film in read_card(Path("samples/drive")).films]
    ['pass_a.mp4', 'pass_b.mp4']
    """
    every = sorted(path for path in folder.rglob("*") if _is_shown(path, folder))
    known = [film_of(path) for path in every if is_film(path)]
    dropped = Counter(film.left_out for film in known if film.left_out)
    # A camera whose every film has one of these letters is no second camera.
    kept = [film for film in known if film.left_out is None]
    if known and not kept:
        raise EmptyInput(
            "the folder holds no film of the road ahead, only of other cameras",
            folder,
            "name the films themselves",
        )
    if not kept:
        raise EmptyInput("the folder holds no film", folder, "give the folder of the films")
    dropped.update({"small": sum(path.suffix.lower() in PROXIES - {".thm"} for path in every)})
    by_kind = sorted(kept, key=lambda film: (str(type(film.order[0])), film.order))
    return Card(tuple(by_kind), {why: number for why, number in dropped.items() if number})


def _is_shown(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    return not any(part.startswith(".") for part in inside) and path.is_file()


def drives_of(card: Card, lasts_s: Callable[[Path], float]) -> list[tuple[CardFilm, ...]]:
    """Films of each drive: another recording, or a longer pause, begins another.

    Parameters
    ----------
    card
        Films of a folder.
    lasts_s
        How long a film lasts.

    Examples
    --------
    >>> films = [film_of(Path(f"20260601_10{m}00.mp4")) for m in (15, 20, 40)]
    >>> [len(drive) for drive in drives_of(Card(tuple(films)), lambda path: 300.0)]
    [2, 1]
    """
    drives: list[list[CardFilm]] = []
    for film in card.films:
        if drives and _follows(drives[-1][-1], film, lasts_s):
            drives[-1].append(film)
        else:
            drives.append([film])
    return [tuple(drive) for drive in drives]


def _follows(before: CardFilm, film: CardFilm, lasts_s: Callable[[Path], float]) -> bool:
    if before.recording != film.recording:
        return False
    if before.begins_at is None or film.begins_at is None:
        return before.begins_at is film.begins_at
    pause_s = (film.begins_at - before.begins_at).total_seconds() - lasts_s(before.path)
    return pause_s <= NEXT_DRIVE_S
