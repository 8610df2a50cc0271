"""Stage `fuse`: a thing seen in several frames becomes one finding."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.network.network import Network
from inspection.context import RunContext
from inspection.fusion.geometry import shapes_of
from inspection.fusion.grouping import grouped
from inspection.fusion.measure import measured
from inspection.fusion.placed_views import sightings
from inspection.fusion.severity import graded
from voirie.arrays import Bools, Ints
from voirie.catalogue.scheme import SeverityRule
from voirie.folder import SurveyFolder
from voirie.stages import Stage, StageEvent, StageReport
from voirie.tables import TABLES, empty
from voirie.taxonomy import load_taxonomy

LOOKS = {"pavement": 2, "sign": 3, "dumping": 3}
"""Frames that look at a thing, at least: one every 5 m, a reach of some 10 m on the road, and of
tens of metres for what stands beside it."""
SURE_WITH_FEWER = {"pavement": 0.30, "sign": 0.60, "dumping": 0.60}
"""A thing that fewer frames saw is kept from this mean score on."""
SEEN_ONCE = frozenset({"FTR"})
"""A transverse crack is a row or two high; beyond some 8 m it is none: one frame sees it."""


def depends(ctx: RunContext) -> list[object]:
    """The network, for the shapes of findings, and the bounds of severity."""
    rules = ctx.resources.scheme.severity
    network = ctx.resources.sha256(ctx.resources.files.network)
    return [network, {code: rule.model_dump() for code, rule in rules.items()}]


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Group views, measure each group once, write `findings`, `signs`, `dumping` and `views`."""
    report = StageReport(Stage.FUSE)
    every = folder.read("views")
    placed = every["reason"].isna().to_numpy(bool)
    report.items_in = int(placed.sum())
    network = ctx.resources.network
    rules = ctx.resources.scheme.severity
    findings, of_view = fused(
        every[placed], folder.read("frames"), ctx.survey_id, network=network, rules=rules
    )
    doubtful = findings["doubtful"].to_numpy(bool)
    if doubtful.any():
        report.dropped["seen in one frame of several, and unsure"] = int(doubtful.sum())
    ids = np.full(len(every), None, dtype=object)
    ids[placed] = findings["finding_id"].where(~doubtful, None).to_numpy(object)[of_view]
    findings = findings[~doubtful]
    folder.write("views", every.assign(finding_id=ids))
    folder.write("signs", _signs(findings))
    folder.write("dumping", _dumping(findings))
    folder.write("findings", findings[TABLES["findings"].names])
    report.items_out = len(findings)
    report.facts = {str(k): int(v) for k, v in findings["code"].value_counts().sort_index().items()}
    ctx.listener(
        StageEvent(Stage.FUSE, report.items_in, report.items_in, f"{len(findings)} findings")
    )
    return report


def fused(
    views: gpd.GeoDataFrame,
    frames: gpd.GeoDataFrame,
    survey_id: str,
    *,
    network: Network | None,
    rules: Mapping[str, SeverityRule],
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

    Returns
    -------
    findings : pandas.DataFrame
        Columns of the table, and ``model_class`` and ``doubtful``: seen by fewer frames than
        look, and by none of them surely.
    of_view : numpy.ndarray
        Row of `findings` that each view belongs to, (n,).
    """
    if not len(views):
        nothing = pd.DataFrame(empty("findings")).assign(model_class=[], doubtful=[])
        return nothing, np.zeros(0, dtype=np.int64)
    seen = sightings(views, frames)
    group = grouped(seen)
    findings = graded(measured(seen, group, survey_id, network), rules)
    shapes = shapes_of(findings, network)
    return findings.assign(geometry=shapes, doubtful=_seen_too_little(findings)), group


def _seen_too_little(findings: pd.DataFrame) -> Bools:
    """What a camera should have seen in several frames and saw once, without being sure."""
    scaled = ~findings["scale_assumed"].to_numpy(bool)
    again = ~findings["code"].isin(SEEN_ONCE).to_numpy(bool)
    family = findings["family"]
    alone = findings["n_views"].to_numpy(int) < family.map(LOOKS).to_numpy(int)
    unsure = findings["confidence"].to_numpy(float) < family.map(SURE_WITH_FEWER).to_numpy(float)
    return np.asarray(scaled & again & alone & unsure)


def _signs(findings: pd.DataFrame) -> pd.DataFrame:
    signs = findings[findings["family"] == "sign"]
    if not len(signs):
        return pd.DataFrame(empty("signs"))
    classes = [load_taxonomy().classes[name] for name in signs["model_class"]]
    return pd.DataFrame(
        {
            "finding_id": signs["finding_id"].to_numpy(),
            "official_code": [known.official_code for known in classes],
            "sign_family": [known.sign_family or "other" for known in classes],
            "value": [known.value for known in classes],
        }
    )


def _dumping(findings: pd.DataFrame) -> pd.DataFrame:
    heaps = findings[findings["family"] == "dumping"]
    if not len(heaps):
        return pd.DataFrame(empty("dumping"))
    classes = [load_taxonomy().classes[name] for name in heaps["model_class"]]
    return pd.DataFrame(
        {
            "finding_id": heaps["finding_id"].to_numpy(),
            "kind": [known.kind or "other" for known in classes],
            "volume_class": None,
            "status": "proposed",
        }
    )
