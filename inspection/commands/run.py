"""`voirie run`: from a drive to a budget."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from inspection.context import Options, context_of, parse_step
from inspection.pipeline.progress import progress
from inspection.pipeline.runner import Outcome, interrupted_message
from inspection.pipeline.runner import run as run_chain
from voirie.errors import INTERRUPTED, ConfigurationError


def run_command(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT...", help="survey.toml, films or folders of stills"),
    ],
    out: Annotated[Path, typer.Option(help="Survey folder to make or remake")],
    track: Annotated[Path | None, typer.Option(help="GPX, CSV, or chainage of stills")] = None,
    network: Annotated[Path | None, typer.Option(help="network.gpkg")] = None,
    vehicle: Annotated[Path | None, typer.Option(help="vehicle.toml")] = None,
    purpose: Annotated[str | None, typer.Option(help="Why this is done; required")] = None,
    step: Annotated[str, typer.Option(help="5m or 2s between kept frames")] = "5m",
    offset: Annotated[
        float | None, typer.Option(help="Seconds added to video time to get track time")
    ] = None,
    min_coverage: Annotated[
        float, typer.Option(min=0, max=100, help="Percent of a section that must be seen")
    ] = 80.0,
    people: Annotated[str, typer.Option(help="whole or head: what of a person goes")] = "whole",
    experimental: Annotated[
        bool, typer.Option("--experimental", help="Let models of unclear licence look too")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run sheet as JSON")] = False,
) -> int:
    """Cut, blur, place, detect, locate, fuse, score, plan and publish one survey.

    The same command resumes what was stopped and skips what has not changed.
    """
    if people not in {"whole", "head"}:
        raise ConfigurationError(f"--people {people} is not known", remedy="say whole or head")
    chosen: Literal["whole", "head"] = "head" if people == "head" else "whole"
    options = Options(
        step=parse_step(step),
        min_coverage_pct=min_coverage,
        experimental=experimental,
        people=chosen,
    )
    with progress() as listener:
        try:
            ctx = context_of(
                inputs,
                track=track,
                network=network,
                vehicle=vehicle,
                purpose=purpose,
                offset_s=offset,
                options=options,
                listener=listener,
            )
            outcome = run_chain(ctx, out)
        except KeyboardInterrupt:
            print(interrupted_message(out), file=sys.stderr)
            return INTERRUPTED
    if as_json:
        print(json.dumps(outcome.sheet.model_dump(mode="json", by_alias=True), indent=1))
    else:
        _summary(outcome)
    return outcome.exit_code


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
            console.print(f"Note ({record.stage}): {warning}.")
    console.print(f"Open {outcome.folder / 'report.html'}, or: voirie serve {outcome.folder}")
