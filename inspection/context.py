"""What a run is asked to do: its passes, its files and its options, fixed before it starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from inspection.card_drives import passes_of
from inspection.options import Options
from inspection.resources import InputFiles, Resources
from voirie.documents import checked
from voirie.errors import ConfigurationError, InputUnusable, NotDecodable
from voirie.ids import content_id, sha256_of_text
from voirie.inputs import (
    Campaign,
    PassInput,
    Survey,
    Vehicle,
    read_survey,
)
from voirie.media.beside import CAMERA_SUFFIXES, LOGGER_SUFFIXES, beside
from voirie.media.stills import STILL_SUFFIXES, list_stills
from voirie.messages import Message, message
from voirie.stages import Listener, silent

Kind = Literal["video", "stills"]
HELP = "see voirie run --help"


@dataclass(frozen=True, slots=True)
class PassSetup:
    """One drive to ingest.

    Attributes
    ----------
    pass_id
        From the content of its inputs, its track and its clock.
    given
        The pass as the user described it, with the survey's vehicle where it names none.
    kind
        Film or stills.
    vehicle
        The vehicle, None when no camera parameters are known.
    source_sha256
        Over the inputs and the track.
    told
        What a person should know of how its films and its track were chosen.
    """

    pass_id: str
    given: PassInput
    kind: Kind
    vehicle: Vehicle | None
    source_sha256: str
    told: tuple[Message, ...] = ()

    @property
    def name(self) -> str:
        """Short name."""
        return self.given.id

    @property
    def track(self) -> Path | None:
        """Its track, or the first of the films that bring theirs; None of stills without one."""
        if self.given.track is None and self.kind == "video":
            return self.given.inputs[0]
        return self.given.track

    @property
    def offset_source(self) -> str:
        """Whether the clock of film and track is stated; a film that carries its track has one."""
        said = not self.clock_is_open or self.given.started_at is not None
        return "stated" if said else "none"

    @property
    def offset_s(self) -> float:
        """Seconds to add to film time, as stated; 0 where nothing is."""
        return self.given.offset_s or 0.0

    @property
    def clock_is_open(self) -> bool:
        """Whether the offset is to be found: nobody stated it, and no film carries its track."""
        return self.given.offset_s is None and self.track not in self.given.inputs

    def sources(self) -> list[Path]:
        """Its films, or its folders and the stills in them, and its track."""
        folders = [path for path in self.given.inputs if self.kind == "stills"]
        return folders + _files(self.given.model_copy(update={"vehicle": None}))


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who surveys what, for which purpose, on which legal basis; in English where it is given."""

    campaign: str
    body: str
    purpose: str
    controller: str
    legal_basis: str
    english: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunContext:
    """Everything a stage may ask for beside the folder."""

    survey_id: str
    mandate: Mandate
    passes: tuple[PassSetup, ...]
    resources: Resources
    options: Options
    listener: Listener = silent

    def inputs(self) -> list[Path]:
        """Every file that the user named, each once, in a fixed order."""
        files = [file for item in self.passes for file in _files(item.given)]
        return list(dict.fromkeys(files + self.resources.files.given()))


def _files(given: PassInput) -> list[Path]:
    files: list[Path] = []
    for path in given.inputs:
        files += [still.path for still in list_stills(path)] if path.is_dir() else [path]
    return files + [p for p in (given.track, given.vehicle) if p is not None]


def _kind_of(given: PassInput) -> Kind:
    """Whether a pass is films or folders of stills.

    Raises
    ------
    NotDecodable
        When one of them is not there.
    ConfigurationError
        When it is both, or a single still.
    """
    kinds: set[Kind] = set()
    for path in given.inputs:
        if not path.exists():
            raise NotDecodable("there is no such file or folder", path, "check the name")
        if path.is_dir():
            kinds.add("stills")
        elif path.suffix.lower() in STILL_SUFFIXES:
            raise ConfigurationError("a single still is no drive", path, "give its folder")
        else:
            kinds.add("video")
    if len(kinds) > 1:
        raise ConfigurationError(f"pass {given.id} mixes films and stills", remedy="split it")
    return kinds.pop()


def setups_of(given: PassInput, usual: Path | None, resources: Resources) -> list[PassSetup]:
    """A pass as it is ingested; a folder of films may hold several drives.

    Parameters
    ----------
    given
        As the user described it.
    usual
        The survey's vehicle, for a pass that names none.
    resources
        Inputs of the run.

    Raises
    ------
    VoirieError
        When its files are not there or do not fit together.
    """
    return [
        _plan_pass(one.given, usual, resources, one.told)
        for one in passes_of(given, resources.lasts_s)
    ]


def _plan_pass(
    given: PassInput,
    default_vehicle: Path | None,
    resources: Resources,
    told: tuple[Message, ...] = (),
) -> PassSetup:
    kind = _kind_of(given)
    given = given.model_copy(update={"vehicle": given.vehicle or default_vehicle})
    if kind == "video":
        resources.join(given.inputs)
        given, more = _with_track_beside(given, resources)
        told += more
    if given.track is not None and not given.track.is_file():
        raise NotDecodable("there is no such track", given.track, "check the name")
    sources = _files(given.model_copy(update={"vehicle": None}))
    if kind == "video" and given.track is None:
        near = [beside(film, CAMERA_SUFFIXES) for film in given.inputs]
        sources += [path for path in near if path is not None]
    for path in sources:
        if path.exists() and not path.is_file():
            raise NotDecodable("it is no regular file", path, "name a film, or a folder of them")
    source = sha256_of_text("".join(map(resources.sha256, sources)))
    started = "" if given.started_at is None else given.started_at.isoformat()
    return PassSetup(
        pass_id=content_id("pass", source, given.offset_s or 0.0, started),
        given=given,
        kind=kind,
        vehicle=None if given.vehicle is None else resources.vehicle(given.vehicle),
        source_sha256=source,
        told=told,
    )


def _with_track_beside(
    given: PassInput, resources: Resources
) -> tuple[PassInput, tuple[Message, ...]]:
    """A film without positions of its own takes the track that lies beside it by its name."""
    film, *more = given.inputs
    if given.track is not None or more or resources.carries_track(film):
        return given, ()
    near = beside(film, LOGGER_SUFFIXES)
    if near is None or not resources.is_track(near):
        return given, ()
    told = message(
        "the track {file} lies beside the film and was taken for its own", file=near.name
    )
    return given.model_copy(update={"track": near}), (told,)


def _context(survey: Survey, options: Options, listener: Listener) -> RunContext:
    if not survey.purpose.strip():
        raise ConfigurationError(
            "no purpose is declared", remedy='say --purpose "..." or write it in survey.toml'
        )
    resources = Resources(
        InputFiles(
            survey.network, survey.treatments, survey.scenarios, survey.scheme, survey.taxonomy
        )
    )
    _check_left_beside(survey)
    passes = tuple(
        plan for given in survey.passes for plan in setups_of(given, survey.vehicle, resources)
    )
    ctx = RunContext(
        survey_id=content_id("survey", survey.campaign.name, *(p.pass_id for p in passes)),
        mandate=Mandate(
            survey.campaign.name,
            survey.campaign.body,
            survey.purpose,
            survey.controller,
            survey.legal_basis,
            survey.english.model_dump(exclude_none=True),
        ),
        passes=passes,
        resources=resources,
        options=options,
        listener=listener,
    )
    _check_surveyed(survey, ctx)
    _check_passes(passes)
    return ctx


def _check_passes(passes: tuple[PassSetup, ...]) -> None:
    """One drive is given once: twice it would count twice."""
    known: dict[str, PassSetup] = {}
    for plan in passes:
        if plan.pass_id in known:
            raise ConfigurationError(
                f"passes {known[plan.pass_id].name} and {plan.name} are the same drive",
                plan.given.inputs[0],
                "give it once",
            )
        known[plan.pass_id] = plan


def _check_left_beside(survey: Survey) -> None:
    """What a run surveyed stays outside its folder (decision 0013): a copy leaves it behind."""
    for given in survey.passes:
        for path in (*given.inputs, *([given.track] if given.track is not None else [])):
            if survey.sha256 and not path.exists():
                what = "the track" if path == given.track else "the film"
                raise NotDecodable(
                    "there is no such file",
                    path,
                    f"{what} was left where it was; put it beside survey.toml and name it there",
                )


def _check_surveyed(survey: Survey, ctx: RunContext) -> None:
    """A file that `survey.toml` names with its hash must still be that file."""
    for path in ctx.inputs():
        expected = survey.sha256.get(str(path))
        if expected is not None and ctx.resources.sha256(path) != expected:
            raise InputUnusable(
                "this is not the file that was surveyed: its SHA-256 is another",
                path,
                "give back that file, or take its line out of [sha256] in survey.toml",
            )


def context_of(
    inputs: list[Path],
    *,
    track: Path | None = None,
    network: Path | None = None,
    vehicle: Path | None = None,
    rules: Mapping[str, Path | None] | None = None,
    purpose: str | None = None,
    offset_s: float | None = None,
    options: Options | None = None,
    listener: Listener = silent,
) -> RunContext:
    """Turn a command line into a run.

    Parameters
    ----------
    inputs
        One `survey.toml`, or films and folders of stills, each its own pass.
    track, network, vehicle, purpose, offset_s
        As on the command line; they stand over what `survey.toml` says.
    rules
        Files of budgets, prices and marks by their keys in `survey.toml`, over which they stand.
    options
        How it is run; as `survey.toml` says by default.
    listener
        See `voirie.stages.Listener`.

    Raises
    ------
    ConfigurationError
        When no purpose is declared or the inputs do not fit together.
    InputUnusable
        When a file is absent or empty.
    """
    if is_survey_file(inputs):
        survey = read_survey(inputs[0])
    else:
        names = [path.stem if path.is_file() else path.name for path in inputs]
        survey = Survey(
            campaign=Campaign(name="+".join(names)),
            passes=tuple(
                PassInput(id=f"p{rank}", inputs=(path,)) for rank, path in enumerate(inputs, 1)
            ),
        )
    passes = survey.passes
    if track is not None:
        passes = tuple(item.model_copy(update={"track": track}) for item in passes)
    if offset_s is not None:
        stated = {"offset_s": offset_s}
        passes = tuple(
            checked(PassInput, item.model_dump() | stated, None, "the command line", HELP)
            for item in passes
        )
    survey = survey.model_copy(
        update={
            "purpose": survey.purpose if purpose is None else purpose,
            "passes": passes,
            "network": network or survey.network,
            "vehicle": vehicle or survey.vehicle,
            **{name: path for name, path in (rules or {}).items() if path is not None},
        }
    )
    return _context(survey, options or Options.of(survey.options), listener)


def is_survey_file(inputs: list[Path]) -> bool:
    """Whether the one input is a `survey.toml`, and no film or folder of stills."""
    return len(inputs) == 1 and inputs[0].suffix.lower() == ".toml"


def fingerprint(*parts: object) -> str:
    """SHA-256 over plain values, to know whether a stage must run again."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return sha256_of_text(text)
