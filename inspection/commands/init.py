"""`voirie init`: from a folder with a drive to a survey that can be run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from gis.imports.importing import Asked, import_network
from gis.imports.writing import write_network
from gis.network.network import Network, read_network
from inspection.setup.drives import Drive, drives_of
from inspection.setup.found import OURS, Found, look_into
from inspection.setup.writing import (
    Answers,
    prices_text,
    scenarios_text,
    survey_text,
    usual_budget_eur,
    vehicle_text,
)
from voirie.errors import ConfigurationError, EmptyInput, VoirieError, printable
from voirie.files import check_room, disk_errors, write_text
from voirie.progress import progress
from voirie.refusals import sentence
from voirie.wording import Wording, session

T = TypeVar("T")
NETWORK = "network.gpkg"
_OWN_NAMES = frozenset(name for names in OURS.values() for name in names)


def init_command(
    folder: Annotated[
        Path, typer.Argument(help="Folder with films or stills, tracks, and a file of roads")
    ] = Path(),
    out: Annotated[Path | None, typer.Option(help="survey.toml to write, in that folder")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the survey")] = None,
    purpose: Annotated[str | None, typer.Option(help="Why the roads are filmed")] = None,
    body: Annotated[str | None, typer.Option(help="Whose roads they are")] = None,
    controller: Annotated[str | None, typer.Option(help="Who answers for the pictures")] = None,
    legal_basis: Annotated[str | None, typer.Option(help="Legal ground")] = None,
    roads: Annotated[
        Path | None, typer.Option(help="File of roads, or network.gpkg; that of the folder if none")
    ] = None,
    department: Annotated[
        str | None, typer.Option(help="Department of the roads, where their file does not say: 012")
    ] = None,
    height: Annotated[
        float | None, typer.Option(min=0.4, max=4, help="Metres of the lens above the road")
    ] = None,
    fov: Annotated[
        float | None, typer.Option(min=20, max=170, help="Field of view across, in degrees")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(min=0, max=1e12, help="Budget for works a year, EUR TTC")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print as JSON what was found and written; ask nothing")
    ] = False,
) -> None:
    """Write survey.toml and the files it names from what a folder holds.

    On a terminal what is not said by options is asked. Each key of the files is explained in
    them, in the language of the session. No file that is there is changed.
    """
    w = session()
    survey = _new_survey(folder, out)
    found = look_into(folder)
    drives = drives_of(found)
    if not drives:
        raise EmptyInput(
            "there is no film and no folder of stills in it", folder, "name the folder of a drive"
        )
    talk = _Talk(w, as_json, sys.stdin is not None and sys.stdin.isatty() and not as_json)
    for drive in drives:
        talk.tell(
            w.text(
                "Found {source}: track {why}.",
                source=w.listed([path.name for path in drive.sources]),
                why=w.say(drive.why),
            )
        )
    for refused in found.refused:
        talk.tell(w.text("Left out: {why}", why=sentence(refused, w.language)))
    files = dict(found.ours)
    network = _network(found, roads, department, files, talk)
    usual = 0.0 if network is None else usual_budget_eur(network)
    answers = Answers(
        name=talk.text(name, w.text("Name of the survey"), folder.resolve().name),
        purpose=talk.text(purpose, w.text("Purpose (required by law, printed)"), ""),
        body=talk.text(body, w.text("Whose roads are they?"), ""),
        controller=talk.text(controller, w.text("Who answers for the pictures?"), body or ""),
        legal_basis=talk.text(legal_basis, w.text("On which legal ground?"), ""),
        height_m=talk.number(height, w.text("Height of the lens above the road, m"))
        if "vehicle" not in files
        else None,
        fov_deg=talk.number(fov, w.text("Field of view across, degrees"))
        if "vehicle" not in files
        else None,
        budget_eur=talk.number(budget, w.text("Budget for works a year, EUR with VAT"))
        if "scenarios" not in files
        else None,
    )
    texts = []
    for key, file, content in _texts(files, answers, usual, w):
        files[key] = folder / file
        texts.append((files[key], content))
    texts.append((survey, survey_text(survey.parent, drives, files, answers, w)))
    _write(texts, talk)
    if not answers.purpose:
        talk.tell(w.text("Still to be said in it: the purpose."))
    if "vehicle" not in files:
        talk.tell(
            w.text(
                "Without the height of the lens there is no vehicle.toml, and sizes of damage stay "
                "empty: measure it with a tape, remove {survey}, and say it with --height.",
                survey=survey.name,
            )
        )
    talk.tell(w.text("Next: voirie check {survey}", survey=survey))
    if as_json:
        print(json.dumps(_as_json(survey, drives, files, talk.told), ensure_ascii=False, indent=1))


def _write(texts: list[tuple[Path, str]], talk: _Talk) -> None:
    """Write all files, or none where one of them cannot be written in UTF-8."""
    for path, content in texts:
        if any("\ud800" <= letter <= "\udfff" for letter in content):
            raise ConfigurationError(
                "a name of a file, or an answer, has letters that are not UTF-8",
                path,
                "rename the file, or write the answer anew",
            )
    for path, content in texts:
        write_text(path, content)
        talk.tell(talk.w.text("Written: {file}", file=path))


def _as_json(
    survey: Path, drives: list[Drive], files: dict[str, Path], told: list[str]
) -> dict[str, object]:
    return {
        "survey": str(survey),
        "files": {key: str(path) for key, path in files.items()},
        "passes": [
            {
                "id": one.id,
                "sources": [str(source) for source in one.sources],
                "track": None if one.track is None else str(one.track),
            }
            for one in drives
        ],
        "told": told,
    }


def _new_survey(folder: Path, out: Path | None) -> Path:
    if not folder.is_dir():
        raise ConfigurationError("there is no such folder", folder, "name the folder of a drive")
    survey = folder / "survey.toml" if out is None else out
    if survey.exists():
        raise ConfigurationError(
            "it is there already and is not changed", survey, "say another name with --out"
        )
    if survey.suffix != ".toml" or survey.name in _OWN_NAMES:
        raise ConfigurationError(
            "--out names the survey, and this is no name for it",
            survey,
            "give it a name of its own that ends in .toml",
        )
    if not survey.parent.is_dir():
        raise ConfigurationError("its folder is not there", survey, "make the folder first")
    with disk_errors(survey):
        check_room(survey.parent, 1)
    return survey


@dataclass(frozen=True, slots=True)
class _Talk:
    """Tells what is done, and asks what was not said where somebody sits at the terminal."""

    w: Wording
    as_json: bool
    is_terminal: bool
    told: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        self.told.append(sentence)
        if not self.as_json:
            print(printable(sentence))

    def text(self, said: str | None, question: str, usual: str) -> str:
        if said is not None or not self.is_terminal:
            return usual if said is None else said
        return str(typer.prompt(question, default=usual, show_default=bool(usual)))

    def number(self, said: float | None, question: str) -> float | None:
        if said is not None or not self.is_terminal:
            return said
        answer = str(typer.prompt(f"{question} ({self.w.text('empty if not known')})", default=""))
        try:
            return float(answer.replace(",", ".").replace(" ", "")) if answer.strip() else None
        except ValueError:
            print(self.w.text("{answer} is no number.", answer=answer))
            return self.number(said, question)


def _network(
    found: Found, roads: Path | None, department: str | None, files: dict[str, Path], talk: _Talk
) -> Network | None:
    """The network of the folder, or one made of its file of roads; None when there is none."""
    w = talk.w
    known = [roads] if roads is not None else [*found.networks, *found.roads][:2]
    if roads is None and len(found.networks) == 1:
        known = list(found.networks)
    if not known:
        talk.tell(w.text("No file of roads was found: name one with --roads."))
        return None
    if len(known) > 1:
        talk.tell(
            w.text(
                "There are several files of roads ({files}): name one with --roads.",
                files=w.listed([str(path) for path in known]),
            )
        )
        return None
    if known[0] in found.networks:
        files["network"] = known[0]
        return _read(lambda: read_network(known[0]), talk)
    target = found.folder / NETWORK
    if target.exists():
        raise ConfigurationError(
            "it is there already and is not changed", target, "name it with --roads, or move it"
        )
    said = talk.text(department, w.text("Department of the roads, where their file has none"), "")
    asked = Asked(values={"dep": said} if said else {})
    with progress() as tell:
        made = _read(
            lambda: import_network(
                known[0], asked, lambda n, of: tell(w.text("network"), n, of, known[0].name)
            ),
            talk,
        )
    if made is None:
        talk.tell(
            w.text(
                "Once that is mended: voirie network import {roads} --out {file} with what it "
                "asks for, then name it in survey.toml, as network.",
                roads=known[0],
                file=target,
            )
        )
        return None
    write_network(made.network, target)
    files["network"] = target
    talk.tell(
        w.text(
            "Written: {file}, from {roads} ({n} places to be looked at: voirie network check)",
            file=target,
            roads=known[0].name,
            n=w.number(len(made.faults)),
        )
    )
    return made.network


def _read(read: Callable[[], T], talk: _Talk) -> T | None:
    """What is read, or None after saying why not: the rest of the files is written all the same."""
    try:
        return read()
    except VoirieError as error:
        w = talk.w
        talk.tell(w.text("No network yet: {why}", why=sentence(error, w.language)))
        return None


def _texts(
    files: dict[str, Path], answers: Answers, usual_eur: float, w: Wording
) -> list[tuple[str, str, str]]:
    """Key, name and content of the files that the folder lacks."""
    texts = []
    if "vehicle" not in files and answers.height_m is not None:
        texts.append(("vehicle", "vehicle.toml", vehicle_text(answers, w)))
    if "treatments" not in files:
        texts.append(("treatments", "treatments.yaml", prices_text(w)))
    budget_eur = answers.budget_eur if answers.budget_eur is not None else usual_eur
    if "scenarios" not in files and budget_eur:
        stated = answers.budget_eur is not None
        texts.append(("scenarios", "scenarios.toml", scenarios_text(budget_eur, stated, w)))
    return texts
