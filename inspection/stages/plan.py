"""Stage `plan`: what each budget does to the surveyed network over the years of the scenarios."""

from __future__ import annotations

import pandas as pd

from inspection.context import RunContext
from planning.plan import PLANNED, plan_sections
from voirie.folder import SurveyFolder
from voirie.messages import message
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty


def depends(ctx: RunContext) -> list[object]:
    """The scenarios, the price list, and whether unseen sections are planned."""
    rules = [ctx.resources.rules_sha256(name) for name in ("scenarios", "treatments")]
    return [*rules, ctx.options.only_seen]


def surveyed_in(folder: SurveyFolder) -> int | None:
    """Year of the last pass, by its pictures or its given date; None where no pass is dated."""
    passes = folder.read("passes")
    dates = pd.concat([passes["started_at"], passes["ended_at"]]).dropna()
    return int(dates.max().year) if len(dates) else None


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Plan the surveyed sections; without scenarios the tables are empty and say why."""
    report = StageReport(Stage.PLAN)
    sections = folder.read("sections")
    report.items_in = len(sections)
    scenarios = ctx.resources.scenarios
    if scenarios is None:
        for table in PLANNED:
            folder.write(table, empty(table))
        report.warnings = [message("no scenarios were given, so that nothing was planned")]
        ctx.listener(StageEvent(Stage.PLAN, 1, 1, "no scenarios"))
        return report
    result = plan_sections(
        sections,
        ctx.resources.treatments,
        scenarios,
        surveyed_in(folder),
        only_seen=ctx.options.only_seen,
    )
    for table in PLANNED:
        folder.write(table, getattr(result, table))
    report.items_out = len(result.works)
    report.warnings = list(result.warnings)
    ctx.listener(StageEvent(Stage.PLAN, 1, 1, f"{len(result.works)} works"))
    return report
