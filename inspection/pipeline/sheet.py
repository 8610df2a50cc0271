"""The run sheet: what a run was asked for, by which models, and what each stage did."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel

from gis.scoring.coverage import surveyed_length
from inspection.context import RunContext, fingerprint
from inspection.detection.tasks import active_models
from inspection.pipeline.energy import Cost
from inspection.stages.ingest import PRIVACY_ROLES
from voirie.files import write_json
from voirie.folder import SurveyFolder
from voirie.nets.backend import backend_name
from voirie.runsheet import Coverage, InputRef, ModelRef, RunSheet, StageRecord
from voirie.stages import Stage, StageReport


class RunIdentity(BaseModel):
    """One run; stopped and taken up again it is the same."""

    run_id: str
    started_at: str


def identity_of(folder: SurveyFolder) -> RunIdentity:
    """The run that works in a partial folder: the one that was stopped there, or a new one."""
    path = folder.state / "run.json"
    try:
        return RunIdentity.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError):
        made = RunIdentity(run_id=str(uuid.uuid4()), started_at=now())
        write_json(path, made.model_dump())
        return made


@dataclass(frozen=True, slots=True)
class Run:
    """A run at work.

    Attributes
    ----------
    ctx
        What is asked for.
    folder
        The partial folder.
    identity
        Its identifier and when it began.
    fingerprints
        What each stage depends on, hashed.
    """

    ctx: RunContext
    folder: SurveyFolder
    identity: RunIdentity
    fingerprints: dict[Stage, str]


def sheet_of(run: Run, records: list[StageRecord]) -> RunSheet:
    """The run sheet with what is known so far."""
    ctx = run.ctx
    models = ctx.resources.models
    privacy = [models.entries[role] for role in PRIVACY_ROLES if role in models.entries]
    entries = privacy + active_models(models, ctx.options.experimental)
    return RunSheet(
        survey_id=ctx.survey_id,
        run_id=run.identity.run_id,
        campaign=ctx.mandate.campaign,
        purpose=ctx.mandate.purpose,
        controller=ctx.mandate.controller,
        legal_basis=ctx.mandate.legal_basis,
        inputs=[
            InputRef(name=path.name, sha256=ctx.resources.sha256(path)) for path in ctx.inputs()
        ],
        settings_sha256=fingerprint(ctx.options.canonical(), sorted(run.fingerprints.values())),
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
        backend=backend_name(),
        stages=records,
        coverage=coverage_of_run(run.folder),
        errors=[f"{r.stage}: {number} {why}" for r in records for why, number in r.dropped.items()],
        started_at=run.identity.started_at,
        ended_at=now(),
    )


def write_sheet(run: Run, records: list[StageRecord]) -> RunSheet:
    """Write `run.json` and return it."""
    sheet = sheet_of(run, records)
    write_json(run.folder.run_sheet, sheet.model_dump(mode="json", by_alias=True))
    return sheet


def record_of(report: StageReport, print_: str, cost: Cost, files: dict[str, str]) -> StageRecord:
    """What a stage did, wrote and cost, for the sheet and for the next run."""
    return StageRecord(
        stage=report.stage.value,
        fingerprint=print_,
        items_in=report.items_in,
        items_out=report.items_out,
        dropped=dict(sorted(report.dropped.items())),
        inner_s={name: round(value, 3) for name, value in report.inner_s.items()},
        files=files,
        facts=report.facts,
        warnings=report.warnings,
        wall_s=round(cost.wall_s, 3),
        cpu_s=round(cost.cpu_s, 3),
        energy_wh=None if cost.energy_wh is None else round(cost.energy_wh, 5),
        energy_method=cost.method,
        tries=cost.tries,
    )


def coverage_of_run(folder: SurveyFolder) -> Coverage:
    """How much of the driven routes was seen; nothing before `score` has run."""
    if not (folder.tables / "sections.parquet").is_file():
        return Coverage()
    found = surveyed_length(folder.read("sections"), folder.read("coverage"))
    return Coverage(
        surveyed_m=round(found.surveyed_m, 1),
        length_m=round(found.length_m, 1),
        pct=round(found.pct, 1) if found.length_m else None,
    )


def now() -> str:
    """Date and time to the second, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
