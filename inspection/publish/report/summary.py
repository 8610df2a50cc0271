"""The survey in plain words, for those who vote the budget: figures, no jargon."""

from __future__ import annotations

import math

from inspection.publish.places import route_name
from inspection.publish.report.facts import Facts, is_null
from inspection.publish.report.wording import Wording, pr_text
from voirie.places import ROUTE_KEY
from voirie.taxonomy import load_taxonomy

# A plan that moves the note by less says nothing that a reader should act on.
STEADY = 0.1
FOUND = ("pavement", "sign", "dumping")


def summary_sentences(facts: Facts, w: Wording) -> list[str]:
    """Paragraphs of the summary, in order.

    Parameters
    ----------
    facts
        Figures of the survey.
    w
        Language.
    """
    told = [_seen(facts, w)]
    if facts.has_notes:
        told += [_state(facts, w), _worst(facts, w)]
    else:
        told.append(_no_notes(facts, w))
    told.append(_found(facts, w))
    told.append(_plan(facts, w) if facts.has_plan else w.text("summary.no_plan"))
    return [sentence for sentence in told if sentence]


def _seen(facts: Facts, w: Wording) -> str:
    first, last = facts.days
    routes = w.listed([route_name(route) for route in facts.routes[:8]])
    if len(facts.routes) > 8:
        routes = w.text("summary.routes", n=w.number(len(facts.routes)))
    values = {
        "surveyed": w.length(facts.surveyed.surveyed_m),
        "total": w.length(facts.surveyed.length_m),
        "pct": w.percent(facts.surveyed.pct),
        "routes": routes,
        "first": w.day(first),
        "last": w.day(last),
    }
    if is_null(first):
        return w.text("summary.seen_undated", **values)
    if w.day(first) == w.day(last):
        return w.text("summary.seen_one_day", **values)
    return w.text("summary.seen", **values)


def _state(facts: Facts, w: Wording) -> str:
    shares = facts.shares_pct
    known = sum(shares[state] for state in ("BE", "EM", "ME"))
    part = {state: w.percent(100 * shares[state] / known) for state in ("BE", "EM", "ME")}
    told = w.text("summary.state", note=w.note(facts.mean_note()), **part)
    if shares["nd"] > 0:
        told += " " + w.text("summary.unknown", pct=w.percent(shares["nd"]))
    if facts.missing_codes:
        names = [load_taxonomy().label(code, w.language) for code in facts.missing_codes]
        shown = w.listed(names) if len(names) <= 2 else f"{', '.join(names[:2])}…"
        told += " " + w.text("summary.upper", names=shown)
    return told


def _worst(facts: Facts, w: Wording) -> str:
    row = next(facts.worst(1).itertuples())
    key = tuple(getattr(row, name) for name in ROUTE_KEY)
    return w.text(
        "summary.worst",
        route=route_name(key),
        start=pr_text(row.plod, row.absd),
        end=pr_text(row.plof, row.absf),
        note=w.note(row.note_globale),
        state=w.text(f"class.{row.classe_etat}_said"),
    )


def _no_notes(facts: Facts, w: Wording) -> str:
    if facts.bundle.sections.empty:
        return w.text("summary.no_sections")
    return w.text("summary.no_notes")


def _found(facts: Facts, w: Wording) -> str:
    rows = facts.codes("pavement")
    looked = [name for name in FOUND if facts.looked_for(name)]
    counted = [
        w.text(f"count.{name}", n=w.number(facts.family_count(name)))
        for name in looked
        if facts.family_count(name)
    ]
    told = [w.text("summary.found", things=w.listed(counted))] if counted else []
    if rows:
        name = load_taxonomy().label(rows[0].code, w.language)
        told.append(w.text("summary.commonest", name=name, n=w.number(rows[0].count)))
    for kind, names in (
        ("none", [name for name in looked if not facts.family_count(name)]),
        ("unsought", [name for name in FOUND if name not in looked]),
    ):
        if names:
            listed = w.listed([load_taxonomy().families[name].label(w.language) for name in names])
            told.append(w.text(f"summary.{kind}", things=listed))
    if facts.confirmed:
        told.append(w.text("summary.confirmed", n=w.number(facts.confirmed)))
    elif counted:
        told.append(w.text("summary.unconfirmed"))
    return " ".join(told)


def _plan(facts: Facts, w: Wording) -> str:
    lines = facts.bundle.scenarios
    years = facts.bundle.plan_years["year"]
    first, last = int(years.min()), int(years.max())
    told = [w.text("summary.plan", n=w.number(len(lines)), years=last - first)]
    for row in lines.sort_values("total_eur").itertuples():
        change = row.note_end - row.note_start
        verb = "steady" if abs(change) < STEADY else "rises" if change > 0 else "falls"
        told.append(
            w.text(
                f"summary.plan_{verb}",
                scenario=row.scenario,
                total=w.money(row.total_eur),
                tax=row.tax,
                start=w.note(row.note_start),
                end=w.note(row.note_end),
                last=last,
            )
        )
    assumed = float(lines["assumed_area_pct"].max())
    if assumed > 0:
        told.append(w.text("summary.assumed", pct=w.percent(assumed)))
    need = facts.first_need_eur()
    if not math.isnan(need):
        amount = w.money(need)
        told.append(w.text("summary.need", amount=amount, tax=lines["tax"].iloc[0]))
    return " ".join(told)
