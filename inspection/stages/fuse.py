"""Stage `fuse`: a thing seen in several frames becomes one finding."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.network.network import Network
from inspection.context import RunContext
from inspection.fusion.existence import calibrated
from inspection.fusion.geometry import shapes_of
from inspection.fusion.grouping import grouped
from inspection.fusion.measure import measured
from inspection.fusion.passes import joined, unlikely
from inspection.fusion.placed_views import placed_views
from inspection.fusion.severity import graded
from inspection.fusion.sign_values import voted_values
from voirie.arrays import Bools, Ints, Objects
from voirie.catalogue.scheme import SeverityRule
from voirie.folder import SurveyFolder
from voirie.messages import Message, message
from voirie.nets import Measures
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import ATTRIBUTE_TABLES, CRS, TABLES, empty
from voirie.taxonomy import Taxonomy


def depends(ctx: RunContext) -> list[object]:
    """The survey, the network for shapes of findings, the families and the bounds of severity."""
    rules = ctx.resources.scheme.severity
    return [
        ctx.survey_id,
        ctx.resources.sha256(ctx.resources.files.network),
        {code: rule.model_dump() for code, rule in rules.items()},
        ctx.resources.taxonomy.sha256,
        [one.model_dump_json() for one in ctx.resources.models.measures.values()],
    ]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Group views and measure each group once.

    Writes `findings`, the tables of families that have one (`signs`, `dumping`), and `views`:
    what was detected with its place and its finding.
    """
    report = StageReport(Stage.FUSE)
    found = folder.read("detections").merge(
        folder.read("placements"), on="view_id", how="inner", validate="one_to_one"
    )
    every = gpd.GeoDataFrame(found, geometry="geometry", crs=CRS)
    placed = every["reason"].isna().to_numpy(bool)
    report.items_in = int(placed.sum())
    taxonomy = ctx.resources.taxonomy
    findings, of_view = fused(
        every[placed],
        folder.read("frames"),
        ctx.survey_id,
        network=ctx.resources.network,
        rules=ctx.resources.scheme.severity,
        taxonomy=taxonomy,
        measures=ctx.resources.models.measures,
    )
    doubtful = findings["doubtful"].to_numpy(bool)
    if doubtful.any():
        report.dropped["seen by too few frames or passes of those that looked"] = int(
            doubtful.sum()
        )
    ids = np.full(len(every), None, dtype=object)
    ids[placed] = findings["finding_id"].where(~doubtful, None).to_numpy(object)[of_view]
    findings = findings[~doubtful]
    report.warnings = _not_calibrated(findings, taxonomy)
    folder.write("views", every.assign(finding_id=ids))
    values = voted_values(every[placed], of_view, len(doubtful), taxonomy)[~doubtful]
    for name, table in attribute_tables(findings, taxonomy, values).items():
        folder.write(name, table)
    folder.write("findings", findings[TABLES["findings"].names])
    report.items_out = len(findings)
    report.facts = {str(k): int(v) for k, v in findings["code"].value_counts().sort_index().items()}
    ctx.listener(
        StageEvent(Stage.FUSE, report.items_in, report.items_in, f"{len(findings)} findings")
    )
    return report


def _not_calibrated(findings: pd.DataFrame, taxonomy: Taxonomy) -> list[Message]:
    """That nobody held against a truth how surely defects exist, where nobody did."""
    rated = findings["family"].isin(taxonomy.rated).to_numpy(bool)
    unknown = int((rated & ~findings["existence_known"].to_numpy(bool)).sum())
    if not unknown:
        return []
    return [
        message(
            "how surely {n} defects exist is what the scores of their model say: it was not "
            "held against a truth",
            n=unknown,
        )
    ]


def fused(
    views: gpd.GeoDataFrame,
    frames: gpd.GeoDataFrame,
    survey_id: str,
    *,
    network: Network | None,
    rules: Mapping[str, SeverityRule],
    taxonomy: Taxonomy,
    measures: Measures | None = None,
) -> tuple[pd.DataFrame, Ints]:
    """Every thing that was seen, the doubtful among them.

    Parameters
    ----------
    views, frames
        Tables of a survey folder; of the views those that have a place.
    survey_id
        The survey.
    network
        The axes, None where there are none.
    rules
        `Scheme.severity`.
    taxonomy
        The families of things.
    measures
        What was measured of the networks that looked, None for nothing.

    Returns
    -------
    findings : pandas.DataFrame
        Columns of the table, and ``model_class``; ``doubtful``: seen by fewer frames or passes
        than looked, and by none of them surely; ``raw_existence``, as the scores say it; and
        ``existence_known``, whether it was held against a truth.
    of_view : numpy.ndarray
        Row of `findings` that each view belongs to, (n,).
    """
    if not len(views):
        nothing = pd.DataFrame(empty("findings")).assign(
            model_class=[], doubtful=[], raw_existence=[], existence_known=[]
        )
        return nothing, np.zeros(0, dtype=np.int64)
    seen = placed_views(views, frames, taxonomy)
    group = grouped(seen, taxonomy)
    of_passes = measured(seen, group, survey_id, network, taxonomy, measures or {})
    things, of_finding = joined(of_passes, frames, taxonomy)
    findings = graded(things, rules)
    chance, known = calibrated(
        findings["existence"].to_numpy(float),
        findings["n_views"].to_numpy(np.int64),
        findings["model_class"].tolist(),
        findings["model_sha256"].to_numpy(object),
        measures or {},
    )
    return findings.assign(
        geometry=shapes_of(findings, network, taxonomy),
        doubtful=_seen_too_little(findings, taxonomy) | unlikely(findings),
        raw_existence=findings["existence"],
        existence=chance,
        existence_known=known,
    ), of_finding[group]


def _seen_too_little(findings: pd.DataFrame, taxonomy: Taxonomy) -> Bools:
    """What a camera should have seen in several frames and saw once, without being sure."""
    wanted = {name: family.frames for name, family in taxonomy.families.items()}
    least = findings["family"].map({name: own.least for name, own in wanted.items()})
    sure = findings["family"].map({name: own.sure_with_fewer for name, own in wanted.items()})
    once = [code for own in wanted.values() for code in own.once]
    by_camera = findings["by_camera"].to_numpy(bool)
    again = ~findings["code"].isin(once).to_numpy(bool)
    alone = findings["n_views"].to_numpy(int) < least.to_numpy(int)
    unsure = findings["confidence"].to_numpy(float) < sure.to_numpy(float)
    return np.asarray(by_camera & again & alone & unsure)


def attribute_tables(
    findings: pd.DataFrame, taxonomy: Taxonomy, values: Objects
) -> dict[str, pd.DataFrame]:
    """Tables of the families that have one, each with a row for every finding of the family.

    Parameters
    ----------
    findings
        As `fused` gives them.
    taxonomy
        The families of things.
    values
        Figure that the views of each finding agree on, (n,), None where they do not: it stands in
        the place of what the class of a sign tells, where the figure of its code is read.

    Returns
    -------
    dict of str to pandas.DataFrame
        Every table of attributes by name, without rows where no family fills it, so that none of
        another taxonomy is left from before. What the class of a finding tells stands over the
        default.
    """
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in ATTRIBUTE_TABLES}
    for name, family in taxonomy.families.items():
        if family.attributes is None:
            continue
        here = (findings["family"] == name).to_numpy(bool)
        own = findings[here]
        told = [taxonomy.model_class(word).attributes for word in own["model_class"]]
        part = pd.DataFrame(
            {
                "finding_id": own["finding_id"].to_numpy(),
                **{
                    column: [one.get(column, default) for one in told]
                    for column, default in family.attributes.columns.items()
                },
            }
        )
        if "value" in part:
            read = own["code"].isin(list(taxonomy.sign_values)).to_numpy(bool)
            part["value"] = part["value"].where(~read, pd.Series(values[here], dtype=object))
        tables[family.attributes.table].append(part)
    return {
        name: pd.concat(parts, ignore_index=True) if parts else empty(name)
        for name, parts in tables.items()
    }
