"""Stage `score`: coverage, sections, extents and notes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gis.scoring.coverage import coverage_of
from gis.scoring.notes import Met
from gis.scoring.score import Observation, score
from gis.scoring.sections import cut, cut_from_places
from inspection.capture.spacing import most_seen_m, spacing_of
from inspection.context import RunContext
from inspection.detection.tasks import chosen_entries
from voirie.folder import SurveyFolder
from voirie.messages import message
from voirie.nets import Found, ModelEntry
from voirie.places import ROUTE_KEY
from voirie.stages import Stage, StageEvent, StageReport
from voirie.taxonomy import Taxonomy


def depends(ctx: RunContext) -> list[object]:
    """Survey, network, scheme, families, prices and what a note needs to be given."""
    resources = ctx.resources
    return [
        ctx.survey_id,
        resources.sha256(resources.files.network),
        resources.scheme.sha256,
        resources.taxonomy.sha256,
        resources.rules_sha256("treatments"),
        ctx.options.min_coverage_pct,
        [one.model_dump_json() for one in resources.models.measures.values()],
    ]


def observation_of(ctx: RunContext, in_lane: bool) -> Observation:
    """What the models of this run can see of what is rated.

    Parameters
    ----------
    ctx
        The run.
    in_lane
        Whether finds have a place across the road; without one the codes of the wheel paths
        cannot be told from the others and are not observable.
    """
    taxonomy = ctx.resources.taxonomy
    entries = [
        entry
        for _, entry in chosen_entries(ctx.resources.models, ctx.options.experimental)
        if any(taxonomy.model_class(name).family in taxonomy.rated for name in entry.classes)
    ]
    classes = [name for entry in entries for name in entry.classes]
    return Observation(
        codes=taxonomy.observable(classes, in_lane=in_lane),
        without_camera=taxonomy.observable(classes, in_lane=False),
        model_version=",".join(f"{e.role}:{e.sha256[:12]}" for e in entries) or "none",
        experimental=any(e.experimental for e in entries),
        met=_met(ctx, entries),
        calibrated=_calibrated(ctx, entries),
    )


def _calibrated(ctx: RunContext, entries: list[ModelEntry]) -> frozenset[str]:
    """Codes whose existence was held against a truth of every model that gives them."""
    taxonomy, measures = ctx.resources.taxonomy, ctx.resources.models.measures
    known: set[str] = set()
    unknown: set[str] = set()
    for entry in entries:
        told = measures[entry.sha256].existence if entry.sha256 in measures else {}
        for name in entry.classes:
            (known if name in told else unknown).update(codes_of(name, taxonomy))
    return frozenset(known - unknown)


def _met(ctx: RunContext, entries: list[ModelEntry]) -> dict[str, Met]:
    """What was measured of the models that look, by code; the worse of two models of one code."""
    taxonomy, measures = ctx.resources.taxonomy, ctx.resources.models.measures
    met: dict[str, Met] = {}
    for entry in entries:
        found = measures[entry.sha256].found if entry.sha256 in measures else {}
        for code, one in met_of(found, taxonomy).items():
            met[code] = min(met.get(code, one), one, key=lambda m: m.found_share)
    return met


def codes_of(name: str, taxonomy: Taxonomy) -> set[str]:
    """Codes that a class of a model may get, by its place in the lane.

    Examples
    --------
    >>> from voirie.taxonomy import load_taxonomy
    >>> sorted(codes_of("longitudinal_crack", load_taxonomy()))
    ['FLB', 'FLH']
    """
    known = taxonomy.model_class(name)
    return {code for code in (known.code, known.outside) if code is not None}


def met_of(found: Mapping[str, Found], taxonomy: Taxonomy) -> dict[str, Met]:
    """What was measured of one model by class, told by code.

    Parameters
    ----------
    found
        By class of the model.
    taxonomy
        The codes of a class.

    Examples
    --------
    What is common of a crack is divided by where it may run, in a wheel path or not:

    >>> from voirie.taxonomy import load_taxonomy
    >>> told = Found(found_share=0.5, true_share=0.8, common_pct=30.0)
    >>> sorted(met_of({"longitudinal_crack": told}, load_taxonomy()).items())[0]
    ('FLB', Met(found_share=0.5, true_share=0.8, common_pct=15.0))
    """
    met: dict[str, Met] = {}
    for name, told in found.items():
        codes = codes_of(name, taxonomy)
        for code in codes:
            one = Met(told.found_share, told.true_share, told.common_pct / len(codes))
            met[code] = min(met.get(code, one), one, key=lambda m: m.found_share)
    return met


def run(folder: SurveyFolder, ctx: RunContext) -> StageReport:
    """Score the routes that were driven; what was not seen of them is `nd`."""
    report = StageReport(Stage.SCORE)
    frames, findings = folder.read("frames"), folder.read("findings")
    network, scheme = ctx.resources.network, ctx.resources.scheme
    spacing_m = spacing_of(frames, ctx.options.step.value, most_seen_m(ctx.options.step))
    coverage = coverage_of(frames, spacing_m, scheme.pictures)
    folder.write("coverage", coverage)
    if network is None:
        sections = cut_from_places(frames, scheme.sections)
    else:
        sections = cut(network, scheme.sections)
        driven = pd.MultiIndex.from_frame(coverage[list(ROUTE_KEY)].drop_duplicates())
        mine = pd.MultiIndex.from_frame(sections[list(ROUTE_KEY)]).isin(driven)
        sections = sections[mine].reset_index(drop=True)
    result = score(
        findings,
        coverage,
        sections,
        observation=observation_of(ctx, in_lane=bool(frames["camera_source"].notna().any())),
        survey_id=ctx.survey_id,
        frames=frames,
        scheme=scheme,
        treatments=ctx.resources.treatments,
        taxonomy=ctx.resources.taxonomy,
        min_coverage_pct=ctx.options.min_coverage_pct,
    )
    folder.write("extents", result.extents)
    folder.write("section_notes", result.section_notes)
    folder.write("sections", result.sections)
    noted = int(result.sections["note_globale"].notna().sum())
    report.items_in, report.items_out = len(findings), len(result.sections)
    report.dropped = dict(result.dropped)
    report.facts = {
        "sections_with_note": noted,
        "sections_nd": len(result.sections) - noted,
        "scheme_version": scheme.version,
        "scheme_sha256": scheme.sha256,
    }
    if not noted:
        report.warnings = [message("no section was seen enough to get a score")]
    ctx.listener(StageEvent(Stage.SCORE, 1, 1, f"{noted} of {len(result.sections)} with notes"))
    return report
