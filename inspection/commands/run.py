"""`voirie run`: from a drive to a budget."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspection.context import HELP, context_of, is_survey_file
from inspection.options import Options
from inspection.pipeline.runner import Outcome, interrupted_message
from inspection.pipeline.runner import run as run_chain
from voirie.documents import checked
from voirie.errors import INTERRUPTED, ConfigurationError
from voirie.inputs import SurveyOptions, read_survey
from voirie.labels import REASONS, label, stage_word
from voirie.partial import place_of
from voirie.progress import progress
from voirie.refusals import clause
from voirie.stages import StageEvent
from voirie.wording import N_, Wording, session

HEADINGS = (N_("stage"), N_("in"), N_("out"), N_("left out"), N_("wall s"), N_("Wh"))


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
    scenarios: Annotated[Path | None, typer.Option(help="scenarios.toml: budgets")] = None,
    treatments: Annotated[
        Path | None, typer.Option(help="Price list; the shipped one if none")
    ] = None,
    scheme: Annotated[
        Path | None, typer.Option(help="Rating scheme; the shipped one if none")
    ] = None,
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
    headline: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="How surely exists what is put first; 0.8 if none, rest to check"
        ),
    ] = None,
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
        "headline_existence": headline,
    }
    w = session()
    options = Options.of(_stated(inputs, {k: v for k, v in given.items() if v is not None}))
    with progress() as tell:

        def listen(event: StageEvent) -> None:
            stage, note = stage_word(event.stage.value, w), clause(event.note, w.language)
            tell(stage, event.done, event.total, note)

        try:
            ctx = context_of(
                inputs,
                track=track,
                network=network,
                vehicle=vehicle,
                rules={"scenarios": scenarios, "treatments": treatments, "scheme": scheme},
                purpose=purpose,
                offset_s=offset,
                options=options,
                listener=listen,
            )
            outcome = run_chain(ctx, target)
        except KeyboardInterrupt:
            print(w.say(interrupted_message(target)), file=sys.stderr)
            return INTERRUPTED
    if as_json:
        print(json.dumps(outcome.sheet.model_dump(mode="json", by_alias=True), indent=1))
    else:
        _summary(outcome, w)
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


def _summary(outcome: Outcome, w: Wording) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    folder = outcome.folder
    if outcome.unchanged:
        console.print(w.text("{folder}: nothing has changed, nothing was done.", folder=folder))
        return
    table = Table(title=w.text("Survey in {folder}", folder=folder))
    for name in HEADINGS:
        is_text = name in (HEADINGS[0], HEADINGS[3])
        table.add_column(w.text(name), justify="left" if is_text else "right")
    for record in outcome.sheet.stages:
        dropped = ", ".join(
            f"{label(REASONS, why, w)}{w.text(': ')}{w.number(n)}"
            for why, n in record.dropped.items()
            if n
        )
        energy = "" if record.energy_wh is None else w.number(record.energy_wh, 2)
        wall = w.number(record.wall_s, 1)
        if record.tries > 1:
            wall = w.text("{seconds} in {n} tries", seconds=wall, n=w.number(record.tries))
        table.add_row(
            stage_word(record.stage, w),
            w.number(record.items_in),
            w.number(record.items_out),
            dropped,
            wall,
            energy,
        )
    console.print(table)
    for record in outcome.sheet.stages:
        for warning in record.warnings:
            stage, told = stage_word(record.stage, w), w.say(warning)
            console.print(w.text("Warning ({stage}): {told}.", stage=stage, told=told))
    report = folder / "report.html"
    console.print(w.text("Open {report}, or: voirie serve {folder}", report=report, folder=folder))
