"""The report: one page that holds everything it shows, in French, in English or in both.

The page needs no network: style, script, drawings and pictures stand in it, and its policy
forbids anything else by the hash of each. It reads without JavaScript.
"""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gis.scoring.explain import SET_NAMES, explain_section
from inspection.publish import labels
from inspection.publish.bundle import Bundle
from inspection.publish.drawings import charts, map_svg, strip_svg, svg
from inspection.publish.places import route_name, section_span
from inspection.publish.report.blocks import (
    Card,
    CertificateSummary,
    Photo,
    PlanBlock,
    Programme,
    Strip,
)
from inspection.publish.report.facts import CATEGORY_COLUMNS, MOST_LISTED, Facts, is_null
from inspection.publish.report.pictures import Album
from inspection.publish.report.summary import summary_sentences
from inspection.publish.rows import (
    FindingRow,
    ObjectRow,
    ScenarioRow,
    SectionRow,
    WorkRow,
    YearRow,
    rows_of,
)
from voirie.catalogue.scheme import Scheme, load_scheme
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.files import write_text
from voirie.folder import SurveyFolder
from voirie.taxonomy import Taxonomy, load_taxonomy
from voirie.wording import LANGUAGES, N_, Language, Wording

WORST = 6
PICTURES_EACH = 3
# Notes are stored as computed; the terms are added in another order.
TOLERANCE = 1e-6
MOST_OBJECTS = 150
MOST_WORKS = 200


@dataclass(frozen=True)
class Rules:
    """What the notes and the plan were made with.

    Attributes
    ----------
    scheme
        The rating scheme.
    treatments
        The price list.
    taxonomy
        Families and codes of what was found.
    """

    scheme: Scheme
    treatments: Treatments
    taxonomy: Taxonomy


def write_report(
    folder: Path,
    out: Path,
    lang: Language | Literal["both"] = "both",
    rules: Rules | None = None,
) -> Path:
    """Write the report of a survey, replacing ``out`` at once when it is whole.

    Parameters
    ----------
    folder
        The survey folder, finished or partial.
    out
        The page to write, ``DIR/report.html``.
    lang
        ``fr``, ``en``, or ``both`` with a switch, French first.
    rules
        Rating scheme, price list and taxonomy of the run; those that ship with the product by
        default.

    Returns
    -------
    pathlib.Path
        ``out``.

    Raises
    ------
    voirie.errors.NotASurvey
        When a table or a sheet cannot be read.
    voirie.errors.NotCertified
        When a picture is not the one that was sealed.
    """
    used = rules or Rules(load_scheme(), load_treatments(), load_taxonomy())
    bundle = Bundle(SurveyFolder(folder), used.taxonomy)
    facts, album = Facts(bundle), Album(bundle)
    languages: tuple[Language, ...] = LANGUAGES if lang == "both" else (lang,)
    ground = map_svg.MapContent.of(
        bundle.sections, bundle.findings, bundle.table("track"), facts.places, used.taxonomy
    )
    bodies = [_body(facts, album, ground, Wording(language), used) for language in languages]
    style, script = _asset("report.css"), _asset("report.js")
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            languages=languages,
            bodies=bodies,
            title=_title(facts, Wording(languages[0])),
            store=_store(album, ground),
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            w=Wording(languages[0]),
        )
    )
    write_text(out, page)
    return out


def _store(album: Album, ground: map_svg.MapContent | None) -> Markup:
    """What stands once in the page and is shown by reference: hatching, roads, pictures."""
    roads = Markup("") if ground is None else ground.definitions()
    inside = svg.tag("defs", svg.hatch(), roads, album.definitions())
    return svg.tag("svg", inside, class_="store", aria_hidden="true")


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Content policy that lets the page's own style and script in, by hash, and nothing else."""

    def hashed(text: str) -> str:
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"

    return (
        f"default-src 'none'; img-src data:; style-src {hashed(style)}; "
        f"script-src {hashed(script)}; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("inspection.publish.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["route_name"] = route_name
    environment.filters["span"] = section_span
    environment.tests["null"] = is_null
    return environment


def _title(facts: Facts, wording: Wording) -> str:
    run, campaign = facts.bundle.run, facts.bundle.campaign
    name = run.get("campaign") or campaign.get("name") or ""
    kicker = wording.text("Road condition bulletin")
    return f"{kicker} · {name}" if name else kicker


def _body(
    facts: Facts, album: Album, ground: map_svg.MapContent | None, w: Wording, rules: Rules
) -> Markup:
    bundle = facts.bundle
    families = bundle.taxonomy.families
    order = bundle.scenarios["scenario"].tolist()
    context: dict[str, object] = {
        "w": w,
        "facts": facts,
        "bundle": bundle,
        "rules": rules,
        "svg": svg,
        "summary": summary_sentences(facts, w),
        "class_bar": charts.class_bar(facts.shares_pct, w) if facts.shares_pct else None,
        "map": None if ground is None else map_svg.draw_map(ground, w),
        "strips": _strips(facts, order, w),
        "cards": _cards(facts, album, w, rules),
        "places_of_interest": [] if facts.has_notes else _sightings(facts, album, w),
        "section_rows": _section_rows(facts),
        "most_sections": MOST_LISTED,
        "most_strips": strip_svg.MOST_STRIPS,
        "range_bar": charts.range_bar,
        "symbol": lambda name, grade: map_svg.legend_symbol(families[name].symbol, grade),
        "category_columns": CATEGORY_COLUMNS,
        "label": lambda code: bundle.taxonomy.label(code, w.language),
        "treatment": lambda code: _treatment(code, w, rules.treatments),
        "objects": lambda family: _objects(facts, family),
        "most_objects": MOST_OBJECTS,
        "plan": _plan(facts, order, w, rules) if facts.has_plan else None,
        "most_works": MOST_WORKS,
        "certificate": _certificate(album),
        "_": w.text,
        "html": w.html,
        "plural": w.plural,
        "named": lambda names, value: labels.label(names, value, w),
        "labels": labels,
        "set_names": SET_NAMES,
        "families": families,
        "nan": math.isnan,
    }
    return Markup(_environment().get_template("body.html.j2").render(context))


def _certificate(album: Album) -> CertificateSummary | None:
    certificate = album.certificate
    if certificate is None:
        return None
    return CertificateSummary(
        pictures=len(certificate),
        destroyed_pct=certificate.destroyed_pct,
        models=[f"{model.file} ({model.role})" for model in certificate.settings.models],
    )


def _treatment(code: str, w: Wording, treatments: Treatments) -> str:
    for line in treatments.treatments:
        if line.code == code:
            return line.label_fr if w.language == "fr" else line.label_en
    return code


def _strips(facts: Facts, order: list[str], w: Wording) -> list[Strip]:
    bundle = facts.bundle
    tables = strip_svg.StripTables.of(
        facts.places, bundle.findings, bundle.coverage, bundle.works, order, bundle.taxonomy
    )
    ranges = facts.routes_to_draw(strip_svg.MOST_STRIPS)
    return [
        Strip(stretch.route, strip_svg.draw_strip(stretch, tables, w))
        for stretch in strip_svg.stretches(ranges)
    ]


def _section_rows(facts: Facts) -> list[SectionRow]:
    """Rows of the table of sections: all, or the worst where there are too many."""
    sections = facts.bundle.sections
    if len(sections) > MOST_LISTED:
        return rows_of(sections.sort_values("note_globale").head(MOST_LISTED), SectionRow)
    return rows_of(sections, SectionRow)


def _in_section(facts: Facts, section: SectionRow) -> pd.DataFrame:
    findings = facts.bundle.findings
    own = findings[
        (findings["route"] == section.route)
        & (findings["gestionnaire"] == section.gestionnaire)
        & (findings["dep"] == section.dep)
        & (findings["cote"] == section.cote)
        & findings["family"].isin(facts.bundle.taxonomy.rated)
        & findings["cumul_m"].between(section.cumul_from_m, section.cumul_to_m)
    ]
    return own.sort_values(["severity", "area_m2", "confidence"], ascending=False)


def _photos(facts: Facts, album: Album, own: pd.DataFrame, most: int, w: Wording) -> list[Photo]:
    shown: dict[str, Photo] = {}
    for row in rows_of(own, FindingRow):
        if len(shown) == most:
            break
        if row.picture_id is None or row.picture_id in shown or not album.has(row.picture_id):
            continue
        name = facts.bundle.taxonomy.label(row.code, w.language)
        place = facts.places.place(row, w)
        alt = w.text(
            "Anonymised picture, {route} {place}: {name}, outlined",
            name=name,
            route=row.route,
            place=place,
        )
        shown[row.picture_id] = Photo(row, album.figure(row.picture_id, alt, w), name, place)
    return list(shown.values())


def _cards(facts: Facts, album: Album, w: Wording, rules: Rules) -> list[Card]:
    bundle = facts.bundle
    cards = []
    for row in facts.worst(WORST):
        own = _in_section(facts, row)
        why = explain_section(
            row.section_id, bundle.sections, bundle.extents, bundle.section_notes, rules.scheme
        )
        planned = bundle.works[bundle.works["section_id"] == row.section_id]
        cards.append(
            Card(
                row=row,
                photos=_photos(facts, album, own, PICTURES_EACH, w),
                why=why,
                agrees=_close(why.note_globale, row.note_globale),
                works=rows_of(planned, WorkRow),
            )
        )
    return cards


def _close(note: float | None, stored: float) -> bool:
    return note is not None and abs(note - stored) <= TOLERANCE


def _sightings(facts: Facts, album: Album, w: Wording) -> list[Photo]:
    """Gravest findings with their picture, where no section has a note to be ranked by."""
    findings = facts.bundle.findings
    own = findings[findings["family"].isin(facts.bundle.taxonomy.rated)]
    order = ["severity", "area_m2", "confidence"]
    return _photos(facts, album, own.sort_values(order, ascending=False), WORST, w)


def _objects(facts: Facts, family: str) -> list[ObjectRow]:
    """Things of a family with what its table of attributes tells of each."""
    table = facts.bundle.taxonomy.families[family].attributes
    if table is None:
        return []
    findings, told = facts.bundle.findings, facts.bundle.table(table.table)
    own = [c for c in findings.columns if c == "finding_id" or c not in told.columns]
    mine = findings[findings["family"] == family][own]
    joined = pd.DataFrame(mine.merge(told, on="finding_id", how="inner"))
    return rows_of(joined.reindex(columns=list(ObjectRow._fields)), ObjectRow)


def _why(
    work: WorkRow, section: SectionRow | None, tax: str, w: Wording, rules: Rules
) -> str | None:
    """The trigger in the language of the page; the planner's own sentence is in English."""
    if w.language == "en":
        return work.reason
    lines = {line.code: line for line in rules.treatments.treatments}
    if work.treatment not in lines or not work.area_m2:
        return None
    assumed = section is None or is_null(section.note_globale)
    return w.text(
        N_("Note {note} (assumed), under {limit}: {code} at {price} €/m² {tax} lifts it by {gain}.")
        if assumed
        else N_("Note {note}, under {limit}: {code} at {price} €/m² {tax} lifts it by {gain}."),
        note=w.number(work.note_before, 2),
        limit=w.number(lines[work.treatment].note_max, 2),
        code=work.treatment,
        price=w.number(work.cost_eur / work.area_m2, 2),
        tax=tax,
        gain=w.number(work.note_after - work.note_before, 2),
    )


def _plan(facts: Facts, order: list[str], w: Wording, rules: Rules) -> PlanBlock:
    years = facts.bundle.plan_years
    tops = years[["budget_investment_eur", "budget_operation_eur"]].sum(axis=1)
    spent = years[["spend_investment_eur", "spend_operation_eur"]].sum(axis=1)
    top_eur = float(max(tops.max(), spent.max()))
    sections = {row.section_id: row for row in rows_of(facts.bundle.sections, SectionRow)}
    scenarios = []
    for row in rows_of(facts.bundle.scenarios, ScenarioRow):
        own = years[years["scenario"] == row.scenario].sort_values("year")
        works = facts.bundle.works[facts.bundle.works["scenario"] == row.scenario]
        shown = works.sort_values(["year", "cost_eur"], ascending=[True, False]).head(MOST_WORKS)
        colour, _ = charts.series_look(order, row.scenario)
        scenarios.append(
            Programme(
                row=row,
                colour=colour,
                bars=charts.envelope_bars(years, row.scenario, top_eur, w),
                last=rows_of(own, YearRow)[-1],
                n_works=len(works),
                works=[
                    (work, section, _why(work, section, row.tax, w, rules))
                    for work in rows_of(shown, WorkRow)
                    for section in [sections.get(work.section_id)]
                ],
            )
        )
    return PlanBlock(
        scenarios=scenarios,
        curves=charts.note_curves(years, order, rules.treatments.thresholds, w),
        first_year=int(years["year"].min()),
        last_year=int(years["year"].max()),
        limits=rules.treatments.thresholds,
    )
