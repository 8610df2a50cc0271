"""The run: every stage in order, each skipped when nothing it depends on has changed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from inspection.context import RunContext
from inspection.pipeline.attempts import Attempts
from inspection.pipeline.chain import PIPELINE, StageSpec, fingerprints, with_dependants
from inspection.pipeline.description import keep_description
from inspection.pipeline.energy import Cost, EnergyMeter
from inspection.pipeline.preflight import preflight
from inspection.pipeline.sheet import Run, identity_of, record_of, write_sheet
from voirie.errors import DONE, DONE_IN_PART, VoirieError
from voirie.files import disk_errors, write_json
from voirie.folder import SurveyFolder, begin, finish, partial_of
from voirie.runsheet import RunSheet, StageRecord
from voirie.stages import Stage, StageEvent


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
    try:
        with disk_errors(target):
            work = Run(ctx, folder, identity_of(folder), prints)
            records, unchanged = _run_stages(work)
    except VoirieError:
        _forget_if_empty(folder)
        raise
    if unchanged and target.is_dir():
        shutil.rmtree(folder.root)
        sheet = RunSheet.model_validate_json((target / "run.json").read_text("utf-8"))
        return Outcome(target, sheet, _exit_code(records), True)
    with disk_errors(target):
        sheet = write_sheet(work, records)
        whole = finish(folder, target)
    return Outcome(whole.root, sheet, _exit_code(records), False)


def _run_stages(work: Run) -> tuple[list[StageRecord], bool]:
    """Records of all stages, and whether none of them had anything to do."""
    meter: EnergyMeter | None = None
    records: list[StageRecord] = []
    unchanged = True
    for spec in PIPELINE:
        known = _known(work.folder, spec.stage)
        if known is not None and known.fingerprint == work.fingerprints[spec.stage]:
            records.append(known)
            done = max(known.items_in, known.items_out, 1)
            work.ctx.listener(StageEvent(spec.stage, done, done, "unchanged"))
            continue
        unchanged = False
        meter = meter or EnergyMeter()
        if spec.stage is Stage.PUBLISH:
            # The report speaks of the run, so that its sheet and its description come first.
            keep_description(work.ctx, work.folder)
            write_sheet(work, records)
        records.append(_run_stage(spec, work, meter))
    return records, unchanged


def _run_stage(spec: StageSpec, work: Run, meter: EnergyMeter) -> StageRecord:
    """Run one stage; while it works, neither it nor what reads its tables counts as done."""
    folder, print_ = work.folder, work.fingerprints[spec.stage]
    for stage in with_dependants(spec.stage):
        _record_path(folder, stage).unlink(missing_ok=True)
    tries = Attempts(folder.state, spec.stage, print_)
    with tries.measure(meter):
        report = spec.run(folder, work.ctx)
    record = record_of(report, print_, tries.cost or Cost())
    write_json(_record_path(folder, spec.stage), record.model_dump(mode="json"))
    tries.forget()
    return record


def _record_path(folder: SurveyFolder, stage: Stage) -> Path:
    return folder.state / f"{stage.value}.json"


def _known(folder: SurveyFolder, stage: Stage) -> StageRecord | None:
    try:
        return StageRecord.model_validate_json(_record_path(folder, stage).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _exit_code(records: list[StageRecord]) -> int:
    return DONE_IN_PART if any(record.facts.get("in_part") for record in records) else DONE


def _forget_if_empty(folder: SurveyFolder) -> None:
    """A partial folder that holds no picture is of no use to a second try."""
    if not any(folder.pictures.rglob("*.jpg")):
        shutil.rmtree(folder.root, ignore_errors=True)


def interrupted_message(target: Path) -> str:
    """What to say after Ctrl-C."""
    partial = partial_of(target)
    if not partial.is_dir():
        return "Stopped; nothing was written."
    return f"Stopped; {partial} keeps what is done: run the same command again to go on."
