"""The most damaged sections: their pictures and the whole sum behind each note."""

from __future__ import annotations

import pandas as pd

from gis.scoring.explain import explain_section
from inspection.publish.report.blocks import Card, Photo, Planned
from inspection.publish.report.facts import Facts, PlanTables
from inspection.publish.report.pictures import Album
from inspection.publish.rows import FindingRow, SectionRow, WorkRow, rows_of
from voirie.catalogue.scheme import Scheme
from voirie.wording import Wording

WORST = 6
PICTURES_EACH = 3
# Notes are stored as computed; the terms are added in another order.
TOLERANCE = 1e-6


def _in_section(facts: Facts, section: SectionRow) -> pd.DataFrame:
    """Defects of a section that surely exist, the gravest first."""
    findings = facts.sure
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


def cards_of(facts: Facts, album: Album, w: Wording, scheme: Scheme) -> list[Card]:
    """Cards of the worst sections, with the pictures of their gravest findings."""
    bundle = facts.bundle
    plan = PlanTables.of(bundle, w.language)
    works, told = plan.works, plan.why_not(w.language)
    cards = []
    for row in facts.worst(WORST):
        own = _in_section(facts, row)
        why = explain_section(
            row.section_id, bundle.sections, bundle.extents, bundle.section_notes, scheme
        )
        cards.append(
            Card(
                row=row,
                photos=_photos(facts, album, own, PICTURES_EACH, w),
                why=why,
                agrees=_close(why.note_globale, row.note_globale),
                works=_planned(works[works["section_id"] == row.section_id]),
                why_not=told.get(row.section_id, []),
            )
        )
    return cards


def _planned(works: pd.DataFrame) -> list[Planned]:
    """Works of a section: those of one scenario that are the same treatment at the same cost."""
    same: dict[tuple[str, str, float], list[int]] = {}
    for row in rows_of(works.sort_values("year"), WorkRow):
        same.setdefault((row.scenario, row.treatment, row.cost_eur), []).append(row.year)
    return [Planned(*key, years) for key, years in sorted(same.items(), key=lambda x: x[0][0])]


def _close(note: float | None, stored: float) -> bool:
    return note is not None and abs(note - stored) <= TOLERANCE


def sightings(facts: Facts, album: Album, w: Wording) -> list[Photo]:
    """Gravest findings with their picture, where no section has a note to be ranked by."""
    findings = facts.sure
    own = findings[findings["family"].isin(facts.bundle.taxonomy.rated)]
    order = ["severity", "area_m2", "confidence"]
    return _photos(facts, album, own.sort_values(order, ascending=False), WORST, w)
