"""The survey in plain words, for those who vote the budget: figures, no jargon."""

from __future__ import annotations

import math

from gis.network.pr_text import PrText
from inspection.publish.places import route_name
from inspection.publish.report.facts import Facts, PlanTables
from inspection.publish.rows import ScenarioRow, rows_of
from voirie.labels import CLASS_SAID
from voirie.wording import N_, Wording

# A plan that moves the note by less says nothing that a reader should act on.
LEAST_CHANGE = 0.1
RISING = N_("“{scenario}” ({total} {tax} in all) lifts the score from {start} to {end} by {last}.")
FALLING = N_(
    "“{scenario}” ({total} {tax} in all) lets the score fall from {start} to {end} by {last}."
)
STEADY = N_("“{scenario}” ({total} {tax} in all) holds the score at {end} in {last}.")


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
    told.append(
        _plan(facts, w)
        if facts.has_plan
        else w.text("No budget was simulated: that takes sections with scores, and scenarios.")
    )
    return [sentence for sentence in told if sentence]


def _seen(facts: Facts, w: Wording) -> str:
    first, last = facts.days
    routes = w.listed([route_name(route) for route in facts.routes[:8]])
    if len(facts.routes) > 8:
        routes = w.plural("{n} road", "{n} roads", len(facts.routes))
    values = {
        "surveyed": w.length(facts.surveyed.surveyed_m),
        "total": w.length(facts.surveyed.length_m),
        "pct": w.percent(facts.surveyed.pct),
        "routes": routes,
        "first": w.day(first),
        "last": w.day(last),
    }
    if first is None:
        return w.text(
            "Pictures of {routes} were studied; they carry no date. Of {total} of road "
            "under study, {surveyed} could be seen, that is {pct}.",
            **values,
        )
    if w.day(first) == w.day(last):
        return w.text(
            "On {first}, a vehicle with a camera drove along {routes}. Of {total} of road "
            "under study, {surveyed} could be seen, that is {pct}.",
            **values,
        )
    return w.text(
        "From {first} to {last}, a vehicle with a camera drove along {routes}. Of "
        "{total} of road under study, {surveyed} could be seen, that is {pct}.",
        **values,
    )


def _state(facts: Facts, w: Wording) -> str:
    shares = facts.shares_pct
    known = sum(shares[state] for state in ("BE", "EM", "ME"))
    part = {state: w.percent(100 * shares[state] / known) for state in ("BE", "EM", "ME")}
    told = w.text(
        "The mean score is {note} out of 20; 20 is a road without any visible defect. Of"
        " the area that has a score, {BE} is in good condition, {EM} calls for a new "
        "surface layer and {ME} for deeper works.",
        note=w.note(facts.mean_note()),
        **part,
    )
    if shares["nd"] > 0:
        told += " " + w.text(
            "On {pct} of the area, too little was seen to say anything.",
            pct=w.percent(shares["nd"]),
        )
    if facts.missing_codes:
        names = [facts.bundle.taxonomy.label(code, w.language) for code in facts.missing_codes]
        shown = w.listed(names) if len(names) <= 2 else f"{', '.join(names[:2])}…"
        told += " " + w.text(
            "This score is a best case: a camera does not see everything (for example: {names}).",
            names=shown,
        )
    return told


def _worst(facts: Facts, w: Wording) -> str:
    (row,) = facts.worst(1)
    start, end = PrText.after(row.plod, row.absd), PrText.after(row.plof, row.absf)
    said = {
        "route": route_name((row.gestionnaire, row.dep, row.route, row.cote)),
        "note": w.note(row.note_globale),
        "state": w.text(CLASS_SAID[row.classe_etat]),
    }
    if str(start).startswith("+"):  # a road without PR
        return w.text(
            "The most damaged section lies on the {route}, between {start} and {end} from where "
            "it begins: {note} out of 20, {state}.",
            start=w.length(row.cumul_from_m),
            end=w.length(row.cumul_to_m),
            **said,
        )
    return w.text(
        "The most damaged section lies on the {route}, from {start} to {end}: {note} "
        "out of 20, {state}.",
        start=start,
        end=end,
        **said,
    )


def _no_notes(facts: Facts, w: Wording) -> str:
    if facts.bundle.sections.empty:
        return w.text(
            "The roads were not cut into sections, so no score is given. This document shows"
            " what was seen, and where."
        )
    return w.text(
        "No score is given: no section was seen enough of its length to get one, and a "
        "score would be a guess. This document shows what was seen, and where."
    )


def _found(facts: Facts, w: Wording) -> str:
    taxonomy = facts.bundle.taxonomy
    names = {name: family.label(w.language) for name, family in taxonomy.families.items()}
    looked = [name for name in names if facts.looked_for(name)]
    things = [
        f"{names[name]} ({w.number(facts.sure_count(name))})"
        for name in looked
        if facts.sure_count(name)
    ]
    rows = [row for name in taxonomy.rated for row in facts.codes(name)]
    told = [w.text("Found: {things}.", things=w.listed(things))] if things else []
    rows = [row for row in rows if row.count > row.to_check]
    if rows:
        commonest = max(rows, key=lambda row: row.count - row.to_check)
        told.append(
            w.plural(
                "The most common is: {name} ({n} time).",
                "The most common is: {name} ({n} times).",
                commonest.count - commonest.to_check,
                name=taxonomy.label(commonest.code, w.language),
            )
        )
    if facts.to_check:
        told.append(
            w.plural(
                "To be checked, since it is less sure: {n} more.",
                "To be checked, since they are less sure: {n} more.",
                len(facts.to_check),
            )
        )
    absent = [names[name] for name in looked if not facts.family_count(name)]
    if absent:
        told.append(w.text("Looked for and not found: {things}.", things=w.listed(absent)))
    unsought = [names[name] for name in names if name not in looked]
    if unsought:
        told.append(w.text("Not looked for in this survey: {things}.", things=w.listed(unsought)))
    if facts.confirmed:
        told.append(
            w.plural(
                "{n} of these findings has been checked by a person.",
                "{n} of these findings have been checked by a person.",
                facts.confirmed,
            )
        )
    elif things:
        told.append(w.text("None of these findings has been checked by a person yet."))
    return " ".join(told)


def _plan(facts: Facts, w: Wording) -> str:
    lines = PlanTables.of(facts.bundle, w.language).scenarios
    years = facts.bundle.plan_years["year"]
    first, last = int(years.min()), int(years.max())
    told = [
        w.plural(
            "{n} budget was tried over {years} years.",
            "{n} budgets were compared over {years} years.",
            len(lines),
            years=last - first,
        )
    ]
    for row in rows_of(lines.sort_values("total_eur"), ScenarioRow):
        change = row.note_end - row.note_start
        course = STEADY if abs(change) < LEAST_CHANGE else RISING if change > 0 else FALLING
        told.append(
            w.text(
                course,
                scenario=row.scenario,
                total=w.money(row.total_eur),
                tax=w.tax(row.tax),
                start=w.note(row.note_start),
                end=w.note(row.note_end),
                last=last,
            )
        )
    assumed = float(lines["assumed_area_pct"].max())
    if assumed > 0:
        told.append(
            w.text(
                "These sums start from {start}, not from {seen}: {pct} of the area has no score, "
                "and its state is assumed.",
                start=w.number(lines["note_start"].iloc[0], 2),
                seen=w.number(facts.mean_note(), 2),
                pct=w.percent(assumed),
            )
        )
    if lines["scope"].iloc[0] == "seen":
        told.append(
            w.text(
                "Only sections with a measured score are planned, {pct} of the area: what the "
                "rest needs is in no figure.",
                pct=w.percent(lines["observed_area_pct"].iloc[0]),
            )
        )
    need, unseen = facts.first_need_eur(), facts.first_need_eur("assumed")
    if not math.isnan(need):
        said, tax = {"amount": w.money(need)}, w.tax(lines["tax"].iloc[0])
        told.append(
            w.text(
                "Doing at once all the works that the roads call for would cost {amount} {tax}, "
                "of which {unseen} on roads that nobody saw.",
                tax=tax,
                unseen=w.money(unseen),
                **said,
            )
            if unseen > 0
            else w.text(
                "Doing at once all the works that the roads call for would cost {amount} {tax}.",
                tax=tax,
                **said,
            )
        )
    return " ".join(told)
