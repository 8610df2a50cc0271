"""“Why not my road?”: why a section has no work in the first years, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass

from planning.deterioration import DeteriorationModel
from planning.reasons import two_decimals
from planning.standing import Standing
from voirie.catalogue.treatments import NONE, Tax
from voirie.wording import N_, Wording


@dataclass(frozen=True)
class Asked:
    """What a sentence needs beside the standing.

    Attributes
    ----------
    model, tax
        Price list, and the tax of every amount.
    first_year, last_year
        Years of the plan.
    note, category
        Note at the start and category of the section.
    assumed
        True where that note was not measured.
    """

    model: DeteriorationModel
    tax: Tax
    first_year: int
    last_year: int
    note: float
    category: int
    assumed: bool


def why_not(one: Standing, asked: Asked, w: Wording) -> str:
    """Say in a few sentences when a section is treated, why not before, and what it would take.

    Where its note is assumed nothing is said of what it needs: nobody saw it.

    Parameters
    ----------
    one
        Where it stands, from `planning.standing.standings`.
    w
        Language.
    """
    if asked.assumed:
        return _unseen(one, asked, w)
    if one.called is None:
        return w.text(
            "Its score of {note} calls for no work, and would not before {year}: the first trigger "
            "of its category is {limit}.",
            note=two_decimals(asked.note, w),
            year=asked.last_year + 1,
            limit=two_decimals(_highest_trigger(asked), w),
        )
    told = [] if one.called == 0 else [_not_yet(one, asked, w)]
    if one.situation == "at_once":
        return " ".join([*told, _planned(one, asked, w), *_only_upkeep(one, asked, w)])
    if one.situation == "later":
        waits = one.planned is not None and one.planned > one.called
        reason = [_kept_back(one, asked, w)] if waits else []
        return " ".join([*told, *reason, _planned(one, asked, w), *_only_upkeep(one, asked, w)])
    none = w.text("No work is planned for it by {year}.", year=asked.last_year)
    return " ".join([*told, _kept_back(one, asked, w), none])


def _unseen(one: Standing, asked: Asked, w: Wording) -> str:
    told = w.text(
        "Nobody saw this road: what it needs is not known, and no work is planned on its own "
        "account."
    )
    if one.planned is None:
        return told + " " + w.text("Survey it first.")
    return (
        told
        + " "
        + w.text(
            "For roads like it the plan sets {cost} {tax} aside in {year}; survey it before.",
            cost=w.euro(one.planned_cost_eur),
            tax=w.tax(asked.tax),
            year=asked.first_year + one.planned,
        )
    )


def _work(treatment: int, cost_eur: float, asked: Asked, w: Wording) -> str:
    """A work as a resident reads it: its name, not its code, and what it costs."""
    line = asked.model.treatments.treatments[treatment]
    name = line.label_fr if w.language == "fr" else line.label_en
    if name[1:2].islower():  # an abbreviation keeps its capitals
        name = name[0].lower() + name[1:]
    return w.text(
        "{name}, {cost} {tax}",
        name=name,
        cost=w.euro(cost_eur),
        tax=w.tax(asked.tax),
    )


def _highest_trigger(asked: Asked) -> float:
    lines = asked.model.treatments.treatments
    return max((t.note_max for t in lines if asked.category in t.categories), default=0.0)


def _not_yet(one: Standing, asked: Asked, w: Wording) -> str:
    return w.text(
        "Its score of {note} calls for no work before {year}.",
        note=two_decimals(asked.note, w),
        year=asked.first_year + (one.called or 0),
    )


def _planned(one: Standing, asked: Asked, w: Wording) -> str:
    return w.text(
        "Planned in {year}: {work}.",
        year=asked.first_year + (one.planned or 0),
        work=_work(one.planned_treatment, one.planned_cost_eur, asked, w),
    )


def _only_upkeep(one: Standing, asked: Asked, w: Wording) -> list[str]:
    """Where its first work is upkeep and its score calls for more."""
    lines = asked.model.treatments.treatments
    if one.planned_treatment == NONE or one.planned != one.called:
        return []
    if lines[one.planned_treatment].is_renewal or not lines[one.treatment].is_renewal:
        return []
    if not one.payable:
        return [
            w.text(
                "That is upkeep only: the work its score calls for, {work}, costs more than the "
                "envelope of any one year ({envelope} at most, nothing is carried over).",
                work=_work(one.treatment, one.cost_eur, asked, w),
                envelope=w.euro(one.envelope_eur),
            )
        ]
    return [
        w.text(
            "That is upkeep only; its score calls for {work}.",
            work=_work(one.treatment, one.cost_eur, asked, w),
        )
    ]


def _kept_back(one: Standing, asked: Asked, w: Wording) -> str:
    """Why the work that it calls for is not done when it does, and what that would take."""
    work = _work(one.treatment, one.cost_eur, asked, w)
    year = asked.first_year + (one.called or 0)
    payer = w.text(N_("operation") if one.from_operation else N_("investment"))
    if not one.payable:
        return w.text(
            "The work it calls for, {work}, costs more than the envelope of any one year that may "
            "pay it ({envelope} at most), and nothing is carried over from one year to the next: "
            "no order of works can place it. It would take {cost} of {payer} in one year.",
            work=work,
            payer=payer,
            envelope=w.euro(one.envelope_eur),
            cost=w.euro(one.cost_eur),
        )
    if one.situation == "too_dear":
        return w.text(
            "The work it calls for in {year}, {work}, could be paid by the largest envelope "
            "({envelope}), but not in the years in which it is enough: by then the road needs a "
            "heavier one. It would take {cost} of {payer} in {year}.",
            payer=payer,
            year=year,
            work=work,
            envelope=w.euro(one.envelope_eur),
            cost=w.euro(one.cost_eur),
        )
    return " ".join([_outdone(one, asked, work, year, w), *_rank(one, w)])


def _outdone(one: Standing, asked: Asked, work: str, year: int, w: Wording) -> str:
    envelope = w.text(N_("operation") if one.from_operation else N_("investment"))
    if one.called_envelope_eur + 0.5 < one.cost_eur:
        return w.text(
            "It calls for {work}, and the largest envelope of {year} that may pay it is {envelope}"
            ": less than its cost.",
            work=work,
            year=year,
            envelope=w.euro(one.called_envelope_eur),
        )
    if one.benefit_per_eur < one.worth_per_eur:
        return w.text(
            "It calls for {work}, but the money brings more elsewhere: {benefit} "
            "m²·points·years a euro here, where the last euro of {envelope} in {year} brings "
            "{worth}.",
            work=work,
            benefit=two_decimals(one.benefit_per_eur, w),
            envelope=envelope,
            year=year,
            worth=two_decimals(one.worth_per_eur, w),
        )
    if one.left_eur + 0.5 < one.cost_eur:
        return w.text(
            "It calls for {work}; the other works of {year} leave {left}, which is less, and works "
            "are not cut in parts.",
            work=work,
            year=year,
            left=w.euro(one.left_eur),
        )
    return w.text(
        "It calls for {work} from {year} on; in the plan that was found the same money brings "
        "more, counted up to {last}, where it waits.",
        work=work,
        year=year,
        last=asked.last_year,
    )


def _rank(one: Standing, w: Wording) -> list[str]:
    """What it would take to come first: only where it calls for a work in the first year."""
    if one.rank is None or one.entry_eur is None:
        return []
    return [
        w.text(
            "By gain for each euro it has rank {rank} of {rivals} in the first year; the works "
            "down to it cost {entry}, where the envelopes that may pay them hold {year_eur}.",
            rank=w.number(one.rank),
            rivals=w.number(one.rivals),
            entry=w.euro(one.entry_eur),
            year_eur=w.euro(one.year_eur),
        )
    ]


def left_out(w: Wording) -> str:
    """What is said of a section outside a plan of what was seen alone."""
    return w.text(
        "Nobody saw this road: only what was seen is planned here, so that it has no part in this "
        "plan. Survey it first."
    )
