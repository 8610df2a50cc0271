"""What a survey folder keeps so that it can be run again: `survey.toml` and the rules in `inputs/`.

No absolute path of the machine is written. See decision 0013.
"""

from __future__ import annotations

import os
from pathlib import Path

from inspection.context import PassSetup, RunContext
from voirie.files import write_bytes, write_text
from voirie.folder import SurveyFolder
from voirie.inputs import Campaign, English, PassInput, Survey, SurveyOptions, survey_toml
from voirie.partial import make_folder

HEADER = "# What was asked for; `voirie run` on this file does it again.\n"


def keep_rerun_files(ctx: RunContext, folder: SurveyFolder) -> None:
    """Copy the rules that were used into the folder and describe the run beside them."""
    make_folder(folder.inputs)
    kept = {name: _keep(path, name, folder) for name, path in ctx.resources.files.rules().items()}
    vehicles: dict[Path, Path] = {}
    for plan in ctx.passes:
        given = plan.given.vehicle
        if given is not None and given not in vehicles:
            vehicles[given] = _keep(given, f"vehicle-{plan.name}", folder)
    stay = {*kept.values(), *vehicles.values()}
    for path in folder.inputs.iterdir():
        if path.relative_to(folder.root) not in stay:
            path.unlink()
    network = ctx.resources.files.network
    elsewhere = [path for plan in ctx.passes for path in _sources(plan)]
    elsewhere += [] if network is None else [network]
    survey = Survey(
        campaign=Campaign(name=ctx.mandate.campaign, body=ctx.mandate.body),
        purpose=ctx.mandate.purpose,
        controller=ctx.mandate.controller,
        legal_basis=ctx.mandate.legal_basis,
        network=None if network is None else portable(network, folder.root),
        english=English.model_validate(dict(ctx.mandate.english)),
        options=SurveyOptions.model_validate(ctx.options.stated()),
        passes=tuple(_pass(plan, vehicles, folder.root) for plan in ctx.passes),
        sha256={
            portable(path, folder.root).as_posix(): ctx.resources.sha256(path)
            for path in elsewhere
            if path.is_file()
        },
        **kept,
    )
    write_text(folder.root / "survey.toml", HEADER + survey_toml(survey))


def portable(path: Path, folder: Path) -> Path:
    """A path as `survey.toml` of a folder names it.

    Relative to the folder where both lie below one folder of the disk; else, since the way there
    would tell how the machine is laid out, the name alone: the file is then looked for beside
    `survey.toml`.

    Examples
    --------
    >>> portable(Path("/srv/films/a.mp4"), Path("/srv/surveys/d108")).as_posix()
    '../../films/a.mp4'
    >>> portable(Path("/media/card/a.mp4"), Path("/srv/surveys/d108")).as_posix()
    'a.mp4'
    """
    path, folder = path.absolute(), folder.absolute()
    try:
        together = Path(os.path.commonpath([path, folder]))
    except ValueError:  # two drives of Windows
        return Path(path.name)
    if together == Path(together.anchor):
        return Path(path.name)
    return Path(os.path.relpath(path, folder))


def _keep(source: Path, name: str, folder: SurveyFolder) -> Path:
    """Copy a file into `inputs/` and return its path inside the folder."""
    target = folder.inputs / f"{name}{source.suffix}"
    write_bytes(target, source.read_bytes())
    return target.relative_to(folder.root)


def _sources(plan: PassSetup) -> list[Path]:
    track = plan.given.track
    return [*plan.given.inputs, *([] if track is None else [track])]


def _pass(plan: PassSetup, vehicles: dict[Path, Path], root: Path) -> PassInput:
    given = plan.given
    return given.model_copy(
        update={
            "inputs": tuple(portable(path, root) for path in given.inputs),
            "track": None if given.track is None else portable(given.track, root),
            "vehicle": None if given.vehicle is None else vehicles[given.vehicle],
        }
    )
