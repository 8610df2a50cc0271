"""The inputs of a run, each read and hashed once, whichever stages ask for it.

Nothing is read before it is asked for. `preflight` asks for everything before the first byte is
written, so that a stage never meets an input that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

import voirie
from gis.network.network import Network, read_network
from gis.tracks.matching import Placed, place_track
from gis.tracks.readers import Track, read_track
from gis.tracks.smoothing import SmoothedTrack, smooth
from inspection.film_tracks import begins_of, film_track, fixes_of_film
from planning.scenarios import Scenarios, load_scenarios
from voirie.arrays import Floats
from voirie.catalogue.scheme import Scheme, load_scheme
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.errors import NetworkUnusable, NoOverlap, VoirieError
from voirie.ids import sha256_of
from voirie.inputs import Vehicle, read_vehicle
from voirie.media import Video
from voirie.media.cards import is_film
from voirie.media.telemetry import FilmFixes
from voirie.nets import Models, load_models
from voirie.taxonomy import Taxonomy, load_taxonomy

T = TypeVar("T")
_PACKAGE = Path(voirie.__file__).parent
SHIPPED = {
    "treatments": _PACKAGE / "catalogue" / "treatments.yaml",
    "scheme": _PACKAGE / "catalogue" / "scheme.yaml",
    "taxonomy": _PACKAGE / "taxonomy.yaml",
}
"""Rules that stand in where the user gives none."""


@dataclass(frozen=True, slots=True)
class InputFiles:
    """The files of a run that belong to no single pass; None where the user gave none.

    Attributes
    ----------
    network
        Axes and points de repère; stills with a chainage do without.
    treatments, scheme, taxonomy
        Price list, rating scheme and families of things; the shipped ones stand in.
    scenarios
        Budgets; without them nothing is planned.
    """

    network: Path | None = None
    treatments: Path | None = None
    scenarios: Path | None = None
    scheme: Path | None = None
    taxonomy: Path | None = None

    def given(self) -> list[Path]:
        """Those that the user gave, in a fixed order."""
        every = (self.network, self.treatments, self.scenarios, self.scheme, self.taxonomy)
        return [path for path in every if path is not None]

    def rules(self) -> dict[str, Path]:
        """Files that decide what things mean and cost, the user's or the shipped ones, by name.

        Examples
        --------
        >>> sorted(InputFiles().rules())
        ['scheme', 'taxonomy', 'treatments']
        """
        given = {
            "treatments": self.treatments,
            "scenarios": self.scenarios,
            "scheme": self.scheme,
            "taxonomy": self.taxonomy,
        }
        every = {name: path or SHIPPED.get(name) for name, path in given.items()}
        return {name: path for name, path in every.items() if path is not None}


class Resources:
    """What the stages of one run share.

    Parameters
    ----------
    files
        Where the inputs lie.

    Examples
    --------
    >>> resources = Resources()
    >>> resources.network is None, resources.scheme.version
    (True, 'voirie-3')
    >>> resources.scheme is resources.scheme
    True
    """

    def __init__(self, files: InputFiles | None = None) -> None:
        self.files = files or InputFiles()
        self._sha256: dict[Path, str] = {}
        self._vehicles: dict[Path, Vehicle] = {}
        self._films: dict[Path, Video] = {}
        self._drives: dict[Path, tuple[Path, ...]] = {}
        self._carried: dict[Path, FilmFixes | VoirieError] = {}
        self._tracks: dict[Path, Track] = {}
        self._smoothed: dict[Path, SmoothedTrack] = {}
        self._placed: dict[Path, Placed] = {}

    @cached_property
    def network(self) -> Network | None:
        """The road network, None where none was given."""
        return None if self.files.network is None else read_network(self.files.network)

    @cached_property
    def scheme(self) -> Scheme:
        """The rating scheme."""
        return load_scheme(self.files.scheme, self.taxonomy)

    @cached_property
    def treatments(self) -> Treatments:
        """The price list."""
        return load_treatments(self.files.treatments)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """Families of things, codes, and what the classes of the models mean."""
        return load_taxonomy(self.files.taxonomy)

    @cached_property
    def scenarios(self) -> Scenarios | None:
        """The budgets, None where none were given."""
        return None if self.files.scenarios is None else load_scenarios(self.files.scenarios)

    @cached_property
    def models(self) -> Models:
        """The registered networks."""
        return load_models()

    def read_shared(self) -> None:
        """Read now what belongs to no single pass, so that a refusal comes early."""
        for name in ("network", "treatments", "scheme", "taxonomy", "scenarios"):
            getattr(self, name)

    def sha256(self, path: Path | None) -> str:
        """SHA-256 of a file, empty without one."""
        return "" if path is None else _once(self._sha256, path, sha256_of)

    def rules_sha256(self, name: str) -> str:
        """SHA-256 of the rules of a name, the user's or the shipped ones; empty without any."""
        return self.sha256(self.files.rules().get(name))

    def vehicle(self, path: Path) -> Vehicle:
        """A vehicle and its camera."""
        return _once(self._vehicles, path, read_vehicle)

    def film(self, path: Path) -> Video:
        """A film; its times are read here, its pictures only when they are decoded."""
        return _once(self._films, path, Video)

    def join(self, films: tuple[Path, ...]) -> None:
        """Say that these films are one drive, in this order; it goes by the name of the first."""
        self._drives[films[0]] = films

    def begins_s(self, films: tuple[Path, ...]) -> Floats:
        """When each film of a drive begins, in seconds since the first one began."""
        return begins_of([self.lasts_s(film) for film in films], self._found(films))

    def carries_track(self, film: Path) -> bool:
        """Whether a film brings positions, in itself or in a file of its camera beside it."""
        return not isinstance(self._carried_by(film), VoirieError)

    def is_track(self, path: Path) -> bool:
        """Whether a file can be read as a track."""
        try:
            self.track(path)
        except VoirieError:
            return False
        return True

    def track(self, path: Path) -> Track:
        """A recorded drive of a file of its own, or the one that its films bring."""
        return _once(self._tracks, path, self._read_track)

    def _read_track(self, path: Path) -> Track:
        if path not in self._drives and not is_film(path):
            return read_track(path)
        films = self._drives.get(path, (path,))
        if not any(map(self.carries_track, films)):
            refused = self._carried_by(films[0])
            assert isinstance(refused, VoirieError)
            raise refused
        return film_track(films, self._found(films), self.begins_s(films))

    def _found(self, films: tuple[Path, ...]) -> list[FilmFixes | None]:
        every = map(self._carried_by, films)
        return [None if isinstance(one, VoirieError) else one for one in every]

    def _carried_by(self, film: Path) -> FilmFixes | VoirieError:
        return _once(self._carried, film, self._look_into)

    def _look_into(self, film: Path) -> FilmFixes | VoirieError:
        try:
            return fixes_of_film(film, self.film(film).facts.duration_s)
        except VoirieError as error:
            return error

    def lasts_s(self, film: Path) -> float:
        """How long a film lasts: its last picture is shown as long as the usual one."""
        pts_s = self.film(film).facts.pts_s
        usual_s = float(np.median(np.diff(pts_s))) if len(pts_s) > 1 else 0.04
        return float(pts_s[-1]) + usual_s

    def smoothed(self, path: Path) -> SmoothedTrack:
        """The track of a file, smoothed without any road."""
        return _once(self._smoothed, path, lambda path: smooth(self.track(path).fixes))

    def placed(self, path: Path) -> Placed:
        """The track of a file laid on the network.

        Raises
        ------
        NetworkUnusable
            When there is no network.
        NoOverlap
            When they have no metre in common; names the track.
        """
        return _once(self._placed, path, self._place)

    def _place(self, path: Path) -> Placed:
        if self.network is None:
            raise NetworkUnusable(
                "there is no network to place this track on",
                path,
                "name one: --network network.gpkg, or network in survey.toml",
            )
        try:
            return place_track(self.track(path).fixes, self.network)
        except NoOverlap as error:
            raise NoOverlap(error.message, path, error.remedy) from error


def _once(kept: dict[Path, T], path: Path, read: Callable[[Path], T]) -> T:
    if path not in kept:
        kept[path] = read(path)
    return kept[path]
