"""Everything that is wrong with a survey, told at once and before it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from inspection.capture.frame_source import Source, open_source
from inspection.context import PassSetup, setups_of
from inspection.options import Options
from inspection.pipeline.preflight import check_categories, try_models, try_pass
from inspection.resources import InputFiles, Resources
from planning.scenarios import Scenarios
from voirie.documents import Strict, checked_as_far_as_right, read_mapping
from voirie.errors import ConfigurationError, EmptyInput, NotDecodable, VoirieError
from voirie.inputs import (
    MEND,
    OF_VEHICLE,
    PassInput,
    Survey,
    Vehicle,
    survey_as_far_as_right,
)
from voirie.messages import Message, message

T = TypeVar("T")
Tell = Callable[[int, int, str], None]
"""Told how many things were tried, of how many, and what is tried now."""

SHARED = ("network", "treatments", "taxonomy", "scheme")
LEAST_ON_ROAD_PCT = 95.0
METRES_OFF_KMH = 50
"""Speed at which the error of a clock is told in metres."""


@dataclass(frozen=True, slots=True)
class PassFacts:
    """What a run would take from a pass.

    Attributes
    ----------
    name
        Its id.
    duration_s
        Of its films; 0 for stills.
    length_m
        Driven in front of the camera; 0 for stills.
    pictures
        Pictures that would be kept.
    """

    name: str
    duration_s: float
    length_m: float
    pictures: int


@dataclass(slots=True)
class Checked:
    """What came of it.

    Attributes
    ----------
    wrong
        What a run would refuse, each once.
    notes
        What it would do without, or assume.
    passes
        What it would take from each pass that can be run.
    """

    wrong: list[VoirieError] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    passes: list[PassFacts] = field(default_factory=list)

    def attempt(self, do: Callable[[], T]) -> T | None:
        """Do one thing; what it refuses is kept, each sentence once."""
        try:
            return do()
        except VoirieError as error:
            self.refuse([error])
            return None

    def refuse(self, errors: Sequence[VoirieError]) -> None:
        """Keep what is wrong, each sentence once."""
        known = {str(one): one for one in (*self.wrong, *errors)}
        self.wrong = list(known.values())


def check_survey(path: Path, tell: Tell = lambda *_: None) -> Checked:
    """Try everything that a run of `survey.toml` would open, and keep on after a mistake.

    Parameters
    ----------
    path
        The file.
    tell
        Told how far the work has come.

    Examples
    --------
    >>> done = check_survey(Path("samples/drive/survey.toml"))
    >>> done.wrong, [one.name for one in done.passes]
    ([], ['a', 'b'])
    """
    done = Checked()
    read = done.attempt(lambda: survey_as_far_as_right(path))
    if read is None:
        return done
    survey, wrong = read
    done.refuse(wrong)
    if survey is None:
        return done
    steps = len(survey.passes) + 2
    tell(0, steps, path.name)
    if not survey.purpose.strip():
        done.refuse(
            [ConfigurationError("no purpose is declared", path, f"write it in {path.name}")]
        )
    options = done.attempt(lambda: Options.of(survey.options)) or Options()
    resources = _shared(survey, done)
    tell(1, steps, "")
    for number, given in enumerate(survey.passes, 1):
        _check_pass(given, survey.vehicle, options, resources, done)
        tell(1 + number, steps, given.id)
    done.attempt(lambda: try_models(resources, options))
    tell(steps, steps, "")
    if survey.scenarios is None:
        done.notes.append(message("there are no scenarios: roads are scored, nothing is planned"))
    return done


def _shared(survey: Survey, done: Checked) -> Resources:
    """Open what belongs to no single pass."""
    resources = Resources(
        InputFiles(
            survey.network, survey.treatments, survey.scenarios, survey.scheme, survey.taxonomy
        )
    )
    opened = [done.attempt(partial(getattr, resources, name)) for name in SHARED]
    if survey.scenarios is not None:
        _check_file(Scenarios, survey.scenarios, "the list of scenarios", done)
    if None not in opened[:2]:
        done.attempt(lambda: check_categories(resources))
    return resources


def _check_file(model: type[Strict], path: Path, what: str, done: Checked) -> bool:
    """Tell all that is wrong in a file; whether nothing is."""
    before = len(done.wrong)
    read = done.attempt(lambda: read_mapping(path, what))
    if read is not None:
        done.refuse(checked_as_far_as_right(model, read, path, what, MEND)[1])
    return len(done.wrong) == before


def _check_pass(
    given: PassInput, usual: Path | None, options: Options, resources: Resources, done: Checked
) -> None:
    before = len(done.wrong)
    named = given.vehicle or usual
    if named is not None:
        _check_file(Vehicle, named, OF_VEHICLE, done)
    for path in (*given.inputs, *((given.track,) if given.track else ())):
        if not path.exists():
            done.refuse(
                [
                    NotDecodable(
                        "there is no such file or folder", path, "mend its name in survey.toml"
                    )
                ]
            )
    if len(done.wrong) > before:
        return
    for plan in done.attempt(lambda: setups_of(given, usual, resources)) or []:
        _check_drive(plan, options, resources, done)


def _check_drive(plan: PassSetup, options: Options, resources: Resources, done: Checked) -> None:
    before = len(done.wrong)
    done.attempt(lambda: try_pass(plan, resources))
    if len(done.wrong) > before:
        return
    source = done.attempt(lambda: open_source(plan, options.step, resources))
    if source is not None and not source.wanted:
        done.refuse(
            [
                EmptyInput(
                    f"no picture of pass {plan.name} would be kept: the vehicle stands still",
                    plan.track or plan.given.inputs[0],
                    "name the track of that drive, or a smaller options.step",
                )
            ]
        )
    elif source is not None:
        _note(plan, source, resources, done)


def _note(plan: PassSetup, source: Source, resources: Resources, done: Checked) -> None:
    """What a run would assume of a pass, and what it would take."""
    seconds = sum(film.facts.duration_s for film in source.videos)
    done.passes.append(PassFacts(plan.name, seconds, source.length_m, len(source.wanted)))
    done.notes += [
        message("pass {name}: {what}", name=plan.name, what=one)
        for one in (*plan.told, *source.shortcomings())
    ]
    if plan.vehicle is None:
        done.notes.append(
            message(
                "pass {name} has no vehicle.toml: the height of its camera is not known, and sizes "
                "of damage stay empty",
                name=plan.name,
            )
        )
    if source.track is None:
        return
    if plan.offset_source == "none":
        done.notes.append(
            message(
                "pass {name}: nobody stated offset_s, by how much the clocks of film and track "
                "differ; it is looked for in the drive, and where the drive tells nothing one "
                "second of it is {metres} m at {speed} km/h",
                name=plan.name,
                speed=METRES_OFF_KMH,
                metres=round(METRES_OFF_KMH / 3.6),
            )
        )
    matched = resources.placed(source.track.track.source).fixes["matched"]
    on_road_pct = 100.0 * float(matched.mean())
    if on_road_pct < LEAST_ON_ROAD_PCT:
        done.notes.append(
            message(
                "pass {name}: {pct} % of the track lies on the network",
                name=plan.name,
                pct=round(on_road_pct),
            )
        )
