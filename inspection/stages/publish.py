"""Stage `publish`: what people and other programs read, made from the tables."""

from __future__ import annotations

from dataclasses import asdict

from gis.exports.geopackage import write_gpkg
from gis.exports.qgis_project import write_qgis_project
from inspection.context import RunContext
from inspection.publish.csv_files import write_m3, write_plan
from inspection.publish.report.page import Rules, write_report
from voirie.folder import SurveyFolder
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import check_families, check_foreign_keys


def depends(ctx: RunContext) -> list[object]:
    """What the campaign says of itself, and every file that is kept or named beside the report."""
    given = ctx.resources
    network = given.files.network
    return [
        asdict(ctx.mandate),
        ctx.options.stated(),
        {name: [path.suffix, given.sha256(path)] for name, path in given.files.rules().items()},
        [[plan.name, given.sha256(plan.given.vehicle)] for plan in ctx.passes],
        "" if network is None else network.name,
    ]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Write GeoPackage and QGIS project, both forms of both CSV files, and the report.

    Raises
    ------
    NotConform
        When a row of a table refers to one that does not exist, or is of an unknown family.
    """
    report = StageReport(Stage.PUBLISH)
    check_foreign_keys(folder.tables)
    check_families(folder.tables, ctx.resources.taxonomy.families)
    ctx.listener(StageEvent(Stage.PUBLISH, 0, 4, "survey.gpkg"))
    given = ctx.resources
    rules = Rules(
        given.scheme, given.treatments, given.taxonomy, given.models, ctx.options.headline_existence
    )
    package = write_gpkg(folder.tables, folder.root / "survey.gpkg", rules.taxonomy)
    write_qgis_project(
        package, package.with_suffix(".qgz"), rules.treatments, rules.taxonomy, ctx.mandate.campaign
    )
    ctx.listener(StageEvent(Stage.PUBLISH, 1, 4, "m3_section.csv"))
    write_m3(folder.root, folder.root / "m3_section.csv", rules.treatments, rules.taxonomy)
    write_plan(folder.tables, folder.root / "plan.csv")
    ctx.listener(StageEvent(Stage.PUBLISH, 3, 4, "report.html"))
    write_report(folder.root, folder.root / "report.html", rules=rules)
    report.items_in, report.items_out = 1, 7
    ctx.listener(StageEvent(Stage.PUBLISH, 4, 4))
    return report
