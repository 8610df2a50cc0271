"""What the commands about networks share: options read, files not written over, faults printed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gis.imports.faults import KINDS, Fault
from gis.imports.importing import Asked
from gis.imports.joins import Join
from gis.imports.page import GENERATOR, WEIGHTS
from gis.imports.roads import layers_of
from gis.imports.writing import SUFFIX
from voirie.errors import ConfigurationError
from voirie.wording import LANGUAGES, Wording, session

OURS = {
    "--out": (
        *("axes", "pr", "sections", "section_history", "axis_ids", "versions"),
        *("points", "lines", "elsewhere"),
    ),
    "--faults": ("points", "lines", "elsewhere"),
}
"""Layers of files that these options may replace."""

PAGE = "--page"

EXAMPLES = 3
"""Places of each kind of fault that are printed; all stand in the file of faults."""


def print_faults(
    faults: list[Fault], wording: Wording, out: Path | None, option: str = "--faults"
) -> None:
    """Kinds of faults with their number, and the first places of each.

    Parameters
    ----------
    faults
        What is told.
    wording
        Language.
    out
        File that holds all of them, None where none was written.
    option
        That by which one is written.
    """
    count = Counter(fault.kind for fault in faults)
    for kind, (weight, name) in KINDS.items():
        if kind not in count:
            continue
        print(
            f"{wording.number(count[kind]):>6}  {wording.text(name)}"
            f" ({wording.text(WEIGHTS[weight])})"
        )
        own = [fault for fault in faults if fault.kind == kind]
        for fault in own[:EXAMPLES]:
            print(f"        {wording.say(fault.told)}")
        if len(own) > EXAMPLES:
            more = wording.text("and {n} more", n=wording.number(len(own) - EXAMPLES))
            print(f"        {more}")
    if faults:
        where = wording.text("all of them: {file}", file=str(out)) if out else None
        print(
            where
            or wording.text(
                "{option} FILE.gpkg writes them all with their places, --page FILE.html a page",
                option=option,
            )
        )


def fault_row(fault: Fault) -> dict[str, object]:
    """A fault as ``--json`` prints it: reason in both languages, first place."""
    at = fault.geometry
    return {
        "kind": fault.kind,
        "weight": KINDS[fault.kind][0],
        "route": fault.route,
        "fr": Wording("fr").say(fault.told),
        "en": Wording("en").say(fault.told),
        "at": None if at is None or at.is_empty else [round(v, 1) for v in at.bounds[:2]],
    }


def refuse_same(written: dict[str, Path | None], *read: Path | None) -> None:
    """Refuse to write where something is read, or twice to one file."""
    taken = {path.resolve(): str(path) for path in read if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        if path.resolve() in taken:
            raise ConfigurationError(
                f"{option} is a file that is read, or written already", path, "name another file"
            )
        if option == PAGE and path.suffix.lower() not in (".html", ".htm"):
            raise ConfigurationError(f"{option} is written as a page", path, "name it .html")
        if option != PAGE and path.suffix.lower() != SUFFIX:
            raise ConfigurationError(f"{option} is written as a GeoPackage", path, "name it .gpkg")
        if not path.absolute().parent.is_dir():
            raise ConfigurationError("its folder is not there", path, "make the folder first")
        if path.exists() and not _is_ours(path, option):
            raise ConfigurationError(
                "it is there and no file of ours: it would be lost", path, "name another file"
            )
        taken[path.resolve()] = str(path)


def _is_ours(path: Path, option: str) -> bool:
    """Whether a file is one that such an option has written before."""
    if option == PAGE:
        return path.is_file() and GENERATOR.encode() in path.read_bytes()[:4000]
    return set(layers_of(path)) <= set(OURS[option])


def pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    """Options written ``ATTRIBUTE=WORD``.

    Raises
    ------
    ConfigurationError
        When one is written otherwise.

    Examples
    --------
    >>> pairs(["dep=012"], "--value")
    {'dep': '012'}
    """
    found = {}
    for text in texts or ():
        name, mark, word = text.partition("=")
        if not (name and mark and word):
            raise ConfigurationError(
                f"{option} {text} says nothing", None, f"write {option} ATTRIBUTE=WORD"
            )
        found[name.strip()] = word.strip()
    return found


def asked_of(
    mapping: str | None = None,
    layer: str | None = None,
    pr: Path | None = None,
    column: list[str] | None = None,
    value: list[str] | None = None,
    join: list[str] | None = None,
) -> Asked:
    """What the options say of a file of roads.

    Examples
    --------
    >>> asked_of(value=["dep=012"]).values
    {'dep': '012'}
    """
    return Asked(
        mapping,
        layer,
        pr,
        pairs(column, "--column"),
        pairs(value, "--value"),
        tuple(Join.parse(text) for text in join or ()),
    )


def wording_in(lang: str | None) -> Wording:
    """Texts of a language, or of the session where none is asked for.

    Raises
    ------
    ConfigurationError
        When it is not known.
    """
    if lang is None:
        return session()
    language = next((known for known in LANGUAGES if known == lang), None)
    if language is None:
        raise ConfigurationError(f"--lang {lang} is not known", remedy="say fr or en")
    return Wording(language)
