"""What lies in a folder: drives, tracks, networks, files of roads, and files of ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gis.imports.roads import layers_of
from gis.tracks.readers import read_track
from inspection.capture.chainage import read_chainage
from voirie.errors import VoirieError
from voirie.media.cards import is_film
from voirie.media.stills import STILL_SUFFIXES

TABLES = frozenset(
    {".gpx", ".csv", ".txt", ".tsv", ".nmea", ".srt", ".gps", ".geojson", ".json", ".xlsx", ".ods"}
)  # fmt: skip
"""Files that may be a track, or say where stills were taken."""

ROADS = frozenset(
    {".gpkg", ".shp", ".zip", ".geojson", ".json", ".fgb", ".tab", ".mif", ".gml", ".parquet",
     ".osm", ".pbf"}
)  # fmt: skip
OURS = {
    "vehicle": ("vehicle.toml",),
    "scenarios": ("scenarios.toml",),
    "treatments": ("treatments.yaml", "treatments.yml"),
    "scheme": ("scheme.yaml", "scheme.yml"),
    "taxonomy": ("taxonomy.yaml", "taxonomy.yml"),
}
"""Keys of survey.toml, and the names under which their files are looked for."""

PLAIN_KINDS = frozenset({".gpx", ".nmea", ".gpkg", ".shp"})
"""Files that can only be a track, or roads: one that cannot be used is told, with the reason."""

DEEPEST = 5
MOST_FILES = 100_000
LEAST_STILLS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds; every path is inside it, in the order of the names.

    Attributes
    ----------
    folder
        The folder.
    films
        Films.
    stills
        Folders with two stills and more.
    tracks
        GPS tracks that can be read.
    chainages
        Tables that say where stills were taken.
    networks
        GeoPackages with axes and PR, as `voirie network import` writes them.
    roads
        Other files with lines, of which a network may be made.
    ours
        Files of ours by their key in survey.toml.
    refused
        Why tracks and files of roads that lie there cannot be used.
    """

    folder: Path
    films: tuple[Path, ...] = ()
    stills: tuple[Path, ...] = ()
    tracks: tuple[Path, ...] = ()
    chainages: tuple[Path, ...] = ()
    networks: tuple[Path, ...] = ()
    roads: tuple[Path, ...] = ()
    ours: tuple[tuple[str, Path], ...] = ()
    refused: tuple[VoirieError, ...] = ()


def look_into(folder: Path) -> Found:
    """Look what a folder and those in it hold; survey folders and hidden ones are passed over.

    A table is a track when it can be read as one, a file is one of roads when it holds lines.

    Examples
    --------
    >>> found = look_into(Path("samples/drive"))
    >>> [path.name for path in found.films], [path.name for path in found.networks]
    (['pass_a.mp4', 'pass_b.mp4'], ['network.gpkg'])
    >>> [path.name for path in found.tracks], [key for key, _ in found.ours]
    (['track_a.gpx', 'track_b.gpx'], ['vehicle', 'scenarios', 'treatments'])
    """
    files = list(_files(folder, 0))[:MOST_FILES]
    tables = [path for path in files if path.suffix.lower() in TABLES]
    lines = [path for path in files if _suffix_of_roads(path) in ROADS]
    read = {path: _refusal(path, read_track) for path in tables}
    tracks = [path for path, refused in read.items() if refused is None]
    layers: dict[Path, dict[str, str]] = {}
    for path in lines:
        if path not in tracks:
            read[path] = _refusal(path, lambda path: layers.update({path: layers_of(path)}))
    networks = [path for path in layers if {"axes", "pr"} <= set(layers[path])]
    return Found(
        folder,
        films=tuple(path for path in files if is_film(path)),
        stills=tuple(_folders_of_stills(files)),
        tracks=tuple(tracks),
        chainages=tuple(
            path for path in tables if path not in tracks and _refusal(path, read_chainage) is None
        ),
        networks=tuple(networks),
        roads=tuple(
            path
            for path, kinds in layers.items()
            if path not in networks and any("Line" in kind for kind in kinds.values())
        ),
        ours=tuple(
            (key, path)
            for key, names in OURS.items()
            for path in files
            if path.parent == folder and path.name in names
        ),
        refused=tuple(
            refused
            for path, refused in read.items()
            if refused is not None and path.suffix.lower() in PLAIN_KINDS
        ),
    )


def _files(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as inside:
        entries = sorted(inside, key=lambda entry: entry.name)
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if _is_file(entry):
            yield path
        elif entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
            is_survey = (path / "run.json").exists() or path.suffix == ".partial"
            if not is_survey:
                yield from _files(path, depth + 1)


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is one; a link that leads round in a circle is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _suffix_of_roads(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    return (
        suffixes[0]
        if suffixes[-1:] in ([".gz"], [".bz2"]) and len(suffixes) > 1
        else (suffixes[-1] if suffixes else "")
    )


def _refusal(path: Path, reader: Callable[[Path], object]) -> VoirieError | None:
    """Why a file cannot be read so; None when it can."""
    try:
        reader(path)
    except VoirieError as error:
        return error
    return None


def _folders_of_stills(files: list[Path]) -> Iterator[Path]:
    counts: dict[Path, int] = {}
    for path in files:
        if path.suffix.lower() in STILL_SUFFIXES:
            counts[path.parent] = counts.get(path.parent, 0) + 1
    yield from (folder for folder, number in counts.items() if number >= LEAST_STILLS)
