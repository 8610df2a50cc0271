"""Stage `plan`: what each budget does to the surveyed network over fifteen years."""

from __future__ import annotations

from inspection.context import RunContext, file_hash
from planning.plan import plan_sections
from planning.scenarios import load_scenarios
from voirie.catalogue.treatments import load_treatments
from voirie.folder import SurveyFolder
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import empty


def depends(ctx: RunContext) -> list[object]:
    """The scenarios and the price list."""
    return [file_hash(ctx.scenarios), file_hash(ctx.treatments), first_year(ctx)]


def first_year(ctx: RunContext) -> int:
    """Year of the first works: the one after the survey, so that a replay gives the same plan."""
    years = [p.given.started_at.year for p in ctx.passes if p.given.started_at is not None]
    return max(years) + 1 if years else 1


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Plan the surveyed sections; without scenarios the tables are empty and say why."""
    report = StageReport(Stage.PLAN)
    sections = folder.read("sections")
    report.items_in = len(sections)
    if ctx.scenarios is None:
        for table in ("works", "plan_years", "scenarios"):
            folder.write(table, empty(table))
        report.warnings = ["no scenarios were given, so that nothing was planned"]
        ctx.listener(StageEvent(Stage.PLAN, 1, 1, "no scenarios"))
        return report
    result = plan_sections(
        sections, load_treatments(ctx.treatments), load_scenarios(ctx.scenarios), first_year(ctx)
    )
    folder.write("works", result.works)
    folder.write("plan_years", result.plan_years)
    folder.write("scenarios", result.scenarios)
    report.items_out = len(result.works)
    report.warnings = list(result.warnings)
    ctx.listener(StageEvent(Stage.PLAN, 1, 1, f"{len(result.works)} works"))
    return report
