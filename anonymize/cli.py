"""``voirie anonymize``: a picture, a folder of pictures, or a film.

Nothing appears under the name the user gave before all of it is sealed. A folder in work is
``OUT.partial`` and is taken up again by the same command; a film starts anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from anonymize.certificate_writer import CertificateWriter
from anonymize.encode import save
from anonymize.film import seal_film
from anonymize.folders import Sources, pictures_of, raw_pictures, seal_folder, seal_picture
from anonymize.orientation import STRETCH_OF_FILM, WHOLE, named, spread, stretches
from anonymize.regions import People
from anonymize.sealer import Sealer
from voirie.errors import (
    DONE,
    DONE_IN_PART,
    ConfigurationError,
    FrameNotSealed,
    InputUnusable,
    NotDecodable,
)
from voirie.files import disk_errors, replacing, write_json
from voirie.ids import sha256_of
from voirie.lock import locked
from voirie.media import Video
from voirie.media.stills import STILL_SUFFIXES
from voirie.partial import STATE, claim, place_of, put_in_place, refuse_foreign
from voirie.progress import progress
from voirie.refusals import clause
from voirie.wording import N_, session

FILE_SCHEMA = "voirie.sealed-file/1"
FILM_SUFFIX = ".mp4"
PICTURE_SUFFIX = ".jpg"
SOURCES = "sources.jsonl"

CountCallback = Callable[[int, int], None]


def anonymize_command(
    input: Annotated[Path, typer.Argument(help="Picture, folder of pictures, or film.")],
    out: Annotated[Path, typer.Option(help="File or folder to write; it must not exist.")],
    people: Annotated[People, typer.Option(help="Destroy people whole, or their heads.")] = "whole",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> int:
    """Destroy faces, people and plates; the input is only read.

    Parameters
    ----------
    input
        Picture, folder of pictures, or film.
    out
        What is written: a folder for a folder, else a file.
    people
        ``whole`` or ``head``.
    as_json
        Print the result as one JSON object.

    Returns
    -------
    code
        0, or 4 when something was left out or the film was cut off.
    """
    _check_places(input, out)
    if input.is_dir():
        work, noun = _folder, N_("pictures")
    elif input.suffix.lower() in STILL_SUFFIXES:
        work, noun = _picture, N_("pictures")
    else:
        work, noun = _film, N_("frames")
    with progress(Console(stderr=True, quiet=as_json)) as show:
        named = session().text(noun)
        facts = work(input, out, people, lambda done, total: show(named, done, total, ""))
    if as_json:
        print(json.dumps({"out": out.name, **facts}))
    else:
        _print(out, named, facts)
    whole = not facts["failed"] and not facts.get("truncated", False)
    return DONE if whole else DONE_IN_PART


def _check_places(source: Path, out: Path) -> None:
    if not source.exists():
        raise NotDecodable("there is no such file or folder", source, "check the name")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ConfigurationError("it exists already", out, "choose another --out")
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise ConfigurationError(
            "the output lies inside the input, which is only read", out, "choose another --out"
        )


def _folder(source: Path, out: Path, people: People, tell: CountCallback) -> dict[str, object]:
    pictures, out = pictures_of(source), place_of(out)
    with locked(out):
        refuse_foreign(out, "anonymize")
        sealer = Sealer(people=people, expected_frames=len(pictures))
        for part in stretches(list(pictures.values())):
            shown = WHOLE if len(part) == len(pictures) else f"{part[0].name} - {part[-1].name}"
            sealer.refuse_turned(raw_pictures(spread(part)), source, shown)
        with disk_errors(out):
            partial = claim(out, "anonymize")
        writer = CertificateWriter(partial, sealer.settings)
        try:
            with Sources(partial / STATE / SOURCES) as sources:
                report = seal_folder(pictures, writer, sources, sealer, tell)
        finally:
            writer.close()
        if report.sealed == 0:
            why = _first(report.failed)
            raise InputUnusable("none of its pictures could be sealed", source, why)
        with disk_errors(out):
            if out.is_dir():
                out.rmdir()
            put_in_place(partial, out)
    return asdict(report)


def _first(failed: dict[str, str]) -> str:
    return "the first said: " + next(iter(failed.values())).rstrip(".")


def _picture(source: Path, out: Path, people: People, tell: CountCallback) -> dict[str, object]:
    _check_suffix(out, {PICTURE_SUFFIX, ".jpeg"}, "a sealed picture is a JPEG")
    sealer = Sealer(people=people)
    sealer.refuse_turned(raw_pictures([source]), source)
    safe = seal_picture(source, 0, sealer)
    save(safe, out)
    tell(1, 1)
    return {"sealed": 1, "failed": {}, "destroyed_pct": safe.destroyed_pct}


def _film(source: Path, out: Path, people: People, tell: CountCallback) -> dict[str, object]:
    _check_suffix(out, {FILM_SUFFIX}, "a sealed film is an MP4 file")
    video = Video(source)
    sealer = Sealer(people=people, expected_frames=len(video.facts.pts_s))
    times = video.facts.pts_s.tolist()
    for part in stretches(range(len(times)), STRETCH_OF_FILM):
        near = video.samples(spread(part), decode=len(part) == len(times))
        shown = named(times[part[0] : part[-1] + 1], times)
        sealer.refuse_turned((frame.pixels for frame in near), source, shown)
    with disk_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(out) as partial:
        report = seal_film(video, partial, sealer, tell)
        if report.sealed == 0:
            raise FrameNotSealed("none of its pictures could be sealed", source)
    write_json(
        out.with_name(out.name + ".certificate.json"),
        {
            "schema": FILE_SCHEMA,
            "file": out.name,
            "sha256": sha256_of(out),
            **asdict(sealer.settings),
            **asdict(report),
        },
    )
    return asdict(report)


def _check_suffix(out: Path, allowed: set[str], why: str) -> None:
    if out.suffix.lower() not in allowed:
        raise ConfigurationError(why, out, f"give a name that ends in {sorted(allowed)[0]}")


def _print(out: Path, noun: str, facts: dict[str, Any]) -> None:
    w = session()
    destroyed = w.percent(facts["destroyed_pct"], 1)
    print(
        w.text(
            "{file}: {n} {pictures} sealed, {destroyed} destroyed.",
            file=out,
            n=w.number(facts["sealed"]),
            pictures=noun,
            destroyed=destroyed,
        )
    )
    failed = facts["failed"]
    if isinstance(failed, dict):
        for told in failed.values():
            print(w.text("  left out: {reason}", reason=clause(told, w.language)))
    elif failed:
        n = w.number(failed)
        print(w.text("  left out: {n} frames that could not be sealed", n=n))
    if facts.get("truncated"):
        print(w.text("  the film was cut off: what could be decoded is there"))
