"""The chain: every stage in order, each skipped when nothing it depends on has changed."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gis.scoring.coverage import surveyed_length
from inspection.context import RunContext, fingerprint
from inspection.detection.tasks import active_models
from inspection.pipeline.attempts import Attempts
from inspection.pipeline.energy import Cost, EnergyMeter
from inspection.pipeline.preflight import preflight
from inspection.stages import detect, fuse, ingest, locate, place, plan, publish, score
from voirie import __version__
from voirie.errors import DONE, DONE_IN_PART, VoirieError
from voirie.folder import SurveyFolder, begin, disk_errors, finish, partial_of, write_json
from voirie.runsheet import Coverage, InputRef, ModelRef, RunSheet, StageRecord
from voirie.stages import Stage, StageEvent, StageReport


@dataclass(frozen=True, slots=True)
class StageSpec:
    """A stage, how it is run, and what must be redone when it is.

    Attributes
    ----------
    stage
        Its name.
    run
        Reads and writes the folder.
    depends
        What it depends on beside the stages before it: files, models, options.
    after
        The stages whose tables it reads.
    """

    stage: Stage
    run: Callable[[SurveyFolder, RunContext], StageReport]
    depends: Callable[[RunContext], list[object]]
    after: tuple[Stage, ...]


PIPELINE: tuple[StageSpec, ...] = (
    StageSpec(Stage.INGEST, ingest.run, ingest.depends, ()),
    StageSpec(Stage.PLACE, place.run, place.depends, (Stage.INGEST,)),
    StageSpec(Stage.DETECT, detect.run, detect.depends, (Stage.INGEST,)),
    StageSpec(Stage.LOCATE, locate.run, locate.depends, (Stage.PLACE, Stage.DETECT)),
    StageSpec(Stage.FUSE, fuse.run, fuse.depends, (Stage.LOCATE,)),
    StageSpec(Stage.SCORE, score.run, score.depends, (Stage.FUSE,)),
    StageSpec(Stage.PLAN, plan.run, plan.depends, (Stage.SCORE,)),
    StageSpec(Stage.PUBLISH, publish.run, publish.depends, (Stage.PLAN,)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    folder
        The whole survey folder.
    sheet
        Its run sheet.
    exit_code
        0, or 4 when something was left out.
    unchanged
        True when every stage was up to date.
    """

    folder: Path
    sheet: RunSheet
    exit_code: int
    unchanged: bool


def fingerprints(ctx: RunContext) -> dict[Stage, str]:
    """What each stage depends on, hashed; a stage inherits from the ones it reads."""
    prints: dict[Stage, str] = {}
    for spec in PIPELINE:
        before = [prints[stage] for stage in spec.after]
        prints[spec.stage] = fingerprint(__version__, spec.stage, before, spec.depends(ctx))
    return prints


def run(ctx: RunContext, target: Path) -> Outcome:
    """Take a drive to a budget.

    Parameters
    ----------
    ctx
        What is asked for.
    target
        The survey folder to make or remake. It is whole or absent; the work happens beside it.

    Raises
    ------
    VoirieError
        With the partial folder left for another try, or removed when it holds no picture.
    KeyboardInterrupt
        With the partial folder left.
    """
    preflight(ctx)
    prints = fingerprints(ctx)
    folder = begin(target)
    started = _now()
    try:
        with disk_errors(target):
            records, unchanged = _run_stages(folder, ctx, prints, started)
    except VoirieError:
        _forget_if_empty(folder)
        raise
    if unchanged and target.is_dir():
        shutil.rmtree(folder.root)
        sheet = RunSheet.model_validate_json((target / "run.json").read_text("utf-8"))
        return Outcome(target, sheet, _exit_code(records), True)
    with disk_errors(target):
        sheet = _sheet(folder, ctx, prints, records, started)
        write_json(folder.run_sheet, sheet.model_dump(mode="json", by_alias=True))
        whole = finish(folder, target)
    return Outcome(whole.root, sheet, _exit_code(records), False)


def _run_stages(
    folder: SurveyFolder, ctx: RunContext, prints: dict[Stage, str], started: str
) -> tuple[list[StageRecord], bool]:
    meter: EnergyMeter | None = None
    records: list[StageRecord] = []
    unchanged = True
    for spec in PIPELINE:
        known = _known(folder, spec.stage)
        if known is not None and known.fingerprint == prints[spec.stage]:
            records.append(known)
            done = max(known.items_in, known.items_out, 1)
            ctx.listener(StageEvent(spec.stage, done, done, "unchanged"))
            continue
        unchanged = False
        meter = meter or EnergyMeter()
        if spec.stage is Stage.PUBLISH:
            # The report speaks of the run, so that the sheet must exist before it.
            sheet = _sheet(folder, ctx, prints, records, started)
            write_json(folder.run_sheet, sheet.model_dump(mode="json", by_alias=True))
        tries = Attempts(folder.state, spec.stage, prints[spec.stage])
        with tries.measure(meter):
            report = spec.run(folder, ctx)
        record = _record(report, prints[spec.stage], tries.cost or Cost())
        write_json(folder.state / f"{spec.stage.value}.json", record.model_dump(mode="json"))
        tries.forget()
        records.append(record)
    return records, unchanged


def _known(folder: SurveyFolder, stage: Stage) -> StageRecord | None:
    path = folder.state / f"{stage.value}.json"
    if not path.is_file():
        return None
    try:
        return StageRecord.model_validate_json(path.read_text("utf-8"))
    except ValueError:
        return None


def _record(report: StageReport, print_: str, cost: Cost) -> StageRecord:
    return StageRecord(
        stage=report.stage.value,
        fingerprint=print_,
        items_in=report.items_in,
        items_out=report.items_out,
        dropped=dict(sorted(report.dropped.items())),
        inner_s={name: round(value, 3) for name, value in report.inner_s.items()},
        facts=report.facts,
        warnings=report.warnings,
        wall_s=round(cost.wall_s, 3),
        cpu_s=round(cost.cpu_s, 3),
        energy_wh=None if cost.energy_wh is None else round(cost.energy_wh, 5),
        energy_method=cost.method,
        tries=cost.tries,
    )


def _sheet(
    folder: SurveyFolder,
    ctx: RunContext,
    prints: dict[Stage, str],
    records: list[StageRecord],
    started: str,
) -> RunSheet:
    models = ctx.resources.models
    privacy = [models.entries[r] for r in ingest.PRIVACY_ROLES if r in models.entries]
    entries = privacy + active_models(models, ctx.options.experimental)
    return RunSheet(
        survey_id=ctx.survey_id,
        run_id=str(uuid.uuid4()),
        campaign=ctx.mandate.campaign,
        purpose=ctx.mandate.purpose,
        controller=ctx.mandate.controller,
        legal_basis=ctx.mandate.legal_basis,
        inputs=[
            InputRef(name=path.name, sha256=ctx.resources.sha256(path)) for path in ctx.inputs()
        ],
        settings_sha256=fingerprint(ctx.options.canonical(), sorted(prints.values())),
        models=[
            ModelRef(
                role=entry.role,
                file=entry.file,
                sha256=entry.sha256,
                licence=entry.licence,
                experimental=entry.experimental,
            )
            for entry in entries
        ],
        backend="OpenVINO CPU",
        stages=records,
        coverage=_coverage(folder),
        errors=[f"{r.stage}: {number} {why}" for r in records for why, number in r.dropped.items()],
        started_at=started,
        ended_at=_now(),
    )


def _coverage(folder: SurveyFolder) -> Coverage:
    if not (folder.tables / "sections.parquet").is_file():
        return Coverage()
    found = surveyed_length(folder.read("sections"), folder.read("coverage"))
    return Coverage(
        surveyed_m=round(found.surveyed_m, 1),
        length_m=round(found.length_m, 1),
        pct=round(found.pct, 1) if found.length_m else None,
    )


def _exit_code(records: list[StageRecord]) -> int:
    ingested = next(r for r in records if r.stage == Stage.INGEST.value)
    return DONE_IN_PART if ingested.facts.get("in_part") else DONE


def _forget_if_empty(folder: SurveyFolder) -> None:
    """A partial folder that holds no picture is of no use to a second try."""
    if not any(folder.pictures.rglob("*.jpg")):
        shutil.rmtree(folder.root, ignore_errors=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def interrupted_message(target: Path) -> str:
    """What to say after Ctrl-C."""
    partial = partial_of(target)
    if not partial.is_dir():
        return "Stopped; nothing was written."
    return f"Stopped; {partial} keeps what is done: run the same command again to go on."
