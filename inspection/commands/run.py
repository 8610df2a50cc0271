"""`voirie run`: from a drive to a budget."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspection.context import HELP, Options, context_of, is_survey_file
from inspection.pipeline.runner import Outcome, interrupted_message
from inspection.pipeline.runner import run as run_chain
from voirie.documents import checked
from voirie.errors import INTERRUPTED, ConfigurationError
from voirie.inputs import SurveyOptions, read_survey
from voirie.partial import place_of
from voirie.progress import progress
from voirie.stages import StageEvent
from voirie.wording import Wording


def run_command(
    inputs: Annotated[
        list[Path],
        typer.Argument(help="survey.toml, films or folders of stills"),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Survey folder to make or remake; that of its own survey.toml if none"),
    ] = None,
    track: Annotated[Path | None, typer.Option(help="GPX, CSV, or chainage of stills")] = None,
    network: Annotated[Path | None, typer.Option(help="network.gpkg")] = None,
    vehicle: Annotated[Path | None, typer.Option(help="vehicle.toml")] = None,
    purpose: Annotated[str | None, typer.Option(help="Why this is done; required")] = None,
    step: Annotated[
        str | None, typer.Option(help="5m or 2s between kept frames; 5m if none")
    ] = None,
    offset: Annotated[
        float | None, typer.Option(help="Seconds added to video time to get track time")
    ] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Percent of a section that must be seen; 80 if none"),
    ] = None,
    people: Annotated[
        str | None, typer.Option(help="whole or head: what of a person goes; whole if none")
    ] = None,
    experimental: Annotated[
        bool, typer.Option("--experimental", help="Let models of unclear licence look too")
    ] = False,
    only_seen: Annotated[
        bool, typer.Option("--only-seen", help="Plan only sections that were seen enough")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run sheet as JSON")] = False,
) -> int:
    """Ingest, place, detect, locate, fuse, score, plan and publish one survey.

    The same command resumes what was stopped and skips what has not changed.
    """
    target = place_of(out or _own_folder(inputs))
    given = {
        "step": step,
        "min_coverage_pct": min_coverage,
        "experimental": experimental or None,
        "people": people,
        "only_seen": only_seen or None,
    }
    options = Options.of(_stated(inputs, {k: v for k, v in given.items() if v is not None}))
    with progress() as tell:

        def listen(event: StageEvent) -> None:
            tell(event.stage.value, event.done, event.total, event.note)

        try:
            ctx = context_of(
                inputs,
                track=track,
                network=network,
                vehicle=vehicle,
                purpose=purpose,
                offset_s=offset,
                options=options,
                listener=listen,
            )
            outcome = run_chain(ctx, target)
        except KeyboardInterrupt:
            print(interrupted_message(target), file=sys.stderr)
            return INTERRUPTED
    if as_json:
        print(json.dumps(outcome.sheet.model_dump(mode="json", by_alias=True), indent=1))
    else:
        _summary(outcome)
    return outcome.exit_code


def _stated(inputs: list[Path], given: dict[str, object]) -> SurveyOptions:
    """Options of `survey.toml`, over which stands what the command line says."""
    survey = read_survey(inputs[0]) if is_survey_file(inputs) else None
    stated = {} if survey is None else survey.options.model_dump(exclude_none=True)
    return checked(SurveyOptions, stated | given, None, "the command line", HELP)


def _own_folder(inputs: list[Path]) -> Path:
    """The survey folder whose own `survey.toml` is run again."""
    if is_survey_file(inputs) and (inputs[0].parent / "run.json").is_file():
        return inputs[0].absolute().parent
    raise ConfigurationError("no folder is named for the survey", remedy="say --out DIR")


def _summary(outcome: Outcome) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if outcome.unchanged:
        console.print(f"{outcome.folder}: nothing has changed, nothing was done.")
        return
    table = Table(title=f"Survey in {outcome.folder}")
    for name in ("stage", "in", "out", "left out", "wall s", "Wh"):
        table.add_column(name, justify="left" if name in {"stage", "left out"} else "right")
    for record in outcome.sheet.stages:
        dropped = ", ".join(f"{n} {why}" for why, n in record.dropped.items() if n)
        energy = "" if record.energy_wh is None else f"{record.energy_wh:.2f}"
        again = f" in {record.tries} tries" if record.tries > 1 else ""
        table.add_row(
            record.stage,
            str(record.items_in),
            str(record.items_out),
            dropped,
            f"{record.wall_s:.1f}{again}",
            energy,
        )
    console.print(table)
    for record in outcome.sheet.stages:
        for warning in record.warnings:
            console.print(f"Warning ({record.stage}): {Wording('en').say(warning)}.")
    console.print(f"Open {outcome.folder / 'report.html'}, or: voirie serve {outcome.folder}")
