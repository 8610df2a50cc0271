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
from typing import Literal, Self

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gis.scoring.explain import SET_NAMES
from inspection.publish.bundle import Bundle
from inspection.publish.drawings import charts, map_svg, strip_svg, svg
from inspection.publish.places import route_name, section_span
from inspection.publish.report.blocks import Strip
from inspection.publish.report.cards import cards_of, sightings
from inspection.publish.report.facts import (
    CATEGORY_COLUMNS,
    MOST_LISTED,
    Facts,
    PlanTables,
    is_null,
)
from inspection.publish.report.pictures import Album
from inspection.publish.report.privacy import certificate_summary
from inspection.publish.report.programme import MOST_WORKS, plan_block
from inspection.publish.report.summary import summary_sentences
from inspection.publish.rows import ObjectRow, SectionRow, WhyNot, rows_of
from voirie import labels
from voirie.catalogue.scheme import Scheme, load_scheme
from voirie.catalogue.treatments import Treatments, load_treatments
from voirie.files import write_text
from voirie.folder import SurveyFolder
from voirie.inputs import HEADLINE_EXISTENCE
from voirie.nets import Models, load_models
from voirie.taxonomy import Taxonomy, load_taxonomy
from voirie.wording import LANGUAGES, NO_BREAK, Language, Wording

MOST_OBJECTS = 150
# Three scenarios of them take a few printed pages.
MOST_TOLD = 60


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
    models
        Registered networks.
    headline_existence
        What exists less surely is put first nowhere, and listed as to be checked.
    """

    scheme: Scheme
    treatments: Treatments
    taxonomy: Taxonomy
    models: Models
    headline_existence: float = HEADLINE_EXISTENCE

    @classmethod
    def shipped(cls) -> Self:
        """Those that ship with the product."""
        return cls(load_scheme(), load_treatments(), load_taxonomy(), load_models())


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
        Rating scheme, price list, taxonomy and networks of the run; those that ship with the
        product by default.

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
    used = rules or Rules.shipped()
    bundle = Bundle(SurveyFolder(folder), used.taxonomy)
    facts, album = Facts(bundle, used.headline_existence), Album(bundle)
    languages: tuple[Language, ...] = LANGUAGES if lang == "both" else (lang,)
    ground = map_svg.MapContent.of(
        bundle.sections, bundle.findings, bundle.table("track"), facts.places, used.taxonomy
    )
    album.fill()
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


def _viewers(album: Album, w: Wording) -> list[tuple[str, Markup]]:
    """The pictures at full width with all that was found in them, each with its identifier."""
    label = w.text("Anonymised picture, what was found in it outlined")
    return [
        (target, album.figure(picture_id, label, w))
        for picture_id, target in album.targets(w.language).items()
    ]


def _store(album: Album, ground: map_svg.MapContent | None) -> Markup:
    """What stands once in the page and is shown by reference: hatching, roads, pictures."""
    roads = Markup("") if ground is None else ground.definitions()
    inside = svg.tag("defs", svg.hatch(), svg.hatch_over(), roads, album.definitions())
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
    environment.filters["span"] = unbroken_span
    environment.tests["null"] = is_null
    return environment


def _title(facts: Facts, wording: Wording) -> str:
    name = facts.bundle.stated("campaign", wording.language)
    kicker = wording.text("Road condition bulletin")
    return f"{kicker} · {name}" if name else kicker


def _body(
    facts: Facts, album: Album, ground: map_svg.MapContent | None, w: Wording, rules: Rules
) -> Markup:
    bundle = facts.bundle
    families = bundle.taxonomy.families
    context: dict[str, object] = {
        "w": w,
        "facts": facts,
        "bundle": bundle,
        "rules": rules,
        "svg": svg,
        "summary": summary_sentences(facts, w),
        "class_bar": charts.class_bar(facts.shares_pct, w) if facts.shares_pct else None,
        "map": None if ground is None else map_svg.draw_map(ground, w, album.targets(w.language)),
        "strips": _strips(facts, w),
        "cards": cards_of(facts, album, w, rules.scheme),
        "viewers": _viewers(album, w),
        "targets": album.targets(w.language),
        "places_of_interest": [] if facts.has_notes else sightings(facts, album, w),
        "section_rows": _section_rows(facts),
        "most_sections": MOST_LISTED,
        "why_not": _why_not(facts, w),
        "most_strips": strip_svg.MOST_STRIPS,
        "range_bar": charts.range_bar,
        "symbol": lambda name, grade: map_svg.legend_symbol(families[name].symbol, grade),
        "category_columns": CATEGORY_COLUMNS,
        "label": lambda code: bundle.taxonomy.label(code, w.language),
        "treatment": lambda code: _treatment(code, w, rules.treatments),
        "objects": lambda family: _objects(facts, family),
        "most_objects": MOST_OBJECTS,
        "codes_with_a_value": frozenset(bundle.taxonomy.sign_values),
        "plan": plan_block(facts, w, rules.treatments) if facts.has_plan else None,
        "most_works": MOST_WORKS,
        "certificate": certificate_summary(album, rules.models, w),
        "seen": lambda row: _seen(row, w),
        "stated": lambda what: bundle.stated(what, w.language),
        "chip": lambda code: labels.class_code(code, w),
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


def unbroken_span(row: SectionRow) -> str:
    r"""From PR to PR, broken over two lines only after the arrow.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> unbroken_span(SimpleNamespace(plod="31PR1", absd=265, plof="31PR1", absf=497))
    'PR\xa01+0265\xa0→ PR\xa01+0497'
    """
    return section_span(row).replace(" ", NO_BREAK).replace(f"→{NO_BREAK}", "→ ")


def _treatment(code: str, w: Wording, treatments: Treatments) -> str:
    for line in treatments.treatments:
        if line.code == code:
            return line.label_fr if w.language == "fr" else line.label_en
    return code


def _strips(facts: Facts, w: Wording) -> list[Strip]:
    bundle, plan = facts.bundle, PlanTables.of(facts.bundle, w.language)
    tables = strip_svg.StripTables.of(
        facts.places,
        bundle.findings,
        bundle.coverage,
        plan.works,
        plan.scenarios["scenario"].tolist(),
        bundle.taxonomy,
    )
    ranges = facts.routes_to_draw(strip_svg.MOST_STRIPS)
    return [
        Strip(stretch.route, strip_svg.draw_strip(stretch, tables, w))
        for stretch in strip_svg.stretches(ranges)
    ]


def _seen(row: SectionRow, w: Wording) -> str:
    """How much of what was driven of a section was seen, and whether that was one way only."""
    pct = w.percent(row.coverage_pct)
    return w.text("{pct}, one way", pct=pct) if row.sens_releves == 1 and row.cote == "U" else pct


def _section_rows(facts: Facts) -> list[SectionRow]:
    """Rows of the table of sections: all, or the worst where there are too many."""
    sections = facts.bundle.sections
    if len(sections) > MOST_LISTED:
        return rows_of(sections.sort_values("note_globale").head(MOST_LISTED), SectionRow)
    return rows_of(sections, SectionRow)


def _why_not(facts: Facts, w: Wording) -> dict[str, list[WhyNot]]:
    """What is told of the worst sections of the table that a scenario does not treat at once."""
    told = PlanTables.of(facts.bundle, w.language).why_not(w.language)
    waiting = {
        section_id: rows
        for section_id, rows in told.items()
        if any(row.situation not in ("at_once", "nothing_called") for row in rows)
    }
    if len(waiting) <= MOST_TOLD:
        return waiting
    listed = facts.bundle.sections.sort_values("note_globale")["section_id"]
    kept = [section_id for section_id in listed if section_id in waiting][:MOST_TOLD]
    return {section_id: waiting[section_id] for section_id in kept}


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
