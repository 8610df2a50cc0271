"""The run: every stage in order, each skipped when nothing it depends on has changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inspection.context import RunContext
from inspection.pipeline.attempts import Attempts
from inspection.pipeline.chain import PIPELINE, StageSpec, fingerprints, with_dependants
from inspection.pipeline.energy import Cost, EnergyMeter
from inspection.pipeline.outputs import hashes_of, is_whole, remove_strays
from inspection.pipeline.preflight import preflight
from inspection.pipeline.rerun_files import keep_rerun_files
from inspection.pipeline.sheet import Run, identity_of, record_of, write_sheet
from voirie.errors import DONE, DONE_IN_PART, ConfigurationError, VoirieError
from voirie.files import disk_errors, sync_folder, write_json
from voirie.folder import SurveyFolder, begin, finish, take_up
from voirie.lock import locked
from voirie.messages import Message, message
from voirie.partial import partial_of, place_of, remove
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
    target = place_of(target)
    _refuse_inside_inputs(ctx, target)
    with locked(target):
        with disk_errors(target):
            take_up(target)
        preflight(ctx)
        return _run_in(ctx, target)


def _refuse_inside_inputs(ctx: RunContext, target: Path) -> None:
    """A folder of stills is only read: no survey is made in it, nor a lock beside one.

    Raises
    ------
    ConfigurationError
        When the survey folder would lie in a folder that was given to read.
    """
    for folder in (path for plan in ctx.passes for path in plan.given.inputs if path.is_dir()):
        if target.is_relative_to(folder.resolve()):
            raise ConfigurationError(
                f"the output lies inside {folder.name}, which is only read",
                target,
                "choose another --out",
            )


def _run_in(ctx: RunContext, target: Path) -> Outcome:
    """Run in a place that is ours alone."""
    prints = fingerprints(ctx)
    done = _done_before(target, prints)
    if done is not None:
        for record in done.stages:
            _tell_unchanged(ctx, record)
        return Outcome(target, done, _exit_code(done.stages), True)
    folder = begin(target)
    try:
        with disk_errors(target):
            work = Run(ctx, folder, identity_of(folder), prints)
            records = _run_stages(work)
    except VoirieError:
        _forget_if_empty(folder)
        raise
    with disk_errors(target):
        sheet = write_sheet(work, records)
        whole = finish(folder, target)
    return Outcome(whole.root, sheet, _exit_code(records), False)


def _done_before(target: Path, prints: dict[Stage, str]) -> RunSheet | None:
    """The sheet of a whole folder that was made from just this, None where it was not.

    The folder itself must say so: work that stands finished beside it was never put in place. It
    must also hold what it speaks of.
    """
    try:
        sheet = RunSheet.model_validate_json((target / "run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    made_from = {record.stage: record.fingerprint for record in sheet.stages}
    if made_from != {stage.value: print_ for stage, print_ in prints.items()}:
        return None
    folder = SurveyFolder(target)
    return sheet if all(is_whole(record, folder) for record in sheet.stages) else None


def _tell_unchanged(ctx: RunContext, record: StageRecord) -> None:
    done = max(record.items_in, record.items_out, 1)
    ctx.listener(StageEvent(Stage(record.stage), done, done, "unchanged"))


def _run_stages(work: Run) -> list[StageRecord]:
    """Records of all stages; what one that stopped has done, and is still there, is kept."""
    meter: EnergyMeter | None = None
    records: list[StageRecord] = []
    for spec in PIPELINE:
        known = _known(work, spec.stage)
        if known is not None:
            if spec.stage is Stage.INGEST:
                remove_strays(work.folder)
            records.append(known)
            _tell_unchanged(work.ctx, known)
            continue
        meter = meter or EnergyMeter()
        if spec.stage is Stage.PUBLISH:
            # The report speaks of the run, so that its sheet and its description come first.
            keep_rerun_files(work.ctx, work.folder)
            write_sheet(work, records)
        records.append(_run_stage(spec, work, meter))
    return records


def _run_stage(spec: StageSpec, work: Run, meter: EnergyMeter) -> StageRecord:
    """Run one stage; while it works, neither it nor what reads its tables counts as done."""
    folder, print_ = work.folder, work.fingerprints[spec.stage]
    for stage in with_dependants(spec.stage):
        _record_path(folder, stage).unlink(missing_ok=True)
    sync_folder(folder.state)  # a record must not come back beside tables that are no longer its
    tries = Attempts(folder.state, spec.stage, print_)
    with tries.measure(meter):
        report = spec.run(folder, work.ctx)
    record = record_of(report, print_, tries.cost or Cost(), hashes_of(spec.stage, folder))
    write_json(_record_path(folder, spec.stage), record.model_dump(mode="json"))
    tries.forget()
    return record


def _record_path(folder: SurveyFolder, stage: Stage) -> Path:
    return folder.state / f"{stage.value}.json"


def _known(work: Run, stage: Stage) -> StageRecord | None:
    """The record of a stage that need not be done again: all that it wrote for this is there."""
    try:
        text = _record_path(work.folder, stage).read_text("utf-8")
        record = StageRecord.model_validate_json(text)
    except (OSError, ValueError):
        return None
    made = (record.stage, record.fingerprint) == (stage.value, work.fingerprints[stage])
    return record if made and is_whole(record, work.folder) else None


def _exit_code(records: list[StageRecord]) -> int:
    return DONE_IN_PART if any(record.facts.get("in_part") for record in records) else DONE


def _forget_if_empty(folder: SurveyFolder) -> None:
    """A partial folder that holds no picture is of no use to a second try."""
    if not any(folder.pictures.rglob("*.jpg")):
        with suppress(OSError):
            remove(folder.root)


def interrupted_message(target: Path) -> Message:
    """What to say after Ctrl-C."""
    partial = partial_of(target)
    if not partial.is_dir():
        return message("Stopped; nothing was written.")
    return message(
        "Stopped; {folder} keeps what is done: run the same command again to go on.",
        folder=str(partial),
    )
