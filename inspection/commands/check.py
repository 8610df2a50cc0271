"""`voirie check`: everything that is wrong with a survey, before it is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from inspection.setup.checking import Checked, check_survey
from voirie.errors import DONE
from voirie.progress import progress
from voirie.refusals import sentence
from voirie.wording import N_, Wording, session

HEADINGS = (N_("pass"), N_("film"), N_("driven"), N_("pictures"))


def check_command(
    survey: Annotated[Path, typer.Argument(help="survey.toml")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON")] = False,
) -> int:
    """Say all that is wrong with a survey at once, and what a run would assume.

    Every file that survey.toml names is opened; nothing is written.
    """
    w = session()
    with progress() as tell:
        done = check_survey(survey, lambda ready, of, what: tell(w.text("check"), ready, of, what))
    if as_json:
        print(json.dumps(_as_json(done, w), ensure_ascii=False, indent=1))
    else:
        _tell(survey, done, w)
    return done.wrong[0].exit_code if done.wrong else DONE


def _tell(survey: Path, done: Checked, w: Wording) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    for error in done.wrong:
        console.print(f"✗ {sentence(error, w.language)}", markup=False, soft_wrap=True)
    for note in done.notes:
        console.print(f"· {w.say(note)}.", markup=False, soft_wrap=True)
    if done.passes:
        table = Table()
        for rank, name in enumerate(HEADINGS):
            table.add_column(w.text(name), justify="right" if rank else "left")
        for one in done.passes:
            film = w.duration(one.duration_s) if one.duration_s else ""
            driven = w.length(one.length_m) if one.length_m else ""
            table.add_row(one.name, film, driven, w.number(one.pictures))
        console.print(table)
    if done.wrong:
        console.print(
            w.plural(
                "{n} thing is to be mended before this survey can be run.",
                "{n} things are to be mended before this survey can be run.",
                len(done.wrong),
            )
        )
    else:
        console.print(
            w.text("Nothing is wrong. Next: voirie run {survey} --out survey", survey=survey),
            markup=False,
            soft_wrap=True,
        )


def _as_json(done: Checked, w: Wording) -> dict[str, object]:
    return {
        "wrong": [
            {
                "type": error.problem_type,
                "detail": str(error),
                "path": error.path,
                "remedy": error.remedy,
                "exit_code": error.exit_code,
            }
            for error in done.wrong
        ],
        "notes": [w.say(note) for note in done.notes],
        "passes": [
            {
                "name": one.name,
                "duration_s": round(one.duration_s, 3),
                "length_m": round(one.length_m, 1),
                "pictures": one.pictures,
            }
            for one in done.passes
        ],
    }
