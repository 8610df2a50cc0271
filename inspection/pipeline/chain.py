"""The chain: its stages in order, what each depends on, and which come after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspection.context import RunContext, fingerprint
from inspection.pipeline.source_hash import SourceTree, installed_sources
from inspection.stages import detect, fuse, ingest, locate, place, plan, publish, score
from voirie.folder import SurveyFolder
from voirie.stages import Stage, StageReport


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
        What it depends on beside its code and the stages before it: files, models, options.
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


def fingerprints(ctx: RunContext, sources: SourceTree | None = None) -> dict[Stage, str]:
    """What each stage depends on, hashed; a stage inherits from the ones it reads.

    Parameters
    ----------
    ctx
        The run.
    sources
        The code that it runs; that of this process by default.
    """
    code = sources or installed_sources()
    prints: dict[Stage, str] = {}
    for spec in PIPELINE:
        before = [prints[stage] for stage in spec.after]
        own_code = code.sha256_of(spec.run.__module__)
        prints[spec.stage] = fingerprint(spec.stage, own_code, before, spec.depends(ctx))
    return prints


def with_dependants(stage: Stage) -> list[Stage]:
    """A stage and those that read, directly or not, what it writes.

    Examples
    --------
    >>> [stage.value for stage in with_dependants(Stage.SCORE)]
    ['score', 'plan', 'publish']
    >>> Stage.DETECT in with_dependants(Stage.PLACE)
    False
    """
    found = [stage]
    for spec in PIPELINE:
        if any(before in found for before in spec.after):
            found.append(spec.stage)
    return found
